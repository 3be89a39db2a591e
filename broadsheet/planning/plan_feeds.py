"""Files for programs: the Atom feed, the sitemap, robots, headers.

Responsible for what stands in them. Not responsible for their form (templates,
`workers.data_files`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from html import escape
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from broadsheet.domain.records import Paper, Status
from broadsheet.planning import addresses
from broadsheet.planning.edition import NOTICES, Edition
from broadsheet.planning.file_views import FeedEntry, FeedPage, SitemapEntry, SitemapPage, TextFile
from broadsheet.planning.headers import HeaderPolicy
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.site_views import FeedLink
from broadsheet.planning.texts import ROOT_MARK

MAX_SITEMAP_ENTRIES = 50_000

_XML_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_MATH = re.compile(r"<math [^>]*>.*?</math>", re.DOTALL)
# The boxes that keep a formula in one piece or let it scroll; they hold nothing but words.
_MATH_BOX = re.compile(r'<span class="(?:nb|mx)"[^>]*>([^<]*)</span>')
_ANCHOR = re.compile(r'(<(?:h[1-6]|li|sup)) id="[^"]*"')
_FRAGMENT_LINK = re.compile(r'(<a [^>]*?href=")#')


def site_feeds() -> tuple[FeedLink, ...]:
    """Return the feeds of the whole site."""
    return (FeedLink(title="New papers", url=addresses.FEED, type="application/atom+xml"),)


def plan_feed(edition: Edition) -> Outline:
    """Plan the Atom feed of featured papers, the newest first (RFC 4287).

    Ids are `tag:` addresses (RFC 4151) of the host and the paper's id, and dates come from records
    alone, so that a build without changes gives the same bytes.

    Args:
        edition: What is being planned.
    """
    papers = tuple(_feed_papers(edition))
    return Outline(
        url=addresses.FEED,
        template="feed.xml",
        fill=partial(_fill_feed, papers=papers),
        shows=tuple(paper.source for paper in papers),
        is_page=False,
    )


def _fill_feed(edition: Edition, papers: tuple[Paper, ...]) -> Filled:
    entries = tuple(_entry(edition, paper) for paper in papers)
    base = edition.settings.base_url
    view = FeedPage(
        id=_tag(edition, "feed"),
        title=edition.settings.title,
        self_url=base + addresses.FEED,
        page_url=base or "./",
        updated=max((entry.updated for entry in entries), default="1970-01-01T00:00:00+00:00"),
        entries=entries,
    )
    return Filled(view)


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
    modified = {
        addresses.paper_url(paper.id): _last_change(paper)
        for paper in edition.library.papers.values()
    }
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


def _feed_papers(edition: Edition) -> list[Paper]:
    papers = [
        paper
        for paper in edition.library.papers.values()
        if paper.featured is not None and paper.status is not Status.DRAFT
    ]
    order = {
        paper_id: position
        for digest in edition.library.digests_of("day")
        for position, paper_id in enumerate(digest.papers)
    }
    papers.sort(key=lambda p: (-(p.featured or date.min).toordinal(), order.get(p.id, 0), p.id))
    return papers[: edition.settings.feed.entries]


def _entry(edition: Edition, paper: Paper) -> FeedEntry:
    card = edition.cards[paper.id]
    topics = edition.library.topics
    published = paper.featured or date.min
    notice = f"{NOTICES[paper.status]}: " if paper.status in NOTICES else ""
    return FeedEntry(
        id=_tag(edition, f"paper:{paper.id}"),
        title=_xml(notice + card.title.plain),
        url=edition.settings.base_url + card.url,
        published=_moment(edition, published),
        updated=_moment(edition, max(published, _updated_day(paper, published))),
        authors=tuple(_xml(author.name) for author in paper.authors),
        categories=tuple(_xml(topics.by_slug[label.slug].name) for label in card.topics),
        html=_xml(_entry_html(edition, paper)),
    )


def _entry_html(edition: Edition, paper: Paper) -> str:
    text = edition.texts[paper.source]
    tldr = text.lines.get("tldr")
    parts = [f"<p><strong>{escape(tldr.plain)}</strong></p>"] if tldr is not None else []
    shown = "\n".join(part.html for part in (text.body, text.abstract) if part is not None)
    parts += [_for_readers(shown, addresses.paper_url(paper.id), iter(text.formulas))]
    return "\n".join(parts).replace(ROOT_MARK, edition.settings.base_url).strip()


def _for_readers(html: str, url: str, formulas: Iterator[str]) -> str:
    """Return HTML for feed readers, which strip MathML and show many texts on one page.

    Args:
        html: The text.
        url: Address of the paper's page, where links within the text lead.
        formulas: Plain text of each formula.
    """
    html = _MATH.sub(lambda _: escape(next(formulas), quote=False), html)
    html = _MATH_BOX.sub(r"\1", html)
    html = _ANCHOR.sub(r"\1", html)
    return _FRAGMENT_LINK.sub(rf"\1{ROOT_MARK}{url}#", html)


def _updated_day(paper: Paper, otherwise: date) -> date:
    """Return the day of the last version where the record knows it to the day."""
    if paper.updated is None or not paper.updated.day:
        return otherwise
    return paper.updated.first_day()


def _last_change(paper: Paper) -> str:
    days = [paper.featured] if paper.featured is not None else []
    known = (when for when in (paper.date, paper.updated) if when is not None)
    days += [when.first_day() for when in known if when.day]
    return max(days).isoformat() if days else ""


def _moment(edition: Edition, day: date) -> str:
    """Return midnight of a day in the digest's time zone (RFC 3339)."""
    zone = ZoneInfo(edition.settings.time_zone)
    return datetime.combine(day, time(), zone).isoformat()


def _tag(edition: Edition, name: str) -> str:
    host = urlsplit(edition.settings.base_url).hostname or "localhost"
    return f"tag:{host},2025:{name}"


def _xml(text: str) -> str:
    """Return text without the characters that XML 1.0 forbids."""
    return _XML_ILLEGAL.sub("", text)
