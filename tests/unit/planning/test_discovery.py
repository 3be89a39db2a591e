"""What programs look for at the root: the sitemap of a small digest and of a very large one."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import publish
from lxml import etree
from scenarios import check, paper, write_digest

from broadsheet.planning.file_views import SitemapIndex, SitemapPage
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.plan_discovery import (
    MOST_BYTES,
    MOST_ENTRIES,
    PROTOCOL,
    SitemapLimits,
    plan_sitemap,
)
from broadsheet.planning.views import View
from broadsheet.workers.data_files import DATA_FORMATS

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://example.org/"
FILES = {
    "content/papers/a.md": paper("A", featured="2025-01-06"),
    "content/papers/b.md": paper("B", date="2025-02-03"),
    "content/papers/c.md": paper("C", status="draft"),
}


def blank_pages(urls: list[str]) -> tuple[Outline, ...]:
    """Return pages of which only the addresses are known."""
    filled = Filled(View())
    return tuple(Outline(url=url, template="page.html", fill=lambda _: filled) for url in urls)


def planned(
    root: Path, pages: tuple[Outline, ...], limits: SitemapLimits = PROTOCOL
) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Return, by address, the format of each file of the sitemap and its lines."""
    edition = check(root).plan.edition
    files = {}
    for outline in plan_sitemap(edition, pages, limits):
        view = outline.fill(edition).view
        assert isinstance(view, SitemapPage | SitemapIndex)
        lines = view.entries if isinstance(view, SitemapPage) else view.sitemaps
        files[outline.url] = (outline.template, [(e.url, e.modified) for e in lines])
    return files


def test_one_file_lists_all_pages_with_the_day_of_their_last_change(tmp_path: Path) -> None:
    site = publish(write_digest(tmp_path, FILES), has_search=False)
    root = etree.parse(site / "sitemap.xml").getroot()
    assert root.tag == f"{NAMESPACE}urlset"
    days = {e.findtext(f"{NAMESPACE}loc"): e.findtext(f"{NAMESPACE}lastmod") for e in root}
    assert days[f"{BASE}papers/a/"] == "2025-01-06"
    assert days[f"{BASE}papers/b/"] == "2025-02-03"
    assert days[f"{BASE}digests/2025-01-06/"] == "2025-01-06"
    assert f"{BASE}papers/c/" not in days
    assert not list(site.glob("sitemap-*"))


def test_what_one_file_cannot_hold_stands_in_several_that_an_index_names(tmp_path: Path) -> None:
    root = write_digest(tmp_path, FILES)
    urls = ["", "papers/a/", "papers/b/", "topics/", "venues/"]
    files = planned(root, blank_pages(urls), SitemapLimits(entries=2))
    assert files == {
        "sitemap.xml": (
            "sitemap-index",
            [
                (f"{BASE}sitemap-1.xml", "2025-01-06"),
                (f"{BASE}sitemap-2.xml", "2025-02-03"),
                (f"{BASE}sitemap-3.xml", ""),
            ],
        ),
        "sitemap-1.xml": ("sitemap.xml", [(BASE, ""), (f"{BASE}papers/a/", "2025-01-06")]),
        "sitemap-2.xml": (
            "sitemap.xml",
            [(f"{BASE}papers/b/", "2025-02-03"), (f"{BASE}topics/", "")],
        ),
        "sitemap-3.xml": ("sitemap.xml", [(f"{BASE}venues/", "")]),
    }


@pytest.mark.parametrize(("count", "sizes"), [(50_000, []), (50_001, [50_000, 1])])
def test_the_limit_is_fifty_thousand_addresses(
    tmp_path: Path, count: int, sizes: list[int]
) -> None:
    urls = [f"p{number:06}/" for number in range(count)]
    files = planned(write_digest(tmp_path, FILES), blank_pages(urls))
    parts = [lines for template, lines in files.values() if template == "sitemap.xml"]
    assert [len(lines) for lines in parts] == (sizes or [count])
    assert [url for lines in parts for url, _ in lines] == [BASE + url for url in urls]
    assert (files["sitemap.xml"][0] == "sitemap-index") == bool(sizes)
    assert max(sizes, default=0) <= MOST_ENTRIES


def test_a_file_of_long_addresses_stays_below_the_limit_of_bytes(tmp_path: Path) -> None:
    urls = [f"{number:04}{'&' * 400}/" for number in range(40)]
    root = write_digest(tmp_path, FILES)
    limits = SitemapLimits(size=20_000)
    files = planned(root, blank_pages(urls), limits)
    parts = [lines for template, lines in files.values() if template == "sitemap.xml"]
    sizes = [sum(len(url.replace("&", "&amp;")) + 100 for url, _ in lines) for lines in parts]
    assert len(parts) > 1
    assert max(sizes) <= limits.size
    assert [url for lines in parts for url, _ in lines] == [BASE + url for url in urls]
    assert limits.size < PROTOCOL.size == MOST_BYTES


def test_the_index_is_xml_of_the_protocol(tmp_path: Path) -> None:
    root = write_digest(tmp_path, {**FILES, "content/site.yaml": f"title: T\nbase_url: {BASE}\n"})
    edition = check(root).plan.edition
    index = next(plan_sitemap(edition, blank_pages(["", "papers/a/"]), SitemapLimits(entries=1)))
    text = DATA_FORMATS[index.template](index.fill(edition).view)
    tree = etree.fromstring(text.encode())
    assert tree.tag == f"{NAMESPACE}sitemapindex"
    assert [(e.tag, [(c.tag, c.text) for c in e]) for e in tree] == [
        (f"{NAMESPACE}sitemap", [(f"{NAMESPACE}loc", f"{BASE}sitemap-1.xml")]),
        (
            f"{NAMESPACE}sitemap",
            [
                (f"{NAMESPACE}loc", f"{BASE}sitemap-2.xml"),
                (f"{NAMESPACE}lastmod", "2025-01-06"),
            ],
        ),
    ]
