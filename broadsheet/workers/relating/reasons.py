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

from broadsheet.workers.relating.empty_words import BROAD_WORDS, says_nothing
from broadsheet.workers.relating.terms import Matrix, Terms
from broadsheet.workers.relating.vectors import mask_columns, scale_rows

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
    terms: Terms, weighted: Matrix, rows: Sequence[int], others: Sequence[int]
) -> tuple[tuple[str, ...], ...]:
    """Return the phrases that pairs of papers share, the weightiest first.

    Args:
        terms: The words and pairs of words of all papers.
        weighted: TF-IDF weights of the words.
        rows: The first paper of each pair.
        others: The second paper of each pair.
    """
    words, aside = _keep_words(terms, weighted)
    pairs = _weigh_pairs(terms)
    reasons: list[tuple[str, ...]] = []
    for start in range(0, len(rows), _BLOCK):
        mine, theirs = rows[start : start + _BLOCK], others[start : start + _BLOCK]
        in_heads = terms.heads[mine].maximum(terms.heads[theirs])
        single = words[mine].multiply(words[theirs]).multiply(in_heads)
        single = single + aside[mine].multiply(aside[theirs])
        shared = sparse.hstack((single, pairs[mine].multiply(pairs[theirs]))).tocsr()
        reasons += (_phrase(terms, row) for row in _heaviest_columns(shared))
    return tuple(reasons)


def _find_uncommon(matrix: Matrix, share: float, papers: int) -> NDArray[np.bool_]:
    """Tell which columns few enough papers hold."""
    held_by = np.bincount(matrix.indices, minlength=matrix.shape[1])
    uncommon: NDArray[np.bool_] = held_by <= share * matrix.shape[0] + papers
    return uncommon


def _match(pattern: re.Pattern[str], words: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([bool(pattern.search(word)) for word in words], dtype=bool)


def _keep_words(terms: Terms, weighted: Matrix) -> tuple[Matrix, Matrix]:
    """Return the weights of words as a reason by themselves: in titles and keywords, anywhere."""
    folded, written = terms.vocabulary.folded, terms.vocabulary.words
    broad = np.array([says_nothing(word, BROAD_WORDS) for word in folded], dtype=bool)
    kept = terms.vocabulary.named & ~broad & ~_match(_WEAK_WORD, folded)
    kept &= _find_uncommon(weighted, COMMON_SHARE, COMMON_PAPERS)
    rare = _find_uncommon(weighted, RARE_SHARE, RARE_PAPERS) & ~_match(_WEAK_ASIDE, folded)
    anywhere = kept & (rare | _match(_NAME, written))
    return mask_columns(weighted, kept), mask_columns(
        weighted, anywhere * np.float32(ASIDE_WEIGHT**0.5)
    )


def _weigh_pairs(terms: Terms) -> Matrix:
    """Return the weights of the pairs that may be a reason."""
    pairs = terms.pairs
    if not pairs.nnz:
        return pairs
    folded = terms.vocabulary.folded
    weak_first, weak_second = _match(_WEAK_FIRST, folded), _match(_WEAK_SECOND, folded)
    kept = _find_uncommon(pairs, COMMON_SHARE, COMMON_PAPERS)
    kept &= ~weak_first[terms.pair_words[:, 0]] & ~weak_second[terms.pair_words[:, 1]]
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
