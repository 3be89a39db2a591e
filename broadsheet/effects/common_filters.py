"""Filters that name the papers among which the first ten of a common word are.

Responsible for adding them to an index that Pagefind has made. Not responsible for which words are
common (`workers.common_words`), for the order of their papers (`workers.pagefind_ranking`) or for
the form of the files (`effects.index_parts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from broadsheet.effects.index_parts import IndexParts
from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.common_words import (
    BEST_FILTER,
    LEAST_ALONE,
    TITLE_FILTER,
    CommonWords,
    FoundWords,
)
from broadsheet.workers.pagefind_ranking import Pages, find_holders, rank_papers

# Ten are shown; the rest is for what of Pagefind's arithmetic is not followed to the last digit.
MOST_BEST = 60
# Pagefind splits some words otherwise than we do.
_NEARLY_ALL = 0.97


def add_common_filters(
    parts: IndexParts, found: FoundWords, records: Sequence[SearchRecord], numbers: Sequence[int]
) -> CommonWords:
    """Add the filters of common words to an index.

    Args:
        parts: The index.
        found: The words.
        records: What was indexed.
        numbers: By which number Pagefind should know each of them.

    Returns:
        What the page must know of the filters: nothing where Pagefind numbered otherwise.
    """
    if not found.holders and not found.whole:
        return CommonWords()
    if not _is_numbered(parts, records, numbers):
        return CommonWords()
    titles = {
        TITLE_FILTER + start: [numbers[place] for place in places]
        for start, places in found.holders.items()
    }
    best = dict(_find_best(parts, found, numbers))
    parts.add_filters(titles | {BEST_FILTER + word: first for word, first in best.items()})
    return CommonWords(
        titles={start: TITLE_FILTER + shorter for start, shorter in found.titles.items()},
        alone={word: BEST_FILTER + word for word in best},
    )


def _is_numbered(
    parts: IndexParts, records: Sequence[SearchRecord], numbers: Sequence[int]
) -> bool:
    """Tell whether papers have the numbers that are expected, by the order of their dates."""
    dates = {number: record.date for number, record in zip(numbers, records, strict=True)}
    ordered = [dates.get(number, "") for key, some in parts.meta.sorts for number in some]
    return ordered == sorted(ordered) and len(dates) == len(parts.meta.pages)


def _find_best(
    parts: IndexParts, found: FoundWords, numbers: Sequence[int]
) -> Iterator[tuple[str, list[int]]]:
    """Yield the common words with the papers that stand first for them."""
    pages = Pages([length for _, length in parts.meta.pages], parts.meta.fields)
    for word, places in found.whole.items():
        holders = {numbers[place] for place in places}
        for stem in _possible_stems(word):
            words = parts.read_words(word, stem)
            known = find_holders(stem, words)
            if len(holders & known) >= _NEARLY_ALL * len(holders):
                if len(known) >= LEAST_ALONE:
                    yield word, rank_papers(word, stem, words, pages, MOST_BEST)
                break


def _possible_stems(word: str) -> Iterator[str]:
    """Yield what a word may be shortened to, the longest first.

    Which of them it is tells the index: all papers that hold the word hold its stem.
    """
    for length in range(len(word), min(len(word), 2) - 1, -1):
        beginning = word[:length]
        yield from (beginning, f"{beginning[:-1]}i", f"{beginning[:-1]}e")
