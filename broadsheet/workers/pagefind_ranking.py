"""Which papers Pagefind puts first for a word, worked out from its own index.

Responsible for the score that Pagefind 1.5 gives to a query of one word, with the weights of our
page. Not responsible for reading the index (`effects.index_parts`) or for which words are asked
about (`workers.common_words`).

Source: Pagefind's `search.rs`: BM25 of every word that begins with the stem, each by how much
longer it is, and the weights of the metadata that hold one. The weight of a rare word, which is one
factor for all papers, is left out.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

# As `templates/static/finding.js` sets them; the rest is Pagefind's default.
TERM_SIMILARITY = 4.0
META_WEIGHTS = {"title": 5.0, "surname": 8.0}
_PAGE_LENGTH = 0.75
_SATURATION = 1.4
_DIACRITICS = 1.8
_SPREAD = 2.0
# What a word of plain text weighs, and what Pagefind takes for granted where nothing is said.
_PLAIN = 24
_ASSUMED = 25

# A part of the index: its words, each with papers and, where accents were taken off, with its
# written forms and their papers. A paper is a number, places in the text, places in metadata.
Words = Mapping[str, Sequence[Any]]


class Pages(msgspec.Struct, frozen=True):
    """What of the papers decides scores.

    Attributes:
        lengths: Words of each paper, by its number.
        fields: Names of the metadata, by their number.
    """

    lengths: Sequence[int]
    fields: Sequence[str]

    def mean_length(self) -> float:
        """Return how many words a paper has on average."""
        return sum(self.lengths) / len(self.lengths)


def rank_papers(typed: str, stem: str, words: Words, pages: Pages, most: int) -> list[int]:
    """Return the numbers of the papers that stand first for a word, the best first.

    Args:
        typed: The word as a reader writes it.
        stem: The same as Pagefind shortens it.
        words: The parts of the index that Pagefind loads for it.
        pages: What is known of the papers.
        most: How many to return.
    """
    forms = list(_forms(stem, words))
    # Only where several words stand at one place does it matter which places have been counted.
    shared = {number for _, _, papers in forms[1:] for number, _, _ in _absolute(papers)}
    taken: dict[int, set[int]] = {number: set() for number in shared}
    fields: dict[int, Counter[int]] = {}
    weights: dict[str, dict[int, tuple[int, float]]] = {}
    for word, form, papers in forms:
        bonus = _DIACRITICS if form.startswith(typed) or typed.startswith(form) else 1.0
        own = weights.setdefault(word, {})
        for number, places, in_metadata in _absolute(papers):
            weight, first = own.get(number, (0, bonus))
            own[number] = weight + _weigh(places, taken.get(number)), first
            if in_metadata:
                fields.setdefault(number, Counter()).update(
                    -place - 1 for place in in_metadata if place < 0
                )
    values = [META_WEIGHTS.get(name, 1.0) for name in pages.fields]
    # A field weighs as the third power of how many of the words it holds.
    scores = {
        number: sum(values[field] * held**3 for field, held in some.items())
        for number, some in fields.items()
    }
    mean = pages.mean_length()
    for word, own in weights.items():
        likeness = _likeness(word, stem) / _PLAIN
        for number, (weight, bonus) in own.items():
            room = _SATURATION * (1 - _PAGE_LENGTH + _PAGE_LENGTH * pages.lengths[number] / mean)
            frequency = weight * likeness
            gain = bonus * (_SATURATION + 1) * frequency / (room + frequency)
            scores[number] = scores.get(number, 0.0) + gain
    return heapq.nlargest(most, scores, key=scores.__getitem__)


def find_holders(stem: str, words: Words) -> set[int]:
    """Return the numbers of the papers that hold a word itself, in any form."""
    own = {stem: words[stem]} if stem in words else {}
    return {number for _, _, papers in _forms(stem, own) for number, _, _ in _absolute(papers)}


def _forms(stem: str, words: Words) -> Iterator[tuple[str, str, Sequence[Any]]]:
    """Yield the words that begin so, in their order, with each written form and its papers."""
    for word in sorted(word for word in words if word.startswith(stem)):
        papers, variants = words[word]
        yield word, word, papers
        for form, others in variants:
            yield word, form, others


def _absolute(papers: Sequence[Any]) -> Iterator[tuple[int, list[int], list[int]]]:
    """Yield papers with their numbers, of which only the differences are written down."""
    number = 0
    for difference, places, in_metadata in papers:
        number += difference
        yield number, places, in_metadata


def _weigh(places: Sequence[int], taken: set[int] | None) -> int:
    """Return what the occurrences of a word weigh together; those at one place count once.

    Args:
        places: Differences between places, behind what each weighs as a negative number.
        taken: Places that count for an earlier word; those of this one are added.
    """
    if taken is None and len(places) == 2 and places[0] < 0:
        return -places[0] - 1
    counted = set() if taken is None else taken
    weight, position, total = _ASSUMED, 0, 0
    for place in places:
        if place < 0:
            weight, position = -place - 1, 0
            continue
        position += place
        if position not in counted:
            counted.add(position)
            total += weight
    return total


def _likeness(word: str, stem: str) -> float:
    """Return how much a word counts for a stem: less, the longer it is."""
    more = len(word.encode()) - len(stem.encode()) + 1
    near = math.exp(-0.5 * more**2 / _SPREAD**2)
    return math.exp(near * TERM_SIMILARITY) / math.exp(TERM_SIMILARITY)
