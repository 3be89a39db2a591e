"""From scores to lists: who stands beside a paper, and in which order.

Responsible for what keeps a candidate out of a list: being the paper itself or another record of a
paper that is in it, and being too far. Not responsible for scores (`neighbours`).

Scores are rounded to four places and ties broken by id, so that the last bits of a machine's
arithmetic decide as little as can be. A paper that is much farther than the nearest is left out, so
a list may be short.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from broadsheet.planning.relations import PaperTraits
from broadsheet.workers.relating.terms import Floats, Indices

# What a neighbour must at least score, and how much of what the nearest scores.
LEAST_SCORE = 0.03
LEAST_OF_NEAREST = 0.4
# Enough to fill a list when some of the nearest turn out to be the same paper twice.
_RESERVE = 15


class Candidates(msgspec.Struct, frozen=True):
    """Who may stand beside some papers; each of shape (papers, candidates).

    Attributes:
        rows: The rows of the candidates.
        scores: What they score.
        tied: How much of that authors, topics and links make.
    """

    rows: Indices
    scores: Floats
    tied: Floats


def find_kin(papers: Sequence[PaperTraits]) -> Indices:
    """Return a number for each paper that all records of the same paper have.

    Two records are of one paper where they share an identity, or share one with a third.
    """
    first: dict[str, int] = {}
    kin = list(range(len(papers)))
    for row, paper in enumerate(papers):
        for identity in paper.identities:
            one, two = sorted((_find_first(kin, first.setdefault(identity, row)), kin[row]))
            kin[two] = kin[row] = one
    return np.array([_find_first(kin, row) for row in range(len(kin))], dtype=np.int64)


def _find_first(kin: list[int], row: int) -> int:
    """Return the first of the records that are known to be of one paper."""
    while kin[row] != row:
        kin[row] = kin[kin[row]]
        row = kin[row]
    return row


def sort_candidates(candidates: Candidates, most: int) -> Candidates:
    """Return candidates in the order of their scores, no more of them than fill a list.

    Args:
        candidates: In any order.
        most: How many a list may hold.
    """
    rounded = Candidates(
        candidates.rows, np.round(candidates.scores, 4), np.round(candidates.tied, 4)
    )
    order = np.lexsort((rounded.rows, -rounded.scores), axis=1)[:, : most + _RESERVE]
    return Candidates(
        np.take_along_axis(rounded.rows, order, 1),
        np.take_along_axis(rounded.scores, order, 1),
        np.take_along_axis(rounded.tied, order, 1),
    )


def choose_nearest(papers: Sequence[PaperTraits], candidates: Candidates, most: int) -> Indices:
    """Return the list of every paper, the nearest first, and -1 where it is short.

    Args:
        papers: All papers.
        candidates: Who may stand in their lists, sorted.
        most: How many a list may hold.

    Returns:
        Rows; shape (papers, most).
    """
    kin = find_kin(papers)
    bare = np.round(candidates.scores - candidates.tied, 4)
    count, ranks = bare.shape
    lists = np.full((count, most), -1, dtype=np.int64)
    seen = np.full((count, most + 1), -1, dtype=np.int64)
    seen[:, most] = kin
    lengths = np.zeros(count, dtype=np.int64)
    floors = np.full(count, LEAST_SCORE, dtype=np.float32)
    for rank in range(ranks):
        row, score, alone = candidates.rows[:, rank], candidates.scores[:, rank], bare[:, rank]
        is_far = (score < LEAST_SCORE) | ((alone < floors) & (alone == score))
        is_known = (seen == kin[row][:, None]).any(axis=1)
        kept = np.flatnonzero(~is_far & ~is_known & (lengths < most))
        lists[kept, lengths[kept]] = row[kept]
        seen[kept, lengths[kept]] = kin[row[kept]]
        lengths[kept] += 1
        floors[kept] = np.maximum(floors[kept], np.float32(LEAST_OF_NEAREST) * alone[kept])
    return lists
