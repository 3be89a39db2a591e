"""The words of a library as numbers.

Responsible for folding the forms of words together, for remembering how a word is mostly written,
and for the matrices of words and pairs of words. Not responsible for finding words in texts
(`streams`) or for comparing papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.planning.relations import WordStream
from broadsheet.workers.relating.empty_words import says_nothing
from broadsheet.workers.relating.streams import BREAK, END, PARTS, Numbers, find_ends, read_numbers

TITLE_WEIGHT = 2
LEAST_PAPERS = 3
_LEAST_LETTERS = 3
# The beginning of a compound that is a name: two capitals, or a capital and a digit.
_NAMED_HEAD = re.compile(r"(?=[^-]*[A-Z])[^-]*(?:[A-Z][^-]*[A-Z]|\d)[^-]*(?=-)")
# Papers that are counted together: what is sorted then fits a processor's cache.
_BLOCK = 2_000

Matrix: TypeAlias = Any
"""A `scipy.sparse.csr_matrix`; scipy ships no types."""
Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


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
    pair_words: Indices


def fold_word(word: str) -> str:
    """Return the form under which a word is compared.

    Small letters, without the plural's s; of a compound that begins with a name, that name: papers
    on LLM-based, MMSearch-R1 and GPUs share their subject with those on LLMs, MMSearch and GPU.
    """
    if "-" in word and (named := _NAMED_HEAD.match(word)):
        word = named[0]
    if word[-1:] == "s" and word[-2:-1].isupper():
        return word[:-1].lower()
    word = word.lower()
    if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui":
        return word[:-1]
    return word


def count_terms(stream: WordStream) -> Terms:
    """Return the words and pairs of words of papers.

    Args:
        stream: The words of the papers, in the order of the rows.
    """
    numbers = read_numbers(stream)
    vocabulary, meaning = _fold_forms(stream.forms, numbers)
    ends = np.concatenate(([0], find_ends(numbers)[PARTS - 1 :: PARTS] + 1)).tolist()
    papers = len(ends) - 1
    tallies = [
        _tally(meaning[numbers[ends[row] : ends[last]]], last - row, len(vocabulary.words))
        for row in range(0, papers, _BLOCK)
        for last in (min(row + _BLOCK, papers),)
    ]
    empty = sparse.csr_matrix((0, len(vocabulary.words)), dtype=np.float32)
    words, heads = (
        sparse.vstack([empty, *matrices], format="csr", dtype=np.float32)
        for matrices in (zip(*tallies, strict=True) if tallies else ((), ()))
    )
    speaks = vocabulary.named & (np.bincount(words.indices, minlength=words.shape[1]) >= 2)
    pairs, pair_words = _pair_up(meaning[numbers], papers, speaks)
    return Terms(vocabulary, words, heads, pairs, pair_words)


def _fold_forms(forms: Sequence[str], numbers: Numbers) -> tuple[Vocabulary, Numbers]:
    """Return the vocabulary in the order of its words, and the number in it of every form.

    What marks the end of a part or parts neighbours keeps its number.
    """
    each = [fold_word(form) for form in forms]
    folded = sorted(set(each))
    rank = dict(zip(folded, count()))
    meaning = np.empty(len(forms) + 2, dtype=np.int32)
    meaning[: len(forms)] = [rank[word] for word in each]
    meaning[[BREAK, END]] = BREAK, END
    times = np.bincount(numbers[numbers >= 0], minlength=len(forms))
    # The form that occurs most; the first of those that occur as often.
    order = np.lexsort((-times, meaning[: len(forms)]))
    first = np.diff(meaning[order], prepend=-1) > 0
    written = tuple(forms[number] for number in order[first].tolist())
    named = np.array([_is_named(word) for word in folded], dtype=bool)
    return Vocabulary(written, tuple(folded), named), meaning


def _is_named(word: str) -> bool:
    return (len(word) >= _LEAST_LETTERS or not word.isascii()) and not says_nothing(word)


def _tally(spoken: Numbers, papers: int, words: int) -> tuple[Matrix, Matrix]:
    """Return how often papers hold words, and which stand in titles and keywords."""
    part = np.cumsum(spoken == END, dtype=np.int64)
    keys = part // PARTS * words + spoken
    keys = keys * PARTS + part % PARTS
    keys = np.sort(keys[spoken >= 0])
    cells, parts = np.divmod(keys, PARTS)
    begins = _find_changes(cells)
    rows, columns = np.divmod(cells[begins], max(words, 1))
    weights = np.where(parts == 0, TITLE_WEIGHT, 1).astype(np.float32)
    in_head = (parts != 1).astype(np.float32)
    times, heads = (
        np.add.reduceat(values, begins) if len(begins) else values for values in (weights, in_head)
    )
    held = heads > 0
    return (
        _gather(rows, columns, times, (papers, words)),
        _gather(rows[held], columns[held], np.ones_like(heads[held]), (papers, words)),
    )


def _gather(rows: Indices, columns: Indices, values: Floats, shape: tuple[int, int]) -> Matrix:
    """Return a matrix of values that are in the order of its rows and columns."""
    ends = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=shape[0]))))
    return sparse.csr_matrix(
        (values.astype(np.float32), columns.astype(np.int32), ends.astype(np.int32)), shape=shape
    )


def _pair_up(spoken: Numbers, papers: int, speaks: NDArray[np.bool_]) -> tuple[Matrix, Indices]:
    """Return which papers hold which pairs of neighbouring words, of those two papers hold."""
    words = max(len(speaks), 1)
    told = np.append(speaks, [False, False])[spoken]  # what is no word is one of the last two
    first = np.flatnonzero(told[:-1] & told[1:])
    rows = np.searchsorted(find_ends(spoken)[PARTS - 1 :: PARTS], first)
    keys = (spoken[first].astype(np.int64) * words + spoken[first + 1]) * max(papers, 1) + rows
    keys = np.sort(keys)
    pairs, rows = np.divmod(keys[_find_changes(keys)], max(papers, 1))
    begins = _find_changes(pairs)
    holders = np.diff(begins, append=len(pairs))
    shared = holders >= 2
    kept = np.repeat(shared, holders)
    ends = np.concatenate(([0], np.cumsum(holders[shared])))
    ones = np.ones(int(kept.sum()), dtype=np.float32)
    by_pair = sparse.csc_matrix((ones, rows[kept], ends), shape=(papers, int(shared.sum())))
    return by_pair.tocsr(), np.stack(np.divmod(pairs[begins][shared], words), axis=1)


def _find_changes(ordered: Indices) -> Indices:
    """Return where values in order begin to be others."""
    return np.flatnonzero(np.diff(ordered, prepend=-1))


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
