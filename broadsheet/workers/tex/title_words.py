"""Words of a title whose capitals mean something.

Responsible for telling acronyms, mixed case and proper names from words that are capitalised
because they stand in a title; bibliography styles that set titles in lower case must leave them.
Not responsible for how they are marked (`escaping`).
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    """Read a set that is written as words."""
    return frozenset(text.split())


WORD = re.compile(r"[^\s‐-―/-]+")
_CORE = re.compile(r"[\w$][\w$+#'’.&@*]*[\w$+#*]|[\w$]")
_SENTENCE_END = re.compile(r"[:.?!—–]$")
# Words after persons, languages and products, which titles in capitals hide among the others.
_PROPER = _words(
    """
    Abel Arabic Bayes Bayesian Bellman Bengali Bernoulli Boltzmann Boolean Brownian Cartesian
    Chernoff Chinese Cholesky Christoffel Copernicus Danish Dirac Dirichlet Dutch Einstein
    English Euclid Euclidean Euler Eulerian European Finnish Fisher Fourier French Frobenius
    Galerkin Galileo Gaussian German Gibbs Git Google Grassmann Greek Green Hamiltonian
    Hausdorff Hebbian Hebrew Hermite Hermitian Hessian Hilbert Hindi Hungarian Indian
    Indonesian Internet Ising Italian Jacobi Jacobian Japanese Java Julia Kalman Kolmogorov
    Korean Kronecker Kubernetes Lagrangian Langevin Laplace Laplacian Latin Lebesgue Legendre
    Linux Lipschitz Lyapunov Mandarin Markov Markovian Minkowski Monte Carlo Moore Nash Newton
    Newtonian Nyquist Nyström Ornstein Pareto Parkinson Parseval Persian Plato Platonic
    Poisson Polish Portuguese Python Reddit Riemann Riemannian Russian Rust Schrödinger
    Shannon Shapley Sobolev Socratic Spanish Stein Swahili Swedish Sylvester Taylor Tsallis
    Turing Turkish Twitter Ukrainian Urdu Vietnamese Wasserstein Wiener Wikipedia Windows Zipf
    """
)


def words_to_keep(title: str) -> frozenset[str]:
    """Return the words of a title that must keep their case.

    These are acronyms and mixed case (`GPT`, `BioBERT`, `T5`, `C++`), well-known names, and, in a
    title that is not written in capitals throughout, words with a capital amid a sentence. A title
    that shouts every word tells nothing.

    Args:
        title: Plain text.
    """
    words = [split_punctuation(word)[1] for word in WORD.findall(title)]
    long = [word for word in words if _has_four_letters(word)]
    if len(long) > 1 and all(word.isupper() for word in long):
        return frozenset()
    kept = {word for word in words if word in _PROPER or _is_special(word)}
    lower = sum(word.islower() for word in long)
    if long and lower > len(long) / 2:
        kept |= _capitals_within_sentences(title)
    return frozenset(kept)


def split_punctuation(word: str) -> tuple[str, str, str]:
    """Return what stands before, in and behind a word: `("(", "LLMs", "),")`."""
    if word.isalnum():
        return "", word, ""
    match = _CORE.search(word)
    if match is None:
        return word, "", ""
    return word[: match.start()], match[0], word[match.end() :]


def _has_four_letters(word: str) -> bool:
    return len(word) > 3 and (word.isalpha() or sum(char.isalpha() for char in word) > 3)


def _is_special(word: str) -> bool:
    if word.isascii() and word[1:].islower():  # as most words are, told without a look at each sign
        return False
    letters = [char for char in word if char.isalpha()]
    capitals = [char for char in letters if char.isupper()]
    if len(letters) == 1:
        return bool(capitals) and word != "A"
    return len(capitals) > 1 or bool(capitals and not word[0].isupper())


def _capitals_within_sentences(title: str) -> set[str]:
    found = set()
    begins = True
    for token in title.split():
        for part in WORD.findall(token):
            _, word, _ = split_punctuation(part)
            if word[:1].isupper() and not begins and word != "A":
                found.add(word)
            begins = False
        begins = _SENTENCE_END.search(token) is not None
    return found
