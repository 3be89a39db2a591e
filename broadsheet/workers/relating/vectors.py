"""Papers as points: weighted words, and latent semantic analysis of them.

Responsible for TF-IDF and for the randomised singular value decomposition. Not responsible for
words or for neighbours.

Sources: Deerwester et al., Indexing by latent semantic analysis (1990); Halko, Martinsson, Tropp,
Finding structure with randomness (2011), algorithm 4.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import Executor

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from broadsheet.workers.relating.terms import LEAST_PAPERS, Floats, Indices, Matrix

DIMENSIONS = 128
OVERSAMPLING = 12
POWER_ITERATIONS = 2
# Weights the greater axes of meaning more than the decomposition itself does; measured over arXiv's
# categories: 0.489 with 1, 0.499 with 1.75.
SHARPNESS = 1.75
# Rows that are worked on together where what is worked out takes many times what comes of it.
ROWS = 4_096
# What each multiplication is cut into; the more, the better threads share it.
_PARTS = 8
# Steele, Lea, Flood, Fast splittable pseudorandom number generators (2014).
_GOLDEN, _MIX, _MIX_AGAIN = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def weigh_words(words: Matrix) -> Matrix:
    """Return rows of TF-IDF weights with length 1; words of too few papers weigh nothing.

    Args:
        words: Papers by words: how often each occurs.
    """
    rarity = rarity_of(words, LEAST_PAPERS)
    parts = range(0, words.shape[0], ROWS)
    return sparse.vstack([_weigh(words[row : row + ROWS], rarity) for row in parts], format="csr")


def _weigh(words: Matrix, rarity: NDArray[np.float64]) -> Matrix:
    weighted = words.copy()
    weighted.data = ((1 + np.log(words.data)) * rarity[words.indices]).astype(np.float32)
    weighted.eliminate_zeros()
    return scale_rows(weighted)


def rarity_of(words: Matrix, least: int) -> NDArray[np.float64]:
    """Return what each word weighs: the more, the fewer papers hold it.

    Args:
        words: Papers by words: how often each occurs.
        least: How many papers must hold a word; fewer in a small library.
    """
    papers = words.shape[0]
    held_by = np.bincount(words.indices, minlength=words.shape[1])
    least = min(least, max(2, papers // 40))
    return np.where(held_by >= least, np.log((papers + 1) / np.maximum(held_by, 1)), 0.0)


def scale_rows(matrix: Matrix) -> Matrix:
    """Return a matrix whose rows have length 1; a row of nothing stays so."""
    scaled = matrix.copy()
    row_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    lengths = np.sqrt(np.bincount(row_of, matrix.data**2, minlength=matrix.shape[0]))
    scaled.data = (matrix.data / lengths[row_of]).astype(np.float32)
    return scaled


def find_places(matrix: Matrix) -> tuple[Indices, Indices]:
    """Return the row of every entry, and its place among those of the row."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return rows, np.arange(len(rows)) - matrix.indptr[rows]


def sort_rows(matrix: Matrix) -> Indices:
    """Return where the entries of each row stand, the greatest first, row after row.

    Values are rounded and ties broken by column. Row, value and place within the row are sorted as
    one number, which is ten times as fast as by three.

    Args:
        matrix: Values from 0 to 4, columns in order.
    """
    rows, places = find_places(matrix)
    most = int(np.diff(matrix.indptr).max(initial=0)) + 1
    steps = (4 - np.round(matrix.data.astype(np.float64), 5)) * 100_000
    keys = (rows * 400_001 + np.rint(steps).astype(np.int64)) * most + places
    order: Indices = matrix.indptr[rows] + np.sort(keys) % most
    return order


def mask_columns(matrix: Matrix, factors: Floats | NDArray[np.bool_]) -> Matrix:
    """Return a matrix with its columns multiplied; what becomes nothing is left out.

    Args:
        matrix: Any.
        factors: One for each column.
    """
    masked = matrix.copy()
    masked.data = (masked.data * factors[masked.indices]).astype(np.float32)
    masked.eliminate_zeros()
    return masked


def renumber_columns(matrix: Matrix, held: Indices) -> Matrix:
    """Return a matrix without the columns that hold nothing; all but their numbers is shared.

    Args:
        matrix: Any.
        held: The other columns, in order.
    """
    number_of = np.zeros(matrix.shape[1], dtype=matrix.indices.dtype)
    number_of[held] = np.arange(len(held))
    shape = (matrix.shape[0], len(held))
    return sparse.csr_matrix(
        (matrix.data, number_of[matrix.indices], matrix.indptr), shape=shape, copy=False
    )


