"""Records' files to what is kept of them: parsed, converted and encoded, as one pure function.

Responsible for what of a record everybody holds, what is fetched when a page shows it, and which
hashes tell the two from an earlier state. What leaves a worker is encoded: it passes between
processes as it is, takes half the memory, and is what the cache holds. Not responsible for parsing
(`domain.reading`), for conversion (`markup`) or for the cache (`assembly.reading`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from broadsheet.domain.reading import Record, read_record
from broadsheet.domain.records import Body, Paper, Topic
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import encode_value, hash_value
from broadsheet.foundations.sources import RawFile
from broadsheet.planning.texts import (
    ConvertedText,
    Links,
    MarkupOptions,
    find_names,
    make_job,
    shorten_text,
)
from broadsheet.workers.markup import convert_batch


class Source(msgspec.Struct, frozen=True):
    """A record's file, to be read.

    Attributes:
        raw: The file.
        text_key: Name of its converted text.
        links: The records that its body links to; None where these are not known yet, and a body
            that names any is not converted.
    """

    raw: RawFile
    text_key: str
    links: Links | None = None


class KeptRecord(msgspec.Struct, frozen=True):
    """What a file gave.

    Attributes:
        stored: Its `StoredRecord`, encoded.
        text: Its `ConvertedText`, encoded; empty where there is none.
    """

    stored: bytes
    text: bytes


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """A record without its long texts.

    Attributes:
        record: The record, without abstract and body; None when it has errors.
        text: Its converted text, without the long parts; None when it has errors.
        diagnostics: What was wrong with the file.
    """

    record: Record | None
    text: ConvertedText | None
    diagnostics: tuple[Diagnostic, ...]


class StoredRecord(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a record's file.

    Attributes:
        frame: Hash over all that a page may see of the record without showing or listing it.
        lines: Hash over what a page may see of it that lists it: title and TL;DR.
        text_key: Name of its converted text; empty for a record without one.
        names: What its body names between double brackets.
        facts: The record.
    """

    frame: str
    lines: str
    text_key: str
    names: tuple[str, ...]
    facts: Facts


def keep_batch(options: MarkupOptions, sources: tuple[Source, ...]) -> tuple[KeptRecord, ...]:
    """Read several records; the same as one after the other.

    Args:
        options: What decides how text is converted.
        sources: Their files.
    """
    return tuple(_keep(options, source) for source in sources)


def _keep(options: MarkupOptions, source: Source) -> KeptRecord:
    read = read_record(source.raw)
    record = read.value
    names = find_names(record.body.text) if record is not None else ()
    if record is None or (names and source.links is None):
        bare = strip_record(record) if record is not None else None
        return KeptRecord(_store(Facts(bare, None, read.diagnostics), "", names), b"")
    (text,) = convert_batch(options, (make_job(record, source.links or ()),))
    facts = Facts(strip_record(record), shorten_text(text), read.diagnostics)
    return KeptRecord(_store(facts, source.text_key, names), encode_value(text))


def strip_record(record: Record) -> Record:
    """Return a record without its long texts, which pages see converted or not at all."""
    if isinstance(record, Paper):
        return msgspec.structs.replace(record, abstract="", body=Body())
    return msgspec.structs.replace(record, body=Body())


def _store(facts: Facts, text_key: str, names: tuple[str, ...]) -> bytes:
    record, text = facts.record, facts.text
    lines: tuple[object, ...] = ()
    if text is not None:
        lines = (text.lines, text.title_tex)
        text = msgspec.structs.replace(
            text, lines={}, title_tex="", findings=(), unknown_commands=()
        )
    if isinstance(record, Paper):
        lines = (record.title, record.tldr, *lines)
        record = msgspec.structs.replace(record, title="", tldr="yes" if record.tldr else "")
    elif isinstance(record, Topic):
        # It counts as a part of the topic's text.
        record = msgspec.structs.replace(record, description="")
    frame = hash_value((record, text))
    return encode_value(StoredRecord(frame, hash_value(lines), text_key, names, facts))


_DECODER = msgspec.msgpack.Decoder(StoredRecord)


def decode_stored(content: bytes) -> StoredRecord:
    """Return what is kept of a record's file."""
    return settle(_DECODER.decode(content))


def settle(stored: StoredRecord) -> StoredRecord:
    """Return what was decoded with tuples where MessagePack knows lists only."""
    record = stored.facts.record
    if record is None or not record.extra:
        return stored
    record = msgspec.structs.replace(record, extra=_freeze(record.extra))
    facts = msgspec.structs.replace(stored.facts, record=record)
    return msgspec.structs.replace(stored, facts=facts)


def _freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _freeze(item) for key, item in value.items()}
    return tuple(map(_freeze, value)) if isinstance(value, list) else value
