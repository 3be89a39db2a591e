"""The nearest papers of each paper.

Responsible for the score of two papers and for finding those that score most. Not responsible for
who of them may be in a list (`choosing`) or why.

The score of two papers is 0.8 of the cosine of their points plus 0.2 of that of their heaviest
words, so that a paper on a rare subject gets those that share its words and not the middle of the
field; in a small library the words count for more, and what a paper says that nobody else says
tells against all likeness. 0.05 more for each shared author and 0.04 for each shared topic, two at
most; 0.3 where one links to the other.

All of it but the commonest words is worked out for all pairs, and the whole for the 64 others that
have most of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.planning.relations import PaperTraits
from broadsheet.workers.relating.choosing import Candidates, sort_candidates
from broadsheet.workers.relating.likeness import Words
from broadsheet.workers.relating.terms import Floats, Indices, Matrix, mark_known
from broadsheet.workers.relating.vectors import DIMENSIONS

NEIGHBOURS = 5
POINT_SHARE = 0.8
AUTHOR_BONUS = 0.05
TOPIC_BONUS = 0.04
LINK_BONUS = 0.3
MOST_SHARED = 2
# A library of fewer papers than this for each axis has points that are mostly chance: words count
# for more there.
PAPERS_PER_AXIS = 1
# What a neighbour must at least share besides the neighbourhood: of the cosine of the words.
LEAST_SHARED = 0.025
# Papers that the whole score is worked out for.
_CANDIDATES = 64
# Papers that are compared with so many others at a time: a processor's cache holds about as many
# scores, of 4 bytes each.
_BLOCK = 128
_TILE = 1 << 14
# Columns looked at together.
_GROUP = 16


def find_neighbours(
    papers: Sequence[PaperTraits],
    points: Floats,
    words: Words,
    pool: Executor,
    most: int = NEIGHBOURS,
) -> Candidates:
    """Return the nearest others of each paper, the nearest first.

    Args:
        papers: In the order of their ids.
        points: A point of length 1 for each.
        words: The heaviest words of each.
        pool: Threads to work in; how many there are changes nothing.
        most: How many of them a list may hold; there are some more.
    """
    share = POINT_SHARE * min(1.0, len(papers) / (PAPERS_PER_AXIS * DIMENSIONS))
    padding = -len(papers) % _GROUP
    shared = (
        _Shared(mark_known([paper.authors for paper in papers]), AUTHOR_BONUS),
        _Shared(mark_known([paper.topics for paper in papers]), TOPIC_BONUS),
    )
    compared = _Compared(
        points=points,
        point_share=share,
        words=words,
        shared=shared,
        links=_mark_links(papers),
        barred=np.array([*(not paper.is_offered for paper in papers), *[True] * padding]),
    )
    padded = np.pad(np.float32(share) * points, ((0, padding), (0, 0)))
    tiles = [
        _Tile(
            first=first,
            points=padded[columns].T,
            holders=words.holders[:, columns],
            sharers=tuple(names.held[columns].T.tocsr() for names in shared),
        )
        for first in range(0, len(padded), _TILE)
        for columns in (slice(first, first + _TILE),)
    ]
    blocks = [slice(row, min(row + _BLOCK, len(papers))) for row in range(0, len(papers), _BLOCK)]
    # Most of the work is numpy's and scipy's, which leave the interpreter to other threads.
    ranked = list(pool.map(partial(_rank_block, compared, tiles, most), blocks))
    return Candidates(
        np.concatenate([block.rows for block in ranked]),
        np.concatenate([block.scores for block in ranked]),
        np.concatenate([block.tied for block in ranked]),
    )


class _Compared(msgspec.Struct, frozen=True, kw_only=True):
    """All papers as they are compared.

    Attributes:
        points: A point of length 1 for each.
        point_share: What the cosine of points counts.
        words: The heaviest words of each; they count the rest.
        shared: Authors and topics.
        links: Which papers link each other.
        barred: Which papers are in no list, and some that are none.
    """

    points: Floats
    point_share: float
    words: Words
    shared: tuple[_Shared, ...]
    links: Matrix
    barred: NDArray[np.bool_]


class _Shared(msgspec.Struct, frozen=True):
    """Which papers hold which names, and what a name that two share counts."""

    held: Matrix
    bonus: float


class _Tile(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the others, one after the other.

    Attributes:
        first: The first of them.
        points: Their points times `point_share`, as columns, and at the end some of nothing.
        holders: Which of them hold which rare words.
        sharers: Which of them hold which authors and topics.
    """

    first: int
    points: Floats
    holders: Matrix
    sharers: tuple[Matrix, ...]


