"""The parts of an index that Pagefind wrote, read and added to.

Responsible for the form of Pagefind's files (CBOR behind a mark, compressed): which parts a word is
looked for in, and further filters, which are listed in `pf_meta`. Not responsible for running
Pagefind (`effects.searching`) or for which filters there are to be (`effects.common_filters`).

Source: `pagefind_web/src/metadata.rs`, `index.rs` and `filter_index.rs` of Pagefind 1.5.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import cbor2
import deflate
import msgspec

from broadsheet.foundations.hashing import hash_bytes
from broadsheet.workers.pagefind_ranking import Words

ENTRY = "pagefind-entry.json"
_MARK = b"pagefind_dcd"
_BEST = 12
_LETTERS = 10
# Parts that are kept decoded: neighbouring words ask for the same.
_KEPT = 8


class Language(msgspec.Struct, frozen=True):
    """What the entry file says of a language: its papers, and the name of its `pf_meta`."""

    page_count: int
    hash: str = ""


class Entry(msgspec.Struct, frozen=True):
    """What we read of the entry file."""

    languages: dict[str, Language]


class IndexMeta(msgspec.Struct, array_like=True):
    """What `pf_meta` holds.

    Attributes:
        version: Pagefind's.
        pages: Name of the fragment, and words, by the paper's number.
        parts: First word, last word and name of each part of the index.
        filters: Name and file of each filter.
        sorts: Each sort key, with the numbers of papers in its order.
        fields: Names of the metadata.
    """

    version: str
    pages: list[tuple[str, int]]
    parts: list[tuple[str, str, str]]
    filters: list[tuple[str, str]]
    sorts: list[tuple[str, list[int]]]
    fields: list[str]


class IndexParts:
    """An index in one language, as it lies on the disk."""

    def __init__(self, bundle: Path) -> None:
        """Read what there is.

        Args:
            bundle: The folder of the index.

        Raises:
            OSError: The disk refused.
            ValueError: It is no index of one language that we know how to read.
        """
        self._bundle = bundle
        try:
            entry = msgspec.json.decode((bundle / ENTRY).read_bytes(), type=Entry)
            ((self._language, about),) = entry.languages.items()
            self._path = bundle / f"pagefind.{about.hash}.pf_meta"
            self.meta = msgspec.convert(_decode(self._path), IndexMeta)
        except msgspec.MsgspecError as error:
            message = f"it has another form than expected: {error}"
            raise ValueError(message) from error
        self._read = lru_cache(_KEPT)(self._read_part)

    def read_words(self, *terms: str) -> Words:
        """Return the words of all parts in which Pagefind looks for some terms.

        Raises:
            OSError: The disk refused.
            ValueError: A part is damaged.
        """
        names = {name for term in terms for name in self._parts_of(term)}
        return {word: about for name in sorted(names) for word, about in self._read(name).items()}

    def add_filters(self, filters: Mapping[str, Sequence[int]]) -> None:
        """Add filters with one value.

        Args:
            filters: Numbers of papers by the name of the filter.
        """
        (self._bundle / "filter").mkdir(exist_ok=True)
        for name, numbers in filters.items():
            content = cbor2.dumps([name, [["y", sorted(numbers)]]])
            file = f"{self._language}_{hash_bytes(content)[:_LETTERS]}"
            _encode(self._bundle / "filter" / f"{file}.pf_filter", content)
            self.meta.filters.append((name, file))
        self.meta.filters.sort()

    def write_meta(self) -> None:
        """Write `pf_meta` anew, under a name by its content, in the place of Pagefind's own."""
        content = cbor2.dumps(msgspec.to_builtins(self.meta))
        name = f"{self._language}_{hash_bytes(content)[:_LETTERS]}"
        self._path.unlink()
        self._path = self._bundle / f"pagefind.{name}.pf_meta"
        _encode(self._path, content)
        entry = msgspec.json.decode((self._bundle / ENTRY).read_bytes())
        entry["languages"][self._language]["hash"] = name
        (self._bundle / ENTRY).write_bytes(msgspec.json.encode(entry))

    def _parts_of(self, term: str) -> Iterator[str]:
        """Yield the parts that hold a term, else those that may hold longer words."""
        strict = [name for first, last, name in self.meta.parts if first <= term <= last]
        if strict:
            yield from strict
            return
        for first, last, name in self.meta.parts:
            begins, ends = term[: len(first)], term[: len(last)]
            if begins >= first[: len(term)] and ends <= last[: len(term)]:
                yield name

    def _read_part(self, name: str) -> dict[str, Sequence[Any]]:
        (words,) = _decode(self._bundle / "index" / f"{name}.pf_index")
        return {word: (papers, variants) for word, papers, variants in words}


def _decode(path: Path) -> Any:
    try:
        content = gzip.decompress(path.read_bytes())
        if content.startswith(_MARK):
            return cbor2.loads(content[len(_MARK) :])
    except (gzip.BadGzipFile, EOFError, zlib.error, cbor2.CBORError) as error:
        message = f"{path.name} cannot be read: {error}"
        raise ValueError(message) from error
    message = f"{path.name} does not begin as Pagefind's files do"
    raise ValueError(message)


def _encode(path: Path, content: bytes) -> None:
    path.write_bytes(deflate.gzip_compress(_MARK + content, _BEST))
