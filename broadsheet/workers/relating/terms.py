"""The words of a library as numbers.

Responsible for finding words, for folding their forms together, for remembering how a word is
mostly written, and for the matrices of words and pairs of words. Not responsible for comparing
papers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.planning.relations import PaperTraits
from broadsheet.workers.relating.empty_words import EMPTY_WORDS

# Scripts that write no spaces: each sign is a word.
_SOLID = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_WORD = re.compile(rf"[{_SOLID}]|[^\W\d_{_SOLID}][^\W_{_SOLID}]*(?:-[^\W_{_SOLID}]+)*")
TITLE_WEIGHT = 2
LEAST_PAPERS = 3
_LEAST_LETTERS = 3
# The beginning of a compound that is a name: two capitals, or a capital and a digit.
_NAMED_HEAD = re.compile(r"(?=[^-]*[A-Z])[^-]*(?:[A-Z][^-]*[A-Z]|\d)[^-]*(?=-)")

Matrix: TypeAlias = Any
"""A `scipy.sparse.csr_matrix`; scipy ships no types."""
Floats = NDArray[np.float32]


class Vocabulary(msgspec.Struct, frozen=True):
    """The words of a library.

    Attributes:
        words: Each word as it is mostly written, by its number.
        folded: Each word in its folded form, by its number.
        named: Whether the word names something, wherever it stands, by its number.
    """

    words: tuple[str, ...]
    folded: tuple[str, ...]
    named: NDArray[np.bool_]


class Terms(msgspec.Struct, frozen=True):
    """The words and pairs of words of every paper.

    Attributes:
        vocabulary: What the columns of `words` mean.
        words: Papers by words: how often each occurs, the title counted twice.
        pairs: Papers by pairs of neighbouring words that name something and that at least two
            papers hold: 1 or nothing.
        pair_words: The two words of each column of `pairs`; shape (pairs, 2).
    """

    vocabulary: Vocabulary
    words: Matrix
    pairs: Matrix
    pair_words: NDArray[np.int64]


def fold_word(word: str) -> str:
    """Return the form under which a word is compared.

    Small letters, without the plural's s; of a compound that begins with a name, that name: papers
    on LLM-based, MMSearch-R1 and GPUs share their subject with those on LLMs, MMSearch and GPU.
    """
    if named := _NAMED_HEAD.match(word):
        word = named[0]
    if word[-1:] == "s" and word[-2:-1].isupper():
        return word[:-1].lower()
    word = word.lower()
    if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui":
        return word[:-1]
    return word


def count_terms(papers: Sequence[PaperTraits]) -> Terms:
    """Return the words and pairs of words of papers.

    Args:
        papers: In the order of the rows.
    """
    forms: defaultdict[str, int] = defaultdict(count().__next__)
    numbers: list[int] = []
    ends = [0]
    for paper in papers:
        # A number that is no word keeps the title's last word and the text's first apart.
        numbers += map(forms.__getitem__, _WORD.findall(paper.title))
        numbers.append(-1)
        numbers += map(forms.__getitem__, _WORD.findall(paper.text))
        numbers.append(-1)
        ends.append(len(numbers))
    stream = np.array(numbers, dtype=np.int64)
    rows = np.repeat(np.arange(len(papers)), np.diff(ends))
    vocabulary, meaning = _fold_forms(tuple(forms), stream)
    stream = np.where(stream < 0, -1, meaning[stream]) if len(meaning) else stream
    weights = np.where(_in_titles(stream), TITLE_WEIGHT, 1).astype(np.float32)
    words = _tally(rows, stream, weights, (len(papers), len(vocabulary.words)))
    pairs, pair_words = _pair_up(rows, stream, len(papers), vocabulary.named)
    return Terms(vocabulary, words, pairs, pair_words)


def _fold_forms(
    forms: tuple[str, ...], stream: NDArray[np.int64]
) -> tuple[Vocabulary, NDArray[np.int64]]:
    """Return the vocabulary, and the number in it of every form."""
    times = np.bincount(stream[stream >= 0], minlength=len(forms))
    folded: dict[str, int] = {}
    meaning = np.empty(len(forms), dtype=np.int64)
    writings: list[Counter[str]] = []
    for index, form in enumerate(forms):
        number = folded.setdefault(fold_word(form), len(folded))
        if number == len(writings):
            writings.append(Counter())
        writings[number][form] += int(times[index])
        meaning[index] = number
    words = tuple(_most_written(writing) for writing in writings)
    named = np.array([_is_named(word) for word in folded], dtype=bool)
    return Vocabulary(words, tuple(folded), named), meaning


def _is_named(word: str) -> bool:
    return word not in EMPTY_WORDS and (len(word) >= _LEAST_LETTERS or not word.isascii())


def _most_written(writing: Counter[str]) -> str:
    return min(writing, key=lambda form: (-writing[form], form))


def _in_titles(stream: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which places lie in titles: after an even number of separators."""
    in_title: NDArray[np.bool_] = np.cumsum(stream < 0) % 2 == 0
    return in_title


def _tally(
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    weights: Floats,
    shape: tuple[int, int],
) -> Matrix:
    kept = columns >= 0
    matrix = sparse.coo_matrix((weights[kept], (rows[kept], columns[kept])), shape=shape).tocsr()
    matrix.sum_duplicates()
    return matrix


def _pair_up(
    rows: NDArray[np.int64], stream: NDArray[np.int64], papers: int, named: NDArray[np.bool_]
) -> tuple[Matrix, NDArray[np.int64]]:
    """Return which papers hold which pairs of neighbouring words, of those two papers hold."""
    words = len(named)
    speaks = np.append(named, [False])[stream]  # -1 is the last
    together = speaks[:-1] & speaks[1:]
    keys = stream[:-1][together] * words + stream[1:][together]
    held = _distinct(rows[:-1][together] * (words * words + 1) + keys)
    holders, keys = np.divmod(held, words * words + 1)
    distinct, numbers, papers_with = np.unique(keys, return_inverse=True, return_counts=True)
    shared = papers_with >= 2
    renumbered = np.cumsum(shared) - 1
    kept = shared[numbers]
    matrix = sparse.csr_matrix(
        (
            np.ones(int(kept.sum()), dtype=np.float32),
            (holders[kept], renumbered[numbers[kept]]),
        ),
        shape=(papers, int(shared.sum())),
    )
    return matrix, np.stack(np.divmod(distinct[shared], max(words, 1)), axis=1)


def _distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the distinct values in order; sorting is five times as fast here as hashing."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(values) else values


def mark_known(rows: Iterable[Sequence[str]]) -> Matrix:
    """Return rows by the names that at least two of them hold: 1 or nothing.

    Args:
        rows: The names of each row, each once.
    """
    numbers: dict[str, int] = {}
    columns, ends = [], [0]
    for names in rows:
        columns += [numbers.setdefault(name, len(numbers)) for name in names]
        ends.append(len(columns))
    matrix = sparse.csr_matrix(
        (np.ones(len(columns), dtype=np.float32), columns, ends),
        shape=(len(ends) - 1, len(numbers)),
    )
    return matrix[:, np.bincount(matrix.indices, minlength=len(numbers)) > 1]
