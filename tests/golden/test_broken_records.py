"""A folder of broken records: for each the right code, place and hint, all in one run.

`fixtures/broken/` holds a digest with one mistake a file, and sound records beside them;
`fixtures/broken-site/` one whose `site.yaml` is wrong in every field. Each has a table,
`EXPECTED.txt`, written by hand, and its whole report as a golden file. The table keeps a wrong
report from becoming the golden one unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scenarios import check

from broadsheet.domain.dates import PartialDate
from broadsheet.domain.reading import read_batch
from broadsheet.domain.records import Author, Body, Link, Paper, Venue
from broadsheet.effects.scanning import scan_content
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.reporting import format_text

FIXTURES = Path(__file__).parent.parent / "fixtures"
FOLDERS = ["broken", "broken-site"]
SOUND = "sound"

Expectation = tuple[str, str, str, str]


def read_table(folder: str) -> list[Expectation]:
    """Return the rows of a table: path, place, code and a piece of the hint."""
    lines = (FIXTURES / folder / "EXPECTED.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return [(*(cell.strip() for cell in row), "", "", "")[:4] for row in rows]  # type: ignore[misc]


def report(folder: str) -> tuple[Diagnostic, ...]:
    return check(FIXTURES / folder).diagnostics


def content_files(folder: str) -> Iterator[str]:
    content = FIXTURES / folder / "content"
    return (path.relative_to(content).as_posix() for path in content.rglob("*") if path.is_file())


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_broken_file_gets_the_right_code_place_and_hint(folder: str) -> None:
    wanted = [row for row in read_table(folder) if row[1] != SOUND]

    found = [
        (
            diagnostic.span.path.removeprefix("content/"),
            f"{diagnostic.span.line}:{diagnostic.span.column}",
            diagnostic.code.value,
            diagnostic.hint,
        )
        for diagnostic in report(folder)
    ]

    assert [row[:3] for row in found] == [row[:3] for row in sorted(wanted, key=_order)]
    assert [
        (row, hint)
        for row, (*_, hint) in zip(sorted(wanted, key=_order), found, strict=True)
        if not row[3] or row[3] not in hint
    ] == []


def _order(row: Expectation) -> tuple[str, int, int]:
    line, _, column = row[1].partition(":")
    return (row[0], int(line), int(column))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_table_knows_every_file(folder: str) -> None:
    assert {row[0] for row in read_table(folder)} == set(content_files(folder))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_report_is_the_golden_one(folder: str, golden: Callable[[str, str], str]) -> None:
    said = format_text(report(folder))
    assert said == golden(f"{folder}.txt", said)


def test_at_least_forty_files_are_broken() -> None:
    broken = {row[0] for row in read_table("broken") if row[1] != SOUND}

    assert len(broken) >= 200


def test_good_records_beside_broken_ones_are_read_in_full() -> None:
    files = scan_content(FIXTURES / "broken").records
    read = (outcome.value for outcome in read_batch(files))
    papers = {record.id: record for record in read if isinstance(record, Paper)}
    kept = check(FIXTURES / "broken").library.papers

    assert papers.keys() == kept.keys()
    assert papers["good-paper"] == Paper(
        id="good-paper",
        source="content/papers/a-good/good-paper.md",
        title="A sound title",
        authors=(Author(name="Zhengyang Tang"), Author(name="Furu Wei", affiliation="Microsoft")),
        date=PartialDate(2024, 3, 5),
        featured=PartialDate(2025, 3, 19).first_day(),
        topics=("reasoning",),
        categories=("cs.CL", "hep-th", "cond-mat.str-el"),
        arxiv="2403.02884",
        doi="10.1000/xyz",
        venue=Venue(name="ICML 2024"),
        links=(Link("code", "https://example.org/code"),),
        votes=42,
        abstract="We show $\\alpha > \\beta$: a bound.",
        body=Body("Our note.", 20),
    )
    assert papers["good-words"] == Paper(
        id="good-words",
        source="content/papers/a-good/good-words.md",
        title="no",
        curator="yes",
        keywords=("on", "off", "1_000", "0123", "12:30", "2025-12-15"),
        body=Body("Our note.", 6),
    )
    assert papers["2301.00010"].arxiv == "2301.00010"
    assert papers["cs-0101001"].arxiv == "cs/0101001"
    assert papers["good-crlf"].abstract == "One.\n\nTwo."
    assert [papers[name].body for name in ("good-bom", "good-crlf", "good-cr", "good-dots")] == [
        Body("Body.", 4),
        Body("Body.", 8),
        Body("Body.", 4),
        Body("Body.", 4),
    ]


def test_a_reference_to_a_broken_record_is_not_reported_twice() -> None:
    site = check(FIXTURES / "broken")
    silent = {
        "content/papers/between/superseded-by-broken.md",
        "content/papers/between/unknown-topic-of-broken-record.md",
        "content/topics/parent-broken.md",
    }

    assert silent.isdisjoint(diagnostic.span.path for diagnostic in site.diagnostics)
    assert site.library.topics.by_slug["parent-broken"].parent == ""
