"""Why two papers stand beside each other, in the words that both use.

Responsible for choosing at most three phrases. Not responsible for the ranking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.workers.relating.empty_words import BROAD_WORDS, says_nothing
from broadsheet.workers.relating.terms import Floats, Indices, Matrix, Terms
from broadsheet.workers.relating.vectors import find_places, scale_rows, sort_rows

MOST_REASONS = 3
PAIR_WEIGHT = 1.6
# What more papers of a library say than this, says nothing about two of them: a share of them all,
# and some more, since a small digest has few subjects.
COMMON_SHARE = 0.05
COMMON_PAPERS = 12
# A word that neither paper has in its title or keywords must be rarer, and weighs less.
RARE_SHARE = 0.004
RARE_PAPERS = 6
ASIDE_WEIGHT = 0.4
# Participles, adverbs and adjectives are seldom what two papers share, unless beside another word;
# a pair does not begin with an adverb or end with a participle.
_WEAK_WORD = re.compile("(?<!ma)(?<!mi)ly$|ed$|(?:able|ible|ful|ive|ous)$")
_WEAK_ASIDE = re.compile("ing$|(?:al|ic|ant|ent)$")
_WEAK_FIRST = re.compile("(?:ab|al|e|ib|iv|nt|r)ly$")
_WEAK_SECOND = re.compile("(?<!ma)(?<!mi)ly$|[^e]ed$")
# A name, wherever it stands: GSM8K, QuIP.
_NAME = re.compile(r".[A-Z\d]|[^\W\d_]-?\d")
_CANDIDATES = 8
_BLOCK = 20_000


def give_reasons(
    terms: Terms, weighted: Matrix, rows: Indices, others: Indices
) -> list[tuple[str, ...]]:
    """Return the phrases that pairs of papers share, the weightiest first.

    Args:
        terms: The words and pairs of words of all papers.
        weighted: TF-IDF weights of the words.
        rows: The first paper of each pair.
        others: The second paper of each pair.
    """
    spoken = _gather_phrases(terms, weighted)
    # Two papers that stand beside each other do so for the same reasons.
    papers = terms.words.shape[0]
    keys = np.minimum(rows, others) * papers + np.maximum(rows, others)
    distinct, places = np.unique(keys, return_inverse=True)
    reasons: list[tuple[str, ...]] = []
    for start in range(0, len(distinct), _BLOCK):
        mine, theirs = np.divmod(distinct[start : start + _BLOCK], papers)
        reasons += _choose_phrases(spoken, _weigh_shared(spoken, mine, theirs))
    return [reasons[place] for place in places.tolist()]


class _Phrases(msgspec.Struct, frozen=True):
    """What papers say that may be a reason: words first, then pairs of words.

    Attributes:
        weights: Papers by phrases: what each weighs.
        places: The same entries: 1 for a word that stands in the text alone, else 2.
        aside: What a phrase counts besides, wherever it stands; shape (phrases,).
        words: The two words of each phrase, twice the same where it has one, and at the end those
            of no phrase; shape (phrases + 1, 2).
        written: Each word as it is mostly written.
    """

    weights: Matrix
    places: Matrix
    aside: Floats
    words: NDArray[np.int64]
    written: tuple[str, ...]


def _gather_phrases(terms: Terms, weighted: Matrix) -> _Phrases:
    columns, aside = _keep_words(terms, weighted)
    pairs = _weigh_pairs(terms)
    words, heads = weighted[:, columns], terms.heads[:, columns]
    places = (_fill(words, 1) + heads, _fill(pairs, 2))
    return _Phrases(
        weights=sparse.hstack((words, pairs), format="csr"),
        places=sparse.hstack(places, format="csr"),
        aside=np.concatenate((aside, np.zeros(pairs.shape[1], dtype=np.float32))),
        words=np.concatenate((np.stack((columns, columns), 1), terms.pair_words, [[-1, -1]])),
        written=terms.vocabulary.words,
    )


def _fill(matrix: Matrix, value: float) -> Matrix:
    """Return a matrix with one value wherever it has any."""
    values = np.full_like(matrix.data, value)
    return sparse.csr_matrix((values, matrix.indices, matrix.indptr), shape=matrix.shape)


def _weigh_shared(spoken: _Phrases, mine: Indices, theirs: Indices) -> Matrix:
    """Return what the phrases that two papers share weigh; shape (pairs of papers, phrases)."""
    shared = spoken.weights[mine].multiply(spoken.weights[theirs])
    places = spoken.places[mine].multiply(spoken.places[theirs])
    shared.data = shared.data * ((places.data > 1) + spoken.aside[shared.indices])
    shared.eliminate_zeros()
    return shared


def _find_uncommon(matrix: Matrix, share: float, papers: int) -> NDArray[np.bool_]:
    """Tell which columns few enough papers hold, but some."""
    held_by = np.bincount(matrix.indices, minlength=matrix.shape[1])
    uncommon: NDArray[np.bool_] = (held_by > 0) & (held_by <= share * matrix.shape[0] + papers)
    return uncommon


def _match(pattern: re.Pattern[str], words: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([bool(pattern.search(word)) for word in words], dtype=bool)


def _keep_words(terms: Terms, weighted: Matrix) -> tuple[Indices, Floats]:
    """Return the words that may be a reason by themselves, and what each counts outside titles."""
    folded, written = terms.vocabulary.folded, terms.vocabulary.words
    may_be = terms.vocabulary.named & _find_uncommon(weighted, COMMON_SHARE, COMMON_PAPERS)
    columns = np.flatnonzero(may_be)
    words = [folded[column] for column in columns.tolist()]
    broad = np.array([says_nothing(word, BROAD_WORDS) for word in words], dtype=bool)
    kept = ~broad & ~_match(_WEAK_WORD, words)
    anywhere = _find_uncommon(weighted, RARE_SHARE, RARE_PAPERS)[columns]
    anywhere &= ~_match(_WEAK_ASIDE, words)
    anywhere |= _match(_NAME, [written[column] for column in columns.tolist()])
    return columns[kept], np.float32(ASIDE_WEIGHT) * anywhere[kept]


def _weigh_pairs(terms: Terms) -> Matrix:
    """Return the weights of the pairs that may be a reason."""
    pairs, folded = terms.pairs, terms.vocabulary.folded
    kept = _find_uncommon(pairs, COMMON_SHARE, COMMON_PAPERS)
    for side, weak in enumerate((_WEAK_FIRST, _WEAK_SECOND)):
        words, places = np.unique(terms.pair_words[:, side], return_inverse=True)
        kept &= ~_match(weak, [folded[word] for word in words.tolist()])[places]
    held_by = np.bincount(pairs.indices, minlength=pairs.shape[1])
    rarity = np.where(kept, np.log((pairs.shape[0] + 1) / np.maximum(held_by, 1)), 0.0)
    weighted = pairs.copy()
    weighted.data = rarity[pairs.indices].astype(np.float32)
    weighted.eliminate_zeros()
    scaled = scale_rows(weighted)
    scaled.data *= PAIR_WEIGHT
    return scaled


def _choose_phrases(spoken: _Phrases, shared: Matrix) -> list[tuple[str, ...]]:
    """Write the heaviest phrases of each row; one that repeats a word said before is left out."""
    rows, ranks = find_places(shared)
    near = ranks < _CANDIDATES
    heaviest = np.full((shared.shape[0], _CANDIDATES), -1, dtype=np.int64)
    heaviest[rows[near], ranks[near]] = shared.indices[sort_rows(shared)][near]
    chosen = np.full((shared.shape[0], MOST_REASONS), -1, dtype=np.int64)
    said = np.full((shared.shape[0], MOST_REASONS, 2), -1, dtype=np.int64)
    lengths = np.zeros(shared.shape[0], dtype=np.int64)
    for phrase in heaviest.T:
        words = spoken.words[phrase]
        repeats = (said[:, :, :, None] == words[:, None, None, :]).any(axis=(1, 2, 3))
        kept = np.flatnonzero((phrase >= 0) & ~repeats & (lengths < MOST_REASONS))
        chosen[kept, lengths[kept]] = phrase[kept]
        said[kept, lengths[kept]] = words[kept]
        lengths[kept] += 1
    written = {column: _write(spoken, column) for column in np.unique(chosen[chosen >= 0]).tolist()}
    return [
        tuple([written[column] for column in columns[:length]])
        for columns, length in zip(chosen.tolist(), lengths.tolist(), strict=True)
    ]


def _write(spoken: _Phrases, phrase: int) -> str:
    words = dict.fromkeys(spoken.words[phrase].tolist())
    return " ".join(spoken.written[word] for word in words)
