"""The two halves of a record: front matter between fences, and the body below it.

Responsible for finding the fences and for composing what stands between them. Not responsible for
the meaning of the fields (`schema`) or for the body's Markdown (`workers.markup`).
"""

from __future__ import annotations

import re

import msgspec
import yaml

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Outcome, error_at
from broadsheet.foundations.sources import SourceText
from broadsheet.foundations.yaml_nodes import compose_yaml
from broadsheet.foundations.yaml_text import YamlText

MAX_FRONT_MATTER_BYTES = 64 * 1024

_OPEN = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")


class Document(msgspec.Struct, frozen=True):
    """A record's file, split and composed.

    Attributes:
        source: The file.
        yaml_text: The text between the fences and its place.
        root: The front matter as a node tree, or None when it is empty.
        body: Everything below the closing fence.
        body_line: Line on which the body begins, from 1.
    """

    source: SourceText
    yaml_text: YamlText
    root: yaml.MappingNode | None
    body: str
    body_line: int


def parse_document(source: SourceText) -> Outcome[Document | None]:
    """Split a record into front matter and body, and compose the front matter.

    Args:
        source: The record's text.

    Returns:
        The document, or None with located errors.
    """
    opening = _OPEN.match(source.text)
    if opening is None:
        return Outcome(None, (_missing_fence(source),))
    closing = _CLOSE.search(source.text, opening.end() - 1)
    if closing is None:
        message = "the front matter has no closing '---'"
        hint = "add a line '---' below the last field"
        return Outcome(
            None, (error_at(Code.FRONT_MATTER_UNCLOSED, message, source.span(1, 1, 1, 4), hint),)
        )
    yaml_text = YamlText(source, opening.end(), max(closing.start() + 1, opening.end()))
    if refused := _check_length(yaml_text):
        return Outcome(None, refused)
    root, problems = compose_mapping(yaml_text)
    if problems:
        return Outcome(None, problems)
    body_line = source.text.count("\n", 0, closing.end()) + 1
    body = source.text[closing.end() :]
    return Outcome(Document(source, yaml_text, root, body, body_line))


def parse_yaml_file(source: SourceText) -> Outcome[Document | None]:
    """Compose a file that is YAML as a whole, such as `site.yaml`.

    Args:
        source: The file's text.

    Returns:
        A document without a body, or None with located errors.
    """
    yaml_text = YamlText(source, 0, len(source.text))
    root, problems = compose_mapping(yaml_text)
    return Outcome(None if problems else Document(source, yaml_text, root, "", 0), problems)


def compose_mapping(
    yaml_text: YamlText,
) -> tuple[yaml.MappingNode | None, tuple[Diagnostic, ...]]:
    """Compose text whose root must be a mapping.

    Args:
        yaml_text: The text and its place.

    Returns:
        The mapping (None when empty or refused) and the problems.
    """
    node, problems = compose_yaml(yaml_text)
    if node is None or problems:
        return None, problems
    if not isinstance(node, yaml.MappingNode):
        message = "fields are expected here, each a name, a colon, a space and a value"
        hint = "write 'title: …'"
        return None, (error_at(Code.WRONG_TYPE, message, yaml_text.span(node), hint),)
    return node, ()


def _check_length(yaml_text: YamlText) -> tuple[Diagnostic, ...]:
    size = len(yaml_text.text.encode("utf-8"))
    if size <= MAX_FRONT_MATTER_BYTES:
        return ()
    message = f"the front matter has {size:,} bytes; {MAX_FRONT_MATTER_BYTES:,} are allowed"
    span = yaml_text.source.span(yaml_text.first_line, 1)
    hint = "move long text below the closing '---'"
    return (error_at(Code.FRONT_MATTER_TOO_LONG, message, span, hint),)


def _missing_fence(source: SourceText) -> Diagnostic:
    message = "the record does not begin with front matter"
    hint = "begin the file with a line '---', the fields, and another line '---'"
    if source.text.startswith("+++"):
        hint = "TOML front matter is not read; write YAML between '---' lines"
    return error_at(Code.FRONT_MATTER_MISSING, message, source.span(1, 1), hint)
