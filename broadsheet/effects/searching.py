"""The search index, made by Pagefind's own binary.

Responsible for running the binary over a tree of bare pages (`effects.bare_tree`), for refusing an
index that is not whole, and for keeping one that is, so that unchanged papers are not indexed
again. Not responsible for what is indexed (`planning.search_records`, `workers.search_words`) or
for the search page.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from string import ascii_lowercase

import deflate
import msgspec

from broadsheet import __version__
from broadsheet.effects.bare_tree import number_papers, write_bare_tree
from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.effects.common_filters import add_common_filters
from broadsheet.effects.index_parts import ENTRY, Entry, IndexParts
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at
from broadsheet.foundations.hashing import hash_bytes, hash_value
from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.common_words import CommonWords, find_common_words
from broadsheet.workers.search_words import SearchWords, collect_search_words

# Counts how often the way from the same records to an index has changed.
_RECIPE = 3
TIMEOUT_SECONDS = 1_800
BUNDLE_FOLDER = "search"
LISTING_FILE = "search-listing"
VOCABULARY_FOLDER = "words"
WORDS_FILE = "words.json"

# Pagefind writes its ready-made interfaces into every bundle; ours uses none of them.
_UNUSED = (
    "pagefind-ui.js",
    "pagefind-ui.css",
    "pagefind-modular-ui.js",
    "pagefind-modular-ui.css",
    "pagefind-component-ui.js",
    "pagefind-component-ui.css",
    "pagefind-highlight.js",
)
# Eight times as many parts of the index as by default, so that a word brings few others with it:
# 54 kB of them a query instead of 95, at one request more (measured at 15,000 papers).
_CHUNK_SIZE = "2500"
# Memory that Pagefind has done with is given back soon: 1,170 MB at 10,000 papers in the place of
# 1,370, in the same time.
_ALLOCATOR = "dirty_decay_ms:200"
_COMPRESSED = "wasm.*.pagefind"
_BEST = 12
_NEEDED = ("pagefind.js", "pagefind-worker.js", ENTRY)


class _Listed(msgspec.Struct, frozen=True, array_like=True):
    """What a file of an index is: its bytes, nanoseconds of its last change, hash."""

    size: int
    modified: int
    content: str


def hash_search_input(records: tuple[SearchRecord, ...], language: str) -> str:
    """Return what identifies an index: a hash over the versions, the language and the records.

    Pagefind's output differs from run to run in the files of filters with several values, in
    `*.pf_meta` and in `pagefind-entry.json` (the order of a hash map), so its bytes cannot.
    """
    import pagefind_bin

    version = str(getattr(pagefind_bin, "__version__", ""))
    return hash_value((__version__, _RECIPE, version, language, records))


def make_search_index(
    records: tuple[SearchRecord, ...], language: str, cache: Path
) -> tuple[Path | None, tuple[Diagnostic, ...]]:
    """Return the folder of an index over records, made unless the cache holds the very same.

    An index is made beside the cached one, looked through, and only then put in its place, so that
    one that is cut short is never taken for whole; the old one is deleted.

    Args:
        records: What to index.
        language: BCP 47; one for all records, so that one page's script finds all of them.
        cache: Folder of the cache.

    Returns:
        The folder, and a `search-failed` error when the binary failed or left an index that is not
        whole, or a `cache-damaged` warning.
    """
    if not records:
        return None, ()
    key = hash_search_input(records, language)
    bundle = cache / BUNDLE_FOLDER
    listing, problems = read_cached(cache / LISTING_FILE, key, dict[str, _Listed])
    if listing is not None and _is_intact(bundle, listing):
        return bundle, problems
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="search-", dir=cache) as scratch:
        fresh = Path(scratch, "bundle")
        failure = _build_bundle(records, language, cache, fresh)
        if failure:
            return None, (*problems, failed_search(failure))
        (cache / LISTING_FILE).unlink(missing_ok=True)
        if bundle.exists():
            bundle.rename(Path(scratch, "old"))
        fresh.rename(bundle)
    write_cached(cache / LISTING_FILE, key, _list_bundle(bundle))
    return bundle, problems


def _list_bundle(bundle: Path) -> dict[str, _Listed]:
    """Return what each file of an index is, by its path."""
    listing = {}
    for path in sorted(bundle.rglob("*")):
        if path.is_file():
            about = path.stat()
            name = path.relative_to(bundle).as_posix()
            content = hash_bytes(path.read_bytes())
            listing[name] = _Listed(about.st_size, about.st_mtime_ns, content)
    return listing


def _is_intact(bundle: Path, listing: dict[str, _Listed]) -> bool:
    """Tell whether an index is what was listed; its files may be shared with a published site.

    A file of the same size and time is not read; one that was copied or restored is.
    """
    found = {
        path.relative_to(bundle).as_posix(): path for path in bundle.rglob("*") if path.is_file()
    }
    return found.keys() == listing.keys() and all(
        _is_same(found[name], listed) for name, listed in listing.items()
    )


def _is_same(path: Path, listed: _Listed) -> bool:
    about = path.stat()
    if about.st_size != listed.size:
        return False
    return about.st_mtime_ns == listed.modified or hash_bytes(path.read_bytes()) == listed.content


def _build_bundle(
    records: tuple[SearchRecord, ...], language: str, cache: Path, destination: Path
) -> str:
    """Make an index; return why it failed, or nothing."""
    with (
        write_bare_tree(records, language, cache) as pages,
        ThreadPoolExecutor(max_workers=1) as waiting,
    ):
        # Pagefind takes seconds, in which the words can be counted.
        indexing = waiting.submit(_run_pagefind, pages, destination)
        numbers = number_papers(pages, records)
        found, words = find_common_words(records), collect_search_words(records)
        failure = indexing.result()
    if failure:
        return failure
    for unused in _UNUSED:
        (destination / unused).unlink(missing_ok=True)
    # Looked at before anything is written anew, which would make a file of an empty one.
    if failure := _find_incomplete(destination, len(records)):
        return failure
    try:
        parts = IndexParts(destination)
        common = add_common_filters(parts, found, records, numbers)
        parts.write_meta()
        _compress_better(destination)
    except ValueError as error:
        return str(error)
    _write_words(words, common, destination)
    return ""


def _compress_better(destination: Path) -> None:
    """Compress anew what every first query fetches: a better search for repetitions saves a tenth.

    Raises:
        ValueError: A file is damaged.
    """
    for path in destination.glob(_COMPRESSED):
        try:
            content = gzip.decompress(path.read_bytes())
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            message = f"{path.name} cannot be read: {error}"
            raise ValueError(message) from error
        path.write_bytes(deflate.gzip_compress(content, _BEST))


def _write_words(words: SearchWords, common: CommonWords, destination: Path) -> None:
    """Write what the page knows of words; the vocabulary by first letters, since few are wanted."""
    known = {"titles": common.titles, "alone": common.alone, "years": words.years}
    (destination / WORDS_FILE).write_bytes(msgspec.json.encode(known, order="sorted"))
    letters: dict[str, list[str]] = {letter: [] for letter in (*ascii_lowercase, "other")}
    for word in words.vocabulary:
        letters.get(word[0], letters["other"]).append(word)
    (destination / VOCABULARY_FOLDER).mkdir()
    for letter, known_words in letters.items():
        path = destination / VOCABULARY_FOLDER / f"{letter}.txt"
        path.write_text("\n".join(known_words) + "\n", encoding="utf-8")


def _run_pagefind(pages: Path, destination: Path) -> str:
    """Run the binary; return why it failed, or nothing."""
    import pagefind_bin

    command = [
        str(pagefind_bin.get_executable()),
        "--site",
        str(pages),
        "--output-path",
        str(destination),
        "--include-characters",
        "#+",
        "--quiet",
    ]
    try:
        finished = subprocess.run(  # noqa: S603 - the package's own binary, no shell
            command,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
            cwd=pages,
            env={
                **os.environ,
                "PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": _CHUNK_SIZE,
                "_RJEM_MALLOC_CONF": _ALLOCATOR,
            },
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if finished.returncode:
        shutil.rmtree(destination, ignore_errors=True)
        return f"exit status {finished.returncode}: {finished.stderr.strip()[-400:]}"
    return ""


def _find_incomplete(destination: Path, records: int) -> str:
    """Return what is missing in an index, or nothing."""
    for name in _NEEDED:
        path = destination / name
        if not path.is_file() or not path.stat().st_size:
            return f"{name} is missing"
    try:
        entry = msgspec.json.decode((destination / ENTRY).read_bytes(), type=Entry)
    except msgspec.DecodeError:
        return f"{ENTRY} cannot be read"
    indexed = sum(language.page_count for language in entry.languages.values())
    if indexed != records:
        return f"{indexed} of {records} papers were indexed"
    empty = [
        path.name for path in destination.rglob("*") if path.is_file() and not path.stat().st_size
    ]
    return f"{empty[0]} is empty" if empty else ""


def failed_search(reason: str) -> Diagnostic:
    """Return the error that there is no index.

    Args:
        reason: Why, in a few words.
    """
    message = f"the search index could not be made: {reason}"
    return error_at(Code.SEARCH_FAILED, message, Span("content/papers"), "see docs/diagnostics.md")
