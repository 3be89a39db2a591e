"""A renamed, a removed and a retracted paper: what a reader meets at the address they kept."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from browser.conftest import BuiltSite, OpenPage, serve_builds
from scenarios import paper, record, write_digest

DIGEST = {
    "content/permalinks.txt": "/papers/gone/\n/papers/old-name/\n/papers/wrong/\n/topics/old/\n",
    "content/removed.yaml": "/papers/gone/: Removed at the request of its authors.\n",
    "content/topics/new.md": record(name="New", aliases="[/topics/old/]"),
    "content/papers/new-name.md": paper(
        "Renamed", featured="2025-01-06", aliases="[old-name]", topics="[new]"
    ),
    "content/papers/wrong.md": paper(
        "Wrong",
        featured="2025-01-05",
        status="retracted",
        status_note="The data were invented.",
        superseded_by="new-name",
    ),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuiltSite]:
    """A digest in which things have happened to papers, below a path."""
    root = write_digest(tmp_path_factory.mktemp("lasting"), DIGEST)
    with serve_builds({"/a/b/": root}, tmp_path_factory) as served:
        yield served["/a/b/"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("old", "new", "heading"),
    [("papers/old-name/", "papers/new-name/", "Renamed"), ("topics/old/", "topics/new/", "New")],
)
def test_an_old_address_leads_on(
    kept: BuiltSite, open_page: OpenPage, old: str, new: str, heading: str
) -> None:
    page = open_page(kept.url + old)
    page.wait_for_url(kept.url + new)
    assert page.locator("h1").inner_text() == heading


@pytest.mark.browser
def test_a_removed_paper_says_why(kept: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(kept.url + "papers/gone/")
    assert page.locator("h1").inner_text() == "This page was removed"
    assert page.locator(".standfirst").inner_text() == "Removed at the request of its authors."
    page.locator("main a").click()
    page.wait_for_url(kept.url + "papers/")


@pytest.mark.browser
def test_a_retracted_paper_keeps_its_page_and_names_its_successor(
    kept: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(kept.url + "papers/")
    assert page.locator("s").all_inner_texts() == ["Wrong"]
    page.locator("a", has_text="Retracted: Wrong").click()
    page.wait_for_url(kept.url + "papers/wrong/")
    assert page.locator("h1").inner_text() == "Retracted: Wrong"
    assert "The data were invented." in page.locator(".notice").inner_text()
    page.locator(".notice a").click()
    page.wait_for_url(kept.url + "papers/new-name/")
    trending = open_page(kept.url + "trending/")
    assert trending.locator("article h2, article h3").all_inner_texts() == ["Renamed"]


def test_feeds_tell_the_same(kept: BuiltSite) -> None:
    items = json.loads((kept.folder / "feed.json").read_bytes())["items"]
    assert [(item["id"].rpartition(":")[2], item["title"]) for item in items] == [
        ("old-name", "Renamed"),
        ("wrong", "Retracted: Wrong"),
    ]
