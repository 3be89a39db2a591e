"""What TeX-flavoured text is made of.

Responsible for the types between the parser (`parsing`) and the writers (`writing`). Not
responsible for either.
"""

from __future__ import annotations

import msgspec


class Text(msgspec.Struct, frozen=True):
    """Characters as they are read: Unicode, with all TeX resolved."""

    text: str


class Styled(msgspec.Struct, frozen=True):
    """Segments in a style.

    Attributes:
        style: `strong`, `em`, `sc` (small capitals), `u`, `sup` or `sub`.
        children: What is in that style.
    """

    style: str
    children: tuple[Segment, ...]


class Code(msgspec.Struct, frozen=True):
    """Characters in the typewriter style."""

    text: str


class Link(msgspec.Struct, frozen=True):
    """Segments that link somewhere.

    Attributes:
        href: A complete address that passed `links.safe_url`.
        children: The link's words.
    """

    href: str
    children: tuple[Segment, ...]


class Math(msgspec.Struct, frozen=True):
    """A formula.

    Attributes:
        tex: Its TeX, without delimiters.
        is_display: Whether it stands on a line of its own.
    """

    tex: str
    is_display: bool


Segment = Text | Styled | Code | Link | Math


def letters_of(segments: tuple[Segment, ...]) -> str:
    """Return the characters of segments without their styles, formulas as their TeX.

    Args:
        segments: In order.
    """
    parts = []
    for segment in segments:
        if isinstance(segment, (Text, Code)):
            parts.append(segment.text)
        elif isinstance(segment, Math):
            parts.append(segment.tex)
        else:
            parts.append(letters_of(segment.children))
    return "".join(parts)


def style_segments(style: str, segments: tuple[Segment, ...]) -> Segment:
    """Return segments in a style.

    Args:
        style: One of `Styled`, or `code`, which holds characters only.
        segments: What is in that style.
    """
    return Code(letters_of(segments)) if style == "code" else Styled(style, segments)
