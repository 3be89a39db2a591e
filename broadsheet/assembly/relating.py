"""Related papers, from the cache or anew.

Responsible for the keys of what is cached: the lists, what they were made from, and the words of
each paper, which do not depend on the others. Not responsible for the ranking.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import call
from pathlib import Path

import msgspec

from broadsheet.assembly.reading import Content
from broadsheet.domain.library import Library
from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.effects.linear_algebra import load_linear_algebra
from broadsheet.effects.program import identify_program
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.relations import (
    PaperText,
    PaperTraits,
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
        papers: The lists, by the paper's id.
        keys: A hash over each list.
    """

    papers: dict[str, tuple[RelatedPaper, ...]] = {}
    keys: dict[str, str] = {}


Relating = tuple[RelatedLists, KnownWords]


class _Compared(msgspec.Struct, frozen=True):
    """What decides related papers.

    Attributes:
        names: Names of the papers' converted texts.
        hashes: Hashes over those texts that their words stand in.
        traits: What is compared of each besides.
        places: The place of each among the known ones, or None.
        texts: The texts of those that are not known.
    """

    names: tuple[str, ...]
    hashes: tuple[str, ...]
    traits: tuple[PaperTraits, ...]
    places: tuple[int | None, ...]
    texts: tuple[PaperText, ...]


def find_related(
    library: Library,
    content: Content,
    markup: MarkupOptions,
    cache: Path,
    run: Callable[[Callable[[], Relating]], Relating] = call,
) -> tuple[RelatedLists, tuple[Diagnostic, ...]]:
    """Return the papers beside each paper; an unchanged library costs a look at the cache.

    Where something has changed that may be compared, what is compared decides: a file may be
    another and all that is compared the same.

    Args:
        library: All records.
        content: Their texts.
        markup: How those were converted.
        cache: Folder of the cache.
        run: Calls a function where numpy and scipy may be loaded; by default in this process.

    Returns:
        The lists, and what was wrong with the cache.
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
    compared = _gather(library, content, known)
    found = hash_value((program, compared.traits, compared.hashes))
    related = None
    if found != key:
        related, damages = _read_lists(cache, found)
        problems += damages
    if related is None:
        related, words = run(partial(_relate, compared, known))
        write_cached(cache / WORDS_FILE, program, words)
        write_cached(cache / LISTS_FILE, found, related)
    write_cached(cache / KEY_FILE, inputs, found)
    return related, problems


def _read_lists(cache: Path, key: str) -> tuple[RelatedLists | None, tuple[Diagnostic, ...]]:
    return read_cached(cache / LISTS_FILE, key, RelatedLists)


def _gather(library: Library, content: Content, known: KnownWords) -> _Compared:
    """Return what decides related papers; only texts that are not known are looked at."""
    papers = library.papers.values()
    names = tuple(content.text_keys[paper.source] for paper in papers)
    place_of = {name: place for place, name in enumerate(known.names)}
    places = tuple(place_of.get(name) for name in names)
    texts = tuple(
        collect_text(paper, content.texts[paper.source])
        for paper, place in zip(papers, places, strict=True)
        if place is None
    )
    fresh = map(hash_value, texts)
    return _Compared(
        names=names,
        hashes=tuple(next(fresh) if place is None else known.hashes[place] for place in places),
        traits=collect_traits(library, content.short),
        places=places,
        texts=texts,
    )


def _relate(compared: _Compared, known: KnownWords) -> Relating:
    # numpy and scipy take longer to load than an unchanged digest to build.
    threads = load_linear_algebra()
    from broadsheet.workers.relating.ranking import relate_papers
    from broadsheet.workers.relating.streams import join_streams, read_words

    stream = join_streams(known.stream, read_words(compared.texts), compared.places)
    words = KnownWords(compared.names, compared.hashes, stream)
    papers = relate_papers(compared.traits, stream, threads=threads)
    keys = {paper_id: hash_value(beside) for paper_id, beside in papers.items()}
    return RelatedLists(papers, keys), words
