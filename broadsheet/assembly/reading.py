"""Records and their texts: from the cache where their file is known, else parsed and converted.

Responsible for what of a digest must be read again, and for the keys of what is kept. Not
responsible for parsing and conversion (`workers.kept_records`) or for cached files
(`effects.caching`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from broadsheet.assembly.stopwatch import Stopwatch
from broadsheet.assembly.stored_texts import StoredTexts
from broadsheet.domain.reading import gather_records
from broadsheet.domain.records import Paper, Person, Records
from broadsheet.effects.caching import ShardedCache
from broadsheet.effects.executors import iterate_batches
from broadsheet.effects.source_files import SourceFiles
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.texts import (
    ConvertedText,
    Links,
    MarkupOptions,
    Texts,
    choose_links,
    index_titles,
)
from broadsheet.workers.kept_records import (
    Source,
    StoredRecord,
    decode_stored,
    keep_batch,
    settle,
)

RECORDS_FOLDER = "records"
TEXTS_FOLDER = "texts"


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
    meanwhile: Callable[[], object] = tuple,
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
        meanwhile: What is to be done here, besides, while others parse.
    """
    names = {path: _name(files, path) for path in paths}
    with watch.stage("parse", len(paths)) as on_done:
        known = cache.records.get_all(names.values())
        stored = {path: settle(known[name]) for path, name in names.items() if name in known}
        unknown = [Source(files[path], name) for path, name in names.items() if name not in known]
        fresh, texts = _read(
            unknown, markup, executor, lambda n: on_done(len(known) + n), meanwhile
        )
        stored |= fresh
    links = _link_records(stored)
    keys = {
        path: _text_key(files, path, links.get(path, ()))
        for path in paths
        if stored[path].facts.record is not None
    }
    # What links to records is converted when their titles are known, and when these change.
    stale = [path for path in keys if stored[path].text_key != keys[path]]
    with watch.stage("convert", len(stale)) as on_done:
        linked = [Source(files[path], keys[path], links.get(path, ())) for path in stale]
        fresh, linked_texts = _read(linked, markup, executor, on_done)
        stored |= fresh
    facts = {path: stored[path].facts for path in paths}
    remake = partial(_remake_text, files, markup, links)
    return Content(
        records=gather_records(paths, (facts[path].record for path in paths), people),
        short={path: short for path in paths if (short := facts[path].text) is not None},
        texts=StoredTexts(keys, texts | linked_texts, cache.texts, remake),
        text_keys=keys,
        lines={path: stored[path].lines for path in keys},
        frame=hash_value([(path, stored[path].frame) for path in paths]),
        diagnostics=tuple(problem for path in paths for problem in facts[path].diagnostics),
        stored={name: stored[path] for path, name in names.items()},
    )


def _remake_text(
    files: SourceFiles, markup: MarkupOptions, links: Mapping[str, Links], path: str
) -> bytes:
    """Return the text of a record that the cache has lost, encoded."""
    (kept,) = keep_batch(markup, (Source(files[path], "", links.get(path, ())),))
    return kept.text


def _read(
    sources: list[Source],
    markup: MarkupOptions,
    executor: Executor,
    on_done: Callable[[int], None],
    meanwhile: Callable[[], object] = tuple,
) -> tuple[dict[str, StoredRecord], dict[str, bytes]]:
    """Parse and convert files, each in one process; return records and encoded texts by path."""
    results = iterate_batches(executor, partial(keep_batch, markup), sources, on_done=on_done)
    kept = list(islice(results, 1))  # when it has come, the next are worked on
    meanwhile()
    kept += results
    read = {source.raw.path: made for source, made in zip(sources, kept, strict=True)}
    return (
        {path: decode_stored(made.stored) for path, made in read.items()},
        {path: made.text for path, made in read.items() if made.text},
    )


def _link_records(stored: Mapping[str, StoredRecord]) -> dict[str, Links]:
    """Return the records that bodies link to, by the path of the record that does."""
    names = {path: known.names for path, known in stored.items() if known.names}
    if not names:
        return {}
    records = (known.facts.record for known in stored.values())
    titles = index_titles(record for record in records if isinstance(record, Paper))
    return {path: choose_links(named, titles) for path, named in names.items()}


def _name(files: SourceFiles, path: str) -> str:
    return f"{files.digest_of(path)[:32]}:{path}"


def _text_key(files: SourceFiles, path: str, links: Links) -> str:
    """Return a name that changes with all that decides a record's text beside the options."""
    name = _name(files, path)
    return f"{hash_value((name, links))}:{path}" if links else name
