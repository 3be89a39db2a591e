"""What the page shows of what is wrong: diagnostics as values that the preview's script lays out.

Responsible for their order, for the excerpt of the first, and for the words around them. Not
responsible for finding problems.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from broadsheet.assembly.server.preview_state import PreviewState
from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span
from broadsheet.foundations.hashing import hash_value
from broadsheet.foundations.reporting import visible
from broadsheet.foundations.sources import RawFile, decode_source
from broadsheet.workers.theme import Theme

MAX_LISTED = 12
MAX_LINE = 400
_AROUND = 2


class ExcerptLine(msgspec.Struct, frozen=True):
    """A line of a source file.

    Attributes:
        number: From 1.
        text: The line, cut when it is long.
        caret: First column that is meant and how many, from 0; None for lines around it.
    """

    number: int
    text: str
    caret: tuple[int, int] | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One problem as the page shows it.

    Attributes:
        message: One sentence.
        place: `file:line:column`.
        path: The file.
        line: From 1; 0 for the file as a whole.
        column: From 1, or 0.
        hint: What to do, or empty.
        can_open: Whether the file may be opened in an editor.
    """

    message: str
    place: str
    path: str
    line: int
    column: int
    hint: str
    can_open: bool


class Problems(msgspec.Struct, frozen=True, kw_only=True):
    """All that is wrong.

    Attributes:
        id: Changes when the errors do.
        errors: How many errors there are.
        warnings: How many warnings.
        kind: What the first error is in: front matter, text, a template, settings.
        listed: The first errors; those of the page's own files lead.
        excerpt: Lines around the first one.
    """

    id: str = ""
    errors: int = 0
    warnings: int = 0
    kind: str = ""
    listed: tuple[Problem, ...] = ()
    excerpt: tuple[ExcerptLine, ...] = ()


def show_problems(state: PreviewState, own: Iterable[str], failure: Diagnostic | None) -> Problems:
    """Return what is wrong, as one page shows it.

    Args:
        state: What is shown.
        own: The page's own files.
        failure: Why the page could not be rendered, or None.
    """
    mine = frozenset(own)
    errors = [d for d in state.diagnostics if state.is_strict or d.severity is Severity.ERROR]
    warnings = len(state.diagnostics) - len(errors)
    if any(not d.span.path.startswith("content/") for d in errors):
        # Pages are rendered with the last sound templates; what those do is no longer asked.
        failure = None
    if failure is not None:
        errors.append(failure)
    if not errors:
        return Problems(warnings=warnings)
    errors.sort(key=lambda d: (d != failure, d.span.path not in mine))
    first = errors[0]
    text = _source_of(state, first.span.path)
    return Problems(
        id=hash_value([(d.span, d.code, d.message) for d in sorted(errors, key=_order)]),
        errors=len(errors),
        warnings=warnings,
        kind=_kind_of(first.span, text),
        listed=tuple(_problem(d, state.sources) for d in errors[:MAX_LISTED]),
        excerpt=_cut_out(first.span, text),
    )


def _order(diagnostic: Diagnostic) -> tuple[Span, str, str]:
    return diagnostic.span, diagnostic.code, diagnostic.message


def _problem(diagnostic: Diagnostic, openable: frozenset[str]) -> Problem:
    span = diagnostic.span
    place = f"{span.path}:{span.line}:{span.column}" if span.line else span.path
    message = diagnostic.message
    return Problem(
        message=message[:1].upper() + message[1:],
        place=place,
        path=span.path,
        line=span.line,
        column=span.column,
        hint=diagnostic.hint[:1].upper() + diagnostic.hint[1:],
        can_open=span.path in openable,
    )


def _source_of(state: PreviewState, path: str) -> tuple[str, ...]:
    """Return the lines of a source file as it stands now; nothing when it cannot be read."""
    if path in state.sources:
        try:
            decoded = decode_source(RawFile(path, (state.root / path).read_bytes())).value
        except OSError:
            return ()
        return tuple(decoded.text.split("\n")) if decoded is not None else ()
    theme = msgspec.msgpack.decode(state.spec.theme, type=Theme)
    texts = (source.text for source in theme.templates.values() if source.path == path)
    return tuple(next(texts, "").split("\n"))


def _kind_of(span: Span, lines: tuple[str, ...]) -> str:
    if not span.path.startswith("content/"):
        return "Template"
    if not span.path.endswith(".md"):
        return "Settings"
    if "---" not in lines[1:]:
        return "Record"
    return "Front matter" if span.line <= lines.index("---", 1) + 1 else "Text"


def _cut_out(span: Span, lines: tuple[str, ...]) -> tuple[ExcerptLine, ...]:
    if not span.line:
        return ()
    around = range(max(1, span.line - _AROUND), min(len(lines), span.line + _AROUND) + 1)
    found = {n: ExcerptLine(n, visible(lines[n - 1][:MAX_LINE])) for n in around if n != span.line}
    cut = "…" if span.excerpt_column > 1 else ""
    start = span.column - span.excerpt_column
    end = span.end_column - span.excerpt_column
    if span.end_line != span.line:
        end = len(span.excerpt)
    caret = (start + len(cut), max(1, min(end, len(span.excerpt)) - start))
    found[span.line] = ExcerptLine(span.line, cut + visible(span.excerpt), caret)
    return tuple(found[number] for number in sorted(found))
