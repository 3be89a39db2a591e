"""What programs look for at a site's root: sitemap, robots, headers.

Responsible for what stands in them. Not responsible for how the sitemap is written
(`workers.sitemap_files`), for feeds (`plan_feeds`) or for the data (`plan_api`).
"""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.domain.records import Paper
from broadsheet.planning import addresses
from broadsheet.planning.edition import Edition
from broadsheet.planning.file_views import SitemapEntry, SitemapPage, TextFile
from broadsheet.planning.headers import HeaderPolicy
from broadsheet.planning.plan_types import PagePlan

MAX_SITEMAP_ENTRIES = 50_000


def plan_sitemap(edition: Edition, pages: tuple[PagePlan, ...]) -> Iterator[PagePlan]:
    """Plan the sitemap, whose addresses must be complete: without `base_url` there is none.

    Args:
        edition: What is being planned.
        pages: The plans of all pages; those that search engines may index are listed.
    """
    base = edition.settings.base_url
    if not base:
        return
    modified = {
        addresses.paper_url(paper.id): _last_change(paper)
        for paper in edition.library.papers.values()
    }
    listed = sorted(p.url for p in pages if p.head is not None and p.head.is_indexed)
    entries = tuple(
        SitemapEntry(url=base + url, modified=modified.get(url, ""))
        for url in listed[:MAX_SITEMAP_ENTRIES]
    )
    view = SitemapPage(entries=entries)
    yield PagePlan(url=addresses.SITEMAP, template="sitemap.xml", view=view)


def plan_text_files(edition: Edition, policy: HeaderPolicy) -> Iterator[PagePlan]:
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
        yield PagePlan(url=url, template="text", view=TextFile(text=text))


def _last_change(paper: Paper) -> str:
    days = [paper.featured] if paper.featured is not None else []
    known = (when for when in (paper.date, paper.updated) if when is not None)
    days += [when.first_day() for when in known if when.day]
    return max(days).isoformat() if days else ""
