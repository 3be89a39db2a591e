"""What programs look for at a site's root: sitemap, robots, headers.

Responsible for what stands in them. Not responsible for how the sitemap is written
(`workers.sitemap_files`), for feeds (`plan_feeds`) or for the data (`plan_api`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from broadsheet.domain.library import Library
from broadsheet.domain.records import Paper
from broadsheet.planning import addresses
from broadsheet.planning.edition import Edition
from broadsheet.planning.file_views import SitemapEntry, SitemapPage, TextFile
from broadsheet.planning.headers import HeaderPolicy
from broadsheet.planning.outlines import Filled, Outline

MAX_SITEMAP_ENTRIES = 50_000


def plan_sitemap(edition: Edition, outlines: tuple[Outline, ...]) -> Iterator[Outline]:
    """Plan the sitemap, whose addresses must be complete: without `base_url` there is none.

    Args:
        edition: What is being planned.
        outlines: All pages; those that search engines may index are listed.
    """
    if edition.settings.base_url:
        yield Outline(
            url=addresses.SITEMAP,
            template="sitemap.xml",
            fill=partial(_fill_sitemap, outlines=outlines),
            is_page=False,
        )


def _fill_sitemap(edition: Edition, outlines: tuple[Outline, ...]) -> Filled:
    base = edition.settings.base_url
    modified = _last_changes(edition.library)
    listed = sorted(page.url for page in outlines if page.is_page and page.is_indexed)
    entries = tuple(
        SitemapEntry(url=base + url, modified=modified.get(url, ""))
        for url in listed[:MAX_SITEMAP_ENTRIES]
    )
    return Filled(SitemapPage(entries=entries))


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
