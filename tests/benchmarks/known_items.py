"""What a reader types who half remembers one paper: queries, each with the paper that is meant.

Responsible for the five kinds of the bars, equally many of each, from one seed; for whole titles;
and for common words. Not responsible for running them.

The papers are those of the seed and then others at random, a new order for each kind. Words are
those of the plain texts, in small letters, without function words and without those that more than
a tenth of all papers hold (model, language, performance): nobody remembers a paper by them, and
"large language models" means no paper. That share makes the kinds as hard as those that the bars
were set on: with it BM25 (title five times, authors twice) finds 0.984 of the title queries first
and 0.998 among ten, where the facts have 0.979 and 1.00; and so for the others: abstract 0.958 and
0.998 (0.986, 1.00), typo 0.938 and 0.990 (0.908, 0.991), author 0.730 and 0.926 (0.722, 0.962).

The kinds:

- title: 3 to 5 such words of the title, in its order; half of the queries take neighbours, half
  any;
- acronym: a word of the title with two capitals, or a capital and a digit, as it is written there
  (GSM8K, L-Mul, QuIP); of a compound each part is such a word or has at most three letters. An
  acronym that more than ten titles hold (LLM) means no paper and is not asked for; a title in
  capitals has none. It may still stand in any number of abstracts;
- abstract: five words of the abstract that the title does not hold;
- typo: a query of the first kind with one letter deleted, inserted, replaced or exchanged with the
  next in one word of five or more letters;
- author: the surname of the first author and one word of the title, which for frequent names and
  words fits more papers than one.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise

import msgspec
from benchmarks.all_records import KnownPaper

KINDS = ("title", "acronym", "abstract", "typo", "author")
MOST_TITLES = 10
LEAST_TYPO_LETTERS = 5
COMMON_SHARE = 0.1
_SEED = 20250319
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FUNCTION_WORDS = frozenset(
    """
    a about across after against all along also am among an and any are as at be because
    been before being between beyond both but by can cannot could did do does doing down
    during each few for from further had has have having he her here him his how i if in
    into is it its itself just many may might more most much must my need no nor not now of
    off on once one only onto or other our out over own per same shall she should so some
    such than that the their them then there these they this those through thus to too
    toward towards under until up upon us via was we were what when where whether which
    while who whom whose why will with within without would you your
    """.split()  # noqa: SIM905 - it reads better as a text
)


class Query(msgspec.Struct, frozen=True):
    """What is typed, and the paper that is meant."""

    kind: str
    text: str
    paper_id: str


Maker = Callable[[KnownPaper, random.Random], str]


def make_queries(papers: Sequence[KnownPaper], count: int) -> tuple[Query, ...]:
    """Return queries of the five kinds, equally many of each, in a mixed order.

    Args:
        papers: The whole library.
        count: How many queries at most; fewer where the library cannot give them.
    """
    common = frequent_words(papers)
    makers: dict[str, Maker] = {
        "title": partial(_type_title, common),
        "acronym": _acronym_maker(papers),
        "abstract": partial(_type_abstract, common),
        "typo": partial(_type_slip, common),
        "author": partial(_type_author, common),
    }
    each = count // len(KINDS)
    lists = [list(_ask(papers, kind, makers[kind], each)) for kind in KINDS]
    shortest = min(map(len, lists))
    queries = [query for kind in lists for query in kind[:shortest]]
    random.Random(_SEED).shuffle(queries)  # noqa: S311 - a sample, not a secret
    return tuple(queries)


def whole_titles(papers: Sequence[KnownPaper], count: int) -> tuple[Query, ...]:
    """Return queries that are the exact titles of papers."""
    return tuple(_ask(papers, "whole title", lambda paper, _: paper.title, count))


def common_words(papers: Sequence[KnownPaper], count: int) -> tuple[str, ...]:
    """Return the words that the most papers hold, function words among them."""
    return tuple(word for word, _ in _count_papers(papers).most_common(count))


def common_subjects(papers: Sequence[KnownPaper], count: int) -> tuple[str, ...]:
    """Return the words that the most papers hold, without function words."""
    ranked = _count_papers(papers).most_common()
    return tuple(word for word, _ in ranked if _speaks(word))[:count]


def common_pairs(papers: Sequence[KnownPaper], count: int) -> tuple[str, ...]:
    """Return pairs of neighbouring words that the most titles hold, without function words."""
    pairs = Counter(
        pair
        for paper in papers
        for words in [[w.lower() for w in _WORD.findall(paper.title)]]
        for pair in {f"{a} {b}" for a, b in pairwise(words) if _speaks(a) and _speaks(b)}
    )
    return tuple(pair for pair, _ in pairs.most_common(count))


def frequent_words(papers: Sequence[KnownPaper]) -> frozenset[str]:
    """Return the words that too many papers hold for any to be remembered by them."""
    most = COMMON_SHARE * len(papers)
    return frozenset(word for word, held_by in _count_papers(papers).items() if held_by > most)


def content_words(text: str, common: frozenset[str]) -> list[str]:
    """Return a text's words that a paper is remembered by, in small letters, each once."""
    words = dict.fromkeys(map(str.lower, _WORD.findall(text)))
    return [word for word in words if _speaks(word) and word not in common]


