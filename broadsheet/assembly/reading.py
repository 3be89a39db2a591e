"""Records and their texts: from the cache where their file is known, else parsed and converted.

Responsible for what of a digest must be read again, and for the keys of what is kept. Not
responsible for parsing (`domain.reading`), for conversion (`workers.markup`) or for cached files
(`effects.caching`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from broadsheet.assembly.stopwatch import Stopwatch
from broadsheet.assembly.stored_texts import StoredTexts
from broadsheet.domain.reading import Record, gather_records, read_batch
from broadsheet.domain.records import Body, Paper, Person, Records, Topic
from broadsheet.effects.caching import ShardedCache
from broadsheet.effects.executors import map_batches
from broadsheet.effects.source_files import SourceFiles
from broadsheet.foundations.diagnostics import Diagnostic, Outcome
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.texts import (
    ConvertedText,
    Links,
    MarkupOptions,
    Texts,
    choose_links,
    find_names,
    index_titles,
    make_job,
    shorten_text,
)
from broadsheet.workers.markup import convert_batch

RECORDS_FOLDER = "records"
TEXTS_FOLDER = "texts"


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
        text_key: Name of its converted text; empty for a record with errors.
        names: What its body names between double brackets.
        facts: The record.
    """

    frame: str
    lines: str
    text_key: str
    names: tuple[str, ...]
    facts: Facts


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """All records with their texts.

    Attributes:
        records: The records that are sound, without their long texts.
        short: Converted texts without their long parts, by the path of the record.
        texts: Converted texts by the path of the record, from the cache when they are asked for.
        text_keys: Names of the converted texts, which change with what they are made from.
        lines: Hashes over titles and TL;DRs, by the path of the record.
        frame: Hash over all that a page may see of records without showing or listing them.
        diagnostics: What was wrong with the files.
        stored: What is to be kept of each file, by its name in the cache.
    """

    records: Records
    short: Texts
    texts: StoredTexts
    text_keys: dict[str, str]
    lines: dict[str, str]
    frame: str
    diagnostics: tuple[Diagnostic, ...]
    stored: dict[str, StoredRecord]


