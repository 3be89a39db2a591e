"""The throw-away tree of bare pages that Pagefind reads.

Responsible for where it lies and in which order its files are found. Not responsible for what a
page holds (`workers.bare_pages`) or for running Pagefind (`effects.searching`).

Pagefind numbers papers in the order in which the file system lists their files, and every part of
the index holds such numbers. So a paper that is listed amid the others would change nearly all
parts, and on another disk the order is another. In memory Linux lists files by when they were made;
there the papers are numbered by date, so that a new one is the last, and the list of numbers in the
order of dates, which every first query fetches, compresses to two thirds.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from broadsheet.foundations.hashing import hash_bytes
from broadsheet.planning.addresses import PAPERS
from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.bare_pages import bare_page

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of this digest alone is made in it
# A page takes one or two blocks; as much again is left to others.
_BYTES_A_PAGE = 4 * 4_096
_LETTERS = 16
_MADE = "gbeahcfd"


@contextmanager
def write_bare_tree(records: Sequence[SearchRecord], language: str, cache: Path) -> Iterator[Path]:
    """Write a page for each record, and delete them all in the end.

    Args:
        records: What to index.
        language: BCP 47.
        cache: Folder of the digest's cache; the tree lies there where memory has no room.

    Raises:
        OSError: The disk refused.
    """
    tree = _make_tree(cache, len(records) * _BYTES_A_PAGE)
    try:
        newest_first = _lists_newest_first(tree)
        (tree / PAPERS).mkdir(parents=True)
        for record in sorted(records, key=_by_date, reverse=newest_first):
            # The page's script puts the slash back.
            path = tree / PAPERS / _file_name(record)
            path.write_text(bare_page(record, language), encoding="utf-8")
        yield tree
    finally:
        shutil.rmtree(tree, ignore_errors=True)


def number_papers(tree: Path, records: Sequence[SearchRecord]) -> list[int]:
    """Return the number that Pagefind gives each record: its place in the order of the listing.

    Args:
        tree: From `write_bare_tree`.
        records: What was written there.
    """
    numbers = {entry.name: number for number, entry in enumerate(os.scandir(tree / PAPERS))}
    return [numbers[_file_name(record)] for record in records]


def _file_name(record: SearchRecord) -> str:
    """Return the name of a record's page; a folder for each would take as long again."""
    return f"{record.url.rstrip('/').rpartition('/')[2]}.html"


def _by_date(record: SearchRecord) -> tuple[str, str]:
    return record.date, record.url


def _make_tree(cache: Path, size: int) -> Path:
    """Make the folder, under the same name each time, so that a killed build leaves only one."""
    name = f"broadsheet-{hash_bytes(os.fsencode(cache.absolute()))[:_LETTERS]}"
    for tree in (MEMORY / name, cache / name):
        shutil.rmtree(tree, ignore_errors=True)
    tree = (MEMORY if _has_room(MEMORY, size) else cache) / name
    tree.mkdir(mode=0o700)
    return tree


def _has_room(folder: Path, size: int) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > size


def _lists_newest_first(tree: Path) -> bool:
    """Tell whether what is made first is listed last; files are then made in the reverse order."""
    probe = tree / "probe"
    probe.mkdir()
    for name in _MADE:
        (probe / name).touch()
    listed = "".join(entry.name for entry in os.scandir(probe))
    shutil.rmtree(probe)
    return listed == _MADE[::-1]
