r"""Characters as TeX that BibTeX can hold.

Responsible for special characters, for accents (`{\'e}`, which sorts and shortens well in BibTeX as
it does in biber), and for the braces that keep a title's words as they are when a style changes the
case. Not responsible for which words these are (`title_words`) or for formulas (`writing`).
"""

from __future__ import annotations

import re
import unicodedata

from broadsheet.workers.tex.symbols import ACCENTS
from broadsheet.workers.tex.title_words import WORD, split_punctuation

_TEX_SPECIAL = re.compile("[\\\\{}$&#%_^~\u00a0\u2009]|[\u00c0-\u024f\u1e00-\u1eff]")
_TEX_ESCAPES = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    # To BibTeX `\{` opens a group like any brace, and a lone one would swallow the rest of a file.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "\u00a0": "~",
    "\u2009": r"\,",
}
_LETTERS = {
    "ß": r"{\ss}",
    "ø": r"{\o}",
    "Ø": r"{\O}",
    "ł": r"{\l}",
    "Ł": r"{\L}",
    "æ": r"{\ae}",
    "Æ": r"{\AE}",
    "œ": r"{\oe}",
    "Œ": r"{\OE}",
}
_SIGNS = {mark: sign for sign, mark in ACCENTS.items()}


def escape_tex(text: str) -> str:
    """Return text with TeX's special characters escaped, and letters with one accent as commands.

    Letters that TeX has no short command for stay as they are.
    """
    return _TEX_SPECIAL.sub(_escape, text)


def escape_words(text: str, kept: frozenset[str]) -> str:
    """Return text escaped, with words in braces that must keep their case.

    Args:
        text: Running text.
        kept: The words: see `title_words.words_to_keep`.
    """
    if not kept:
        return escape_tex(text)
    parts = []
    end = 0
    for match in WORD.finditer(text):
        before, word, after = split_punctuation(match[0])
        if word in kept:
            parts += [escape_tex(text[end : match.start()] + before), keep_case(escape_tex(word))]
            end = match.end() - len(after)
    return "".join(parts) + escape_tex(text[end:])


def keep_case(tex: str) -> str:
    r"""Return TeX in braces, so that no style changes its case.

    Braces that begin with a command are one accented letter to BibTeX, which changes its case;
    a second pair keeps it.
    """
    return f"{{{{{tex}}}}}" if tex.startswith("\\") else f"{{{tex}}}"


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char.isascii() or char in _TEX_ESCAPES:
        return _TEX_ESCAPES.get(char, "\\" + char)
    if char in _LETTERS:
        return _LETTERS[char]
    parts = unicodedata.normalize("NFD", char)
    letter, sign = parts[0], _SIGNS.get(parts[1:])
    if sign is None or not letter.isascii():
        return char
    return f"{{\\{sign} {letter}}}" if sign.isalpha() else f"{{\\{sign}{letter}}}"