def place_papers(weighted: Matrix, words: Sequence[str], pool: Executor) -> Floats:
    """Return a point of length 1 for every paper; shape (papers, at most `DIMENSIONS`).

    Args:
        weighted: TF-IDF weights.
        words: What its columns mean.
        pool: Threads to work in; how many there are changes nothing.
    """
    held = np.flatnonzero(np.bincount(weighted.indices, minlength=weighted.shape[1]))
    dimensions = min(DIMENSIONS, min(weighted.shape) // 3)
    if dimensions < 2 or not len(held):
        return np.zeros((weighted.shape[0], 1), dtype=np.float32)
    width = min(dimensions + OVERSAMPLING, *weighted.shape)
    weighted = renumber_columns(weighted, held)
    by_paper, by_word = _Rows.of(weighted, pool), _Rows.of(weighted.T.tocsr(), pool)
    sketch = by_paper.times(_draw_signs([words[column] for column in held.tolist()], width))
    for _ in range(POWER_ITERATIONS):
        sketch = by_paper.times(by_word.times(_orthonormalise(sketch)))
    basis = _orthonormalise(sketch)
    squares, axes = np.linalg.eigh(_multiply_by_itself(by_word.times(basis)))
    kept = slice(None, -dimensions - 1, -1)
    axes, sharpened = axes[:, kept], np.maximum(squares[kept], 0) ** (SHARPNESS / 2)
    placed = np.empty((len(basis), len(sharpened)), dtype=np.float32)
    for row in range(0, len(basis), ROWS):
        points = (basis[row : row + ROWS] @ axes) * sharpened
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        placed[row : row + ROWS] = points / np.maximum(lengths, 1e-12)
    return placed


class _Rows(msgspec.Struct, frozen=True):
    """A sparse matrix cut into rows that take about as long each, and the threads for them.

    Attributes:
        matrix: The matrix.
        bounds: Where its parts begin, and where the last ends.
        pool: The threads.
    """

    matrix: Matrix
    bounds: tuple[int, ...]
    pool: Executor

    @classmethod
    def of(cls, matrix: Matrix, pool: Executor) -> _Rows:
        cuts = np.searchsorted(matrix.indptr, np.linspace(0, matrix.nnz, _PARTS + 1)[1:-1])
        return cls(matrix, (0, *cuts.tolist(), matrix.shape[0]), pool)

    def times(self, dense: Floats) -> Floats:
        product = np.empty((self.matrix.shape[0], dense.shape[1]), dtype=np.float32)

        def fill(first: int, last: int) -> None:
            product[first:last] = self.matrix[first:last] @ dense

        list(self.pool.map(fill, self.bounds, self.bounds[1:]))
        return product


def _draw_signs(words: Sequence[str], width: int) -> Floats:
    """Return random signs for each word, which are the word's own; shape (words, width).

    Drawn by its number, a word would have other signs as soon as some paper brings a new word, and
    one changed abstract would move the neighbours of most papers.
    """
    digests = b"".join(
        hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for word in words
    )
    seeds = np.frombuffer(digests, dtype="<u8").astype(np.uint64)
    signs = np.empty((len(seeds), width), dtype=np.float32)
    for column in range(width):
        mixed = seeds + np.uint64((column + 1) * _GOLDEN % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_MIX)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_MIX_AGAIN)
        signs[:, column] = np.where(mixed >> np.uint64(63), 1, -1)
    return signs


def _multiply_by_itself(columns: Floats) -> NDArray[np.float64]:
    """Return the products of all columns with each other, in double precision."""
    product = np.zeros((columns.shape[1],) * 2)
    for row in range(0, len(columns), ROWS):
        part = columns[row : row + ROWS].astype(np.float64)
        product += part.T @ part
    return product


def _orthonormalise(columns: Floats) -> Floats:
    """Return a basis of what some columns span; tall matrices go twenty times as fast this way.

    Two rounds, since one squares the condition number (Yamamoto et al., CholeskyQR2, 2015); in
    double precision, and by eigenvectors, so that columns that depend on each other do no harm.
    """
    basis = columns
    for _ in range(2):
        squares, axes = np.linalg.eigh(_multiply_by_itself(basis))
        kept = squares > squares[-1] * 1e-10
        basis = basis @ (axes[:, kept] / np.sqrt(squares[kept])).astype(np.float32)
    return basis
