"""Which outputs may show something that the last build did not.

Responsible for comparing what there is to show of each record with what there was. Not responsible
for what is remembered (`last_build`) or for making outputs anew (`making`).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from broadsheet.assembly.build_values import CheckedSite
from broadsheet.assembly.last_build import Shown
from broadsheet.planning.edition import Edition
from broadsheet.planning.outlines import Outline


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What became of records since the last build, where all else is as it was.

    Attributes:
        texts: Paths of the records with another text.
        beside: Paths of the papers with other papers beside them.
        lines: Ids of the papers with another title or TL;DR.
    """

    texts: frozenset[str]
    beside: frozenset[str]
    lines: frozenset[str]

    def touch(self, outline: Outline, edition: Edition) -> bool:
        """Tell whether an output may show any of them.

        It shows what its outline says, since it is filled from nothing else (`planning.shown`).

        Args:
            outline: The output.
            edition: What it would be filled from.
        """
        return (
            not self.texts.isdisjoint(outline.shows)
            or (outline.has_related and not self.beside.isdisjoint(outline.shows))
            or (bool(self.lines) and not self.lines.isdisjoint(outline.lists(edition)))
        )


def collect_shown(site: CheckedSite) -> dict[str, Shown]:
    """Return what outputs may show of each record beside the frame, by its path."""
    content = site.content
    beside = {p.source: site.beside.get(p.id, "") for p in site.library.papers.values()}
    return {
        path: Shown(text, content.lines[path], beside.get(path, ""))
        for path, text in content.text_keys.items()
    }


def compare_shown(before: Mapping[str, Shown], now: Mapping[str, Shown]) -> Changes:
    """Return what differs between two builds with one frame, which has the records' paths."""
    texts, beside, lines = set(), set(), set()
    for path, shown in now.items():
        was = before.get(path)
        if was == shown:
            continue
        if was is None or was.text != shown.text:
            texts.add(path)
        if was is None or was.beside != shown.beside:
            beside.add(path)
        if was is None or was.lines != shown.lines:
            lines.add(path.rpartition("/")[2].removesuffix(".md"))
    return Changes(texts=frozenset(texts), beside=frozenset(beside), lines=frozenset(lines))
