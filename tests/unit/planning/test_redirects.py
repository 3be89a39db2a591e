"""Old addresses: where they lead on to, and aliases that name a living address."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import publish
from scenarios import check, paper, record, write_digest

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.planning.pages import RedirectPage
from broadsheet.planning.plan import fill_pages
from broadsheet.planning.search_records import plan_search_records

GOOD = {
    "content/papers/a.md": paper(
        "A <b> paper", aliases="[2403.02884v1, posts/a, /old/a.html]", featured="2025-01-06"
    ),
    "content/papers/draft.md": paper("Draft", aliases="old-draft", status="draft"),
    "content/topics/t.md": record(name="T", aliases="[cs.CL, tee, /topics/old-t/]"),
    "content/pages/about.md": record("x", title="About", aliases="[info, /who/we/are/]"),
}


def redirects(root: Path, *, has_drafts: bool = False) -> dict[str, str]:
    site = check(root, BuildOptions(executor="serial", has_drafts=has_drafts))
    assert site.diagnostics == ()
    pages = fill_pages(site.plan)
    return {p.path: p.view.target.url for p in pages if isinstance(p.view, RedirectPage)}


def test_every_old_address_leads_on_to_its_record(tmp_path: Path) -> None:
    root = write_digest(tmp_path, GOOD)

    led = {
        "info/index.html": "about/",
        "old/a.html": "papers/a/",
        "papers/2403.02884v1/index.html": "papers/a/",
        "posts/a/index.html": "papers/a/",
        "topics/old-t/index.html": "topics/t/",
        "who/we/are/index.html": "about/",
    }
    assert redirects(root) == led
    assert redirects(root, has_drafts=True) == led | {
        "papers/old-draft/index.html": "papers/draft/"
    }


def test_old_addresses_are_neither_listed_nor_indexed(tmp_path: Path) -> None:
    root = write_digest(tmp_path, GOOD)

    site = publish(root, has_search=False)

    page = (site / "old/a.html").read_text(encoding="utf-8")
    assert '<meta name="robots" content="noindex">' in page
    assert "<script" not in page
    assert "A &lt;b&gt; paper" in page
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert [old for old in ("old", "posts", "info", "v1") if old in sitemap] == []
    assert [record.url for record in plan_search_records(check(root).plan.edition)] == ["papers/a/"]


@pytest.mark.parametrize(
    ("alias", "message", "related"),
    [
        ("/topics/", "is an address of the site itself", ()),
        ("/Topics/", "is an address of the site itself", ()),
        ("topics", "is an address of the site itself", ()),
        ("feed.xml", "is an address of the site itself", ()),
        ("/feed.xml", "is an address of the site itself", ()),
        ("/feed.xml/x/", "is an address of the site itself", ()),
        ("/index.html", "is an address of the site itself", ()),
        ("/digests/2025-01-06/", "is an address of the site itself", ()),
        ("b", "already leads to another record", ("content/papers/b.md",)),
        ("B", "already leads to another record", ("content/papers/b.md",)),
        ("/papers/b/", "already leads to another record", ("content/papers/b.md",)),
        ("about", "already leads to another record", ("content/pages/about.md",)),
        ("/topics/t/", "already leads to another record", ("content/topics/t.md",)),
        ("/files/x.html", "already leads to another record", ("content/static/files/x.html",)),
        ("z", "is an address that the record has anyway", ()),
    ],
)
def test_an_alias_that_names_a_living_address_is_an_error_that_names_both_sources(
    tmp_path: Path, alias: str, message: str, related: tuple[str, ...]
) -> None:
    files = {
        "content/papers/b.md": paper("B", featured="2025-01-06"),
        "content/papers/z.md": paper("Z", aliases=f"[fine, {alias}]"),
        "content/pages/about.md": record("x", title="About"),
        "content/topics/t.md": record(name="T"),
        "content/static/files/x.html": "x",
    }

    (found,) = check(write_digest(tmp_path, files)).diagnostics

    assert (found.code, found.span.path, found.span.line, found.span.column) == (
        "alias-conflict",
        "content/papers/z.md",
        3,
        17,
    )
    assert found.message.endswith(message)
    assert tuple(span.path for span in found.related) == related


def test_an_old_address_belongs_to_one_record(tmp_path: Path) -> None:
    files = {
        "content/papers/a.md": paper("A", aliases="[Old, /x/]"),
        "content/papers/b.md": paper("B", aliases="[fine, old]"),
        "content/pages/about.md": record("x", title="About", aliases="[x, old]"),
        "content/topics/t.md": record(name="T", aliases="[x, /X/]"),
    }

    found = check(write_digest(tmp_path, files)).diagnostics

    assert [(d.code.value, d.span.path, d.related[0].path) for d in found] == [
        ("alias-conflict", "content/pages/about.md", "content/papers/a.md"),
        ("alias-conflict", "content/papers/b.md", "content/papers/a.md"),
        ("alias-conflict", "content/topics/t.md", "content/papers/a.md"),
    ]
