"""Why two papers stand beside each other, in the words that both use.

Responsible for choosing at most three phrases. Not responsible for the ranking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

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
_LEAST_LETTERS = 3
# Participles and adverbs are seldom what two papers share, unless beside another word.
_WEAK_ENDING = re.compile("ly$|ed$")
_CANDIDATES = 8
_BLOCK = 20_000

# Words of any abstract, in their folded form.
EMPTY_WORDS = frozenset(
    """
    a about above achieve achieved achieving across add address addressed after all also although among an analysi
    analyse analyze and another any application apply applied applying approach are art as aspect at available average based
    baseline be because become been before being best better between both but by call called can case
    challenge challenging code common compared comparable comparison competitive complex comprehensive conduct contain containing create created
    creating capability capabilitie having hope hundred inadequate input output landscape million nature point remarkable
    top factor fit assess implement implemented contribution component aim
    answer accurate accuracy robust robustness generate generated
    consider consistent consistently contrast could crucial current dataset demonstrate demonstrated demonstrating
    depend describe design despite develop developed different difficult do doe domain due during
    each easily effect effective effectively effectiveness efficient efficiently either enable enabling ensure
    especially et etc evaluate evaluation even existing experiment experimental explore extensive fact few field finally
    find finding first five focu focusing following for found four framework from full further furthermore general
    give given go good great had ha have help hence here high higher highly how however i idea identify if
    impact implementation important improve improved improvement improving in include including increase indicate
    insight instead into introduce introduced introducing investigate is issue it its itself just key known lack large
    largely larger last lead leading leads less level leverage leverages leveraging like limit limitation limited low
    lower made main mainly make making many may method methodology might more moreover most much multiple must namely
    natural necessary need new next no not note novel now number numerou obtain obtained of often on one only
    open or order original other our out outperform outperforming outperformed over overall own paper part particular
    particularly per perform performance performed performing popular possible potential practical practice present
    presented previou previously prior problem process propose proposed proposing prove provide provided providing public
    publicly question rather real recent recently reduce reduced reducing related rely remain require required
    requiring research respectively result resulting reveal second seen set several show showing shown significant
    significantly similar simple simply since single size small so solution solve some specific specifically still
    strong study studie such suggest superior support task technique ten than that the their them then there
    therefore these they thi third this those three through thu thus time to together too toward traditional two
    type typical typically under understand understanding unlike up us use used useful user using usually utilize
    utilizing validate variou vary very via wa we well were what when where whether which while who whose wide
    widely will with within without work world would year yet you zero however s
    """.split()
)


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
    named = _find_named(terms)
    words = _keep_words(terms, weighted, named)
    pairs = _weigh_pairs(terms, named)
    reasons: list[tuple[str, ...]] = []
    for start in range(0, len(rows), _BLOCK):
        mine, theirs = rows[start : start + _BLOCK], others[start : start + _BLOCK]
        shared = sparse.hstack(
            (words[mine].multiply(words[theirs]), pairs[mine].multiply(pairs[theirs]))
        ).tocsr()
        reasons += (_phrase(terms, row) for row in _heaviest_columns(shared))
    return tuple(reasons)


def _find_named(terms: Terms) -> NDArray[np.bool_]:
    """Tell which words name something, wherever they stand."""
    return np.array(
        [
            word not in EMPTY_WORDS and (len(word) >= _LEAST_LETTERS or not word.isascii())
            for word in terms.vocabulary.folded
        ],
        dtype=bool,
    )


def _find_uncommon(matrix: Matrix) -> NDArray[np.bool_]:
    """Tell which columns few enough papers hold."""
    held_by = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return held_by <= COMMON_SHARE * matrix.shape[0] + COMMON_PAPERS


def _keep_words(terms: Terms, weighted: Matrix, named: NDArray[np.bool_]) -> Matrix:
    """Return the weights of the words that may be a reason by themselves."""
    weak = np.array([bool(_WEAK_ENDING.search(word)) for word in terms.vocabulary.folded])
    kept = named & ~weak & _find_uncommon(weighted)
    words = weighted.copy()
    words.data = words.data * kept[words.indices]
    words.eliminate_zeros()
    return words


def _weigh_pairs(terms: Terms, named: NDArray[np.bool_]) -> Matrix:
    """Return the weights of the pairs that may be a reason."""
    pairs = terms.pairs
    if not pairs.nnz:
        return pairs
    kept = named[terms.pair_words].all(axis=1) & _find_uncommon(pairs)
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
    return [
        columns[first : min(last, first + _CANDIDATES)]
        for first, last in zip(bounds, bounds[1:], strict=False)
    ]


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
