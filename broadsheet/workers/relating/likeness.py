"""How alike the words of two papers are.

Responsible for the heaviest words of each paper, for the cosine of chosen pairs, and for a part of
it that is quick to work out for all. Not responsible for points or for the score.
"""

from __future__ import annotations

import msgspec
import numpy as np
from scipy import sparse

from broadsheet.workers.relating.terms import Floats, Indices, Matrix, Terms
from broadsheet.workers.relating.vectors import (
    ROWS,
    find_places,
    mask_columns,
    rarity_of,
    renumber_columns,
    scale_rows,
    sort_rows,
)

HEAVIEST_WORDS = 32
# Papers whose words are spread out over all columns together, 4 bytes each.
_SPREAD = 16
# What more papers hold among their heaviest words than this share of them all, or so many, makes
# nearly all the work of comparing everybody with everybody, and hardly chooses anybody.
_COMMON_SHARE = 1 / 64
_COMMON_PAPERS = 50


class Words(msgspec.Struct, frozen=True):
    """What the words of papers say of their likeness.

    Attributes:
        columns: The heaviest words of each paper that say something; shape (papers, words), with a
            number that no word has where a paper has fewer.
        weights: Their TF-IDF weights, with length 1; the same shape.
        rare: Those weights as a matrix, without the words that many papers hold.
        holders: The same the other way round, by word.
        known: How much of each paper's own words other papers have: a paper on sourdough in a
            library on language models has only its commonest words in common with anybody.
    """

    columns: Indices
    weights: Floats
    rare: Matrix
    holders: Matrix
    known: Floats

    def compare(self, rows: slice, others: Indices) -> Floats:
        """Return the cosine of the words of some papers and others.

        Args:
            rows: The papers.
            others: Rows of others for each of them; shape (papers, others).
        """
        cosines = np.empty(others.shape, dtype=np.float32)
        for first in range(0, len(others), _SPREAD):
            part = slice(first, first + _SPREAD)
            mine = slice(rows.start + first, min(rows.start + first + _SPREAD, rows.stop))
            cosines[part] = self._compare_few(mine, others[part])
        return cosines

    def _compare_few(self, rows: slice, others: Indices) -> Floats:
        mine = self.columns[rows]
        width = self.rare.shape[1] + 1
        spread = np.zeros((len(mine), width), dtype=np.float32)
        np.put_along_axis(spread, mine, self.weights[rows], 1)
        begins = np.arange(len(mine), dtype=np.int64)[:, None, None] * width
        found = spread.ravel().take(self.columns.take(others, 0) + begins)
        cosines: Floats = np.einsum("row,row->ro", found, self.weights.take(others, 0))
        return cosines


def pick_words(terms: Terms, weighted: Matrix) -> Words:
    """Return what the words of papers say of their likeness.

    Args:
        terms: The words of all papers.
        weighted: TF-IDF weights of them.
    """
    named = terms.vocabulary.named
    heaviest = keep_heaviest(mask_columns(weighted, named), HEAVIEST_WORDS)
    held_by = np.bincount(heaviest.indices, minlength=heaviest.shape[1])
    used = np.flatnonzero(held_by)
    heaviest, held_by = renumber_columns(heaviest, used), held_by[used]
    papers = heaviest.shape[0]
    rare = mask_columns(heaviest, held_by <= max(_COMMON_SHARE * papers, _COMMON_PAPERS))
    columns = np.full((papers, HEAVIEST_WORDS), len(used), dtype=np.int64)
    weights = np.zeros((papers, HEAVIEST_WORDS), dtype=np.float32)
    rows, places = find_places(heaviest)
    columns[rows, places], weights[rows, places] = heaviest.indices, heaviest.data
    return Words(columns, weights, rare, rare.T.tocsr(), _measure_known(terms, weighted))


def _measure_known(terms: Terms, weighted: Matrix) -> Floats:
    words, named = terms.words, terms.vocabulary.named
    rarity = rarity_of(words, 1)
    is_shared = np.bincount(weighted.indices, minlength=words.shape[1]) > 0
    known = np.empty(words.shape[0], dtype=np.float32)
    for first in range(0, words.shape[0], ROWS):
        some = words[first : first + ROWS]
        rows, _ = find_places(some)
        squares = ((1 + np.log(some.data)) * rarity[some.indices]) ** 2
        squares *= named[some.indices]
        every, shared = (
            np.bincount(rows, values, minlength=some.shape[0])
            for values in (squares, squares * is_shared[some.indices])
        )
        known[first : first + ROWS] = np.sqrt(shared / np.maximum(every, 1e-12))
    return known


def keep_heaviest(matrix: Matrix, most: int) -> Matrix:
    """Return a matrix with at most so many entries a row, the heaviest, scaled to length 1."""
    parts = range(0, matrix.shape[0], ROWS)
    return sparse.vstack(
        [_keep_heaviest(matrix[first : first + ROWS], most) for first in parts], format="csr"
    )


def _keep_heaviest(matrix: Matrix, most: int) -> Matrix:
    rows, ranks = find_places(matrix)
    kept = np.sort(sort_rows(matrix)[ranks < most])
    ends = np.concatenate(([0], np.cumsum(np.bincount(rows[kept], minlength=matrix.shape[0]))))
    return scale_rows(
        sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], ends), shape=matrix.shape)
    )
