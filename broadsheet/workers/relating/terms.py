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
from broadsheet.workers.relating.empty_words import says_nothing

# Scripts that write no spaces: each sign is a word.
_SOLID = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_WORD = rf"[{_SOLID}]|[^\W\d_{_SOLID}][^\W_{_SOLID}]*(?:-[^\W_{_SOLID}]+)*"
# A word, or what keeps the words on its sides from being a pair: signs, numbers, an empty line.
_TOKEN = re.compile(rf"{_WORD}|[^\w\s]+|[\d_]+|\n\n")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b(?:[\w-]+\.)+(?:com|edu|io|net|org)\b(?:/\S*)?")
_SIGNS_OF_ADDRESSES = ("://", "www.", ".com", ".edu", ".io", ".net", ".org")
_PARTS = 3  # title, text, keywords
_END = -1
_BREAK = -2
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
        heads: Papers by words: 1 where the word stands in the title or the keywords, or nothing.
        pairs: Papers by pairs of neighbouring words that name something and that at least two
            papers hold: 1 or nothing.
        pair_words: The two words of each column of `pairs`; shape (pairs, 2).
    """

    vocabulary: Vocabulary
    words: Matrix
    heads: Matrix
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
        for text in (paper.title, paper.text, "\n\n".join(paper.keywords)):
            numbers += map(forms.__getitem__, _TOKEN.findall(_drop_addresses(text)))
            numbers.append(_END)
        ends.append(len(numbers))
    stream = np.array(numbers, dtype=np.int64)
    rows = np.repeat(np.arange(len(papers)), np.diff(ends))
    vocabulary, meaning = _fold_forms(tuple(forms), stream)
    part = np.cumsum(stream == _END) % _PARTS
    stream = np.where(stream < 0, stream, meaning[stream]) if len(meaning) else stream
    shape = (len(papers), len(vocabulary.words))
    weights = np.where(part == 0, TITLE_WEIGHT, 1).astype(np.float32)
    words = _tally(rows, stream, weights, shape)
    heads = _tally(rows, stream, (part != 1).astype(np.float32), shape)
    heads.eliminate_zeros()
    heads.data[:] = 1
    pairs, pair_words = _pair_up(rows, stream, len(papers), vocabulary.named)
    return Terms(vocabulary, words, heads, pairs, pair_words)


def _drop_addresses(text: str) -> str:
    """Return a text without its web addresses, whose parts are not words of its subject."""
    if not any(sign in text for sign in _SIGNS_OF_ADDRESSES):
        return text
    return _ADDRESS.sub("\n\n", text)


def _fold_forms(
    forms: tuple[str, ...], stream: NDArray[np.int64]
) -> tuple[Vocabulary, NDArray[np.int64]]:
    """Return the vocabulary, and the number in it of every form, or that of a break."""
    times = np.bincount(stream[stream >= 0], minlength=len(forms))
    folded: dict[str, int] = {}
    meaning = np.empty(len(forms), dtype=np.int64)
    writings: list[Counter[str]] = []
    for index, form in enumerate(forms):
        if not form[0].isalpha():
            meaning[index] = _BREAK
            continue
        number = folded.setdefault(fold_word(form), len(folded))
        if number == len(writings):
            writings.append(Counter())
        writings[number][form] += int(times[index])
        meaning[index] = number
    words = tuple(_most_written(writing) for writing in writings)
    named = np.array([_is_named(word) for word in folded], dtype=bool)
    return Vocabulary(words, tuple(folded), named), meaning


def _is_named(word: str) -> bool:
    return not says_nothing(word) and (len(word) >= _LEAST_LETTERS or not word.isascii())


def _most_written(writing: Counter[str]) -> str:
    return min(writing, key=lambda form: (-writing[form], form))


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
    speaks = np.append(named, [False, False])[stream]  # what is no word is one of the last two
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
