"""Related papers, from the cache or anew.

Responsible for the keys of what is cached: the lists, what they were made from, and the words of
each paper, which do not depend on the others. Not responsible for the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from errno import EIO
from functools import partial
from pathlib import Path

import msgspec

from broadsheet.assembly.reading import Content
from broadsheet.domain.library import Library
from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.effects.freed_memory import return_freed_memory, return_large_blocks
from broadsheet.effects.linear_algebra import load_linear_algebra
from broadsheet.effects.program import identify_program
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.relations import (
    PaperText,
    PaperTraits,
    Related,
    RelatedPaper,
    WordStream,
    collect_text,
    collect_traits,
)
from broadsheet.planning.texts import MarkupOptions

LISTS_FILE = "related"
KEY_FILE = "related-key"
WORDS_FILE = "related-words"


class KnownWords(msgspec.Struct, frozen=True):
    """The words of papers, as an earlier build counted them.

    Attributes:
        names: Names of the papers' converted texts.
        hashes: Hashes over those texts that the words stand in.
        stream: The words.
    """

    names: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    stream: WordStream = WordStream()


class RelatedLists(msgspec.Struct, frozen=True):
    """The papers beside each paper.

    Attributes:
        encoded: The lists, by the paper's id.
        keys: A hash over each list.
    """

    encoded: dict[str, msgspec.Raw] = {}
    keys: dict[str, str] = {}

    @property
    def papers(self) -> Related:
        """The lists, by the paper's id."""
        return _Decoded(self.encoded)


_LIST = msgspec.msgpack.Decoder(tuple[RelatedPaper, ...])


class _Decoded(Mapping[str, tuple[RelatedPaper, ...]]):
    """Lists that are decoded when they are asked for: they take three times as much then."""

    def __init__(self, encoded: Mapping[str, msgspec.Raw]) -> None:
        self._encoded = encoded

    def __getitem__(self, paper_id: str) -> tuple[RelatedPaper, ...]:
        return _LIST.decode(self._encoded[paper_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)


class _Compared(msgspec.Struct, frozen=True):
    """What decides related papers.

    Attributes:
        names: Names of the papers' converted texts.
        hashes: Hashes over those texts that their words stand in.
        traits: What is compared of each besides.
        places: The place of each among the known ones, or None.
    """

    names: tuple[str, ...]
    hashes: tuple[str, ...]
    traits: tuple[PaperTraits, ...]
    places: tuple[int | None, ...]


def _run_here(here: Callable[[], None], _apart: Callable[[], None]) -> None:
    here()


def find_related(
    library: Library,
    content: Content,
    markup: MarkupOptions,
    cache: Path,
    run: Callable[[Callable[[], None], Callable[[], None]], None] = _run_here,
) -> tuple[RelatedLists, tuple[Diagnostic, ...]]:
    """Return the papers beside each paper; an unchanged library costs a look at the cache.

    Where something has changed that may be compared, what is compared decides: a file may be
    another and all that is compared the same.

    Args:
        library: All records.
        content: Their texts.
        markup: How those were converted.
        cache: Folder of the cache.
        run: Calls the first of two functions here or the second in a process of its own, since
            numpy and scipy are loaded; by default here.

    Returns:
        The lists, and what was wrong with the cache.

    Raises:
        OSError: The disk refused.
    """
    program = hash_value((identify_program(), markup))
    papers, topics = library.papers.values(), library.topics.of_paper
    named = [(paper.id, content.text_keys[paper.source], topics[paper.id]) for paper in papers]
    inputs = hash_value((program, named))
    key, problems = read_cached(cache / KEY_FILE, inputs, str)
    if key is not None:
        related, damages = _read_lists(cache, key)
        if related is not None:
            return related, (*problems, *damages)
        problems += damages
    known, damages = read_cached(cache / WORDS_FILE, program, KnownWords)
    known, problems = known or KnownWords(), (*problems, *damages)
    compared = _compare(library, content, known)
    found = hash_value((program, compared.traits, compared.hashes))
    related = None
    if found != key:
        related, damages = _read_lists(cache, found)
        problems += damages
    if related is None:
        texts = partial(_collect_texts, library, content, compared.places)
        work = partial(_relate, compared, texts, known, cache, (program, found))
        run(work, partial(work, let_go=content.texts.release))
        related, damages = _read_lists(cache, found)
        if related is None:
            raise OSError(EIO, "what was written cannot be read", str(cache / LISTS_FILE))
    write_cached(cache / KEY_FILE, inputs, found)
    return related, problems


def _read_lists(cache: Path, key: str) -> tuple[RelatedLists | None, tuple[Diagnostic, ...]]:
    return read_cached(cache / LISTS_FILE, key, RelatedLists)


def _compare(library: Library, content: Content, known: KnownWords) -> _Compared:
    """Return what decides related papers; only texts that are not known are looked at."""
    papers = library.papers.values()
    names = tuple(content.text_keys[paper.source] for paper in papers)
    place_of = {name: place for place, name in enumerate(known.names)}
    places = tuple(place_of.get(name) for name in names)
    fresh = map(hash_value, _collect_texts(library, content, places))
    return _Compared(
        names=names,
        hashes=tuple(next(fresh) if place is None else known.hashes[place] for place in places),
        traits=collect_traits(library, content.short),
        places=places,
    )


def _collect_texts(
    library: Library, content: Content, places: tuple[int | None, ...]
) -> Iterator[PaperText]:
    """Yield the texts of those papers that are not known; no two need be in memory at once."""
    for paper, place in zip(library.papers.values(), places, strict=True):
        if place is None:
            yield collect_text(paper, content.texts[paper.source])


def _relate(
    compared: _Compared,
    texts: Callable[[], Iterator[PaperText]],
    known: KnownWords,
    cache: Path,
    keys: tuple[str, str],
    let_go: Callable[[], None] = lambda: None,
) -> None:
    """Relate papers, and leave their words and lists in the cache.

    In a process of its own that is how they come back without being in memory there twice. Such a
    process lets go of what it has of its parent's and need not look at again.
    """
    return_large_blocks()
    # numpy and scipy take longer to load than an unchanged digest to build.
    threads = load_linear_algebra()
    from broadsheet.workers.relating.ranking import relate_papers

    for_words, for_lists = keys
    # No name holds the words here, so that they are gone once they are counted.
    papers = relate_papers(
        compared.traits,
        _keep_words(compared, _end(texts(), let_go), known, cache / WORDS_FILE, for_words),
        threads=threads,
    )
    hashes = {paper_id: hash_value(beside) for paper_id, beside in papers.items()}
    write_cached(cache / LISTS_FILE, for_lists, {"encoded": papers, "keys": hashes})


def _keep_words(
    compared: _Compared, texts: Iterator[PaperText], known: KnownWords, file: Path, key: str
) -> WordStream:
    """Return the words of all papers, and leave them in the cache."""
    from broadsheet.workers.relating.streams import join_streams, read_words

    stream = join_streams(known.stream, read_words(texts), compared.places)
    write_cached(file, key, KnownWords(compared.names, compared.hashes, stream))
    return_freed_memory()
    return stream


def _end(texts: Iterator[PaperText], let_go: Callable[[], None]) -> Iterator[PaperText]:
    """Yield texts, and let go of where they came from after the last."""
    yield from texts
    let_go()
    return_freed_memory()
