"""The nearest papers of each paper.

Responsible for the score, for who may be in a list, and for its order. Not responsible for why.

The score of two papers is 0.8 of the cosine of their points plus 0.2 of that of their heaviest
words, so that a paper on a rare subject gets those that share its words and not the middle of the
field; 0.05 more for each shared author and 0.04 for each shared topic, two at most; 0.3 where one
links to the other. Scores are rounded to four places and ties broken by id, so that the last bits
of a machine's arithmetic decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.planning.relations import PaperTraits
from broadsheet.workers.relating.terms import Floats, Matrix, mark_known
from broadsheet.workers.relating.vectors import DIMENSIONS, scale_rows

NEIGHBOURS = 5
POINT_SHARE = 0.8
AUTHOR_BONUS = 0.05
TOPIC_BONUS = 0.04
LINK_BONUS = 0.3
MOST_SHARED = 2
HEAVIEST_WORDS = 32
# A library of fewer papers than this for each axis has points that are mostly chance: words count
# for more there.
PAPERS_PER_AXIS = 1
# What a neighbour must at least share besides the neighbourhood: of the cosine of the words.
LEAST_SHARED = 0.06
# What a neighbour must at least score, and how much of what the nearest scores.
LEAST_SCORE = 0.08
LEAST_OF_NEAREST = 0.4
_BLOCK = 512
# Columns looked at together.
_GROUP = 16
# Enough to fill a list when some of the nearest turn out to be the same paper twice.
_RESERVE = 15

Indices = NDArray[np.int64]


def find_neighbours(
    papers: Sequence[PaperTraits], points: Floats, words: Matrix, most: int = NEIGHBOURS
) -> Iterator[tuple[int, ...]]:
    """Yield, for each paper, the rows of the nearest others, the nearest first.

    Args:
        papers: In the order of their ids.
        points: A point of length 1 for each.
        words: TF-IDF weights of each's heaviest words that say something, with length 1.
        most: How many to yield at most.
    """
    if len(papers) < 2:
        yield from (() for _ in papers)
        return
    point_share = POINT_SHARE * min(1.0, len(papers) / (PAPERS_PER_AXIS * DIMENSIONS))
    shared = (
        (mark_known(paper.authors for paper in papers), AUTHOR_BONUS),
        (mark_known(paper.topics for paper in papers), TOPIC_BONUS),
    )
    links = _mark_links(papers)
    columns = words.T.tocsr()
    flipped = [(matrix, matrix.T.tocsr(), bonus) for matrix, bonus in shared]
    barred = np.array([not paper.is_offered for paper in papers])
    for start in range(0, len(papers), _BLOCK):
        rows = slice(start, start + _BLOCK)
        scores = (np.float32(point_share) * points[rows]) @ points.T
        _add(scores, words[rows] @ columns, 1 - point_share)
        for matrix, transposed, bonus in flipped:
            both = matrix[rows] @ transposed
            both.data = np.minimum(both.data, MOST_SHARED)
            _add(scores, both, bonus)
        _add(scores, links[rows], LINK_BONUS)
        scores[:, barred] = -np.inf
        nearest = _nearest_columns(scores, most + _RESERVE)
        worth = np.take_along_axis(scores, nearest, 1)
        alike = np.einsum("rd,rnd->rn", points[rows], points[nearest])
        worth[worth - point_share * alike < LEAST_SHARED * (1 - point_share)] = -np.inf
        yield from _pick(nearest, np.round(worth, 4), start, papers, most)


def keep_heaviest(matrix: Matrix, most: int) -> Matrix:
    """Return a matrix with at most so many entries a row, the heaviest, scaled to length 1."""
    row_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, row_of))
    rank = np.arange(len(order)) - np.repeat(matrix.indptr[:-1], np.diff(matrix.indptr))
    kept = np.sort(order[rank < most])
    indptr = np.concatenate(([0], np.cumsum(np.bincount(row_of[kept], minlength=matrix.shape[0]))))
    heaviest = sparse.csr_matrix(
        (matrix.data[kept], matrix.indices[kept], indptr), shape=matrix.shape
    )
    return scale_rows(heaviest)


def _mark_links(papers: Sequence[PaperTraits]) -> Matrix:
    row_of = {paper.id: row for row, paper in enumerate(papers)}
    pairs = {
        pair
        for row, paper in enumerate(papers)
        for other in (row_of[link] for link in paper.links if link in row_of)
        for pair in ((row, other), (other, row))
    }
    rows, columns = zip(*sorted(pairs), strict=True) if pairs else ((), ())
    ones = np.ones(len(pairs), dtype=np.float32)
    return sparse.coo_matrix((ones, (rows, columns)), shape=(len(papers),) * 2).tocsr()


def _add(scores: Floats, part: Matrix, weight: float) -> None:
    """Add a sparse matrix to a dense one in place, by the way that its filling makes the faster."""
    if part.nnz * 20 > scores.size:
        scores += np.float32(weight) * part.toarray()
        return
    row_of = np.repeat(np.arange(part.shape[0]), np.diff(part.indptr))
    scores[row_of, part.indices] += np.float32(weight) * part.data


def _pick(
    nearest: Indices, rounded: Floats, start: int, papers: Sequence[PaperTraits], most: int
) -> Iterator[tuple[int, ...]]:
    order = np.lexsort((nearest, -rounded), axis=1)
    ranked_columns = np.take_along_axis(nearest, order, 1).tolist()
    ranked_scores = np.take_along_axis(rounded, order, 1).tolist()
    for offset, (ranked, worth) in enumerate(zip(ranked_columns, ranked_scores, strict=True)):
        kept: list[int] = []
        seen = set(papers[start + offset].identities)
        floor = LEAST_SCORE
        for row, score in zip(ranked, worth, strict=True):
            others = papers[row].identities
            if row == start + offset or score < floor or not seen.isdisjoint(others):
                continue
            seen.update(others)
            kept.append(row)
            floor = max(floor, LEAST_OF_NEAREST * score)
            if len(kept) == most:
                break
        yield tuple(kept)


def _nearest_columns(scores: Floats, most: int) -> Indices:
    """Return the columns of each row's greatest scores, in no order.

    The greatest of so many columns are in as many groups of columns; those are found by the
    greatest score of each group, which is ten times as fast as looking at every column.
    """
    rows, columns = scores.shape
    if columns <= most * _GROUP:
        return np.argpartition(scores, -min(most, columns), axis=1)[:, -most:]
    groups = -(-columns // _GROUP)
    padded = np.full((rows, groups * _GROUP), -np.inf, dtype=np.float32)
    padded[:, :columns] = scores
    greatest = padded.reshape(rows, _GROUP, groups).max(axis=1)
    best = np.argpartition(greatest, -most, axis=1)[:, -most:]
    near = (best[:, None, :] + np.arange(_GROUP)[None, :, None] * groups).reshape(rows, -1)
    within = np.argpartition(np.take_along_axis(padded, near, 1), -most, axis=1)[:, -most:]
    return np.take_along_axis(near, within, 1)
