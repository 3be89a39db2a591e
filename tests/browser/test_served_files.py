"""What programs read: the feed, the sitemap, and the headers of every response.

These need no browser. Sources: RFC 4287 (Atom), RFC 3339 dates, sitemaps.org's protocol.
"""

from __future__ import annotations

import http.client
import re
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from browser.conftest import BuiltSite
from lxml import etree

from broadsheet.planning.headers import HeaderPolicy

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def texts(element: etree._Element, path: str) -> list[str]:
    """Return the texts of what a path finds."""
    return [str(found.text) for found in element.iterfind(path, ATOM | SITEMAP)]


@pytest.fixture(params=["edition", "extremes"])
def feed(
    request: pytest.FixtureRequest, site: BuiltSite, extreme_sites: dict[str, BuiltSite]
) -> etree._Element:
    """The feed of each digest, parsed."""
    folder = {"edition": site, "extremes": extreme_sites["/"]}[request.param].folder
    return etree.fromstring((folder / "feed.xml").read_bytes())


def test_feed_has_what_atom_requires(feed: etree._Element) -> None:
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    for name in ("id", "title", "updated"):
        assert len(texts(feed, f"a:{name}")) == 1
    selves = feed.findall("a:link[@rel='self']", ATOM)
    assert [link.get("href") for link in selves] == ["https://broadsheet.example/feed.xml"]
    assert texts(feed, "a:author/a:name") != []


def test_feed_entries_have_what_atom_requires(feed: etree._Element) -> None:
    entries = feed.findall("a:entry", ATOM)
    assert entries
    for entry in entries:
        for name in ("id", "title", "updated"):
            assert len(texts(entry, f"a:{name}")) == 1
        assert len(texts(entry, "a:published")) <= 1
        assert len(entry.findall("a:content", ATOM)) <= 1
        assert len(entry.findall("a:link[@rel='alternate']", ATOM)) == 1
        assert all(name.strip() for name in texts(entry, "a:author/a:name"))


def test_feed_ids_are_unique_absolute_and_dates_are_rfc_3339(feed: etree._Element) -> None:
    ids = texts(feed, ".//a:id")
    assert len(ids) == len(set(ids))
    assert all(urlsplit(identifier).scheme in {"tag", "https"} for identifier in ids)
    dates = texts(feed, ".//a:updated") + texts(feed, ".//a:published")
    assert all(RFC_3339.fullmatch(text) and datetime.fromisoformat(text) for text in dates)
    newest = max(datetime.fromisoformat(text) for text in texts(feed, "a:entry/a:updated"))
    assert datetime.fromisoformat(texts(feed, "a:updated")[0]) >= newest


def test_feed_links_lead_to_pages_that_exist(site: BuiltSite) -> None:
    feed = etree.fromstring((site.folder / "feed.xml").read_bytes())
    hrefs = [link.get("href", "") for link in feed.iterfind("a:entry/a:link", ATOM)]
    assert hrefs
    for href in hrefs:
        path = href.removeprefix("https://broadsheet.example/")
        assert (site.folder / path / "index.html").is_file(), href


def test_feed_text_stays_text_under_attack(extreme_sites: dict[str, BuiltSite]) -> None:
    from lxml import html

    feed = etree.fromstring((extreme_sites["/"].folder / "feed.xml").read_bytes())
    contents = feed.findall("a:entry/a:content[@type='html']", ATOM)
    assert contents
    for content in contents:
        tree = html.fragment_fromstring(content.text or "", create_parent="div")
        assert not list(tree.iter("script", "iframe", "object", "embed", "style", "form"))
        handlers = [name for element in tree.iter() for name in element.attrib if name[:2] == "on"]
        assert handlers == []


def test_sitemap_lists_exactly_the_pages_that_may_be_indexed(site: BuiltSite) -> None:
    sitemap = etree.fromstring((site.folder / "sitemap.xml").read_bytes())
    assert sitemap.tag == f"{{{SITEMAP['s']}}}urlset"
    listed = texts(sitemap, "s:url/s:loc")
    assert len(listed) == len(set(listed))
    expected = set()
    for page in site.folder.rglob("*.html"):
        if b'<meta name="robots" content="noindex">' not in page.read_bytes():
            path = page.relative_to(site.folder).as_posix().removesuffix("index.html")
            expected.add(f"https://broadsheet.example/{path}")
    assert set(listed) == expected
    assert all(
        re.fullmatch(r"\d{4}(-\d\d){0,2}.*", text) for text in texts(sitemap, ".//s:lastmod")
    )


@pytest.mark.parametrize(
    ("path", "status", "media_type"),
    [
        ("", 200, "text/html; charset=utf-8"),
        ("topics", 301, "text/plain; charset=utf-8"),
        ("no/such/page/", 404, "text/html; charset=utf-8"),
        ("pagefind/pagefind.js", 200, "text/javascript; charset=utf-8"),
        ("pagefind/wasm.en.pagefind", 200, "application/octet-stream"),
        ("feed.xml", 200, "application/xml"),
    ],
)
def test_every_response_carries_the_policy(
    mounted: BuiltSite, path: str, status: int, media_type: str
) -> None:
    url = urlsplit(mounted.url)
    connection = http.client.HTTPConnection(str(url.hostname), int(url.port or 0), timeout=10)
    try:
        connection.request("GET", url.path + path)
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    assert response.status == status
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Security-Policy"] == HeaderPolicy().content_security_policy()
    assert response.headers["X-Content-Type-Options"] == "nosniff"
