"""What is wrong with text that is not YAML, in the words of the person who wrote it.

Responsible for turning PyYAML's errors into one diagnostic each, with the place of the mistake and
not the place where the parser gave up, and with a hint that can be followed. Not responsible for
finding the errors (`yaml_nodes`).
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at
from broadsheet.foundations.yaml_text import YamlText

_FIELD_LINE = re.compile(r"^(?P<lead>\s*(?:-\s+)?)(?P<key>[\w.-]+)\s*:\s+(?P<value>\S.*?)\s*$")
_ITEM_LINE = re.compile(r"^\s*-\s+(?P<value>\S.*?)\s*$")
_NO_SPACE = re.compile(r"^\s*([\w.-]{1,40}):(?!//)(\S.{0,60})$")
_SIGNS = "[]{},*&!|>%@`?#-'\""
_ESCAPE_PROBLEMS = ("escape character", "escape code", "hexdecimal number")
_NEEDS_QUOTES = re.compile(r"^[\[\]{},*&!|>%@`'\"?#]|^- |:\s|:$|\s#")


def explain_syntax_error(yaml_text: YamlText, error: yaml.YAMLError) -> Diagnostic:
    """Return the diagnostic for a YAML error.

    Args:
        yaml_text: The text and its place.
        error: What PyYAML raised.

    Returns:
        A `yaml-syntax` error (`yaml-anchor` for a stray `*` or `&`) that points at the mistake.
    """
    problem = (getattr(error, "problem", None) or str(error)).strip()
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return error_at(Code.YAML_SYNTAX, problem, yaml_text.source.span(yaml_text.first_line, 1))
    if any(word in problem for word in _ESCAPE_PROBLEMS):
        message = "double quotes give this backslash a meaning of its own"
        hint = "use single quotes or a block scalar ('|'), which keep every backslash"
        index = yaml_text.text.rfind("\\", 0, mark.index + 1)
        start = yaml_text.start + (index if index >= 0 else mark.index)
        return error_at(Code.YAML_ESCAPE, message, yaml_text.source.span_at(start, start + 2), hint)
    for index in _suspect_lines(yaml_text, error, mark):
        if found := _explain_line(yaml_text, index, mark):
            return found
    return _explain_problem(yaml_text, error, mark, problem)


def _explain_problem(
    yaml_text: YamlText, error: yaml.YAMLError, mark: Any, problem: str
) -> Diagnostic:
    """Explain an error for which no line by itself is to blame."""
    if "could not find expected ':'" in problem and hasattr(error, "context_mark"):
        return _explain_stray_text(yaml_text, error.context_mark.line)
    if "did not find expected" in problem and ("key" in problem or "'-'" in problem):
        message = "this line does not fit the fields and items above it"
        hint = "give it the indentation of the line that it belongs beside"
        return error_at(Code.YAML_SYNTAX, message, yaml_text.mark_span(mark), hint)
    if "mapping values are not allowed" in problem:
        message = "this ': ' makes a field where none can begin"
        hint = "quote the whole value, or begin it with '|'"
        return error_at(Code.YAML_SYNTAX, message, yaml_text.mark_span(mark), hint)
    is_at_end = mark.index >= len(yaml_text.text.rstrip())
    if is_at_end and (opened := _last_open_bracket(yaml_text)) is not None:
        message = "a bracket opens here that nothing closes"
        hint = "close it, or quote the value if it is text"
        return error_at(Code.YAML_SYNTAX, message, opened, hint)
    message = f"this is not valid YAML: {problem}"
    hint = "indent with spaces, and quote values that hold ': ', ' #' or begin with a sign"
    return error_at(Code.YAML_SYNTAX, message, yaml_text.mark_span(mark), hint)


def _suspect_lines(yaml_text: YamlText, error: yaml.YAMLError, mark: Any) -> list[int]:
    """Return the lines, from 0, on which the mistake may stand, the likeliest first."""
    context = getattr(error, "context_mark", None)
    lines = [mark.line]
    if context is not None and context.line != mark.line:
        lines.append(context.line)
    if mark.line > 0:
        lines.append(mark.line - 1)
    return [line for line in lines if line <= yaml_text.text.count("\n")]


def _explain_line(yaml_text: YamlText, index: int, mark: Any) -> Diagnostic | None:
    text = yaml_text.text.split("\n")[index]
    line = index + yaml_text.first_line
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" in indent:
        column = indent.index("\t") + 1
        span = yaml_text.source.span(line, column)
        return error_at(
            Code.YAML_SYNTAX, "a tab is used as indentation", span, "indent with spaces"
        )
    if text.startswith("%"):
        message = "a line that begins with '%' is an instruction to YAML"
        span = yaml_text.source.span(line, 1)
        return error_at(Code.YAML_SYNTAX, message, span, "indent it, or delete it")
    match = _FIELD_LINE.match(text) or _ITEM_LINE.match(text)
    if match is None or not _is_broken(match["value"]):
        return None
    column = _column(match, index, mark)
    end = match.end("value") + 1
    span = yaml_text.source.span(line, column, line, max(end, column + 1))
    key = match.groupdict().get("key")
    what = f"the value of '{key}'" if key else "this item"
    code = Code.YAML_ANCHOR if match["value"][0] in "*&" else Code.YAML_SYNTAX
    reason = _reason(match["value"])
    return error_at(code, f"{what} {reason}", span, _quoting_hint(key, match["value"]))


def _is_broken(value: str) -> bool:
    """Tell whether a value on one line cannot be read as it stands."""
    try:
        node = yaml.compose(f"k: {value}", Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return bool(_NEEDS_QUOTES.search(value))
    return node is None


def _column(match: re.Match[str], index: int, mark: Any) -> int:
    start, end = match.start("value"), match.end("value")
    is_inside = mark.line == index and start <= mark.column <= end
    return int(mark.column) + 1 if is_inside and match["value"][0] not in _SIGNS else start + 1


def _reason(value: str) -> str:
    if value[0] in "'\"":
        return "opens a quote that does not end where the value ends"
    if value[0] in "[{" and not _is_closed(value):
        kind = "list" if value[0] == "[" else "mapping"
        return f"begins with '{value[0]}', and YAML cannot read the {kind} that it opens"
    if value[0] in _SIGNS:
        return f"begins with '{value[0]}', which means something else in YAML"
    return "holds ': ', which YAML reads as another field"


def _is_closed(value: str) -> bool:
    """Tell whether the bracket that a value begins with is closed before the value ends."""
    depth = 0
    for position, char in enumerate(value):
        depth += (char in "[{") - (char in "]}")
        if depth == 0:
            return position < len(value) - 1
    return False


def _explain_stray_text(yaml_text: YamlText, index: int) -> Diagnostic:
    """Explain a line that stands where a field is expected and is none."""
    text = yaml_text.text.split("\n")[index]
    column = len(text) - len(text.lstrip()) + 1
    span = yaml_text.source.span(
        index + yaml_text.first_line, column, index + yaml_text.first_line, len(text) + 1
    )
    if match := _NO_SPACE.match(text):
        message = "a space is missing after the colon"
        return error_at(Code.YAML_SYNTAX, message, span, f"write '{match[1]}: {match[2]}'")
    message = "this line is not a field: a name, a colon and a space"
    hint = "indent it if it continues the line above, whose text then begins with '|'"
    return error_at(Code.YAML_SYNTAX, message, span, hint)


def _quoting_hint(key: str | None, value: str) -> str:
    name = f"quote the {key}" if key else "quote the item"
    if value[0] in "'\"":
        return "close the quote at the end of the value, and write '' for a ' within single quotes"
    if value[0] in "[{" and not _is_closed(value):
        example = "[one, two]" if value[0] == "[" else "{name: value}"
        return f"write {example}, or quote the whole value if it is text"
    quoted = "'" + value.replace("'", "''") + "'"
    example = f"{key}: {quoted}" if key else f"- {quoted}"
    return f"{name}: {example}" if len(example) <= 120 else f"{name}: put it in single quotes"


def _last_open_bracket(yaml_text: YamlText) -> Span | None:
    """Return the place of the innermost bracket that is still open at the end of the text."""
    opened: list[Any] = []
    try:
        for token in yaml.scan(yaml_text.text, Loader=yaml.BaseLoader):
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                opened.append(token.start_mark)
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
                del opened[-1:]
    except yaml.YAMLError:
        pass
    return yaml_text.mark_span(opened[-1]) if opened else None
