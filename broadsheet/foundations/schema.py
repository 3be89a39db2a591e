"""Front matter as text typed by a schema: declared fields, one reader each, all errors at once.

Responsible for walking a composed mapping, calling the reader of each field, and reporting what is
unknown, missing or refused, with its place. Not responsible for what the fields mean: the readers
of the domain (`domain.readers`) and its schemas say that. `docs/records.md` is tested against the
schemas.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Any

import msgspec
import yaml

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Outcome, Severity, Span
from broadsheet.foundations.front_matter import Document
from broadsheet.foundations.yaml_text import YamlText

EXTENSION_PREFIX = "x-"
MAX_QUOTED = 80


class Reading:
    """The collector that readers report to while one document is decoded.

    Attributes:
        yaml_text: The text being read.
        problems: What has been reported so far.
    """

    __slots__ = ("problems", "yaml_text")

    def __init__(self, yaml_text: YamlText) -> None:
        """Begin with no problems."""
        self.yaml_text = yaml_text
        self.problems: list[Diagnostic] = []

    def refuse(self, code: Code, where: yaml.Node | Span, message: str, hint: str = "") -> None:
        """Report an error at a node."""
        self._report(code, where, message, hint, Severity.ERROR)

    def warn(self, code: Code, where: yaml.Node | Span, message: str, hint: str = "") -> None:
        """Report a warning at a node."""
        self._report(code, where, message, hint, Severity.WARNING)

    def _report(
        self, code: Code, where: yaml.Node | Span, message: str, hint: str, severity: Severity
    ) -> None:
        span = where if isinstance(where, Span) else self.yaml_text.span(where)
        self.problems.append(
            Diagnostic(code=code, severity=severity, message=message, span=span, hint=hint)
        )


class Reader(msgspec.Struct, frozen=True):
    """How the text of one field becomes a value.

    Attributes:
        words: What the field takes, for the reference: `text`, `date`, `list of slugs`.
        read: Called with the node, the field's name and the collector; returns the value, or None
            when it reported an error.
    """

    words: str
    read: Callable[[yaml.Node, str, Reading], Any]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field that records of a kind may have.

    Attributes:
        name: Its name in front matter.
        reader: How its text becomes a value.
        about: One line for the reference.
        attribute: Name of the value in the decoded mapping; by default the field's.
        is_required: Whether a record without it is refused.
        foreign: Names that other tools use for it; they are suggested, never accepted.
    """

    name: str
    reader: Reader
    about: str
    attribute: str = ""
    is_required: bool = False
    foreign: tuple[str, ...] = ()


class Schema(msgspec.Struct, frozen=True, dict=True):
    """The fields of one kind of record.

    Attributes:
        kind: What it describes, in the user's words: `paper`, `topic`.
        fields: Its fields, in the order of the reference.
    """

    kind: str
    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {field.name: field for field in self.fields}

    @cached_property
    def required(self) -> tuple[Field, ...]:
        """The fields without which a record is refused."""
        return tuple(field for field in self.fields if field.is_required)


def decode_document(document: Document, schema: Schema) -> Outcome[dict[str, Any]]:
    """Read a document's front matter.

    Args:
        document: The composed document.
        schema: The fields it may have.

    Returns:
        The values by attribute (fields that are absent or refused have none; `x-…` fields stand
        under `extra`), and everything that was found wrong.
    """
    reading = Reading(document.yaml_text)
    start = partial(document.source.span, max(document.yaml_text.first_line - 1, 1), 1)
    values = read_fields(document.root, schema, reading, start)
    return Outcome(values, tuple(reading.problems))


def read_fields(
    node: yaml.MappingNode | None, schema: Schema, reading: Reading, start: Callable[[], Span]
) -> dict[str, Any]:
    """Read the fields of a mapping.

    Args:
        node: The mapping, or None when there is not one field.
        schema: The fields it may have.
        reading: Where problems are reported.
        start: Finds the place to name when a required field is missing.

    Returns:
        The values by attribute.
    """
    fields = schema.by_name
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    present: set[str] = set()
    for key, value in node.value if node is not None else ():
        name = key.value
        present.add(name)
        if field := fields.get(name):
            if _is_empty(value):
                _report_empty(field, key, reading)
            elif (read := field.reader.read(value, name, reading)) is not None:
                values[field.attribute or name] = read
        elif name.startswith(EXTENSION_PREFIX):
            extra[name] = to_plain(value)
        else:
            present.add(_report_unknown(name, key, schema, reading))
    if extra:
        values["extra"] = extra
    for field in schema.required:
        if field.name not in present:
            message = f"the {schema.kind} has no '{field.name}'"
            reading.refuse(Code.MISSING_FIELD, start(), message, f"add '{field.name}: …'")
    return values


def to_plain(node: yaml.Node) -> Any:
    """Return a node as text, tuples and dicts."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: to_plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return tuple(to_plain(item) for item in node.value)
    return node.value


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is nearest to a word, or nothing when none is near."""
    near = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def ask_for(word: str) -> str:
    """Return `did you mean 'word'?`, or nothing for no word."""
    return f"did you mean '{word}'?" if word else ""


def brief(text: str) -> str:
    """Return text on one line and short enough to be quoted in a message."""
    folded = " ".join(text.split())
    return folded if len(folded) <= MAX_QUOTED else folded[: MAX_QUOTED - 1] + "…"


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.value.strip()


def _report_empty(field: Field, key: yaml.Node, reading: Reading) -> None:
    if field.is_required:
        reading.refuse(
            Code.EMPTY_VALUE,
            key,
            f"'{field.name}' is empty",
            f"write a value after '{field.name}:'",
        )


def _report_unknown(name: str, key: yaml.Node, schema: Schema, reading: Reading) -> str:
    """Report a field that the schema does not have; return the one it was probably meant to be."""
    foreign = next((f.name for f in schema.fields if name.casefold() in f.foreign), "")
    near = nearest(name, schema.by_name)
    shown = brief(name)
    hint = f"the field is called '{foreign}' here" if foreign else ask_for(near)
    hint = hint or f"delete it, or call it '{EXTENSION_PREFIX}{shown}' to pass it on to templates"
    reading.refuse(Code.UNKNOWN_FIELD, key, f"unknown field '{shown}'", hint)
    return foreign or near
