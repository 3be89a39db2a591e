"""Whole records as they are read: every field of every kind, typed, and what its file is called."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from scenarios import check, codes, paper, raw_file, record, write_digest

from broadsheet.domain.dates import PartialDate
from broadsheet.domain.reading import read_record
from broadsheet.domain.records import (
    Author,
    Body,
    DigestNote,
    Link,
    Page,
    Paper,
    Status,
    Topic,
    Venue,
)
from broadsheet.foundations.reporting import format_github, format_json, format_text

PAPER = """\
---
abstract: |
  First $\\alpha$: "quoted".

  Second.
title: >-
  A title
  on two lines
authors:
  - Ada Lovelace
  - {name: "Lu, Jie", orcid: https://orcid.org/0000-0002-1825-0097, affiliation: London,
     url: https://example.org/lu}
date: 2024-03
updated: 2024
featured: 2025-03-19
topics: one
categories: [cs.CL]
tldr: "One sentence: with a colon."
arxiv: https://arxiv.org/abs/2403.02884v3
doi: https://doi.org/10.1000/XYZ
openreview: rJXMpikCZ
acl: 2020.acl-main.1
pmid: 31452104
venue: {name: A Journal, short: AJ, volume: 12, issue: 3-4, pages: 1–20, publisher: P, year: 2024}
links:
  pdf: https://example.org/é.pdf
  code: HTTP://example.org
votes: 042
curator: AK
keywords: [one, two]
language: pt-BR
status: superseded
status_note: Replaced.
superseded_by: other
aliases: [2403.02884v1, /posts/old/]
x-own: {a: [b, {c: no}]}
x-other: 2024-03-05
---

  Indented.

End.

"""


def test_every_field_of_a_paper_is_read() -> None:
    outcome = read_record(raw_file("content/papers/2024/2403.02884.md", PAPER))

    assert outcome.diagnostics == ()
    assert outcome.value == Paper(
        id="2403.02884",
        source="content/papers/2024/2403.02884.md",
        title="A title on two lines",
        authors=(
            Author(name="Ada Lovelace"),
            Author(
                name="Lu, Jie",
                orcid="0000-0002-1825-0097",
                affiliation="London",
                url="https://example.org/lu",
            ),
        ),
        date=PartialDate(2024, 3),
        updated=PartialDate(2024),
        featured=date(2025, 3, 19),
        topics=("one",),
        categories=("cs.CL",),
        tldr="One sentence: with a colon.",
        arxiv="2403.02884",
        doi="10.1000/xyz",
        openreview="rJXMpikCZ",
        acl="2020.acl-main.1",
        pmid="31452104",
        venue=Venue(
            name="A Journal",
            short="AJ",
            volume="12",
            issue="3-4",
            pages="1–20",
            publisher="P",
            year=2024,
        ),
        links=(Link("pdf", "https://example.org/%C3%A9.pdf"), Link("code", "http://example.org")),
        votes=42,
        curator="AK",
        keywords=("one", "two"),
        language="pt-BR",
        status=Status.SUPERSEDED,
        status_note="Replaced.",
        superseded_by="other",
        aliases=("2403.02884v1", "/posts/old/"),
        abstract='First $\\alpha$: "quoted".\n\nSecond.',
        body=Body("  Indented.\n\nEnd.", 40),
        extra={"x-own": {"a": ("b", {"c": "no"})}, "x-other": "2024-03-05"},
    )


def test_every_field_of_a_topic_a_digest_and_a_page_is_read() -> None:
    topic = record(
        "About it.",
        name="Mathematical reasoning of models",
        description="D",
        parent="reasoning",
        aliases="[math, cs.LO]",
        include="[proof]",
        exclude="[chemistry]",
    )
    digest = record("Note.", title="T", number="056", curator="C", lead="a", order="[b, c]")
    page = record("Text.", title="About", description="D", language="de", aliases="[info]")

    assert [
        read_record(raw_file(f"content/{path}.md", text)).value
        for path, text in (
            ("topics/math", topic),
            ("digests/2025-W12", digest),
            ("pages/about", page),
        )
    ] == [
        Topic(
            slug="math",
            source="content/topics/math.md",
            name="Mathematical reasoning of models",
            short="Mathematical reasoning…",
            description="D",
            parent="reasoning",
            aliases=("math", "cs.LO"),
            include=("proof",),
            exclude=("chemistry",),
            body=Body("About it.", 9),
        ),
        DigestNote(
            key="2025-W12",
            source="content/digests/2025-W12.md",
            title="T",
            number="56",
            curator="C",
            lead="a",
            order=("b", "c"),
            body=Body("Note.", 8),
        ),
        Page(
            slug="about",
            source="content/pages/about.md",
            title="About",
            description="D",
            language="de",
            aliases=("info",),
            body=Body("Text.", 7),
        ),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2403.02884v1", "2403.02884v1"),
        ("cs-0101001", "cs-0101001"),
        ("/old/", "/old/"),
        ("/old", "/old/"),
        ("old/", "/old/"),
        ("posts/2024/My_Paper", "/posts/2024/My_Paper/"),
        ("posts/old/index.html", "/posts/old/"),
        ("old.html", "/old.html"),
    ],
)
def test_an_alias_is_an_old_id_or_an_old_path_from_the_root(written: str, read: str) -> None:
    record = read_record(raw_file("content/papers/a.md", paper("T", aliases=written))).value

    assert isinstance(record, Paper)
    assert record.aliases == (read,)


@pytest.mark.parametrize(
    "written", ["/", "../x", "/a//b/", "/a/../b/", "/a./", "'/a b/'", "/con/", "'https://e.org/'"]
)
def test_an_alias_that_cannot_be_served_everywhere_is_refused(written: str) -> None:
    outcome = read_record(raw_file("content/papers/a.md", paper("T", aliases=f"[{written}]")))

    assert [(d.code.value, d.span.line, d.span.column) for d in outcome.diagnostics] == [
        ("invalid-slug", 3, 11)
    ]


def test_a_category_of_an_archive_that_arxiv_does_not_have_is_a_warning() -> None:
    text = paper("T", categories="[cs.CL, hep-th, cmp-lg, foo.BAR, stats.ML]")

    outcome = read_record(raw_file("content/papers/a.md", text))

    assert isinstance(outcome.value, Paper)
    assert len(outcome.value.categories) == 5
    assert [(d.severity, d.message, d.hint) for d in outcome.diagnostics] == [
        (
            "warning",
            "arXiv has no archive 'foo'",
            "write it as arXiv does: cs.CL; words of your own go into 'keywords'",
        ),
        ("warning", "arXiv has no archive 'stats'", "did you mean 'stat'?"),
    ]


@pytest.mark.parametrize("year", ["0001", "0999-12", "9999-12-31"])
def test_a_year_out_of_bounds_is_told_the_bounds(year: str) -> None:
    outcome = read_record(raw_file("content/papers/a.md", paper("T", date=year)))

    assert [d.hint for d in outcome.diagnostics] == [
        "write YYYY, YYYY-MM or YYYY-MM-DD, with a year from 1000 to 9998"
    ]


def test_a_field_without_a_value_is_a_field_that_is_absent() -> None:
    text = "---\ntitle: T\nauthors:\ndate:\nvenue: ''\ntopics: []\nlinks: {}\nabstract: |\n---\n"

    outcome = read_record(raw_file("content/papers/a.md", text))

    assert outcome.diagnostics == ()
    assert outcome.value == Paper(id="a", source="content/papers/a.md", title="T")


def test_a_very_long_value_is_shortened_in_its_message() -> None:
    text = f"---\ntitle: T\ndate: {'x' * 5_000}\n{'y' * 900}: z\n---\n"

    outcome = read_record(raw_file("content/papers/a.md", text))

    assert [len(d.message) < 150 for d in outcome.diagnostics] == [True, True]


def test_a_broken_file_costs_the_others_nothing() -> None:
    raws = [
        raw_file("content/papers/good.md", paper("Good")),
        raw_file("content/papers/bad.md", b"\xff"),
    ]

    assert [read_record(raw).value is not None for raw in raws] == [True, False]


def test_a_file_name_that_is_no_text_is_reported_in_every_format(tmp_path: Path) -> None:
    root = write_digest(tmp_path, {"content/papers/good.md": paper("Good")})
    name = os.fsencode(root / "content" / "papers") + b"/a\xff.md"
    Path(os.fsdecode(name)).write_text(paper("X"), encoding="utf-8")

    site = check(root)

    assert codes(site.diagnostics) == ["invalid-id"]
    assert list(site.library.papers) == ["good"]
    for report in (format_text, format_json, format_github):
        assert "a\ufffd.md" in report(site.diagnostics)
