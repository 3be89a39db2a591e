"""Words that so many papers hold that Pagefind would take long over them.

Responsible for finding them, and for filters that name the few papers among which the first ten
are. Not responsible for what the page does with those (`templates/static/finding.js`).

Pagefind looks through every occurrence of the query's words for every paper that matches, so its
time grows with their product (measured: 12,454 papers that hold `model` take 1.1 s). Neither the
weight of a word nor the score of a paper depends on a filter, so that a query among fewer papers
gives the same first papers in less time. Its ranking gives a word of the title or of the surname
several times the weight of one in the text:

- the filter `title-model` names the papers whose titles or first surnames hold a word that begins
  so; a query is asked among the papers that all of its words' filters name;
- a word that few titles hold (`this`), or that is too short to be a beginning of few others (`to`),
  has a filter `best-this` of the papers whose scores are about the highest, for a query of this
  word alone.

Each is a filter of its own, not a value of one, since Pagefind counts the papers of all values of
the filters that it has loaded, which again takes long.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from broadsheet.planning.search_records import SearchRecord

TITLE_FILTER = "title-"
BEST_FILTER = "best-"
CHOSEN = ("y",)
# Below so many papers no word takes long.
LEAST_LIBRARY = 3_000
SAMPLE = 1_000
# A word is listed from so many comparisons on; a query is slow from four times as many.
LEAST_COMPARISONS = 10_000_000
LEAST_ALONE = 16_000_000
LEAST_LETTERS = 3
# What a filter must name for the first ten to be among it, if titles decide.
LEAST_TITLES = 40
# Of a word alone, how many papers are looked at.
MOST_BEST = 800
# A beginning stands for a longer one when so few titles are added.
_SAME = 1.15
# A word of a heading (the title in the text) weighs as much as so many of the text.
_HEADING = 7
# Letters of a text of mean length.
_LENGTH = 1_300

_SIGNS = dict.fromkeys(map(ord, string.punctuation + "\n"), " ")
_ENDING = re.compile(r"(?:ations?|ings?|ed|ers?|ments?|ies|es|e|s|ly)$")
_WORD = re.compile(r"[^\W_]+")
_ASCII = re.compile(r"[\x00-\x7f]*")


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


def mark_common_words(
    records: Sequence[SearchRecord],
) -> tuple[tuple[SearchRecord, ...], CommonWords]:
    """Give each record the filters of the common words that it is found by.

    Args:
        records: Everything that is indexed.

    Returns:
        The records, and what the page must know of the filters.
    """
    if len(records) < LEAST_LIBRARY:
        return tuple(records), CommonWords()
    beginnings, whole = _find_common(records)
    named = [words_of(f"{record.title} {record.metadata.get('surname', '')}") for record in records]
    holders = _find_holders(named, beginnings)
    shorter = {start: _shorten(start, holders) for start in beginnings if start in holders}
    filters = {TITLE_FILTER + start: holders[start] for start in set(shorter.values())}
    titled = Counter(word for words in named for word in set(words))
    alone = [word for word in whole if _cut(word) not in holders or titled[word] < LEAST_TITLES]
    texts = [_space(record) for record in records]
    filters |= {BEST_FILTER + word: _rank_papers(texts, word) for word in alone}
    common = CommonWords(
        titles={start: TITLE_FILTER + shorter[start] for start in sorted(shorter)},
        alone={word: BEST_FILTER + word for word in sorted(alone)},
    )
    return _add_filters(records, filters), common


def _find_common(records: Sequence[SearchRecord]) -> tuple[set[str], list[str]]:
    """Return the beginnings that very many papers hold, and such whole words, from a sample."""
    sample = records[:: len(records) // SAMPLE]
    held_by: Counter[str] = Counter()
    for record in sample:
        held_by.update({*words_of(record.title), *words_of(record.text)})
    scale = len(records) / len(sample)
    occurrences: dict[str, float] = {}
    absence: dict[str, float] = {}
    for word, papers in held_by.items():
        for length in range(LEAST_LETTERS, len(word) + 1):
            start = word[:length]
            occurrences[start] = occurrences.get(start, 0.0) + papers * scale
            # Words are taken to be spread independently.
            absence[start] = absence.get(start, 1.0) * (1 - papers / len(sample))
    beginnings = {
        start
        for start, count in occurrences.items()
        if count * len(records) * (1 - absence[start]) >= LEAST_COMPARISONS
    }
    whole = [word for word, papers in held_by.items() if (papers * scale) ** 2 >= LEAST_ALONE]
    return beginnings, whole


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


def _cut(word: str) -> str:
    """Return what a word begins with whatever its ending, as the page cuts it."""
    return word if len(word) <= LEAST_LETTERS else _ENDING.sub("", word)


def _space(record: SearchRecord) -> tuple[str, str, str, str]:
    """Return title, first surname, authors and text, folded, with spaces in the place of signs."""
    about = record.metadata
    values = record.title, about.get("surname", ""), about.get("authors", ""), record.text
    title, surname, authors, text = (f" {fold(value).translate(_SIGNS)} " for value in values)
    return title, surname, authors, text


def _rank_papers(papers: Sequence[tuple[str, str, str, str]], word: str) -> list[int]:
    """Return the places of the papers that stand first for a word, near enough by Pagefind.

    Args:
        papers: From `_space`.
        word: One whole word.
    """
    begun, whole = f" {_cut(word)}", f" {word} "
    scores = []
    for place, (title, surname, authors, text) in enumerate(papers):
        score = 5.0 * (begun in title) + 8.0 * (begun in surname) + (begun in authors)
        exact = _HEADING * title.count(whole) + text.count(whole)
        others = _HEADING * title.count(begun) + text.count(begun) - exact
        # The formula of BM25, where a word that is only begun so weighs little.
        score += 2.4 * exact / (exact + 0.6 + 1.6 * len(text) / _LENGTH) + others / 20
        scores.append((-score, place))
    return [place for _, place in sorted(scores)[:MOST_BEST]]


def _add_filters(
    records: Sequence[SearchRecord], filters: dict[str, list[int]]
) -> tuple[SearchRecord, ...]:
    added: dict[int, dict[str, tuple[str, ...]]] = {}
    for name, places in sorted(filters.items()):
        for place in places:
            added.setdefault(place, {})[name] = CHOSEN
    return tuple(
        msgspec.structs.replace(record, filters={**record.filters, **added[place]})
        if place in added
        else record
        for place, record in enumerate(records)
    )
