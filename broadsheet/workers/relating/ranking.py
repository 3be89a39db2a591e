"""Related papers, from traits to lists.

Responsible for the order of the steps. Not responsible for any of them, or for caching.
"""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.planning.relations import PaperTraits, RelatedPaper
from broadsheet.workers.relating.neighbours import NEIGHBOURS, find_neighbours, pick_words
from broadsheet.workers.relating.reasons import give_reasons, join_all
from broadsheet.workers.relating.terms import count_terms
from broadsheet.workers.relating.vectors import place_papers, weigh_words


def relate_papers(
    papers: Sequence[PaperTraits], most: int = NEIGHBOURS
) -> dict[str, tuple[RelatedPaper, ...]]:
    """Return the papers that belong beside each paper.

    Args:
        papers: All papers, in the order of their ids.
        most: How many to list for each.

    Returns:
        The lists by id; a paper that shares nothing with any other has none.
    """
    if len(papers) < 2:
        return {}
    terms = count_terms(papers)
    weighted = weigh_words(terms.words)
    words = pick_words(terms, weighted)
    points = place_papers(weighted, terms.vocabulary.folded)
    lists = tuple(find_neighbours(papers, points, words, most))
    rows, others = join_all(lists)
    phrases = iter(give_reasons(terms, weighted, rows, others))
    return {
        paper.id: tuple(_describe(paper, papers[other], next(phrases)) for other in others)
        for paper, others in zip(papers, lists, strict=True)
        if others
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
