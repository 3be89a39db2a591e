"""Words that searching in the browser has to know beforehand.

Responsible for the vocabulary in which slips are corrected, and for the words that are so common
that Pagefind would take long over them. Not responsible for the index (`effects.searching`) or for
what the page does with them (`templates/static/finding.js`).

Pagefind compares every paper that matches with every occurrence of the query's words: its time
grows with their product (measured: 6,388 papers of 15,000 take 1.2 s). A query of such words is
answered among the papers whose titles hold them, which is where the first ten are; the filter
`title` names those.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from broadsheet.planning.search_records import SearchRecord

TITLE_FILTER = "title"
# Below so many papers no word takes long.
LEAST_LIBRARY = 3_000
# A word is listed from so many comparisons on; a query is slow from eight times as many.
LEAST_COMPARISONS = 5_000_000
LEAST_LETTERS = 3
# Words of one text alone are mostly slips themselves, unless a title has them.
LEAST_PAPERS = 4
MOST_WORDS = 30_000
# A beginning stands for a longer one when so little is added to it.
_SAME = 1.15

_WORD = re.compile(r"[^\W_]+")
_ASCII = re.compile(r"[\x00-\x7f]*")


class SearchWords(msgspec.Struct, frozen=True, kw_only=True):
    """What the page knows of the words of an index.

    Attributes:
        vocabulary: Words that slips are corrected to, the most frequent first.
        slow: Beginnings of words that very many papers hold, with the value of the filter `title`
            that their titles have; empty in a library of ordinary size.
        years: The newest years, enough for ten papers.
    """

    vocabulary: tuple[str, ...]
    slow: dict[str, str]
    years: tuple[str, ...]


def fold(text: str) -> str:
    """Return text in small letters without accents, as the page folds it (NFKD)."""
    if _ASCII.fullmatch(text):
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()


def find_slow_words(records: Sequence[SearchRecord]) -> dict[str, str]:
    """Return the beginnings of words that very many papers hold, from a sample of them.

    Args:
        records: Everything that is indexed.

    Returns:
        The value of the filter `title` by beginning; nothing in a library of ordinary size.
    """
    if len(records) < LEAST_LIBRARY:
        return {}
    sample = records[:: len(records) // LEAST_LIBRARY]
    held_by: Counter[str] = Counter()
    for record in sample:
        held_by.update(_words_of(record.title).union(_words_of(record.text)))
    scale = len(records) / len(sample)
    return _find_slow({word: papers * scale for word, papers in held_by.items()}, len(records))


def collect_search_words(records: Sequence[SearchRecord], slow: dict[str, str]) -> SearchWords:
    """Return what the page must know of the words of some records.

    Args:
        records: Everything that is indexed.
        slow: What `find_slow_words` found.
    """
    in_titles: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    for record in records:
        title = _words_of(record.title)
        in_titles.update(title)
        anywhere.update(title.union(_words_of(record.text)))
    return SearchWords(
        vocabulary=_make_vocabulary(in_titles, anywhere),
        slow=slow,
        years=_newest_years(records),
    )


def _words_of(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))


def mark_titles(records: Iterable[SearchRecord], slow: dict[str, str]) -> tuple[SearchRecord, ...]:
    """Give each record whose title holds slow words the filter values that say so.

    Args:
        records: Everything that is indexed.
        slow: What `find_slow_words` found.
    """
    if not slow:
        return tuple(records)
    longest = max(map(len, slow))
    return tuple(_mark_title(record, slow, longest) for record in records)


def _mark_title(record: SearchRecord, slow: dict[str, str], longest: int) -> SearchRecord:
    values = {
        slow[word[:length]]
        for word in _WORD.findall(fold(record.title))
        for length in range(LEAST_LETTERS, min(len(word), longest) + 1)
        if word[:length] in slow
    }
    filters = {**record.filters, TITLE_FILTER: tuple(sorted(values))}
    return msgspec.structs.replace(record, filters=filters) if values else record


def _make_vocabulary(in_titles: Counter[str], anywhere: Counter[str]) -> tuple[str, ...]:
    words = [
        word
        for word, papers in anywhere.items()
        if len(word) > LEAST_LETTERS
        and word.isalpha()
        and (word in in_titles or papers >= LEAST_PAPERS)
    ]
    return tuple(sorted(words, key=lambda word: (-anywhere[word], word))[:MOST_WORDS])


def _find_slow(anywhere: dict[str, float], library: int) -> dict[str, str]:
    occurrences: dict[str, float] = {}
    absence: dict[str, float] = {}
    for word, papers in anywhere.items():
        for length in range(LEAST_LETTERS, len(word) + 1):
            start = word[:length]
            occurrences[start] = occurrences.get(start, 0.0) + papers
            # Words are taken to be spread independently.
            absence[start] = absence.get(start, 1.0) * (1 - papers / library)
    papers_of = {start: round(library * (1 - share)) for start, share in absence.items()}
    slow = {
        start: count
        for start, count in occurrences.items()
        if count * papers_of[start] >= LEAST_COMPARISONS
    }
    return {start: _shortest(start, slow) for start in sorted(slow)}


def _shortest(start: str, slow: dict[str, float]) -> str:
    """Return the shortest beginning of a beginning that says nearly the same."""
    for length in range(LEAST_LETTERS, len(start)):
        shorter = start[:length]
        if slow.get(shorter, 0) <= _SAME * slow[start] and shorter in slow:
            return shorter
    return start


def _newest_years(records: Sequence[SearchRecord]) -> tuple[str, ...]:
    by_year = Counter(record.date[:4] for record in records if record.date)
    chosen: list[str] = []
    for year in sorted(by_year, reverse=True):
        chosen.append(year)
        if sum(by_year[known] for known in chosen) >= 1_000:
            break
    return tuple(chosen)
