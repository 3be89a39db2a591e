"""What needs more than one record: digests, trending, drafts, as-of, duplicates, references."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from broadsheet.domain.library import Library, LibraryRules, build_library
from broadsheet.domain.records import DigestNote, Page, Paper, Records, Status, Topic
from broadsheet.domain.trending import has_votes, rank_trending
from broadsheet.foundations.diagnostics import Finding


def paper(paper_id: str, featured: str = "", **values: Any) -> Paper:
    return Paper(
        id=paper_id,
        source=f"content/papers/{paper_id}.md",
        title=paper_id,
        featured=date.fromisoformat(featured) if featured else None,
        **values,
    )


def note(key: str, **values: Any) -> DigestNote:
    return DigestNote(key=key, source=f"content/digests/{key}.md", **values)


def library(*papers: Paper, notes: tuple[DigestNote, ...] = (), **rules: Any) -> Library:
    return build_library(Records(papers=papers, digests=notes), LibraryRules(**rules))[0]


def findings(records: Records, **rules: Any) -> list[tuple[str, str, tuple[str | int, ...], str]]:
    """Return each finding as code, file, field and hint."""
    found: tuple[Finding, ...] = build_library(records, LibraryRules(**rules))[1]
    return [
        (finding.code.value, finding.source.removeprefix("content/"), finding.field, finding.hint)
        for finding in found
    ]


def test_a_digest_exists_for_the_day_the_week_and_the_month_of_a_featured_paper() -> None:
    made = library(paper("a", "2025-03-19"), paper("b"))

    assert {key: digest.papers for key, digest in made.digests.items()} == {
        "2025-03": ("a",),
        "2025-W12": ("a",),
        "2025-03-19": ("a",),
    }
    assert made.today == date(2025, 3, 19)


def test_a_week_at_the_end_of_a_year_holds_days_of_both_years() -> None:
    made = library(paper("a", "2024-12-31"), paper("b", "2025-01-01"), digest_kinds=("week",))

    digest = made.digests["2025-W01"]
    assert list(made.digests) == ["2025-W01"]
    assert (digest.first, digest.last) == (date(2024, 12, 30), date(2025, 1, 5))
    assert digest.days == (date(2024, 12, 31), date(2025, 1, 1))
    assert digest.papers == ("b", "a")


def test_only_the_kinds_of_digests_that_the_settings_name_exist() -> None:
    papers = (paper("a", "2025-03-19"), paper("b", "2025-03-20"))

    assert list(library(*papers, digest_kinds=("month",)).digests) == ["2025-03"]
    assert list(library(*papers, digest_kinds=()).digests) == []
    assert library(*papers, digest_kinds=()).newest_digest() is None
    newest = library(*papers, digest_kinds=("day", "month")).newest_digest()
    assert newest is not None
    assert newest.key == "2025-03-20"


def test_a_day_is_ordered_by_its_note_then_by_votes_then_by_id() -> None:
    day = "2025-03-19"
    papers = [
        paper("a", day),
        paper("b", day, votes=5),
        paper("c", day, votes=9),
        paper("d", day, votes=5),
        paper("e", day, votes=0),
    ]
    ordered = note(day, lead="e", order=("d", "gone", "e"))

    assert library(*papers).digests[day].papers == ("c", "b", "d", "a", "e")
    assert library(*papers, notes=(ordered,)).digests[day].papers == ("e", "d", "c", "b", "a")


def test_a_week_takes_its_days_from_the_newest_after_what_its_own_note_orders() -> None:
    papers = [
        paper("mon", "2025-03-17", votes=99),
        paper("wed-a", "2025-03-19"),
        paper("wed-b", "2025-03-19"),
    ]
    notes = (note("2025-03-19", lead="wed-b"), note("2025-W12", order=("mon",)))

    assert library(*papers, notes=notes[:1]).digests["2025-W12"].papers == ("wed-b", "wed-a", "mon")
    assert library(*papers, notes=notes).digests["2025-W12"].papers == ("mon", "wed-b", "wed-a")
    assert library(*papers, notes=notes).digests["2025-03"].papers == ("wed-b", "wed-a", "mon")


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.RETRACTED])
def test_a_digest_does_not_open_with_what_was_withdrawn_unless_a_note_says_so(
    status: Status,
) -> None:
    gone, day = paper("a", "2025-03-19", votes=9, status=status), "2025-03-19"
    papers = (gone, paper("b", day), paper("old", "2025-03-17"))

    def orders(*notes: DigestNote) -> dict[str, tuple[str, ...]]:
        made = library(*papers, notes=notes).digests
        return {key: made[key].papers for key in (day, "2025-W12", "2025-03")}

    assert orders() == {
        day: ("b", "a"),
        "2025-W12": ("b", "old", "a"),
        "2025-03": ("b", "old", "a"),
    }
    assert orders(note(day, lead="a"), note("2025-03", order=("old",))) == {
        day: ("a", "b"),
        "2025-W12": ("a", "b", "old"),
        "2025-03": ("old", "a", "b"),
    }


def test_as_of_leaves_out_what_is_featured_later_and_sets_today() -> None:
    papers = (paper("old", "2025-03-01"), paper("queued", "2025-04-01"), paper("never"))

    made = library(*papers, as_of=date(2025, 3, 31))

    assert list(made.papers) == ["never", "old"]
    assert made.today == date(2025, 3, 31)
    assert list(library(*papers, as_of=date(2025, 4, 1)).papers) == ["never", "old", "queued"]
    assert library(*papers).today == date(2025, 4, 1)
    assert library(paper("never")).today is None


def test_drafts_exist_only_when_asked_for_and_references_to_them_are_sound() -> None:
    papers = (
        paper("draft", "2025-03-19", status=Status.DRAFT),
        paper("a", status=Status.SUPERSEDED, superseded_by="draft"),
    )

    assert list(library(*papers).papers) == ["a"]
    assert list(library(*papers).digests) == []
    assert list(library(*papers, has_drafts=True).papers) == ["a", "draft"]
    assert findings(Records(papers=papers)) == []


def test_a_gap_of_over_31_days_before_the_newest_digest_is_a_warning() -> None:
    def gap(*days: str) -> list[tuple[str, str, tuple[str | int, ...], str]]:
        return findings(Records(papers=tuple(paper(f"p{n}", day) for n, day in enumerate(days))))

    assert gap("2025-01-01") == []
    assert gap("2025-01-01", "2025-02-01") == []
    assert gap("2020-01-01", "2025-01-01", "2025-01-02") == []
    assert gap("2025-01-01", "2025-02-02", "2025-02-02") == [
        ("featured-gap", "papers/p1.md", ("featured",), "check the year")
    ]


def test_two_records_of_a_kind_may_not_share_an_id() -> None:
    records = Records(
        papers=(paper("x"), Paper(id="x", source="content/papers/b/x.md", title="second")),
        topics=tuple(
            Topic(slug="x", source=f"content/topics/{f}/x.md", name=f, short=f) for f in "ab"
        ),
        digests=tuple(DigestNote(key="2025", source=f"content/digests/{f}/2025.md") for f in "ab"),
        pages=tuple(Page(slug="x", source=f"content/pages/{f}/x.md", title=f) for f in "ab"),
    )

    made, _ = build_library(records, LibraryRules())

    hint = "rename one of the two files, or merge them"
    assert findings(records) == [
        ("duplicate-id", "papers/b/x.md", (), hint),
        ("duplicate-id", "topics/b/x.md", (), hint),
        ("duplicate-id", "digests/b/2025.md", (), hint),
        ("duplicate-id", "pages/b/x.md", (), hint),
    ]
    assert (made.papers["x"].title, made.topics.by_slug["x"].name) == ("x", "a")
    assert made.pages["x"].title == "a"


def test_references_that_lead_nowhere_are_reported_once_and_broken_records_not_again() -> None:
    records = Records(
        papers=(
            paper("a", superseded_by="broken"),
            paper("b", superseded_by="c"),
            paper("long-name", superseded_by="long-nome"),
            paper("self", "2025-03-19", superseded_by="self"),
        ),
        digests=(note("2025-03-19", lead="a", order=("self", "broken", "nothing-like-it")),),
        broken=frozenset({"papers/broken", "topics/c"}),
    )

    assert findings(records) == [
        ("unknown-paper", "papers/b.md", ("superseded_by",), "use the stem of its file's name"),
        ("unknown-paper", "papers/long-name.md", ("superseded_by",), "did you mean 'long-name'?"),
        (
            "field-conflict",
            "papers/self.md",
            ("superseded_by",),
            "name the record that replaces it",
        ),
        ("not-in-digest", "digests/2025-03-19.md", ("lead",), "check its 'featured' day"),
        (
            "unknown-paper",
            "digests/2025-03-19.md",
            ("order", 2),
            "use the stem of its file's name",
        ),
    ]


def test_shared_identifiers_are_reported_at_the_later_record() -> None:
    records = Records(
        papers=(
            paper("a", arxiv="2403.02884"),
            paper("b", arxiv="2403.02884", doi="10.1/x"),
            paper("c", doi="10.1/x"),
        ),
    )

    keep = "keep one record and make the other id an alias"
    assert findings(records) == [
        ("duplicate-paper", "papers/b.md", ("arxiv",), keep),
        ("duplicate-paper", "papers/c.md", ("doi",), keep),
    ]


def test_trending_without_votes_is_the_editorial_order_of_recent_digests() -> None:
    made = library(
        paper("old-a", "2025-03-10"),
        paper("new-b", "2025-03-19"),
        paper("new-a", "2025-03-19"),
        paper("never"),
        notes=(note("2025-03-19", lead="new-b"),),
    )

    assert rank_trending(made) == ("new-b", "new-a", "old-a")
    assert not has_votes(made, rank_trending(made))


def test_trending_with_votes_favours_the_young_and_keeps_the_unvoted_in_editorial_order() -> None:
    made = library(
        paper("week-old", "2025-03-12", votes=40),
        paper("today", "2025-03-19", votes=4),
        paper("yesterday", "2025-03-18", votes=10),
        paper("none-new", "2025-03-19"),
        paper("none-old", "2025-03-01", votes=0),
    )

    assert rank_trending(made) == ("yesterday", "week-old", "today", "none-new", "none-old")
    assert has_votes(made, ["none-new", "today"])


@pytest.mark.parametrize(("age", "is_candidate"), [(0, True), (27, True), (28, False)])
def test_trending_looks_back_over_28_days(age: int, is_candidate: bool) -> None:  # noqa: FBT001
    newest = date(2025, 3, 19)
    day = newest - timedelta(days=age)
    made = library(paper("newest", newest.isoformat()), paper("x", day.isoformat(), votes=1))

    assert ("x" in rank_trending(made)) == is_candidate


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.RETRACTED, Status.DRAFT])
def test_what_was_withdrawn_does_not_trend(status: Status) -> None:
    made = library(
        paper("a", "2025-03-19"),
        paper("gone", "2025-03-19", status=status, votes=9),
        has_drafts=True,
    )

    assert rank_trending(made) == ("a",)


def test_nothing_trends_where_nothing_is_featured() -> None:
    assert rank_trending(library(paper("a", votes=3))) == ()
