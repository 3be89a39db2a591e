"""Words that so many papers hold that Pagefind would take long over them.

Responsible for finding them, and the papers among which the first ten are. Not responsible for the
filters that name those in the index (`effects.common_filters`) or for what the page does with them
(`templates/static/finding.js`).

Pagefind looks through every occurrence of the query's words for every paper that matches, so its
time grows with their product (measured: 12,454 papers that hold `model` take 1.1 s). Neither the
weight of a word nor the score of a paper depends on a filter, so that a query among fewer papers
gives the same first papers in less time:

- a query of one such word (`this`, `model`) is asked among the papers that stand first for it, by
  Pagefind's own formula (`workers.pagefind_ranking`): the filter `best-model`;
- its ranking gives a word of the title or of the surname several times the weight of one in the
  text, so a query of several words is asked among the papers whose titles or first surnames hold
  words that begin so: the filters `title-large`, `title-model`.

Each is a filter of its own, not a value of one, since Pagefind counts the papers of all values of
the filters that it has loaded, which again takes long.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import msgspec

from broadsheet.planning.search_records import SearchRecord

TITLE_FILTER = "title-"
BEST_FILTER = "best-"
# Below so many papers no word takes long.
LEAST_LIBRARY = 3_000
SAMPLE = 1_000
# A word is listed from so many comparisons on; a query is slow from four times as many.
LEAST_COMPARISONS = 10_000_000
# A word alone is slow from so many papers that hold it in any form, of which it is one.
LEAST_ALONE = 4_000
_LEAST_FORM = 2_000
LEAST_LETTERS = 3
# What a filter must name for the first ten to be among it, if titles decide.
LEAST_TITLES = 40
# A beginning stands for a longer one when so few titles are added.
_SAME = 1.15

_WORD = re.compile(r"[^\W_]+")
_ASCII = re.compile(r"[\x00-\x7f]*")


class FoundWords(msgspec.Struct, frozen=True, kw_only=True):
    """The common words of a library; none in one of ordinary size.

    Attributes:
        titles: Beginnings of words, each with the one whose titles stand for it.
        holders: Of the latter, the places of the records whose titles or surnames begin so.
        whole: Whole words, with the places of some records that hold them.
    """

    titles: dict[str, str] = {}
    holders: dict[str, list[int]] = {}
    whole: dict[str, list[int]] = {}


class CommonWords(msgspec.Struct, frozen=True, kw_only=True):
    """The filters by which common words are found; none in a library of ordinary size.

    Attributes:
        titles: Beginnings of words, each with its filter.
        alone: Whole words, each with its filter for a query of this word alone.
    """

    titles: dict[str, str] = {}
    alone: dict[str, str] = {}


def fold(text: str) -> str:
    """Return text in small letters without accents, as the page folds it (NFKD)."""
    if _ASCII.fullmatch(text):
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in their order."""
    return _WORD.findall(fold(text))


def find_common_words(records: Sequence[SearchRecord]) -> FoundWords:
    """Find the words that very many records hold, and the records that come first for them.

    Args:
        records: Everything that is indexed.
    """
    if len(records) < LEAST_LIBRARY:
        return FoundWords()
    beginnings, whole = _find_common(records)
    named = [words_of(f"{record.title} {record.metadata.get('surname', '')}") for record in records]
    holders = _find_holders(named, beginnings)
    shorter = {start: _shorten(start, holders) for start in sorted(beginnings & holders.keys())}
    return FoundWords(
        titles=shorter,
        holders={start: holders[start] for start in sorted(set(shorter.values()))},
        whole=whole,
    )


def _find_common(records: Sequence[SearchRecord]) -> tuple[set[str], dict[str, list[int]]]:
    """Return the beginnings that very many papers hold, and such whole words, from a sample."""
    step = len(records) // SAMPLE
    held_by: dict[str, list[int]] = {}
    for place in range(0, len(records), step):
        record = records[place]
        for word in {*words_of(record.title), *words_of(record.text)}:
            held_by.setdefault(word, []).append(place)
    sampled = len(range(0, len(records), step))
    occurrences: dict[str, float] = {}
    absence: dict[str, float] = {}
    for word, places in held_by.items():
        for length in range(LEAST_LETTERS, len(word) + 1):
            start = word[:length]
            occurrences[start] = occurrences.get(start, 0.0) + len(places) * step
            # Words are taken to be spread independently.
            absence[start] = absence.get(start, 1.0) * (1 - len(places) / sampled)
    beginnings = {
        start
        for start, count in occurrences.items()
        if count * len(records) * (1 - absence[start]) >= LEAST_COMPARISONS
    }
    common = {
        word: places
        for word, places in sorted(held_by.items())
        if len(places) * step >= _LEAST_FORM
    }
    return beginnings, common


def _find_holders(named: Sequence[list[str]], beginnings: set[str]) -> dict[str, list[int]]:
    """Return the places of the records whose names hold each beginning, if they are enough."""
    holders: dict[str, list[int]] = {}
    longest = max(map(len, beginnings), default=0)
    for place, words in enumerate(named):
        for start in {start for word in words for start in _starts(word, longest)} & beginnings:
            holders.setdefault(start, []).append(place)
    return {start: places for start, places in holders.items() if len(places) >= LEAST_TITLES}


def _starts(word: str, longest: int) -> Iterator[str]:
    return (word[:length] for length in range(LEAST_LETTERS, min(len(word), longest) + 1))


def _shorten(start: str, holders: dict[str, list[int]]) -> str:
    """Return the shortest beginning of a beginning that nearly the same titles hold."""
    most = _SAME * len(holders[start])
    shorter = (start[:length] for length in range(LEAST_LETTERS, len(start)))
    return next((one for one in shorter if len(holders.get(one, ())) in range(1, int(most))), start)
