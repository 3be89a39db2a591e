"""The small decisions about one sign in running text: ties, quotes, dashes, addresses, sets.

Responsible for pure functions that look at a sign and what stands around it. Not responsible for
finding the signs (`parsing`).
"""

from __future__ import annotations

import re

from broadsheet.workers.tex.segments import Segment, Text

MAX_ITEM_WORDS = 4

_TRAILING = frozenset(".,;:!?'\")]»”’")
_SINGLE_QUOTED = re.compile(r"(?<!`)`([^`'$\\]{1,80})'(?!['\w])")
_QUOTED_WORDS = r"(?=\S)((?:[^`\"'$\\]|'(?!')|\\[%&_]){1,120})(?<=\S)"
# ``words" and "words'', each with the other's closing sign.
_MIXED_QUOTES = re.compile(rf"(?<!`)``{_QUOTED_WORDS}\"(?!\w)")
_MIXED_CLOSING = re.compile(rf"(?<![\w\"\\'])\"{_QUOTED_WORDS}''(?!['\w])")
_LAST_SPACE = re.compile(r"(?<=[^\\])(?:\\\\)*(\\)$")
_BEFORE_WORD = ("", " ", "(", "[", "{", "/", "-", "—", "–")
_QUOTES = ("'", '"', "`", "‘", "“")
_BEFORE_OPTION = ("", " ", "(", "[", "{")
_NOT_IN_SET = re.compile(r"[\\{}()$]|^\s")
_SPACES = re.compile(" {2,}")
_ESCAPE = re.compile(r"\\([_%#&~])")


def read_tie(text: str, start: int) -> str:
    """Return what `~` stands for: a space, "about" before a number, or "to" between two.

    Args:
        text: The paragraph.
        start: Offset of the sign.
    """
    before = text[start - 1 : start] if start else ""
    after = text[start + 1 : start + 2]
    if before.isdigit() and after.isdigit():
        return "~"
    if before.strip() and after.strip() and before not in "([{":
        return "\u00a0"
    if after.isdigit() or after in ("$", "\\"):
        return "~"
    return " " if before.strip() else "~"


def drop_last_space(text: str) -> str:
    r"""Return text without the backslash of a `\ ` at its end, whose space was folded away.

    Args:
        text: The paragraph, without space at its ends.
    """
    return text[:-1] if text.endswith("\\") and _LAST_SPACE.search(text) else text


def pair_quotes(text: str) -> str:
    """Return text with the quotation marks that only their pair explains: `words', ``words".

    Args:
        text: The paragraph.
    """
    if '"' in text:
        text = _MIXED_QUOTES.sub("“\\1”", text) if "``" in text else text
        text = _MIXED_CLOSING.sub("“\\1”", text) if "''" in text else text
    return _SINGLE_QUOTED.sub("‘\\1’", text) if "`" in text else text


def read_quote(text: str, start: int, sign: str) -> str:
    """Return a double quotation mark; two apostrophes before a word open it.

    Args:
        text: The paragraph.
        start: Offset of the sign.
        sign: Two backticks or two apostrophes.
    """
    before = text[start - 1 : start] if start else ""
    after = text[start + 2 : start + 3]
    is_before_word = after.isalnum() or after in ("<", "\\")
    is_opening = sign == "``" or (before in _BEFORE_WORD and is_before_word)
    return "“" if is_opening else "”"


def read_dash(text: str, start: int, sign: str) -> str:
    """Return an em dash for three hyphens, an en dash for two; options and arrows stay.

    Args:
        text: The paragraph.
        start: Offset of the first hyphen.
        sign: The hyphens.
    """
    if text[start + len(sign) : start + len(sign) + 1] == ">" or text[max(start - 1, 0)] == "<":
        return sign
    if len(sign) == len("---"):
        return "—"
    before = text[max(start - 2, 0) : start]
    if before[-1:] in _QUOTES:
        before = before[:-1]
    after = text[start + 2 : start + 3]
    is_option = before[-1:] in _BEFORE_OPTION and (after.isalnum() or after == "_")
    return sign if is_option else "–"


def trim_address(address: str) -> str:
    """Return an address without the punctuation that belongs to the sentence around it.

    Args:
        address: What looks like an address in running text.
    """
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while end and address[end - 1] in _TRAILING:
        if address[end - 1] == ")":
            if surplus <= 0:
                break
            surplus -= 1
        end -= 1
    return address[:end]


def unescape_address(address: str) -> str:
    r"""Return an address without TeX's backslashes (`\_`, `\%`)."""
    return _ESCAPE.sub(r"\1", address).strip()


def is_set(group: str) -> bool:
    """Tell whether a bare group is rather a set whose braces are meant: `{-1, 0, 1}`.

    Args:
        group: What stands between the braces.
    """
    if "," not in group or _NOT_IN_SET.search(group):
        return False
    return all(len(item.split()) <= MAX_ITEM_WORDS for item in group.split(","))


def join_text(segments: list[Segment]) -> tuple[Segment, ...]:
    """Join neighbouring text; what was left out between two spaces takes one of them with it.

    Args:
        segments: In order; empty text is left out.
    """
    joined: list[Segment] = []
    run: list[str] = []
    for segment in segments:
        if isinstance(segment, Text):
            run.append(segment.text)
            continue
        if run:
            joined.append(Text(_unify_spaces("".join(run))))
            run = []
        joined.append(segment)
    if run:
        joined.append(Text(_unify_spaces("".join(run))))
    return tuple(s for s in joined if not isinstance(s, Text) or s.text)


def _unify_spaces(text: str) -> str:
    return _SPACES.sub(" ", text) if "  " in text else text


def trim_text(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return segments without space at either end.

    Args:
        segments: As `join_text` leaves them.
    """
    trimmed = list(segments)
    if trimmed and isinstance(trimmed[0], Text):
        trimmed[0] = Text(trimmed[0].text.lstrip())
    if trimmed and isinstance(trimmed[-1], Text):
        trimmed[-1] = Text(trimmed[-1].text.rstrip())
    return tuple(s for s in trimmed if not isinstance(s, Text) or s.text)
