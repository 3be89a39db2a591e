"""The nearest papers of each paper.

Responsible for the score, for who may be in a list, and for its order. Not responsible for why.

The score of two papers is 0.8 of the cosine of their points plus 0.2 of that of their heaviest
words, so that a paper on a rare subject gets those that share its words and not the middle of the
field; in a small library the words count for more, and what a paper says that nobody else says
tells against all likeness. 0.05 more for each shared author and 0.04 for each shared topic, two at
most; 0.3 where one links to the other. A paper that shares neither these nor a weighty word, or is
much farther than the nearest, is left out, so a list may be short. Scores are rounded to four
places and ties broken by id, so that the last bits of a machine's arithmetic decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.planning.relations import PaperTraits
from broadsheet.workers.relating.terms import Floats, Matrix, Terms, mark_known
from broadsheet.workers.relating.vectors import DIMENSIONS, mask_columns, scale_rows, weigh_words

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
LEAST_SHARED = 0.025
# What a neighbour must at least score, and how much of what the nearest scores.
LEAST_SCORE = 0.03
LEAST_OF_NEAREST = 0.4
_BLOCK = 512
_THREADS = 2
# Columns looked at together.
_GROUP = 16
# Enough to fill a list when some of the nearest turn out to be the same paper twice.
_RESERVE = 15

Indices = NDArray[np.int64]
Candidates: TypeAlias = Iterable[tuple[int, float, float]]


class Words(msgspec.Struct, frozen=True):
    """What the words of papers say of their likeness.

    Attributes:
        heaviest: TF-IDF weights of each paper's heaviest words that say something, with length 1.
        known: How much of each paper's own words other papers have: a paper on sourdough in a
            library on language models has only its commonest words in common with anybody.
    """

    heaviest: Matrix
    known: Floats


def pick_words(terms: Terms, weighted: Matrix) -> Words:
    """Return what the words of papers say of their likeness.

    Args:
        terms: The words of all papers.
        weighted: TF-IDF weights of them.
    """
    named = terms.vocabulary.named
    own = scale_rows(mask_columns(weigh_words(terms.words, 1), named))
    shared = mask_columns(own, np.bincount(weighted.indices, minlength=weighted.shape[1]) > 0)
    known = np.sqrt(np.asarray(shared.multiply(shared).sum(axis=1)).ravel())
    heaviest = keep_heaviest(mask_columns(weighted, named), HEAVIEST_WORDS)
    return Words(heaviest, known.astype(np.float32))


def find_neighbours(
    papers: Sequence[PaperTraits], points: Floats, words: Words, most: int = NEIGHBOURS
) -> Iterator[tuple[int, ...]]:
    """Yield, for each paper, the rows of the nearest others, the nearest first.

    Args:
        papers: In the order of their ids.
        points: A point of length 1 for each.
        words: The heaviest words of each.
        most: How many to yield at most.
    """
    if len(papers) < 2:
        yield from (() for _ in papers)
        return
    compared = _Compared(
        points=points,
        point_share=POINT_SHARE * min(1.0, len(papers) / (PAPERS_PER_AXIS * DIMENSIONS)),
        words=words,
        columns=words.heaviest.T.tocsr(),
        shared=(
            _Shared.of([paper.authors for paper in papers], AUTHOR_BONUS),
            _Shared.of([paper.topics for paper in papers], TOPIC_BONUS),
        ),
        links=_mark_links(papers),
        barred=np.array([not paper.is_offered for paper in papers]),
    )
    work = partial(_rank_block, compared, most)
    # Most of the work is numpy's and scipy's, which leave the interpreter to other threads.
    with ThreadPoolExecutor(_THREADS) as pool:
        ranked = chain.from_iterable(pool.map(work, range(0, len(papers), _BLOCK)))
        for paper, candidates in zip(papers, ranked, strict=True):
            yield _choose(paper, candidates, papers, most)


class _Compared(msgspec.Struct, frozen=True, kw_only=True):
    """All papers as they are compared.

    Attributes:
        points: A point of length 1 for each.
        point_share: What the cosine of points counts.
        words: The heaviest words of each; they count the rest.
        columns: Those words the other way round, by word.
        shared: Authors and topics.
        links: Which papers link each other.
        barred: Which papers are in no list.
    """

    points: Floats
    point_share: float
    words: Words
    columns: Matrix
    shared: tuple[_Shared, ...]
    links: Matrix
    barred: NDArray[np.bool_]


def _rank_block(compared: _Compared, most: int, start: int) -> list[Candidates]:
    """Return the candidates of some papers, from the row `start` on."""
    rows = slice(start, start + _BLOCK)
    points, words, share = compared.points, compared.words, compared.point_share
    ties = _tie(compared.shared, compared.links[rows], rows)
    scaled: Floats = (share * points[rows]).astype(np.float32)
    scores = scaled @ points.T
    scores += ties
    _add(scores, words.heaviest[rows] @ compared.columns, 1 - share)
    scores[:, compared.barred] = -np.inf
    nearest = _nearest_columns(scores, most + _RESERVE)
    worth = np.take_along_axis(scores, nearest, 1)
    tied = np.take_along_axis(ties, nearest, 1)
    alike = share * np.einsum("rd,rnd->rn", points[rows], points[nearest])
    in_words = (np.maximum(worth, 0) - tied - alike) * words.known[rows, None]
    in_words *= words.known[nearest]
    worth[(tied == 0) & (in_words < LEAST_SHARED * (1 - share))] = -np.inf
    return list(_rank(nearest, worth, tied))


class _Shared(msgspec.Struct, frozen=True):
    """Which papers hold which names, and what a name that two share counts."""

    held: Matrix
    holders: Matrix
    bonus: float

    @classmethod
    def of(cls, names: Sequence[Sequence[str]], bonus: float) -> _Shared:
        held = mark_known(names)
        return cls(held, held.T.tocsr(), bonus)


def _tie(shared: Iterable[_Shared], links: Matrix, rows: slice) -> Floats:
    """Return what ties some papers to all others besides words."""
    ties = np.zeros(links.shape, dtype=np.float32)
    for names in shared:
        both = names.held[rows] @ names.holders
        both.data = np.minimum(both.data, MOST_SHARED)
        _add(ties, both, names.bonus)
    _add(ties, links, LINK_BONUS)
    return ties


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


def _rank(nearest: Indices, worth: Floats, tied: Floats) -> Iterator[Candidates]:
    """Yield the columns of each row with score and what of it is not a tie, the best first."""
    rounded, ties = np.round(worth, 4), np.round(tied, 4)
    order = np.lexsort((nearest, -rounded), axis=1)
    columns, scores, bare = (
        np.take_along_axis(values, order, 1).tolist()
        for values in (nearest, rounded, np.round(rounded - ties, 4))
    )
    for row in zip(columns, scores, bare, strict=True):
        yield zip(*row, strict=True)


def _choose(
    paper: PaperTraits, candidates: Candidates, papers: Sequence[PaperTraits], most: int
) -> tuple[int, ...]:
    kept: list[int] = []
    seen = set(paper.identities)
    floor = LEAST_SCORE
    for row, score, bare in candidates:
        other = papers[row]
        is_far = score < LEAST_SCORE or (bare < floor and bare == score)
        if is_far or other.id == paper.id or not seen.isdisjoint(other.identities):
            continue
        seen.update(other.identities)
        kept.append(row)
        floor = max(floor, LEAST_OF_NEAREST * bare)
        if len(kept) == most:
            break
    return tuple(kept)


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