class ContentCache:
    """What is known of records' files from earlier builds."""

    def __init__(self, folder: Path, program: str, markup: MarkupOptions) -> None:
        """Open the cache; nothing is read yet.

        Args:
            folder: Folder of the cache.
            program: What tells the program from another, whose values may differ.
            markup: What decides how text is converted.
        """
        key = hash_value((program, markup))
        self.records = ShardedCache(folder / RECORDS_FOLDER, key, StoredRecord)
        self.texts = ShardedCache(folder / TEXTS_FOLDER, key, ConvertedText)

    def keep(self, content: Content) -> None:
        """Write what is not known yet.

        Raises:
            OSError: The disk refused.
        """
        self.records.keep(content.stored)
        content.texts.keep()

    def remember(self, content: Content) -> None:
        """Know what was made for as long as this process runs, without writing it."""
        self.records.remember(content.stored)
        content.texts.remember()

    def forget(self) -> None:
        """Know what is written, and nothing else."""
        self.records.forget()
        self.texts.forget()

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What was wrong with the cache, each file once."""
        every = (*self.records.problems, *self.texts.problems)
        return tuple({problem.span.path: problem for problem in every}.values())


def read_content(
    files: SourceFiles,
    paths: tuple[str, ...],
    people: tuple[Person, ...],
    markup: MarkupOptions,
    cache: ContentCache,
    executor: Executor,
    watch: Stopwatch,
) -> Content:
    """Read all records.

    Args:
        files: The files of the digest.
        paths: Those of records, in the order in which they are read.
        people: Entries of `people.yaml`.
        markup: What decides how text is converted.
        cache: What is known of them.
        executor: Where what is not known is parsed and converted.
        watch: Measures the two stages.
    """
    names = {path: _name(files, path) for path in paths}
    with watch.stage("parse", len(paths)) as on_done:
        found = cache.records.get_all(names.values())
        known = {path: _settle(found[name]) for path, name in names.items() if name in found}
        unknown = [path for path in paths if path not in known]
        parsed = _parse(files, unknown, executor, lambda done: on_done(len(known) + done))
    facts = {path: stored.facts for path, stored in known.items()}
    facts |= {path: Facts(read.value, None, read.diagnostics) for path, read in parsed.items()}
    links = _link_records(known, parsed, facts)
    keys = {
        path: _text_key(files, path, links.get(path, ()))
        for path in paths
        if facts[path].record is not None
    }
    stale = [path for path in keys if path not in known or known[path].text_key != keys[path]]
    with watch.stage("convert", len(stale)) as on_done:
        parsed |= _parse(files, [path for path in stale if path not in parsed], executor)
        whole = {path: record for path in stale if (record := parsed[path].value) is not None}
        jobs = [make_job(record, links.get(path, ())) for path, record in whole.items()]
        converted = map_batches(executor, partial(convert_batch, markup), jobs, on_done=on_done)
    fresh = dict(zip(whole, converted, strict=True))
    for path, text in fresh.items():
        record = strip_record(whole[path])
        facts[path] = Facts(record, shorten_text(text), parsed[path].diagnostics)
    entries = {path: known[path] for path in paths if path in known and path not in parsed}
    for path, read in parsed.items():
        entries[path] = _store(facts[path], keys.get(path, ""), _names_in(read.value))
    remake = partial(_remake_text, files, markup, links)
    return Content(
        records=gather_records(paths, (facts[path].record for path in paths), people),
        short={path: short for path in paths if (short := facts[path].text) is not None},
        texts=StoredTexts(keys, fresh, cache.texts, remake),
        text_keys=keys,
        lines={path: entries[path].lines for path in keys},
        frame=hash_value([(path, entries[path].frame) for path in paths]),
        diagnostics=tuple(problem for path in paths for problem in facts[path].diagnostics),
        stored={name: entries[path] for path, name in names.items()},
    )


def _remake_text(
    files: SourceFiles, markup: MarkupOptions, links: Mapping[str, Links], path: str
) -> ConvertedText:
    """Return the text of a record that the cache has lost."""
    record = read_batch((files[path],))[0].value
    if record is None:
        return ConvertedText()
    return convert_batch(markup, (make_job(record, links.get(path, ())),))[0]


def _parse(
    files: SourceFiles,
    paths: list[str],
    executor: Executor,
    on_done: Callable[[int], None] = lambda _: None,
) -> dict[str, Outcome[Record | None]]:
    raw = [files[path] for path in paths]
    outcomes = map_batches(executor, read_batch, raw, on_done=on_done)
    return dict(zip(paths, outcomes, strict=True))


def _link_records(
    known: Mapping[str, StoredRecord],
    parsed: Mapping[str, Outcome[Record | None]],
    facts: Mapping[str, Facts],
) -> dict[str, Links]:
    """Return the records that bodies link to, by the path of the record that does."""
    names = {path: stored.names for path, stored in known.items() if stored.names}
    names |= {p: named for p, outcome in parsed.items() if (named := _names_in(outcome.value))}
    if not names:
        return {}
    titles = index_titles(f.record for f in facts.values() if isinstance(f.record, Paper))
    return {path: choose_links(named, titles) for path, named in names.items()}


def _names_in(record: Record | None) -> tuple[str, ...]:
    return find_names(record.body.text) if record is not None else ()


def _name(files: SourceFiles, path: str) -> str:
    return f"{files.digest_of(path)[:32]}:{path}"


def _text_key(files: SourceFiles, path: str, links: Links) -> str:
    """Return a name that changes with all that decides a record's text beside the options."""
    name = _name(files, path)
    return f"{hash_value((name, links))}:{path}" if links else name


def strip_record(record: Record) -> Record:
    """Return a record without its long texts, which pages see converted or not at all."""
    if isinstance(record, Paper):
        return msgspec.structs.replace(record, abstract="", body=Body())
    return msgspec.structs.replace(record, body=Body())


def _store(facts: Facts, text_key: str, names: tuple[str, ...]) -> StoredRecord:
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
    return StoredRecord(frame, hash_value(lines), text_key, names, facts)


def _settle(stored: StoredRecord) -> StoredRecord:
    """Return what was kept with tuples where MessagePack knows lists only."""
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
