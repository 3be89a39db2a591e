"""Why two papers stand beside each other, in the words that both use.

Responsible for choosing at most three phrases. Not responsible for the ranking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.workers.relating.terms import Matrix, Terms
from broadsheet.workers.relating.vectors import scale_rows

MOST_REASONS = 3
PAIR_WEIGHT = 1.6
# What more papers of a library say than this, says nothing about two of them: a share of them all,
# and some more, since a small digest has few subjects.
COMMON_SHARE = 0.05
COMMON_PAPERS = 12
# Participles and adverbs are seldom what two papers share, unless beside another word.
_WEAK_ENDING = re.compile("ly$|ed$")
_CANDIDATES = 8
_BLOCK = 20_000


def give_reasons(
    terms: Terms, weighted: Matrix, rows: Sequence[int], others: Sequence[int]
) -> tuple[tuple[str, ...], ...]:
    """Return the phrases that pairs of papers share, the weightiest first.

    Args:
        terms: The words and pairs of words of all papers.
        weighted: TF-IDF weights of the words.
        rows: The first paper of each pair.
        others: The second paper of each pair.
    """
    words = _keep_words(terms, weighted)
    pairs = _weigh_pairs(terms)
    reasons: list[tuple[str, ...]] = []
    for start in range(0, len(rows), _BLOCK):
        mine, theirs = rows[start : start + _BLOCK], others[start : start + _BLOCK]
        shared = sparse.hstack(
            (words[mine].multiply(words[theirs]), pairs[mine].multiply(pairs[theirs]))
        ).tocsr()
        reasons += (_phrase(terms, row) for row in _heaviest_columns(shared))
    return tuple(reasons)


def _find_uncommon(matrix: Matrix) -> NDArray[np.bool_]:
    """Tell which columns few enough papers hold."""
    held_by = np.bincount(matrix.indices, minlength=matrix.shape[1])
    uncommon: NDArray[np.bool_] = held_by <= COMMON_SHARE * matrix.shape[0] + COMMON_PAPERS
    return uncommon


def _keep_words(terms: Terms, weighted: Matrix) -> Matrix:
    """Return the weights of the words that may be a reason by themselves."""
    folded = terms.vocabulary.folded
    weak = np.array([bool(_WEAK_ENDING.search(word)) for word in folded], dtype=bool)
    kept = terms.vocabulary.named & ~weak & _find_uncommon(weighted)
    words = weighted.copy()
    words.data = words.data * kept[words.indices]
    words.eliminate_zeros()
    return words


def _weigh_pairs(terms: Terms) -> Matrix:
    """Return the weights of the pairs that may be a reason."""
    pairs = terms.pairs
    if not pairs.nnz:
        return pairs
    kept = _find_uncommon(pairs)
    held_by = np.bincount(pairs.indices, minlength=pairs.shape[1])
    rarity = np.where(kept, np.log((pairs.shape[0] + 1) / np.maximum(held_by, 1)), 0.0)
    weighted = pairs.copy()
    weighted.data = rarity[pairs.indices].astype(np.float32)
    weighted.eliminate_zeros()
    scaled = scale_rows(weighted)
    scaled.data *= PAIR_WEIGHT
    return scaled


def _heaviest_columns(matrix: Matrix) -> list[list[int]]:
    """Return the heaviest columns of each row, the heaviest first."""
    row_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -np.round(matrix.data, 5), row_of))
    columns = matrix.indices[order].tolist()
    bounds = matrix.indptr.tolist()
    return [columns[first : min(last, first + _CANDIDATES)] for first, last in pairwise(bounds)]


def _phrase(terms: Terms, columns: Sequence[int]) -> tuple[str, ...]:
    """Write columns out; a word or pair that repeats a word said before is left out."""
    written = terms.vocabulary.words
    said: set[int] = set()
    phrases: list[str] = []
    for column in columns:
        pair = column - len(written)
        numbers = [column] if pair < 0 else terms.pair_words[pair].tolist()
        if said.isdisjoint(numbers):
            said.update(numbers)
            phrases.append(" ".join(written[number] for number in numbers))
        if len(phrases) == MOST_REASONS:
            break
    return tuple(phrases)


def join_all(lists: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Return lists of neighbours as two columns: whose they are, and who."""
    rows = [row for row, others in enumerate(lists) for _ in others]
    return rows, list(chain.from_iterable(lists))
