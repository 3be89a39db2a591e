"""Outlines: what is known of an output before it is filled, and what filling one may see."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenarios import check, paper, record, write_digest

from broadsheet.planning.edition import NotShownError
from broadsheet.planning.plan import fill_page, fill_pages

FILES = {
    "content/site.yaml": "title: T\nbase_url: https://x.example/\npage_sizes: {papers: 1}\n",
    "content/papers/a.md": paper("A", topics="t", featured="2025-01-06", venue="ICML 2024"),
    "content/papers/b.md": paper("B", topics="t", authors="Ada", aliases="old-b"),
    "content/papers/c.md": paper("C", status="draft"),
    "content/topics/t.md": record("Words.", name="T"),
    "content/pages/about.md": record("x", title="About"),
}


def test_an_outline_tells_of_a_page_what_filling_it_finds(tmp_path: Path) -> None:
    plan = check(write_digest(tmp_path, FILES)).plan

    pages = fill_pages(plan)

    assert [page.url for page in pages] == list(plan.outlines)
    assert {page.url: (page.path, page.template, page.head is not None) for page in pages} == {
        outline.url: (outline.path, outline.template, outline.is_page)
        for outline in plan.outlines.values()
    }
    indexed = {page.url: page.head.is_indexed for page in pages if page.head is not None}
    assert [url for url, is_indexed in indexed.items() if not is_indexed] == [
        "404.html",
        "papers/old-b/",
        "reading-list/",
    ]


def test_pages_can_be_filled_alone_and_in_any_order(tmp_path: Path) -> None:
    root = write_digest(tmp_path, FILES)
    every = {page.url: page for page in fill_pages(check(root).plan)}

    plan = check(root).plan
    backwards = [fill_page(plan, outline) for outline in reversed(list(plan.outlines.values()))]

    assert {page.url: page for page in backwards} == every
    alone = check(root).plan
    assert fill_page(alone, alone.outlines["topics/t/"]) == every["topics/t/"]


def test_a_page_sees_no_text_of_a_record_that_it_does_not_show(tmp_path: Path) -> None:
    edition = check(write_digest(tmp_path, FILES)).plan.edition

    seen = edition.showing(("content/papers/a.md", "content/topics/t.md"))

    assert list(seen.texts) == ["content/papers/a.md", "content/topics/t.md"]
    assert seen.related.get("a", ()) == ()
    for ask in (
        lambda: seen.texts["content/papers/b.md"],
        lambda: seen.texts.get("content/papers/b.md"),
        lambda: "content/papers/b.md" in seen.texts,
        lambda: seen.related.get("t", ()),
        lambda: edition.showing(()).texts.get("content/papers/a.md"),
    ):
        with pytest.raises(NotShownError):
            ask()
