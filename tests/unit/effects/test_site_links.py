"""Links of a built site, resolved as a browser would, in pages of any theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenarios import write_digest

from broadsheet.effects.site_links import find_broken_links
from broadsheet.workers.html_links import PageLinks, rewrite_addresses

BASE = "https://papers.example/a/"


def broken(root: Path, files: dict[str, str], base_url: str = BASE) -> list[tuple[str, str]]:
    write_digest(root, files)
    return [(link.page, link.address) for link in find_broken_links(root, base_url)]


@pytest.mark.parametrize(
    "page",
    [
        '<a href="b/">',
        '<a href="./b/">',
        '<a href="b/index.html#there">',
        "<a href='b/#there'>",
        "<a href=b/?q=1>",
        '<a title="a > b" href="b/">',
        '<A HREF="b/">',
        '<a href="b/#th%65re">',
        '<a href="/a/b/">',
        '<a href="https://papers.example/a/b/#there">',
        '<a href="#here" id="here">',
        '<a href="mailto:a@b.example"><a href="//other.example/x"><a href="HTTPS://x.example">',
        '<a href="data:,x"><a href="javascript:void 0">',
        '<!-- <a href="gone/"> -->',
        "<script>document.write('<a href=\"gone/\">')</script>",
        "<style>a { content: '<a href=\"gone/\">' }</style>",
        '<p>write href="gone/" for a link</p>',
        '<img srcset="x.png 1x, x.png 2x" src="x.png" alt="">',
        '<meta http-equiv="refresh" content="0; url=b/">',
        '<a href="b/../x.png">',
        '<a href="?page=2">',
        '<a href="">',
        '<a href="c&amp;d.png">',
        '<a href="c%26d.png">',
        '<meta name="description" content="gone/">',
        '<a name="old"></a><a href="#old">',
    ],
)
def test_what_leads_somewhere_is_not_reported(tmp_path: Path, page: str) -> None:
    other = '<p id="there">'
    files = {"index.html": page, "b/index.html": other, "x.png": "", "c&d.png": ""}
    assert broken(tmp_path, files) == []


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ('<a href="gone/">', "gone/"),
        ("<a href=gone/>", "gone/"),
        ('<a title="a > b" href="gone/">', "gone/"),
        ('<link rel="next" href="../b/">', "../b/"),
        ('<a href="/b/">', "/b/"),
        ('<a href="/a/gone/">', "/a/gone/"),
        ('<a href="b/#gone">', "b/#gone"),
        ('<a href="#gone">', "#gone"),
        ('<a href="b">', "b"),
        ('<script src="gone.js"></script>', "gone.js"),
        ("<script type=\"module\" src='gone.js'></script>", "gone.js"),
        ('<img srcset="x.png 1x, gone.png 2x">', "gone.png"),
        ('<form action="gone/">', "gone/"),
        ('<meta http-equiv="refresh" content="0; url=gone/">', "gone/"),
        ('<a href="https://papers.example/a/gone/">', "https://papers.example/a/gone/"),
        ('<a href="c&amp;gone.png">', "c&gone.png"),
    ],
)
def test_what_leads_nowhere_is_reported(tmp_path: Path, page: str, address: str) -> None:
    files = {"index.html": page, "b/index.html": "<p id='there'>", "x.png": ""}
    assert broken(tmp_path, files) == [("index.html", address)]


def test_feeds_and_sitemaps_are_looked_through(tmp_path: Path) -> None:
    files = {
        "sitemap.xml": f"<urlset><loc>{BASE}</loc><loc>{BASE}x/</loc></urlset>",
        "feed.xml": f'<feed><link href="{BASE}feed.xml"/><link href="{BASE}y/"/></feed>',
        "index.html": "",
    }
    assert broken(tmp_path, files) == [("feed.xml", f"{BASE}y/"), ("sitemap.xml", f"{BASE}x/")]


def test_the_page_for_missing_addresses_may_not_use_relative_ones(tmp_path: Path) -> None:
    files = {"404.html": '<a href="index.html"><a href="/a/">', "index.html": ""}
    assert broken(tmp_path, files) == [("404.html", "index.html")]


def test_without_an_address_the_site_is_taken_to_stand_at_a_root(tmp_path: Path) -> None:
    files = {"404.html": '<a href="/">', "index.html": '<a href="/gone/">'}
    assert broken(tmp_path, files, "") == [("index.html", "/gone/")]


def test_a_page_tells_its_places_and_addresses() -> None:
    links = PageLinks('<h2 id="a&amp;b"><a href="x?a&amp;b" name="c"><a href="x?a&amp;b">')
    assert links.anchors == {"a&b", "c"}
    assert links.addresses == ("x?a&b",)


def test_addresses_are_rewritten_where_they_are_addresses() -> None:
    page = (
        '<!-- <a href="b/"> --><a class=x href="b/">b/</a><a href=b/>'
        "<script>'<a href=\"b/\">'</script><a href='c&amp;d'>"
        '<meta http-equiv="refresh" content="0; url=b/">'
    )
    assert rewrite_addresses(page, {"b/": "b/index.html", "c&d": 'e"f'}) == (
        '<!-- <a href="b/"> --><a class=x href="b/index.html">b/</a><a href="b/index.html">'
        '<script>\'<a href="b/">\'</script><a href="e&quot;f">'
        '<meta http-equiv="refresh" content="0; url=b/index.html">'
    )
