"""The addresses that a finished page holds, and the places on it that others may lead to.

Responsible for finding them in HTML of any theme, which need not be ours, at a speed that allows
for ten thousand pages. Not responsible for whether they lead anywhere (`effects.site_links`) or for
links in Markdown (`body_links`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

# A comment, a script or style with all that is in it, or a tag; quoted values may hold any sign.
_ATTRIBUTES = r"""[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*"""
_TAG = re.compile(
    rf"<!--.*?-->|<(script|style)\b({_ATTRIBUTES})>.*?</\1\s*>|<([a-z][^\s/>]*)({_ATTRIBUTES})>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])(href|src|srcset|action|poster|data-root|data-module|content|http-equiv|id|name)"""
    r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)
# Those that a browser itself follows; a script puts names behind the others.
_FOLLOWED = ("href", "src", "action")
_PLAIN = ("href", "src", "action", "poster", "data-root", "data-module")


class PageLinks:
    """What a page links to and what can be linked to on it.

    Attributes:
        addresses: The addresses as written, without repetitions, in the order of the page.
        anchors: Ids of its elements.
    """

    __slots__ = ("addresses", "anchors")

    def __init__(self, text: str) -> None:
        """Look through a page."""
        found: dict[str, None] = {}
        anchors: set[str] = set()
        for name, value in iterate_attributes(text):
            if name in ("id", "name"):
                anchors.add(value)
            else:
                found[value] = None
        self.addresses = tuple(found)
        self.anchors = frozenset(anchors)


def iterate_attributes(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a page's attributes hold: `id`s and addresses, each with its attribute's name.

    The address of a `refresh` and each one of a `srcset` come under those names.

    Args:
        text: The page.
    """
    for tag in _TAG.finditer(text):
        attributes = tag[2] or tag[4]
        if attributes and "=" in attributes:
            name = (tag[1] or tag[3]).lower()
            yield from _attributes_of(name, attributes)


def _attributes_of(tag: str, attributes: str) -> Iterator[tuple[str, str]]:
    values = {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(attributes)
    }
    for name, value in values.items():
        if name in _PLAIN or name == "id":
            yield name, value.strip()
        elif name == "name" and tag == "a":
            yield name, value
        elif name == "srcset":
            for candidate in value.split(","):
                if candidate.split():
                    yield name, candidate.split()[0]
        elif name == "content" and values.get("http-equiv", "").lower() == "refresh":
            yield "refresh", value.partition("=")[2].strip(" '\"")


def rewrite_addresses(text: str, rewrite: dict[str, str]) -> str:
    """Return a page with some of its addresses replaced.

    Args:
        text: The page.
        rewrite: New addresses by old ones, both as they mean, without character references.
    """

    def in_tag(tag: re.Match[str]) -> str:
        attributes = tag[2] or tag[4]
        if not attributes or "=" not in attributes:
            return tag[0]
        start = tag.start(2) if tag[2] else tag.start(4)
        before, after = (
            tag[0][: start - tag.start()],
            tag[0][start - tag.start() + len(attributes) :],
        )
        return before + _ATTRIBUTE.sub(in_attribute, attributes) + after

    def in_attribute(match: re.Match[str]) -> str:
        value = match[2] or match[3] or match[4] or ""
        if match[1].lower() == "content":
            head, equals, address = value.partition("=")
            new = rewrite.get(unescape(address))
            return match[0].replace(value, head + equals + new) if new and equals else match[0]
        new = rewrite.get(unescape(value)) if match[1].lower() in _FOLLOWED else None
        return match[0] if new is None else f'{match[1]}="{_escape(new)}"'

    return _TAG.sub(in_tag, text)


def _escape(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;")
