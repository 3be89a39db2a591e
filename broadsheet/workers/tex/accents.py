r"""Letters with accents: `\'e`, `\"{o}`, `\c c`, and the apostrophes that look like them.

Responsible for reading the letter below an accent. Not responsible for the table of accents
(`symbols`) or for other commands (`commands`).
"""

from __future__ import annotations

import re
import unicodedata

from broadsheet.workers.tex import symbols
from broadsheet.workers.tex.cursors import Cursor
from broadsheet.workers.tex.segments import Text, letters_of

_DOT_ABOVE = "\u0307"
# Real records escape apostrophes, `the model\'s`; each of these ends a word in English.
_ENDING = re.compile(r"(?:s|t|ll|re|ve|d|m|all|clock)(?!\w)", re.IGNORECASE)
# ... and quotation marks, `\"open\"`: the same sign closes them, where no letter is to follow.
_CLOSING = r"(?:(?!\\).|\\(?!{sign})){{0,80}}(?<=[^\s\\])\\{sign}(?![\w{{\\])"
_QUOTED = {sign: re.compile(_CLOSING.format(sign=sign)) for sign in "'\""}
_BEFORE_WORD = ("", " ", "(", "[", "{", "-")
# The letters that these three accents stand on: by themselves, and only before another letter.
_BASES = {
    "'": ("aeiouycnzæøå", "slrgkmpw"),
    "`": ("aeiouy", "n"),
    '"': ("aeiouy", ""),
}


def read_accent(cursor: Cursor, sign: str) -> Text | None:
    r"""Read the letter below an accent: `\'e`, `\"{o}`, `\c c`, `\'\i`.

    Args:
        cursor: Stands behind the accent.
        sign: The accent's name.

    Returns:
        The letter with its accent; None, with nothing read, when no letter follows.
    """
    start = cursor.position
    if sign.isalpha():
        cursor.skip(" ")
    if cursor.has_argument():
        letters = letters_of(cursor.argument())
        accented = _put_accent(letters, sign)
        return Text(accented or letters) if letters else None
    letter = "" if _is_quotation_mark(cursor, sign) else _read_letter(cursor)
    accented = _put_accent(letter, sign)
    # No script has the letter that `don\'t` would make.
    if accented is None or not (sign.isalpha() or len(accented) == 1):
        cursor.position = start
        return None
    return Text(accented)


def _read_letter(cursor: Cursor) -> str:
    """Read the next letter, or `i` and `j` without their dots."""
    following = cursor.text[cursor.position : cursor.position + 3]
    is_dotless = following[:2] in ("\\i", "\\j") and not following[2:].isalpha()
    letter = following[1:2] if is_dotless else following[:1]
    cursor.position += 2 if is_dotless else len(letter)
    if is_dotless and not cursor.skip("{}"):
        cursor.skip(" ")
    return letter


def _put_accent(letters: str, sign: str) -> str | None:
    """Return letters, the first with an accent; None when they begin with none."""
    first = letters[:1].replace("ı", "i").replace("ȷ", "j")
    mark = symbols.ACCENTS[sign]
    if mark == _DOT_ABOVE and first in ("i", "j"):
        return letters.replace("ı", "i").replace("ȷ", "j")
    if not first.isalpha():
        return None
    return unicodedata.normalize("NFC", first + mark) + letters[1:]


def _is_quotation_mark(cursor: Cursor, sign: str) -> bool:
    r"""Tell whether a sign without a group is itself: `it\'s`, `\"open\"`, `\'the`."""
    bases = _BASES.get(sign)
    if bases is None:
        return False
    text, start = cursor.text, cursor.position
    letter = text[start : start + 1].lower()
    if letter == "\\":
        return False
    # The accent itself, a backslash and its sign, stands between.
    is_within_word = text[max(start - 3, 0) : max(start - 2, 0)] not in _BEFORE_WORD
    if is_within_word:
        if sign == "'" and _ENDING.match(text, start):
            return True
    elif sign in _QUOTED and _QUOTED[sign].match(text, start):
        return True
    always, before_letter = bases
    is_base = letter in always or (
        letter in before_letter and text[start + 1 : start + 2].isalpha()
    )
    return not letter or not is_base
