r"""The signs of TeX in running text.

Responsible for telling quickly whether text holds any, and for the pattern that finds the next one.
Not responsible for what they mean (`parsing`).
"""

from __future__ import annotations

import re

# Text without any of these is itself.
_SPECIAL = ("\\", "{", "}", "$", "~", "`", "''", "--", "http://", "https://", "mathcal ")

# One set of signs and letters comes first, so that a search runs at full speed over all others;
# each kind looks back at the sign it began with. (Ten alternatives take thirty times as long.)
TOKEN = re.compile(
    r"[\\{}~`'^hmu-]"
    r"(?:(?<=[hmu])(?:"
    r"(?P<url>(?<=h)ttps?://[^\s{}<>\"`|\\^]+(?:\\[_%#&~][^\s{}<>\"`|\\^]*)*)"
    r"|(?P<link>(?:(?<=\bh)ref|(?<=\bu)rl)(?=\{\s*https?:))"
    r"|(?P<slip>(?<=\bm)athcal [A-Z]\([^()$]{1,60}\)))"
    r"|(?<=\\)(?:(?P<name>[A-Za-z]+)\*?|(?P<sign>.))"
    r"|(?P<brace>(?<=[{}]))"
    r"|(?P<tie>(?<=~))"
    r"|(?P<quote>(?<=`)`|(?<=')')"
    r"|(?P<dash>(?<=(?<!-)-)-{1,2}(?!-))"
    r"|(?P<script>(?<=[\w)]\^)\{[^{}$\\]{1,20}\}))",
    re.DOTALL,
)


def has_tex(text: str) -> bool:
    """Tell whether text may hold any TeX; where it holds none, it is what its parse would print.

    Args:
        text: As its authors wrote it.
    """
    for sign in _SPECIAL:  # noqa: SIM110 - a generator takes three times as long
        if sign in text:
            return True
    return False
