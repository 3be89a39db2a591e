"""Dates as precise as the record is, and the spans of days, ISO weeks and months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.domain.dates import (
    PartialDate,
    day_key,
    digest_kind,
    digest_span,
    month_key,
    name_digest,
    name_partial_date,
    name_weekday,
    parse_day,
    parse_partial_date,
    week_key,
)

days = st.dates(date(1000, 1, 1), date(9998, 12, 31))


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("2024", PartialDate(2024)),
        ("2024-03", PartialDate(2024, 3)),
        ("2024-02-29", PartialDate(2024, 2, 29)),
        ("1000", PartialDate(1000)),
        ("9998-12-31", PartialDate(9998, 12, 31)),
    ],
)
def test_a_year_a_month_and_a_day_are_dates(text: str, parsed: PartialDate) -> None:
    assert parse_partial_date(text) == parsed
    assert str(parsed) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "24", "999", "0999", "9999", "9999-12-31", "2024-", "2024-3", "2024-3-5", "20240305"),
        *(
            "2024-00",
            "2024-13",
            "2024-01-00",
            "2024-00-01",
            "2023-02-29",
            "2024-04-31",
            "1900-02-29",
        ),
        *("2024-03-05T10:00:00Z", "2024-03-05 ", " 2024", "2024\n", "2024/03/05", "05-03-2024"),
        *("-2024", "+2024", "２０２４", "٢٠٢٤-03-05", "2024-W12", "today", "March 2024"),
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    assert parse_partial_date(text) is None
    assert parse_day(text) is None


def test_only_a_whole_date_is_a_day() -> None:
    assert [parse_day(text) for text in ("2024", "2024-03", "2024-03-05")] == [
        None,
        None,
        date(2024, 3, 5),
    ]


def test_partial_dates_are_ordered_by_time_the_less_precise_first() -> None:
    texts = ["2023-12-31", "2024", "2024-01", "2024-01-01", "2024-01-02", "2024-02"]

    assert [
        str(when) for when in sorted(parse_partial_date(t) or PartialDate(0) for t in texts[::-1])
    ] == texts


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2020, 12, 31), "2020-W53"),
        (date(2021, 1, 3), "2020-W53"),
        (date(2021, 1, 4), "2021-W01"),
        (date(2018, 12, 31), "2019-W01"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2016, 1, 1), "2015-W53"),
        (date(2023, 1, 1), "2022-W52"),
    ],
)
def test_the_week_of_a_day_at_the_end_of_a_year_may_be_of_another_year(
    day: date, week: str
) -> None:
    assert week_key(day) == week


@pytest.mark.parametrize(
    ("key", "span"),
    [
        ("2025-03-19", (date(2025, 3, 19), date(2025, 3, 19))),
        ("2025-W12", (date(2025, 3, 17), date(2025, 3, 23))),
        ("2020-W53", (date(2020, 12, 28), date(2021, 1, 3))),
        ("2025-W01", (date(2024, 12, 30), date(2025, 1, 5))),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2025-12", (date(2025, 12, 1), date(2025, 12, 31))),
        ("9998-12", (date(9998, 12, 1), date(9998, 12, 31))),
    ],
)
def test_a_digest_key_stands_for_its_days(key: str, span: tuple[date, date]) -> None:
    assert digest_span(key) == span


@pytest.mark.parametrize(
    "key",
    [
        "2025",
        "2021-W53",
        "2025-W00",
        "2025-W54",
        "2025-W1",
        "2025-w12",
        "2025-13",
        "0000-W01",
        "9999-W01",
        "9999-01",
        "2025-02-30",
        "",
        "x",
        "２０２５-W12",
        "2025-W12 ",
    ],
)
def test_other_keys_stand_for_nothing(key: str) -> None:
    assert digest_span(key) is None


@given(day=days)
def test_every_day_lies_in_the_spans_of_its_three_keys(day: date) -> None:
    for make, kind in ((day_key, "day"), (week_key, "week"), (month_key, "month")):
        key = make(day)
        span = digest_span(key)
        assert span is not None
        assert span[0] <= day <= span[1]
        assert digest_kind(key) == kind
        assert make(span[0]) == make(span[1]) == key


@given(day=st.dates(date(1000, 1, 8), date(9998, 12, 24)))
def test_weeks_follow_each_other_without_gap(day: date) -> None:
    span, following = digest_span(week_key(day)), digest_span(week_key(day + timedelta(days=7)))

    assert span is not None
    assert following is not None
    assert following[0] - span[1] == timedelta(days=1)


def test_dates_have_names() -> None:
    assert [name_digest(key) for key in ("2025-03-19", "2025-W02", "2025-03", "odd")] == [
        "19 March 2025",
        "Week 2 of 2025",
        "March 2025",
        "odd",
    ]
    assert name_partial_date(PartialDate(2025)) == "2025"
    assert name_weekday(date(2025, 3, 19)) == "Wednesday, 19 March 2025"
