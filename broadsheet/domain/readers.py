"""How the text of a field is read: text, words, numbers, lists and mappings.

Responsible for the readers that know no meaning, with the message and hint for text they refuse,
and for what YAML does to text without saying so. Not responsible for dates, addresses and
identifiers (`value_readers`) or for which fields exist (`schemas`). A reader returns None after
reporting an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import yaml

from broadsheet.foundations.codes import Code
from broadsheet.foundations.schema import (
    Reader,
    Reading,
    Schema,
    ask_for,
    brief,
    nearest,
    read_fields,
)

_TEX_ESCAPE = re.compile(
    r"(?<!\\)(?:\\\\)*\\(?:[abefvNLP][A-Za-z]|_|0(?![0-9a-f])"
    r"|n(?:abla|eq?|eg|i|u|ot|otin|orm|sim|ewcommand|onumber|olimits)(?![A-Za-z])"
    r"|t(?:au|heta|imes|ext\w*|ilde|op?|an|anh|frac|riangle\w*)(?![A-Za-z])"
    r"|r(?:ho|ight\w*|angle|m|ceil|floor|ef)(?![A-Za-z]))"
)
_NULL_WORDS = {"null", "Null", "NULL", "~", "None"}


def as_text(node: yaml.Node, name: str, reading: Reading) -> str | None:
    """Return a scalar's text, with the silent traps of YAML reported.

    Args:
        node: The field's value.
        name: The field's name.
        reading: Where problems are reported.

    Returns:
        The text without white space around it, or None after an error.
    """
    if not isinstance(node, yaml.ScalarNode):
        _refuse_collection(node, name, reading)
        return None
    if node.style == '"' and _changes_tex(reading.yaml_text.raw(node)):
        message = "double quotes change the backslashes of this text"
        hint = "use single quotes or a block scalar ('|'), which keep every backslash"
        reading.refuse(Code.YAML_ESCAPE, node, message, hint)
        return None
    if not node.style and node.value in _NULL_WORDS:
        message = f"'{node.value}' is text here and will be shown"
        reading.warn(Code.LOOKS_EMPTY, node, message, "leave the field out, or quote the word")
    text: str = node.value.strip()
    if not text:
        hint = "write a value, or delete it"
        reading.refuse(Code.EMPTY_VALUE, node, f"'{name}' holds an empty value", hint)
        return None
    return text


def _refuse_collection(node: yaml.Node, name: str, reading: Reading) -> None:
    """Report a list or mapping where text belongs; YAML often made it of what was meant as text."""
    kind = "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"
    if getattr(node, "flow_style", False):
        hint = "quote it if the brackets belong to the text, or delete them"
    elif isinstance(node, yaml.MappingNode):
        hint = "quote it if the ': ' belongs to the text, or write one value"
    else:
        hint = f"write one value after '{name}:'"
    reading.refuse(Code.WRONG_TYPE, node, f"'{name}' takes text, not {kind}", hint)


def _style(node: yaml.Node) -> str:
    """Return how a scalar is quoted; nothing for a plain one."""
    return getattr(node, "style", None) or ""


def _changes_tex(raw: str) -> bool:
    return "\\" in raw and _TEX_ESCAPE.search(raw) is not None


def _read_line(limit: int) -> Callable[[yaml.Node, str, Reading], str | None]:
    def read(node: yaml.Node, name: str, reading: Reading) -> str | None:
        text = as_text(node, name, reading)
        if text is None:
            return None
        if not _style(node) and (comment := reading.yaml_text.comment_after(node)):
            message = f"'{name}' ends before the '#', where YAML reads a comment"
            hint = f"quote the {name}, or delete the comment"
            reading.refuse(Code.YAML_COMMENT, comment, message, hint)
            return None
        text = " ".join(text.split())
        if len(text) > limit:
            message = f"'{name}' has {len(text)} characters; {limit} are allowed"
            reading.refuse(Code.TOO_LONG, node, message, "shorten it")
            return None
        return text

    return read


def text_line(limit: int = 2_000) -> Reader:
    """Return a reader for free text of one line; white space is folded.

    Args:
        limit: Characters at most.
    """
    return Reader(f"text of at most {limit:,} characters", _read_line(limit))


def _read_word(node: yaml.Node, name: str, reading: Reading) -> str | None:
    text = as_text(node, name, reading)
    return " ".join(text.split()) if text is not None else None


def _read_paragraphs(node: yaml.Node, name: str, reading: Reading) -> str | None:
    if isinstance(node, yaml.ScalarNode) and not node.style:
        return _read_line(60_000)(node, name, reading)
    return as_text(node, name, reading)


def converted(
    words: str, convert: Callable[[str], Any], code: Code, complaint: str, hint: str
) -> Reader:
    """Return a reader that converts text, and refuses text whose conversion is None.

    Args:
        words: What the field takes, for the reference.
        convert: Returns the value, or None.
        code: The problem of text that is refused.
        complaint: Its message; `{name}` is the field and `{text}` what stands there.
        hint: What to do about it.
    """

    def read(node: yaml.Node, name: str, reading: Reading) -> Any:
        text = as_text(node, name, reading)
        if text is None:
            return None
        value = convert(text)
        if value is None:
            reading.refuse(code, node, complaint.format(name=name, text=brief(text)), hint)
        return value

    return Reader(words, read)


def one_of(choices: tuple[str, ...]) -> Reader:
    """Return a reader for one word out of a few."""

    def read(node: yaml.Node, name: str, reading: Reading) -> str | None:
        text = as_text(node, name, reading)
        if text is None or text in choices:
            return text
        hint = ask_for(nearest(text, choices)) or "use one of: " + ", ".join(choices)
        message = f"'{brief(text)}' is not a word that '{name}' can be"
        reading.refuse(Code.INVALID_CHOICE, node, message, hint)
        return None

    return Reader("one of " + ", ".join(f"`{choice}`" for choice in choices), read)


def _read_switch(node: yaml.Node, name: str, reading: Reading) -> bool | None:
    text = one_of(("true", "false")).read(node, name, reading)
    return None if text is None else text == "true"


def whole_number(least: int, most: int) -> Reader:
    """Return a reader for a whole number within bounds."""

    def convert(text: str) -> int | None:
        if not re.fullmatch(r"-?[0-9]{1,12}", text):
            return None
        return int(text) if least <= int(text) <= most else None

    hint = f"write digits only, from {least:,} to {most:,}"
    complaint = "'{text}' is not a whole number that '{name}' can be"
    words = f"whole number, {least:,} to {most:,}"
    return converted(words, convert, Code.INVALID_NUMBER, complaint, hint)


def list_of(item: Reader, *, unique: bool = True, least: int = 0) -> Reader:
    """Return a reader for a list; a single value counts as a list of one.

    Args:
        item: Reads each entry.
        unique: Whether a repeated entry is refused.
        least: Entries that the list must have.
    """

    def read(node: yaml.Node, name: str, reading: Reading) -> tuple[Any, ...] | None:
        if isinstance(node, yaml.MappingNode) and not item.words.startswith("mapping"):
            message = f"'{name}' takes a list, not a mapping"
            is_flow = bool(getattr(node, "flow_style", False))
            hint = f"write '{name}: [one, two]'" if is_flow else "begin each entry with '- '"
            reading.refuse(Code.WRONG_TYPE, node, message, hint)
            return None
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if len(nodes) < least:
            message = f"'{name}' is an empty list"
            hint = f"write at least {least}, or delete the line '{name}:'"
            reading.refuse(Code.EMPTY_VALUE, node, message, hint)
            return None
        values: list[Any] = []
        for entry in nodes:
            value = item.read(entry, name, reading)
            if value is None:
                continue
            if unique and value in values:
                message = f"'{name}' names '{brief(str(entry.value))}' a second time"
                reading.refuse(Code.DUPLICATE_VALUE, entry, message, "delete one of the two")
            else:
                values.append(value)
        return tuple(values)

    words = f"list of {item.words}" + (f", at least {least}" if least else "")
    return Reader(words, read)


def mapping_of(schema: Schema, make: Callable[..., Any], words: str) -> Reader:
    """Return a reader for a mapping with fields of its own.

    Args:
        schema: The fields.
        make: Called with the values by name.
        words: What the mapping is, for the reference.
    """

    def read(node: yaml.Node, name: str, reading: Reading) -> Any:
        if not isinstance(node, yaml.MappingNode):
            hint = f"write its fields below '{name}:', indented"
            reading.refuse(Code.WRONG_TYPE, node, f"'{name}' takes a mapping", hint)
            return None
        known = len(reading.problems)
        values = read_fields(node, schema, reading, partial(reading.yaml_text.span, node))
        refused = any(p.severity == "error" for p in reading.problems[known:])
        return None if refused else make(**values)

    return Reader(words, read)


def text_or_mapping(text: Reader, mapping: Reader, make: Callable[[str], Any]) -> Reader:
    """Return a reader for plain text or, in its stead, a mapping."""

    def read(node: yaml.Node, name: str, reading: Reading) -> Any:
        if isinstance(node, yaml.MappingNode):
            return mapping.read(node, name, reading)
        value = text.read(node, name, reading)
        return None if value is None else make(value)

    return Reader(f"{text.words}, or {mapping.words}", read)


def _read_text_mapping(node: yaml.Node, name: str, reading: Reading) -> dict[str, str] | None:
    if not isinstance(node, yaml.MappingNode):
        hint = f"write 'name: value' below '{name}:', indented"
        reading.refuse(Code.WRONG_TYPE, node, f"'{name}' takes names with values", hint)
        return None
    read = {key.value: as_text(value, key.value, reading) for key, value in node.value}
    return {key: value for key, value in read.items() if value is not None}


WORD = Reader("text", _read_word)
PARAGRAPHS = Reader("text in paragraphs, best as a block scalar (`|`)", _read_paragraphs)
TEXT_MAPPING = Reader("names with text values", _read_text_mapping)
SWITCH = Reader("`true` or `false`", _read_switch)
