"""From a problem named by record and field to its place in the file.

Responsible for composing a file once more when, and only when, something in it has to be pointed
at. Not responsible for finding problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from broadsheet.foundations.diagnostics import Diagnostic, Finding, Span, sort_diagnostics
from broadsheet.foundations.front_matter import Document, parse_document, parse_yaml_file
from broadsheet.foundations.sources import RawFile, decode_source
from broadsheet.foundations.yaml_nodes import find_node


def locate_findings(
    findings: Iterable[Finding], files: Mapping[str, RawFile]
) -> tuple[Diagnostic, ...]:
    """Turn findings into located diagnostics.

    Args:
        findings: Problems named by file and field.
        files: The files of the digest by path.

    Returns:
        Sorted diagnostics; a finding in a file that cannot be composed names the file alone.
    """
    return sort_diagnostics(_locate(finding, files) for finding in findings)


def _locate(finding: Finding, files: Mapping[str, RawFile]) -> Diagnostic:
    return Diagnostic(
        code=finding.code,
        severity=finding.severity,
        message=finding.message,
        span=_find_span(finding.source, finding.field, files, finding.quote),
        hint=finding.hint,
        related=tuple(_find_span(path, (), files) for path in finding.related),
    )


def _find_span(
    path: str, field: tuple[str | int, ...], files: Mapping[str, RawFile], quote: str = ""
) -> Span:
    document = _parse(files[path]) if path in files else None
    if document is None:
        return Span(path)
    if quote and (start := document.source.text.rfind(quote)) >= 0:
        return document.source.span_at(start, start + len(quote))
    node = find_node(document.root, field) if field else None
    if node is None or node is document.root:
        return document.source.span(1, 1) if document.source.text else Span(path)
    return document.yaml_text.span(node)


def _parse(raw: RawFile) -> Document | None:
    source = decode_source(raw).value
    if source is None:
        return None
    is_record = raw.path.endswith(".md")
    return (parse_document(source) if is_record else parse_yaml_file(source)).value
