"""Whether the links within bodies lead to a page, and to a place on it.

Responsible for checking what the conversion resolved, when all pages are known. Not responsible for
resolving links (`workers.body_links`) or for those to a body's own headings (`workers.headings`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import unquote

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.addresses import record_url
from broadsheet.planning.texts import Texts

# What the anchors of bodies begin with; other ids of a page are its template's.
_HEADING = "s-"
_OF_BODIES = (_HEADING, "fn:", "fnref")


def check_targets(texts: Texts, known: Collection[str]) -> Iterator[Finding]:
    """Yield the links that lead to no page of the site, or to no heading of a record.

    Args:
        texts: Converted texts by the path of the record.
        known: Every address of the site.
    """
    if not any(text.targets for text in texts.values()):
        return
    anchors = {record_url(source): frozenset(text.anchors) for source, text in texts.items()}
    for source, text in texts.items():
        for target, written in text.targets:
            address, _, fragment = target.partition("#")
            url = unquote(address.split("?")[0])
            if url not in known and f"{url}/" not in known:
                message = f"the link '/{target}' leads to no page of this site"
                hint = "write the address from the root: /papers/<id>/"
                yield _broken(source, written, message, hint)
                continue
            names = anchors.get(url, anchors.get(f"{url}/"))
            if names is not None and _misses(unquote(fragment), names):
                message = f"the link '/{target}' names no heading of that page"
                hint = "write the path of its file and the heading's words: b.md#my-heading"
                yield _broken(source, written, message, hint)


def _misses(fragment: str, names: frozenset[str]) -> bool:
    """Tell whether a fragment is no anchor of a body, though only its headings can be meant."""
    if fragment.startswith(_OF_BODIES):
        return fragment not in names
    return f"{_HEADING}{fragment}" in names


def _broken(source: str, written: str, message: str, hint: str) -> Finding:
    return Finding(code=Code.BROKEN_LINK, message=message, source=source, quote=written, hint=hint)
