"""Lists cut into pages, days as cells, and the addresses of both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.domain.digests import Digest
from broadsheet.planning import addresses
from broadsheet.planning.calendar import bars_path, count_by_week, heat_of_days, month_calendar
from broadsheet.planning.cards import shorten_authors
from broadsheet.planning.headers import HeaderPolicy, cache_control
from broadsheet.planning.pagination import paginate
from broadsheet.planning.plan_types import cut_at_word


@given(st.integers(0, 400), st.integers(1, 60))
def test_pages_hold_every_entry_once_and_in_order(count: int, size: int) -> None:
    pages = paginate(range(count), size, "papers/")
    assert [entry for page in pages for entry in page.entries] == list(range(count))
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert all(page.start == (page.entries[0] + 1 if page.entries else 1) for page in pages)
    assert all(len(page.entries) == size for page in pages[:-1])


@given(st.integers(2, 60))
def test_every_page_of_a_list_can_be_reached_by_its_pagers(count: int) -> None:
    pages = {page.url: page for page in paginate(range(count), 1, "papers/")}
    reached, waiting = {"papers/"}, ["papers/"]
    while waiting:
        pager = pages[waiting.pop()].pager
        assert pager is not None
        linked = {link.url for link in pager.links if link.url} | {pager.newer, pager.older} - {""}
        waiting += linked - reached
        reached |= linked
    assert reached == set(pages)


@pytest.mark.parametrize(
    ("current", "total", "shown"),
    [
        (1, 2, "[1] 2"),
        (1, 4, "[1] 2 3 4"),
        (1, 5, "[1] 2 … 5"),
        (3, 5, "1 2 [3] 4 5"),
        (5, 9, "1 … 4 [5] 6 … 9"),
        (4, 9, "1 2 3 [4] 5 … 9"),
        (9, 9, "1 … 8 [9]"),
    ],
)
def test_a_pager_shows_the_ends_and_the_neighbours(current: int, total: int, shown: str) -> None:
    pager = paginate(range(total), 1, "x/")[current - 1].pager
    assert pager is not None
    words = [f"[{link.text}]" if link.is_current else link.text for link in pager.links]
    assert " ".join(words) == shown


def test_one_page_has_no_pager() -> None:
    assert [page.pager for page in paginate(range(3), 3, "x/")] == [None]


@given(st.lists(st.from_regex(r"[a-z0-9][a-z0-9.-]{0,8}", fullmatch=True), max_size=4))
def test_the_way_to_the_root_undoes_an_address(parts: list[str]) -> None:
    url = "".join(f"{part}/" for part in parts)
    assert addresses.output_path(url) == f"{url}index.html"
    assert addresses.root_of(url).count("../") == len(parts)


@pytest.mark.parametrize(
    ("base_url", "path"),
    [
        ("", "/"),
        ("https://x.example", "/"),
        ("https://x.example/", "/"),
        ("https://x.example/a/b", "/a/b/"),
        ("https://x.example/a/b/", "/a/b/"),
    ],
)
def test_the_base_path_begins_and_ends_with_a_slash(base_url: str, path: str) -> None:
    assert addresses.base_path(base_url) == path


def digest_of(day: date, papers: int) -> Digest:
    ids = tuple(str(number) for number in range(papers))
    key = day.isoformat()
    return Digest(key=key, kind="day", first=day, last=day, papers=ids, days=(day,))


def test_heat_cuts_sizes_into_fifths() -> None:
    days = [digest_of(date(2025, 1, 1) + timedelta(n), n + 1) for n in range(10)]
    assert heat_of_days(tuple(days)) == {n + 1: 1 + n // 2 for n in range(10)}
    assert heat_of_days((days[4], days[4])) == {5: 3}
    assert heat_of_days(()) == {}


def test_a_month_shows_weekends_only_where_one_has_a_digest() -> None:
    friday, sunday = date(2025, 2, 28), date(2025, 3, 2)
    weekdays = {"2025-02-28": digest_of(friday, 1)}
    month = month_calendar(2025, 2, weekdays, {1: 3}, friday)
    assert month.columns == ("Mo", "Tu", "We", "Th", "Fr")
    assert [day.text for day in month.weeks[-1].days] == ["24", "25", "26", "27", "28"]
    assert [week.text for week in month.weeks] == ["w6", "w7", "w8", "w9"]
    assert month.weeks[-1].days[-1].is_current
    month = month_calendar(2025, 3, {"2025-03-02": digest_of(sunday, 1)}, {1: 3}, sunday)
    assert len(month.columns) == 7
    assert [day.text for day in month.weeks[0].days] == ["", "", "", "", "", "1", "2"]
    assert month.weeks[0].days[-1].url == "digests/2025-03-02/"


@given(st.lists(st.dates(date(2024, 1, 1), date(2025, 12, 31))), st.integers(1, 60))
def test_weeks_count_each_day_of_their_span_once(days: list[date], weeks: int) -> None:
    last = date(2025, 6, 30)
    first = last - timedelta(days=7 * weeks - 1)
    counts = count_by_week(days, last, weeks)
    assert len(counts) == weeks
    assert sum(counts) == sum(first <= day <= last for day in days)


@given(st.lists(st.integers(0, 50), max_size=60))
def test_bars_are_drawn_for_weeks_with_papers_and_reach_the_top_once(counts: list[int]) -> None:
    path = bars_path(counts, 16)
    assert path.count("M") == sum(count > 0 for count in counts)
    assert ("v-16h3v16z" in path) == any(counts)


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ("", ""),
        ("A", "A"),
        ("A B", "A and B"),
        ("A B C", "A, B and C"),
        ("A B C D", "A, B, C and D"),
        ("A B C D E", "A, B, C and 2 others"),
    ],
)
def test_authors_are_shortened_to_three_when_there_are_five(names: str, line: str) -> None:
    assert shorten_authors(tuple(names.split())) == line


@given(st.text(), st.integers(1, 50))
def test_a_description_is_one_line_of_bounded_length(text: str, limit: int) -> None:
    cut = cut_at_word(text, limit)
    folded = " ".join(text.split())
    assert cut == folded if len(folded) <= limit else len(cut) <= limit + 2
    assert cut == " ".join(cut.split()) or cut == " …"


def test_hashed_assets_are_kept_for_a_year_and_nothing_else_is() -> None:
    year = "public, max-age=31536000, immutable"
    assert cache_control("assets/broadsheet.0123456789.css") == year
    others = ["index.html", "assets/broadsheet.css", "x/assets/a.0123456789.css", "pagefind/a.js"]
    assert {cache_control(path) for path in others} == {"public, max-age=0, must-revalidate"}


def test_the_headers_file_says_what_the_server_sends() -> None:
    policy = HeaderPolicy(form_origins=("https://letters.example",))
    lines = policy.headers_file().splitlines()
    for name, value in policy.headers_for("index.html").items():
        assert (f"  {name}: {value}" in lines) == (name != "Cache-Control")
    assert "form-action 'self' https://letters.example" in policy.content_security_policy()