def _rank_block(compared: _Compared, tiles: Sequence[_Tile], most: int, rows: slice) -> Candidates:
    """Return the nearest others of some papers."""
    points, words, share = compared.points, compared.words, compared.point_share
    near, tied = _find_near(compared, tiles, max(_CANDIDATES, 2 * most), rows)
    mine = np.arange(rows.start, rows.stop)[:, None]
    is_barred = compared.barred[near] | (near == mine)
    near = np.where(is_barred, mine, near)  # what is no paper has no point
    alike = np.matmul(points[near], points[rows][:, :, None])[:, :, 0]
    in_words = words.compare(rows, near)
    worth = np.float32(share) * alike + np.float32(1 - share) * in_words + tied
    in_words *= words.known[rows, None] * words.known[near]
    worth[is_barred | ((tied == 0) & (in_words < LEAST_SHARED))] = -np.inf
    return sort_candidates(Candidates(near, worth, tied), most)


def _find_near(
    compared: _Compared, tiles: Sequence[_Tile], count: int, rows: slice
) -> tuple[Indices, Floats]:
    """Return who has most of what is quick to work out, and what ties them; in no order."""
    found = [_search_tile(compared, tile, count, rows) for tile in tiles]
    near, scores, tied = (np.concatenate(parts, axis=1) for parts in zip(*found, strict=True))
    if len(tiles) > 1:
        best = np.argpartition(scores, -count, axis=1)[:, -count:]
        near, tied = np.take_along_axis(near, best, 1), np.take_along_axis(tied, best, 1)
    return near, tied


def _search_tile(
    compared: _Compared, tile: _Tile, count: int, rows: slice
) -> tuple[Indices, Floats, Floats]:
    """Return those of a tile that have most, what they have, and what ties them."""
    scores = compared.points[rows] @ tile.points
    columns = slice(tile.first, tile.first + scores.shape[1])
    _add(scores, compared.words.rare[rows] @ tile.holders, 1 - compared.point_share)
    ties = np.zeros(scores.shape, dtype=np.float32)
    for part, bonus in _tie(compared, tile, rows, columns):
        _add(ties, part, bonus)
        _add(scores, part, bonus)
    scores[:, compared.barred[columns]] = -np.inf
    near = _nearest_columns(scores, count)
    return (
        near + tile.first,
        np.take_along_axis(scores, near, 1),
        np.take_along_axis(ties, near, 1),
    )


def _tie(
    compared: _Compared, tile: _Tile, rows: slice, columns: slice
) -> Iterator[tuple[Matrix, float]]:
    """Yield what ties some papers to those of a tile besides words, and what each of it counts."""
    for names, sharers in zip(compared.shared, tile.sharers, strict=True):
        both = names.held[rows] @ sharers
        both.data = np.minimum(both.data, MOST_SHARED)
        yield both, names.bonus
    yield compared.links[rows][:, columns], LINK_BONUS


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
    """Add a sparse matrix to a dense one, which may have more columns, in place."""
    places = np.repeat(np.arange(part.shape[0]) * scores.shape[1], np.diff(part.indptr))
    places += part.indices
    # Three times as fast as indexing by rows and columns.
    np.add.at(scores.reshape(-1), places, np.float32(weight) * part.data)


def _nearest_columns(scores: Floats, most: int) -> Indices:
    """Return the columns of each row's greatest scores, in no order.

    The greatest of so many columns are in as many groups of columns; those are found by the
    greatest score of each group, which is ten times as fast as looking at every column.

    Args:
        scores: Their columns can be parted in whole groups.
        most: How many to return.
    """
    rows, columns = scores.shape
    groups = columns // _GROUP
    if groups <= most:
        return np.argpartition(scores, -min(most, columns), axis=1)[:, -most:]
    greatest = scores.reshape(rows, _GROUP, groups).max(axis=1)
    best = np.argpartition(greatest, -most, axis=1)[:, -most:]
    near = (best[:, None, :] + np.arange(_GROUP)[None, :, None] * groups).reshape(rows, -1)
    within = np.argpartition(np.take_along_axis(scores, near, 1), -most, axis=1)[:, -most:]
    return np.take_along_axis(near, within, 1)
