"""Whose an address is, and where the sections bar leads."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenarios import check, paper, record, write_digest


@pytest.mark.parametrize(
    ("files", "messages"),
    [
        (
            {"content/static/feed.xml": "x", "content/static/robots.txt": "x"},
            [
                ("content/static/feed.xml", "this file and the site itself", "/feed.xml"),
                ("content/static/robots.txt", "this file and the site itself", "/robots.txt"),
            ],
        ),
        (
            {"content/static/Papers/A/index.html": "x", "content/papers/a.md": paper("A")},
            [("content/static/Papers/A/index.html", "two sources", "/Papers/A/index.html")],
        ),
        (
            {"content/static/feed.xml/x": "x"},
            [("content/static/feed.xml/x", "this file and the site itself", "/feed.xml/x")],
        ),
        (
            {"content/static/topics": "x"},
            [("content/static/topics", "this file and the site itself", "/topics")],
        ),
        (
            {"content/pages/feed.xml.md": record("x", title="Feed")},
            [("content/pages/feed.xml.md", "this file and the site itself", "/feed.xml")],
        ),
    ],
)
def test_two_sources_of_one_address_are_one_error_that_names_both(
    tmp_path: Path, files: dict[str, str], messages: list[tuple[str, str, str]]
) -> None:
    found = check(write_digest(tmp_path, files)).diagnostics

    assert [(d.code.value, d.span.path, d.message) for d in found] == [
        ("address-conflict", path, f"{who} would write the address '{url}'")
        for path, who, url in messages
    ]


def sections(root: Path, *targets: str) -> list[tuple[str, str, str]]:
    """Return each section's key, address within the site and complete address."""
    entries = "".join(f"  - text: X\n    to: '{target}'\n" for target in targets)
    files = {
        "content/site.yaml": f"title: T\nbase_url: https://e.org/\nnavigation:\n{entries}",
        "content/papers/2403.02884.md": paper("A", aliases="/old/"),
        "content/pages/about.md": record("x", title="About"),
        "content/static/files/é.pdf": "x",
    }
    site = check(write_digest(root, files))
    assert site.diagnostics == ()
    return [(item.key, item.url, item.href) for item in site.plan.site.navigation]


def test_a_section_gets_its_slash_and_its_key(tmp_path: Path) -> None:
    found = sections(
        tmp_path,
        "/",
        "topics",
        "/reading-list#x",
        "papers/2403.02884?a=b#c",
        "feed.xml",
        "files/é.pdf",
        "old",
        "#subscribe",
        "https://example.org/x",
    )

    assert found == [
        ("today", "", ""),
        ("topics", "topics/", ""),
        ("saved", "reading-list/#x", ""),
        ("papers/2403.02884", "papers/2403.02884/?a=b#c", ""),
        ("feed.xml", "feed.xml", ""),
        ("files/é.pdf", "files/%C3%A9.pdf", ""),
        ("old", "old/", ""),
        ("today", "#subscribe", ""),
        ("", "", "https://example.org/x"),
    ]


def test_a_section_that_leads_to_no_page_is_an_error(tmp_path: Path) -> None:
    entries = ["{text: A, to: /}", "{text: B, to: topisc/#x}", "{text: C, to: '#'}"]
    text = "title: T\nnavigation:\n" + "".join(f"  - {entry}\n" for entry in entries)
    files = {"content/site.yaml": text + "  - text: D\n    to: zzz\n"}

    found = check(write_digest(tmp_path, files)).diagnostics

    assert [(d.code.value, d.span.line, d.span.column, d.message, d.hint) for d in found] == [
        (
            "broken-link",
            4,
            19,
            "the section '/topisc/#x' leads to no page of this site",
            "did you mean 'topics/'?",
        ),
        (
            "broken-link",
            7,
            9,
            "the section '/zzz' leads to no page of this site",
            "write a path such as topics/ or about/",
        ),
    ]
