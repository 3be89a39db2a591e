"""Related papers, from traits and words to lists.

Responsible for the order of the steps. Not responsible for any of them, or for caching.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from broadsheet.planning.relations import PaperTraits, RelatedPaper, WordStream
from broadsheet.workers.relating.choosing import choose_nearest
from broadsheet.workers.relating.likeness import pick_words
from broadsheet.workers.relating.neighbours import NEIGHBOURS, find_neighbours
from broadsheet.workers.relating.reasons import give_reasons
from broadsheet.workers.relating.terms import count_terms
from broadsheet.workers.relating.vectors import place_papers, weigh_words


def relate_papers(
    papers: Sequence[PaperTraits],
    stream: WordStream,
    most: int = NEIGHBOURS,
    threads: int = 2,
) -> dict[str, tuple[RelatedPaper, ...]]:
    """Return the papers that belong beside each paper.

    Args:
        papers: All papers, in the order of their ids.
        stream: The words of their texts, in the same order.
        most: How many to list for each.
        threads: In how many to work; it changes nothing but the time.

    Returns:
        The lists by id; a paper that shares nothing with any other has none.
    """
    if len(papers) < 2:
        return {}
    terms = count_terms(stream)
    del stream  # with 100,000 papers it takes 140 MB, and nothing below asks for it
    weighted = weigh_words(terms.words)
    with ThreadPoolExecutor(threads) as pool:
        points = place_papers(weighted, terms.vocabulary.folded, pool)
        candidates = find_neighbours(papers, points, pick_words(terms, weighted), pool, most)
    lists = choose_nearest(papers, candidates, most)
    rows, places = np.nonzero(lists >= 0)
    reasons = iter(give_reasons(terms, weighted, rows, lists[rows, places]))
    return {
        paper.id: tuple(_describe(paper, papers[row], next(reasons)) for row in nearest if row >= 0)
        for paper, nearest in zip(papers, lists.tolist(), strict=True)
        if nearest[0] >= 0
    }


def _describe(paper: PaperTraits, other: PaperTraits, phrases: tuple[str, ...]) -> RelatedPaper:
    """Return a paper as it stands beside another; a topic is named where there is no phrase."""
    if other.id in paper.links:
        return RelatedPaper(other.id, phrases, "linked")
    if paper.id in other.links:
        return RelatedPaper(other.id, phrases, "links")
    if not set(paper.authors).isdisjoint(other.authors):
        return RelatedPaper(other.id, phrases, "author")
    if not phrases and not set(paper.topics).isdisjoint(other.topics):
        return RelatedPaper(other.id, phrases, "topic")
    return RelatedPaper(other.id, phrases)
