"""Titles, TL;DRs and abstracts from text to HTML and plain text.

Responsible for the short way that text without any TeX takes, and for paragraphs. Not responsible
for the parse (`parsing`) or for bodies, which are Markdown (`workers.bodies`).
"""

from __future__ import annotations

import re
from html import escape

from broadsheet.planning.views import RichText
from broadsheet.workers.tex.normalising import Macros
from broadsheet.workers.tex.parsing import TexReport, parse_tex
from broadsheet.workers.tex.segments import Segment
from broadsheet.workers.tex.signs import has_tex
from broadsheet.workers.tex.writing import to_html, to_plain

# What no text may hold: the marks of tokens, controls, signs that turn the direction of what
# follows, and code points that are no characters.
PRIVATE = re.compile(
    "[\u202d\u202e\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\ue00f\ufffe\uffff]"
)

_PARAGRAPH = re.compile(r"\n[ \t]*\n")


def convert_line(
    macros: Macros, text: str, report: TexReport, *, has_links: bool
) -> tuple[RichText, tuple[Segment, ...]]:
    """Convert a title or TL;DR.

    Args:
        macros: The site's own TeX commands.
        text: TeX-flavoured text of one line.
        report: Where unknown commands are noted.
        has_links: Whether links are written; a title stands within a link itself.

    Returns:
        The text, and its segments; none for text without any TeX, which takes the short way.
    """
    clean = _fold(text)
    if not has_tex(clean):
        return RichText(escape(clean, quote=False), clean), ()
    segments = parse_tex(clean, report, macros)
    html = to_html(segments, macros, has_links=has_links)
    return RichText(html, to_plain(segments, macros)), segments


def convert_paragraphs(
    macros: Macros, text: str, report: TexReport
) -> tuple[RichText, tuple[Segment, ...]]:
    """Convert an abstract: paragraphs between blank lines.

    Args:
        macros: The site's own TeX commands.
        text: TeX-flavoured text.
        report: Where unknown commands are noted.

    Returns:
        The text, and the segments of all its paragraphs.
    """
    html: list[str] = []
    plain: list[str] = []
    every: list[Segment] = []
    for paragraph in _PARAGRAPH.split(text):
        if not paragraph.strip():
            continue
        line, segments = convert_line(macros, paragraph, report, has_links=True)
        html.append(f"<p>{line.html}</p>")
        plain.append(line.plain)
        every += segments
    return RichText("".join(html), "\n\n".join(plain)), tuple(every)


def _fold(text: str) -> str:
    """Return text on one line, without what no text may hold, none of which is printable."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    folded = " ".join(text.split())
    return folded if folded.isprintable() else " ".join(PRIVATE.sub("", folded).split())