def _speaks(word: str) -> bool:
    return len(word) > 2 and word not in _FUNCTION_WORDS


def _count_papers(papers: Sequence[KnownPaper]) -> Counter[str]:
    return Counter(
        word
        for paper in papers
        for word in set(map(str.lower, _WORD.findall(f"{paper.title} {paper.abstract}")))
    )


def _ask(papers: Sequence[KnownPaper], kind: str, make: Maker, count: int) -> Iterator[Query]:
    rng = random.Random(f"{_SEED} {kind}")  # noqa: S311 - the same in every run is what is wanted
    seed = [paper for paper in papers if paper.is_seed]
    others = [paper for paper in papers if not paper.is_seed]
    rng.shuffle(others)
    made = 0
    for paper in (*seed, *others):
        text = make(paper, rng) if made < count else ""
        if text:
            made += 1
            yield Query(kind, text, paper.id)


def _type_title(common: frozenset[str], paper: KnownPaper, rng: random.Random) -> str:
    words = content_words(paper.title, common)
    if len(words) < 3:
        return ""
    length = min(rng.randint(3, 5), len(words))
    if rng.random() < 0.5:
        start = rng.randrange(len(words) - length + 1)
        return " ".join(words[start : start + length])
    return " ".join(words[place] for place in sorted(rng.sample(range(len(words)), length)))


def _type_abstract(common: frozenset[str], paper: KnownPaper, rng: random.Random) -> str:
    titled = set(map(str.lower, _WORD.findall(paper.title)))
    words = [word for word in content_words(paper.abstract, common) if word not in titled]
    if len(words) < 5:
        return ""
    return " ".join(words[place] for place in sorted(rng.sample(range(len(words)), 5)))


def _type_slip(common: frozenset[str], paper: KnownPaper, rng: random.Random) -> str:
    words = _type_title(common, paper, rng).split()
    long = [place for place, word in enumerate(words) if len(word) >= LEAST_TYPO_LETTERS]
    if not long:
        return ""
    place = rng.choice(long)
    words[place] = _slip(words[place], rng)
    return " ".join(words)


def _slip(word: str, rng: random.Random) -> str:
    """Return a word with one edit that changes it."""
    place = rng.randrange(len(word))
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    edit = rng.choice(("delete", "insert", "replace", "exchange"))
    if edit == "exchange" and tail and tail[0] != letter:
        return head + tail[0] + letter + tail[1:]
    if edit == "insert":
        return head + rng.choice(_LETTERS) + letter + tail
    if edit == "replace":
        return head + rng.choice(_LETTERS.replace(letter, "")) + tail
    return head + tail


def _type_author(common: frozenset[str], paper: KnownPaper, rng: random.Random) -> str:
    words = content_words(paper.title, common)
    names = paper.record.authors[0].split() if paper.record.authors else []
    if not words or not names:
        return ""
    return f"{names[-1].lower()} {rng.choice(words)}"


def _acronym_maker(papers: Sequence[KnownPaper]) -> Maker:
    held_by = Counter(
        token for paper in papers for token in set(map(str.lower, _TOKEN.findall(paper.title)))
    )

    def type_acronym(paper: KnownPaper, rng: random.Random) -> str:
        letters = [sign for sign in paper.title if sign.isalpha()]
        if sum(map(str.isupper, letters)) > len(letters) / 2:
            return ""
        found = [
            token
            for token in dict.fromkeys(_TOKEN.findall(paper.title))
            if _is_acronym(token) and held_by[token.lower()] <= MOST_TITLES
        ]
        return rng.choice(found) if found else ""

    return type_acronym


def _is_acronym(token: str) -> bool:
    parts = token.split("-")
    return (
        len(token) > 2
        and (len(parts) == 1 or all(len(part) <= 3 or _has_signs(part) for part in parts))
        and _has_signs(token)
    )


def _has_signs(token: str) -> bool:
    capitals = sum(map(str.isupper, token))
    return capitals >= 2 or (capitals >= 1 and any(map(str.isdigit, token)))
