"""What programs look for at a site's root: sitemap, robots, headers.

Responsible for what stands in them. Not responsible for how they are written (`workers`), for feeds
(`plan_feeds`) or for the data (`plan_api`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from html import escape

import msgspec

from broadsheet.domain.library import Library
from broadsheet.domain.records import Paper
from broadsheet.planning import addresses
from broadsheet.planning.edition import Edition
from broadsheet.planning.file_views import SitemapEntry, SitemapIndex, SitemapPage, TextFile
from broadsheet.planning.headers import HeaderPolicy
from broadsheet.planning.outlines import Filled, Outline

# What one file may hold (sitemaps.org); its 50 MB are 52,428,800 bytes.
MOST_ENTRIES, MOST_BYTES = 50_000, 50_000_000
# The tags around an address, its day among them.
_ENTRY_BYTES = 100


class SitemapLimits(msgspec.Struct, frozen=True):
    """What one file of a sitemap may hold.

    Attributes:
        entries: Addresses at most.
        size: Bytes at most.
    """

    entries: int = MOST_ENTRIES
    size: int = MOST_BYTES


PROTOCOL = SitemapLimits()


def plan_sitemap(
    edition: Edition, outlines: tuple[Outline, ...], limits: SitemapLimits = PROTOCOL
) -> Iterator[Outline]:
    """Plan the sitemap, whose addresses must be complete: without `base_url` there is none.

    Where one file cannot hold all addresses, `sitemap.xml` names the files that do.

    Args:
        edition: What is being planned.
        outlines: All pages; those that search engines may index are listed.
        limits: What one file may hold.
    """
    base = edition.settings.base_url
    if not base:
        return
    listed = sorted(page.url for page in outlines if page.is_page and page.is_indexed)
    days = cache(partial(_last_changes, edition.library))
    parts = _cut_sitemap(base, listed, limits)
    urls = [addresses.SITEMAP]
    if len(parts) > 1:
        urls = [addresses.sitemap_part_url(number) for number in range(1, len(parts) + 1)]
        fill = partial(_fill_index, parts=dict(zip(urls, parts, strict=True)), days=days)
        yield Outline(url=addresses.SITEMAP, template="sitemap-index", fill=fill, is_page=False)
    for url, part in zip(urls, parts, strict=True):
        fill = partial(_fill_sitemap, listed=part, days=days)
        yield Outline(url=url, template="sitemap.xml", fill=fill, is_page=False)


def _cut_sitemap(base: str, listed: list[str], limits: SitemapLimits) -> list[list[str]]:
    """Return the addresses of each file: one at least, with all of them where they fit."""
    longest = max((len(escape(base + url).encode()) for url in listed), default=0)
    most = max(min(limits.entries, limits.size // (longest + _ENTRY_BYTES) - 1), 1)
    return [listed[start : start + most] for start in range(0, len(listed), most)] or [[]]


def _fill_sitemap(
    edition: Edition, listed: list[str], days: Callable[[], dict[str, str]]
) -> Filled:
    base, modified = edition.settings.base_url, days()
    entries = (SitemapEntry(url=base + url, modified=modified.get(url, "")) for url in listed)
    return Filled(SitemapPage(entries=tuple(entries)))


def _fill_index(
    edition: Edition, parts: dict[str, list[str]], days: Callable[[], dict[str, str]]
) -> Filled:
    base, modified = edition.settings.base_url, days()
    entries = (
        SitemapEntry(url=base + url, modified=max((modified.get(u, "") for u in part), default=""))
        for url, part in parts.items()
    )
    return Filled(SitemapIndex(sitemaps=tuple(entries)))


def plan_text_files(edition: Edition, policy: HeaderPolicy) -> Iterator[Outline]:
    """Plan robots.txt, `_headers` and `.nojekyll`."""
    base = edition.settings.base_url
    robots = f"User-agent: *\nAllow: /\nSitemap: {base}{addresses.SITEMAP}\n"
    if not base:
        robots = "User-agent: *\nAllow: /\n"
    for url, text in (
        ("robots.txt", robots),
        ("_headers", policy.headers_file()),
        (".nojekyll", ""),
    ):
        yield outline_text(url, text)


def outline_text(url: str, text: str) -> Outline:
    """Return the outline of a file whose words are known."""
    filled = Filled(TextFile(text=text))
    return Outline(url=url, template="text", fill=lambda _: filled, is_page=False)


def _last_changes(library: Library) -> dict[str, str]:
    """Return the day of the last change by address: of papers, and of what lists them."""
    days = {paper.id: _last_change(paper) for paper in library.papers.values()}
    modified = {addresses.paper_url(paper_id): day for paper_id, day in days.items()}
    for slug, ids in library.topics.papers.items():
        modified[addresses.topic_url(slug)] = max((days[i] for i in ids), default="")
    for key, digest in library.digests.items():
        modified[addresses.digest_url(key)] = max((days[i] for i in digest.papers), default="")
    return modified


def _last_change(paper: Paper) -> str:
    days = [paper.featured] if paper.featured is not None else []
    known = (when for when in (paper.date, paper.updated) if when is not None)
    days += [when.first_day() for when in known if when.day]
    return max(days).isoformat() if days else ""
