"""Every address in the repository's own site leads somewhere, and as many are seen as there are."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from string import ascii_lowercase
from urllib.parse import quote

import pytest
from builds import copy_repository, publish
from lxml import etree
from site_links import ATOM, SITEMAP, BuiltSite

OTHER_BASE = "https://papers.example/a/b/"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The same digest for the folder of another host."""
    root = copy_repository(tmp_path_factory.mktemp("moved"))
    return BuiltSite(publish(root, base_url=OTHER_BASE), OTHER_BASE)


def test_no_address_is_broken(site: BuiltSite) -> None:
    assert site.broken() == []


def test_as_many_addresses_are_seen_as_the_site_has(site: BuiltSite) -> None:
    seen = site.count()
    floors = {"page": 17_000, "file": 4_000, "fragment": 3_400, "elsewhere": 500}
    assert {kind: seen[kind] >= floor for kind, floor in floors.items()} == dict.fromkeys(
        floors, True
    )
    assert len(site.links) > 25_000


def test_the_pages_of_the_first_edition_are_there(site: BuiltSite) -> None:
    shapes = Counter(re.sub(r"[^/]+(?=/index\.html$)", "*", path, count=1) for path in site.pages)
    papers = [path for path in site.pages if re.fullmatch(r"papers/\d{4}\.\d{5}/index\.html", path)]
    assert len(papers) == 90
    assert shapes["topics/*/index.html"] == 16
    assert shapes["digests/*/index.html"] == 3
    assert shapes["authors/*/index.html"] >= 550
    assert shapes["venues/*/index.html"] >= 20
    singles = [
        "index.html",
        "404.html",
        "papers/index.html",
        "topics/index.html",
        "authors/index.html",
        "venues/index.html",
        "digests/index.html",
        "digests/2025-03-19/index.html",
        "digests/2025-W12/index.html",
        "digests/2025-03/index.html",
        "trending/index.html",
        "search/index.html",
        "reading-list/index.html",
        "about/index.html",
        "colophon/index.html",
    ]
    assert [path for path in singles if path not in site.pages] == []
    files = ["feed.xml", "sitemap.xml", "robots.txt", "_headers", ".nojekyll"]
    assert [name for name in files if not (site.folder / name).is_file()] == []


def test_every_page_can_be_reached_from_the_front_page(site: BuiltSite) -> None:
    following: dict[str, set[str]] = {}
    for link in site.links:
        if link.kind == "a href" and link.page != "404.html":
            following.setdefault(link.page, set()).add(site.resolve(link.page, link.value))
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        for path in following.get(waiting.pop(), set()) - reached:
            reached.add(path)
            waiting.append(path)
    assert set(site.pages) - reached == {"404.html"}


def test_each_page_names_its_own_address_as_canonical(site: BuiltSite) -> None:
    wrong = {}
    for path, page in site.pages.items():
        canonical = page.xpath("string(//link[@rel='canonical']/@href)")
        hidden = bool(page.xpath("//meta[@name='robots' and @content='noindex']"))
        expected = "" if hidden else site.address_of(path)
        if canonical != expected:
            wrong[path] = canonical
    assert wrong == {}


def test_the_sitemap_lists_every_page_that_may_be_indexed_once(site: BuiltSite) -> None:
    root = etree.parse(site.folder / "sitemap.xml").getroot()
    listed = [element.text for element in root.iter(f"{SITEMAP}loc")]
    indexed = [
        site.address_of(path)
        for path, page in site.pages.items()
        if not page.xpath("//meta[@name='robots' and @content='noindex']")
    ]
    assert sorted(str(address) for address in listed) == sorted(indexed)


def test_the_feed_holds_the_newest_fifty_papers(site: BuiltSite) -> None:
    root = etree.parse(site.folder / "feed.xml").getroot()
    links = [link.get("href", "") for link in root.findall(f"{ATOM}entry/{ATOM}link")]
    assert len(set(links)) == len(links) == 50
    assert all(re.fullmatch(re.escape(site.base_url) + r"papers/[\d.]+/", link) for link in links)


def test_what_the_search_script_fetches_is_there(site: BuiltSite) -> None:
    script = next((site.folder / "assets").glob("search.*.js")).read_text(encoding="utf-8")
    (module,) = re.findall(r"from '\./([^']+)'", script)
    finding = (site.folder / "assets" / module).read_text(encoding="utf-8")
    fetched = re.findall(r"(?:fetchText|new URL)\('(\w[^']+)'", finding)
    assert sorted(set(fetched)) == ["pagefind.js", "words.json", "words/"]
    lists = [f"words/{letter}.txt" for letter in (*ascii_lowercase, "other")]
    assert all((site.folder / "pagefind" / name).exists() for name in (*fetched, *lists))


def test_below_a_path_no_address_is_broken_either(moved: BuiltSite, site: BuiltSite) -> None:
    assert moved.broken() == []
    assert moved.count() == site.count()


def test_the_base_address_changes_nothing_but_what_must_be_absolute(
    moved: BuiltSite, site: BuiltSite
) -> None:
    def without_base(folder: Path, path: str, base: str) -> bytes:
        content = (folder / path).read_bytes()
        for written in (base, quote(base, safe="")):
            content = content.replace(written.encode(), b"BASE")
        return content

    changed = [
        path
        for path in site.pages
        if without_base(site.folder, path, site.base_url)
        != without_base(moved.folder, path, moved.base_url)
    ]
    assert changed == ["404.html"]


def test_the_page_for_missing_addresses_works_at_every_address(moved: BuiltSite) -> None:
    near = moved.links_from("404.html", moved.base_url + "nothing")
    far = moved.links_from("404.html", moved.base_url + "papers/0000.00000/some/thing/")
    fragments = {"#main", "#i-find", "#i-theme", "#i-save"}
    assert {url for url in near ^ far if "#" + url.partition("#")[2] not in fragments} == set()
    assert len(near & far) > 15


DAMAGE = {
    "a page that is gone": ("topics/quantization/index.html", None, "leads to no file"),
    "an id that is gone": ("index.html", (b'id="main"', b'id="other"'), "leads to no id"),
    "an address from the root": ("about/index.html", (b'href="../"', b'href="/"'), "not relative"),
    "an address too far up": ("about/index.html", (b'href="../"', b'href="../../../x"'), "no file"),
    "a script address": ("about/index.html", (b'href="../"', b'href="javascript:1"'), "complete"),
    "a feed's address": ("feed.xml", (b"/papers/2403.02884/", b"/papers/none/"), "no file"),
    "a sitemap's address": ("sitemap.xml", (b"/about/<", b"/abaut/<"), "leads to no file"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_the_checker_sees(site: BuiltSite, tmp_path: Path, name: str) -> None:
    path, change, message = DAMAGE[name]
    shutil.copytree(site.folder, tmp_path / "site")
    target = tmp_path / "site" / path
    if change is None:
        target.unlink()
    else:
        before, after = change
        content = target.read_bytes()
        assert before in content
        target.write_bytes(content.replace(before, after))
    broken = BuiltSite(tmp_path / "site", site.base_url).broken()
    assert [line for line in broken if message in line]
