"""Outlines: what is known of an output before it is filled, and what filling one may see."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from scenarios import check, paper, record, write_digest

from broadsheet.planning.edition import Edition, make_edition
from broadsheet.planning.plan import PlanKeys, SitePlan, fill_page, fill_pages, plan_site
from broadsheet.planning.shown import NotShownError

SITE = """title: T
base_url: https://x.example/
page_sizes: {papers: 1}
exports: [bib, markdown]
"""
REPLACED = {"status": "superseded", "status_note": "Newer.", "superseded_by": "b"}
TOLD = {"venue": "ICML 2024", "tldr": "Short."}
FILES = {
    "content/site.yaml": SITE,
    "content/papers/a.md": paper("A", topics="t", featured="2025-01-06", **TOLD),
    "content/papers/b.md": paper("B", topics="t", authors="Ada", aliases="old-b"),
    "content/papers/c.md": paper("C", status="draft"),
    "content/papers/d.md": paper("D", featured="2025-01-06", **REPLACED),
    "content/topics/t.md": record("Words.", name="T", description="About it."),
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

    seen = edition.showing(("content/papers/a.md", "content/topics/t.md"), ("b",), has_related=True)

    assert list(seen.texts) == ["content/papers/a.md", "content/topics/t.md"]
    assert seen.related.get("a", ()) == ()
    assert seen.title_of("b") == edition.title_of("b")
    assert seen.cited["b"] == edition.cited["b"]
    for ask in (
        lambda: seen.title_of("a"),
        lambda: seen.cards.listed("a"),
        lambda: seen.cited["a"],
        lambda: seen.cited.make("a"),
        lambda: seen.texts["content/papers/b.md"],
        lambda: seen.texts.get("content/papers/b.md"),
        lambda: "content/papers/b.md" in seen.texts,
        lambda: seen.related.get("t", ()),
        lambda: edition.showing(()).texts.get("content/papers/a.md"),
    ):
        with pytest.raises(NotShownError):
            ask()


def test_pages_see_titles_and_descriptions_of_what_they_show_or_list_only(tmp_path: Path) -> None:
    edition = check(write_digest(tmp_path, FILES)).plan.edition
    plan = plan_of(edition)

    for url, outline in plan.outlines.items():
        other = plan_of(hide_words(edition, set(outline.lists(edition)), set(outline.shows)))
        assert fill_page(other, other.outlines[url]).view == fill_page(plan, outline).view, url


def plan_of(edition: Edition) -> SitePlan:
    return plan_site(edition, {}, (), PlanKeys("1", {}))[0]


def hide_words(edition: Edition, listed: set[str], shown: set[str]) -> Edition:
    """Return an edition with other titles, TL;DRs and descriptions of all records but some."""
    replace = msgspec.structs.replace
    library = edition.library
    papers = {
        i: p if i in listed else replace(p, title="Hidden", tldr="Hidden" if p.tldr else "")
        for i, p in library.papers.items()
    }
    topics = {
        slug: topic if topic.source in shown else replace(topic, description="Hidden")
        for slug, topic in library.topics.by_slug.items()
    }
    hidden = replace(library, papers=papers, topics=replace(library.topics, by_slug=topics))
    return make_edition(hidden, edition.short, edition.texts, edition.related, edition.settings)
