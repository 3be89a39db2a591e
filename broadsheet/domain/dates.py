"""Dates as precise as the record is, and the days, ISO weeks and months of digests.

Responsible for parsing, ordering and naming dates. Not responsible for the clock: nothing here
knows what day it is.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

# The last year is one short of the calendar's, whose last week does not end within it.
FIRST_YEAR, LAST_YEAR = 1000, 9998

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


class PartialDate(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A year, a month or a day.

    Attributes:
        year: 1000 to 9998.
        month: 1 to 12; 0 when only the year is known.
        day: 1 to 31; 0 when only the month is known.
    """

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """Return ISO 8601 text as precise as the date."""
        if self.day:
            return f"{self.year:04}-{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"

    def first_day(self) -> date:
        """Return the first day that the date may mean."""
        return date(self.year, self.month or 1, self.day or 1)


def parse_partial_date(text: str) -> PartialDate | None:
    """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None when it is none of them or no real date."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups("00")
    parsed = PartialDate(int(year), int(month), int(day))
    try:
        parsed.first_day()
    except ValueError:
        return None
    is_real = FIRST_YEAR <= parsed.year <= LAST_YEAR and "00" not in match.groups()
    return parsed if is_real else None


def parse_day(text: str) -> date | None:
    """Read `YYYY-MM-DD`; None when it is no such day."""
    parsed = parse_partial_date(text)
    return parsed.first_day() if parsed is not None and parsed.day else None


def day_key(day: date) -> str:
    """Return a day's digest key, `2025-03-19`."""
    return day.isoformat()


def week_key(day: date) -> str:
    """Return the key of the ISO week that holds a day, `2025-W12` (ISO 8601)."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def month_key(day: date) -> str:
    """Return the key of the month that holds a day, `2025-03`."""
    return f"{day.year:04}-{day.month:02}"


def digest_span(key: str) -> tuple[date, date] | None:
    """Return the first and last day that a digest key stands for.

    Args:
        key: `2025-03-19`, `2025-W12` or `2025-03`.

    Returns:
        Both days, or None when the key is none of the three or names no real day.
    """
    if match := _WEEK.fullmatch(key):
        return _week_span(int(match[1]), int(match[2]))
    parsed = parse_partial_date(key)
    if parsed is None or not parsed.month:
        return None
    first = parsed.first_day()
    if parsed.day:
        return first, first
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, following - timedelta(days=1)


def _week_span(year: int, week: int) -> tuple[date, date] | None:
    """Return the first and last day of an ISO week, or None when the year does not have it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=6)


def digest_kind(key: str) -> str:
    """Return `day`, `week` or `month` for a valid digest key."""
    if "W" in key:
        return "week"
    return "day" if key.count("-") == 2 else "month"


def name_partial_date(when: PartialDate) -> str:
    """Return a date in words: `19 March 2025`, `March 2025` or `2025`."""
    if not when.month:
        return f"{when.year}"
    month = f"{MONTHS[when.month - 1]} {when.year}"
    return f"{when.day} {month}" if when.day else month


def name_day(day: date) -> str:
    """Return a day in words: `19 March 2025`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def name_weekday(day: date) -> str:
    """Return a day in words with its weekday: `Wednesday, 19 March 2025`."""
    return f"{WEEKDAYS[day.weekday()]}, {name_day(day)}"


def name_digest(key: str) -> str:
    """Return a digest key in words: `19 March 2025`, `Week 12 of 2025` or `March 2025`."""
    if match := _WEEK.fullmatch(key):
        return f"Week {int(match[2])} of {match[1]}"
    parsed = parse_partial_date(key)
    return name_partial_date(parsed) if parsed is not None else key
