"""From a file's bytes to a record: decode, split, compose, type.

Responsible for the per-file stages (parse and validate) as one pure function on batches, so that
they can run in any worker. Not responsible for finding files (`effects.scanning`) or for anything
that needs two records (`library`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any

from broadsheet.domain import schemas
from broadsheet.domain.dates import digest_span
from broadsheet.domain.identifiers import TOP_LEVEL_NAMES, is_id, is_reserved
from broadsheet.domain.records import (
    Body,
    DigestNote,
    Page,
    Paper,
    Person,
    Records,
    Removal,
    Status,
    Topic,
)
from broadsheet.domain.settings import Settings
from broadsheet.domain.site_schema import SITE_SCHEMA
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import (
    Diagnostic,
    Outcome,
    Span,
    error_at,
    has_errors,
)
from broadsheet.foundations.front_matter import Document, parse_document, parse_yaml_file
from broadsheet.foundations.schema import Reading, Schema, brief, decode_document
from broadsheet.foundations.sources import RawFile, decode_source

Record = Paper | Topic | DigestNote | Page


def read_record(raw: RawFile) -> Outcome[Record | None]:
    """Read one record; its folder says what kind it is.

    Args:
        raw: A file below `content/papers/`, `topics/`, `digests/` or `pages/`.

    Returns:
        The record, or None when it has errors.
    """
    _, folder, *_, name = raw.path.split("/")
    stem = name.removesuffix(".md")
    schema, make = _KINDS[folder]
    problems = list(_check_stem(raw.path, folder, stem))
    source = decode_source(raw)
    problems += source.diagnostics
    parsed = parse_document(source.value) if source.value else None
    if parsed is None or parsed.value is None:
        return Outcome(None, (*problems, *(parsed.diagnostics if parsed else ())))
    decoded = decode_document(parsed.value, schema)
    problems += decoded.diagnostics
    if has_errors(problems):
        return Outcome(None, tuple(problems))
    return Outcome(make(stem, raw.path, decoded.value, _body(parsed.value)), tuple(problems))


def read_batch(batch: tuple[RawFile, ...]) -> tuple[Outcome[Record | None], ...]:
    """Read several records; the same as one after the other."""
    return tuple(read_record(raw) for raw in batch)


def gather_records(
    paths: Iterable[str], records: Iterable[Record | None], people: tuple[Person, ...]
) -> Records:
    """Sort what was read into its kinds.

    Args:
        paths: The files, in the order in which they were read.
        records: What reading each of them gave; None for one with errors.
        people: Entries of `people.yaml`.
    """
    kinds: dict[type, list[Any]] = {Paper: [], Topic: [], DigestNote: [], Page: []}
    broken = set()
    for name, record in zip(paths, records, strict=True):
        if record is None:
            path = PurePosixPath(name)
            broken.add(f"{path.parts[1]}/{path.stem}")
        else:
            kinds[type(record)].append(record)
    return Records(
        papers=tuple(kinds[Paper]),
        topics=tuple(kinds[Topic]),
        digests=tuple(kinds[DigestNote]),
        pages=tuple(kinds[Page]),
        people=people,
        broken=frozenset(broken),
    )


def read_settings(raw: RawFile) -> Outcome[Settings | None]:
    """Read `site.yaml`.

    Returns:
        The settings, or None when the file has errors.
    """
    document = _parse_yaml(raw)
    if document.value is None:
        return Outcome(None, document.diagnostics)
    decoded = decode_document(document.value, SITE_SCHEMA)
    values = decoded.value
    if has_errors(decoded.diagnostics):
        return Outcome(None, decoded.diagnostics)
    return Outcome(Settings(**values), decoded.diagnostics)


def read_people(raw: RawFile) -> Outcome[tuple[Person, ...]]:
    """Read `people.yaml`: a mapping from ids to people."""
    document = _parse_yaml(raw)
    if document.value is None or document.value.root is None:
        return Outcome((), document.diagnostics)
    reading = Reading(document.value.yaml_text)
    people = []
    for key, value in document.value.root.value:
        if not is_id(key.value):
            hint = "use a-z, 0-9 and '-', such as furu-wei"
            reading.refuse(Code.INVALID_ID, key, f"'{brief(key.value)}' is not an id", hint)
        elif is_reserved(key.value):
            message = f"'{key.value}' is a name that operating systems or the site itself use"
            reading.refuse(Code.RESERVED_ID, key, message, "choose another id")
        elif (person := schemas.person_reader().read(value, key.value, reading)) is not None:
            people.append(person)
    return Outcome(tuple(people), tuple(reading.problems))


def read_removals(raw: RawFile | None) -> Outcome[tuple[Removal, ...]]:
    """Read `removed.yaml`: a mapping from addresses to the reasons why nothing stands there now."""
    document = _parse_yaml(raw) if raw is not None else Outcome(None)
    if document.value is None or document.value.root is None:
        return Outcome((), document.diagnostics)
    reading = Reading(document.value.yaml_text)
    removals = []
    for key, value in document.value.root.value:
        address = schemas.normalise_alias(key.value) if key.value.startswith("/") else None
        if address is None:
            message = f"'{brief(key.value)}' is not an address of the site"
            hint = "write one from the root, such as /papers/2403.02884/"
            reading.refuse(Code.INVALID_SLUG, key, message, hint)
        elif (reason := schemas.SENTENCE.read(value, key.value, reading)) is not None:
            removals.append(Removal(key.value, address[1:], reason))
    return Outcome(tuple(removals), tuple(reading.problems))


def _parse_yaml(raw: RawFile) -> Outcome[Document | None]:
    source = decode_source(raw)
    return parse_yaml_file(source.value) if source.value else Outcome(None, source.diagnostics)


def _body(document: Document) -> Body:
    text = document.body.rstrip()
    stripped = text.lstrip("\n")
    return Body(stripped, document.body_line + len(text) - len(stripped)) if stripped else Body()


def _check_stem(path: str, folder: str, stem: str) -> tuple[Diagnostic, ...]:
    """Check what the file is called, since its stem becomes an address for ever."""
    if folder == "digests":
        if digest_span(stem) is not None:
            return ()
        hint = "call it 2025-03-19.md, 2025-W12.md or 2025-03.md"
        message = f"'{stem}' names no day, ISO week or month"
        return (error_at(Code.INVALID_ID, message, Span(path), hint),)
    if not is_id(stem):
        hint = "use at most 80 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit"
        return (error_at(Code.INVALID_ID, f"'{stem}' cannot be an address", Span(path), hint),)
    if is_reserved(stem) or (folder == "pages" and stem in TOP_LEVEL_NAMES):
        message = f"'{stem}' is a name that operating systems or the site itself use"
        return (error_at(Code.RESERVED_ID, message, Span(path), "choose another file name"),)
    return ()


def _make_paper(stem: str, path: str, values: dict[str, Any], body: Body) -> Paper:
    if status := values.get("status"):
        values["status"] = Status(status)
    return Paper(id=stem, source=path, body=body, **values)


def _make_topic(stem: str, path: str, values: dict[str, Any], body: Body) -> Topic:
    values.setdefault("short", shorten_label(values["name"]))
    return Topic(slug=stem, source=path, body=body, **values)


def _make_digest(stem: str, path: str, values: dict[str, Any], body: Body) -> DigestNote:
    if "number" in values:
        values["number"] = str(values["number"])
    return DigestNote(key=stem, source=path, body=body, **values)


def _make_page(stem: str, path: str, values: dict[str, Any], body: Body) -> Page:
    return Page(slug=stem, source=path, body=body, **values)


def shorten_label(name: str) -> str:
    """Return a topic's name cut to the 24 characters that lists have room for."""
    return name if len(name) <= 24 else name[:23].rstrip() + "…"


_KINDS: dict[str, tuple[Schema, Callable[[str, str, dict[str, Any], Body], Record]]] = {
    "papers": (schemas.PAPER_SCHEMA, _make_paper),
    "topics": (schemas.TOPIC_SCHEMA, _make_topic),
    "digests": (schemas.DIGEST_SCHEMA, _make_digest),
    "pages": (schemas.PAGE_SCHEMA, _make_page),
}
