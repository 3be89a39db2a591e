"""The outline of a body: levels without gaps, anchors, and links to them.

Responsible for headings in HTML that has passed the allow-list. Not responsible for the page's own
headings, which are in the templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

PREFIX = "s-"
MAX_ANCHOR = 60

_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_FRAGMENT = re.compile(r'(<a href=")#([^"]*)"')
_ID = re.compile(r'<(?:h[1-6]|li|sup) id="([^"]*)"')
_NO_WORD = re.compile(r"\W+")


def outline_headings(html: str, base: int, to_plain: Callable[[str], str]) -> str:
    """Give headings levels that begin at a base and skip none, and anchors that are unique.

    Args:
        html: The body.
        base: Level of its highest headings.
        to_plain: Returns text with its tokens replaced by plain text.
    """
    levels = [int(match[1]) for match in _HEADING.finditer(html)]
    if not levels:
        return html
    shown = iter(_close_gaps(levels, base))
    taken: set[str] = set()

    def replace(match: re.Match[str]) -> str:
        level = next(shown)
        words = to_plain(unescape(_TAG.sub("", match[2])))
        return f'<h{level} id="{PREFIX}{_name_anchor(words, taken)}">{match[2]}</h{level}>'

    return _HEADING.sub(replace, html)


def _close_gaps(levels: list[int], base: int) -> list[int]:
    """Return levels that begin at a base, and of which none is more than one below the last."""
    lowest = min(levels)
    closed: list[int] = []
    for level in levels:
        deepest = closed[-1] + 1 if closed else base
        closed.append(min(base + level - lowest, deepest, 6))
    return closed


def _name_anchor(words: str, taken: set[str]) -> str:
    """Return a heading's words as an anchor, in any script; later ones of a name get a number."""
    base = _NO_WORD.sub("-", words.lower())[:MAX_ANCHOR].strip("-_") or "section"
    name = base
    number = 2
    while name in taken:
        name = f"{base}-{number}"
        number += 1
    taken.add(name)
    return name


def find_anchors(html: str) -> tuple[str, ...]:
    """Return the ids that links may lead to.

    Args:
        html: The body.
    """
    return tuple(_ID.findall(html))


def resolve_fragments(html: str, on_missing: Callable[[str], None]) -> str:
    """Point links such as `#method` at the heading of that name.

    Args:
        html: The body, with its anchors.
        on_missing: Called with a fragment that names nothing.
    """
    if '<a href="#' not in html:
        return html
    known = set(_ID.findall(html))

    def replace(match: re.Match[str]) -> str:
        name = unescape(match[2])
        if PREFIX + name in known:
            return f'{match[1]}#{PREFIX}{escape(name)}"'
        if name and name not in known:
            on_missing(f"#{name}")
        return match[0]

    return _FRAGMENT.sub(replace, html)
