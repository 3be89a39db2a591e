"""Words that searching in the browser has to know beforehand.

Responsible for the vocabulary in which slips are corrected, and for the newest years. Not
responsible for common words (`workers.common_words`), for the index (`effects.searching`) or for
what the page does with them (`templates/static/finding.js`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.common_words import words_of

# A shorter word is not corrected.
LEAST_LETTERS = 4
# Words of one text alone are mostly slips themselves, unless a title has them.
LEAST_PAPERS = 4
MOST_WORDS = 30_000
# So many papers of the newest years hold ten that match a common word.
ENOUGH_PAPERS = 1_000


class SearchWords(msgspec.Struct, frozen=True, kw_only=True):
    """What the page knows of the words of an index.

    Attributes:
        vocabulary: Words that slips are corrected to, the most frequent first.
        years: The newest years, enough for ten papers.
    """

    vocabulary: tuple[str, ...]
    years: tuple[str, ...]


def collect_search_words(records: Sequence[SearchRecord]) -> SearchWords:
    """Return what the page must know of the words of some records.

    Args:
        records: Everything that is indexed.
    """
    in_titles: set[str] = set()
    anywhere: Counter[str] = Counter()
    for record in records:
        title = set(words_of(record.title))
        in_titles |= title
        anywhere.update(title.union(words_of(record.text)))
    return SearchWords(
        vocabulary=_make_vocabulary(in_titles, anywhere),
        years=_newest_years(records),
    )


def _make_vocabulary(in_titles: set[str], anywhere: Counter[str]) -> tuple[str, ...]:
    words = [
        word
        for word, papers in anywhere.items()
        if len(word) >= LEAST_LETTERS
        and word.isalpha()
        and (word in in_titles or papers >= LEAST_PAPERS)
    ]
    return tuple(sorted(words, key=lambda word: (-anywhere[word], word))[:MOST_WORDS])


def _newest_years(records: Sequence[SearchRecord]) -> tuple[str, ...]:
    by_year = Counter(record.date[:4] for record in records if record.date)
    chosen: list[str] = []
    for year in sorted(by_year, reverse=True):
        chosen.append(year)
        if sum(by_year[known] for known in chosen) >= ENOUGH_PAPERS:
            break
    return tuple(chosen)
