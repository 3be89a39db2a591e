"""What holds for every page of the repository's own site: outline, markup, policy and size."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from builds import tree
from lxml import html
from site_links import BuiltSite

from broadsheet.planning.headers import HeaderPolicy

MAX_PAPER = 8_000
MAX_STYLE = 8_000
MAX_SCRIPT = 3_000
# The digest of 90 papers, each with what reference managers read of a list.
MAX_PAGE = 28_000

INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
RAW = re.compile(r"<(script|style|template|!--).*?(?:</\1>|-->)", re.DOTALL)
TAG = re.compile(r"<[a-zA-Z][^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
UNQUOTED = re.compile(r"=\s*[^\s\"'>]")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def visible(page: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    """Return elements outside of `<template>`, whose content is not part of the page."""
    return [e for e in page.xpath(path) if not any(a.tag == "template" for a in e.iterancestors())]


def outline(page: html.HtmlElement) -> list[int]:
    return [int(e.tag[1]) for e in visible(page, "//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]


def skips(levels: list[int]) -> bool:
    pairs = zip([0, *levels], levels, strict=False)
    return any(below > above + 1 for above, below in pairs)


def zipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def asset(site: BuiltSite, name: str) -> Path:
    stem, _, suffix = name.rpartition(".")
    (found,) = (site.folder / "assets").glob(f"{stem}.??????????.{suffix}")
    return found


def test_each_page_has_one_top_heading_and_skips_no_level(site: BuiltSite) -> None:
    outlines = {path: outline(page) for path, page in site.pages.items()}
    wrong = {p: o for p, o in outlines.items() if o.count(1) != 1 or skips(o)}
    assert wrong == {}


def test_a_skipped_level_would_be_seen() -> None:
    assert [skips(levels) for levels in ([1, 2, 3, 2], [1, 3], [2, 1], [1, 2, 4])] == [
        False,
        True,
        True,
        True,
    ]


def test_headings_have_words(site: BuiltSite) -> None:
    empty = {
        path
        for path, page in site.pages.items()
        for heading in visible(page, "//h1 | //h2 | //h3")
        if not heading.text_content().strip()
    }
    assert empty == set()


def test_no_element_carries_a_style_or_an_event_handler(site: BuiltSite) -> None:
    found = {
        f"{path}: {name}"
        for path, page in site.pages.items()
        for element in page.xpath("//*")
        for name in element.attrib
        if str(name) == "style" or str(name).lower().startswith("on")
    }
    assert found == set()
    assert [path for path, page in site.pages.items() if page.xpath("//style")] == []


def test_every_attribute_value_is_quoted(site: BuiltSite) -> None:
    found = {}
    for path in site.pages:
        text = RAW.sub("", (site.folder / path).read_text(encoding="utf-8"))
        bare = [tag for tag in TAG.findall(text) if UNQUOTED.search(QUOTED.sub('""', tag))]
        if bare:
            found[path] = bare[:3]
    assert found == {}


def test_an_unquoted_value_would_be_seen() -> None:
    (tag,) = TAG.findall('<a class="x" href=y>')
    assert UNQUOTED.search(QUOTED.sub('""', tag))


def test_ids_are_unique_on_each_page(site: BuiltSite) -> None:
    twice = {
        path: repeated
        for path, page in site.pages.items()
        if (repeated := [i for i, n in Counter(page.xpath("//@id")).items() if n > 1])
    }
    assert twice == {}


def test_what_is_labelled_or_described_by_an_id_has_that_id(site: BuiltSite) -> None:
    names = ("aria-labelledby", "aria-describedby", "aria-controls", "for")
    missing = {
        f"{path}: {value}"
        for path, page in site.pages.items()
        for name in names
        for value in page.xpath(f"//@{name}")
        for word in str(value).split()
        if word not in site.ids[path]
    }
    assert missing == set()


def test_the_only_inline_script_is_the_one_that_the_policy_allows(site: BuiltSite) -> None:
    scripts = Counter(
        script
        for path in site.pages
        for script in INLINE_SCRIPT.findall((site.folder / path).read_bytes())
    )
    read = {script for script in scripts if script.startswith(b'{"@context":')}
    assert all(b"<" not in script and json.loads(script) for script in read)
    (line,) = set(scripts) - read
    assert scripts[line] == len(site.pages)
    digest = base64.b64encode(hashlib.sha256(line).digest()).decode()
    policy = HeaderPolicy().content_security_policy()
    assert f"'sha256-{digest}'" in policy
    assert "'unsafe-inline'" not in policy
    assert f"  Content-Security-Policy: {policy}\n" in (site.folder / "_headers").read_text()


def test_pages_load_nothing_from_elsewhere(site: BuiltSite) -> None:
    loading = {"script src", "img src", "use href", "form action", "srcset"}
    fetched = {"stylesheet", "preload", "modulepreload", "icon", "manifest", "prefetch"}
    elsewhere = {
        f"{path}: {link.get('href')}"
        for path, page in site.pages.items()
        for link in page.iter("link")
        if fetched & set((link.get("rel") or "").split()) and "://" in (link.get("href") or "")
    }
    elsewhere |= {
        f"{link.page}: {link.value}"
        for link in site.links
        if link.kind in loading and "://" in link.value and not link.value.startswith(site.base_url)
    }
    assert elsewhere == set()


def test_links_out_do_not_hand_over_the_window(site: BuiltSite) -> None:
    bare = {
        f"{path}: {a.get('href')}"
        for path, page in site.pages.items()
        for a in page.xpath("//a[starts-with(@href, 'http')]")
        if "noopener" not in (a.get("rel") or "").split()
    }
    assert bare == set()


def test_each_page_says_its_language_its_title_and_its_character_set(site: BuiltSite) -> None:
    wrong = [
        path
        for path, page in site.pages.items()
        if page.get("lang") != "en"
        or page.get("dir") != "ltr"
        or not page.findtext(".//title")
        or page.xpath("string(//head/*[1]/@charset)") != "utf-8"
    ]
    assert wrong == []


def test_titles_are_unique(site: BuiltSite) -> None:
    titles = Counter(page.findtext(".//title") for page in site.pages.values())
    assert {title: number for title, number in titles.items() if number > 1} == {}


def test_pages_end_with_a_newline_and_hold_no_private_character(site: BuiltSite) -> None:
    wrong = [
        path
        for path in site.pages
        if not (content := (site.folder / path).read_bytes()).endswith(b"</html>\n")
        or "\ue000".encode() in content
        or b"\r" in content
    ]
    assert wrong == []


def test_every_page_stays_within_its_size(site: BuiltSite) -> None:
    sizes = {path: zipped(site.folder / path) for path in site.pages}
    papers = {path: size for path, size in sizes.items() if re.match(r"papers/\d", path)}
    assert len(papers) == 90
    assert {path: size for path, size in papers.items() if size > MAX_PAPER} == {}
    assert {path: size for path, size in sizes.items() if size > MAX_PAGE} == {}


@pytest.mark.parametrize(
    ("name", "limit"), [("broadsheet.css", MAX_STYLE), ("broadsheet.js", MAX_SCRIPT)]
)
def test_an_asset_stays_within_its_size(site: BuiltSite, name: str, limit: int) -> None:
    assert 0 < zipped(asset(site, name)) <= limit


def test_assets_are_named_by_their_content(site: BuiltSite) -> None:
    wrong = [
        path.name
        for path in (site.folder / "assets").iterdir()
        if path.name.split(".")[-2] != hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    ]
    assert wrong == []


def test_the_manifest_lists_every_file_beside_the_search_index(site: BuiltSite) -> None:
    manifest = json.loads((site.folder / ".broadsheet.json").read_bytes())
    actual = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in tree(site.folder).items()
        if path != ".broadsheet.json" and not path.startswith("pagefind/")
    }
    assert manifest["files"] == actual
    assert set(manifest["keys"]) <= set(actual)
    # Files with citations are alike where a day's papers are its week's.
    pages = [key for path, key in manifest["keys"].items() if path.endswith(".html")]
    assert len(set(pages)) == len(pages) > 600
