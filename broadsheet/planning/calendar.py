"""Days as cells: the strip of recent digests and the archive's calendars.

Responsible for heat, labels and weeks. Not responsible for the pages that show them.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from broadsheet.domain.dates import MONTHS, month_key, name_digest, week_key
from broadsheet.domain.digests import Digest
from broadsheet.foundations.words import plural
from broadsheet.planning import addresses
from broadsheet.planning.calendar_views import CalendarMonth, CalendarWeek, DigestDay

COLUMNS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def heat_of_days(digests: tuple[Digest, ...]) -> Mapping[int, int]:
    """Cut the sizes of digests into fifths.

    Args:
        digests: The digests to compare.

    Returns:
        For each size that occurs, 1 (few papers) to 5 (many); one size alone is a 3.
    """
    sizes = sorted(len(digest.papers) for digest in digests)
    if not sizes or sizes[0] == sizes[-1]:
        return dict.fromkeys(sizes, 3)
    return {
        size: 1 + min(4, 5 * sum(other < size for other in sizes) // len(sizes))
        for size in set(sizes)
    }


def day_cell(
    day: date,
    digest: Digest | None,
    heat: Mapping[int, int],
    *,
    is_first: bool,
    is_current: bool,
) -> DigestDay:
    """Return a day as a cell.

    Args:
        day: The day.
        digest: Its digest, or None.
        heat: From `heat_of_days`.
        is_first: Whether to name the month.
        is_current: Whether it is the newest digest.
    """
    named = f"{day.day} {MONTHS[day.month - 1][:3]}"
    count = len(digest.papers) if digest is not None else 0
    return DigestDay(
        iso=day.isoformat(),
        text=named if is_first else str(day.day),
        label=f"{named}, {plural(count, 'paper')}" if digest is not None else named,
        url=addresses.digest_url(digest.key) if digest is not None else "",
        heat=heat[count] if digest is not None else 0,
        is_current=is_current,
    )


def month_calendar(
    year: int, month: int, digests: Mapping[str, Digest], heat: Mapping[int, int], newest: date
) -> CalendarMonth:
    """Return a month's calendar.

    Args:
        year: The year.
        month: 1 to 12.
        digests: All digests by key.
        heat: From `heat_of_days`.
        newest: The day of the newest digest.
    """
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    weekend = any(
        day.isoformat() in digests
        for week in weeks
        for day in week
        if day.weekday() > 4 and day.month == month
    )
    width = 7 if weekend else 5
    rows = [_week_row(week[:width], month, digests, heat, newest) for week in weeks]
    key = month_key(date(year, month, 1))
    return CalendarMonth(
        text=name_digest(key),
        url=addresses.digest_url(key) if key in digests else "",
        columns=COLUMNS[:width],
        weeks=tuple(row for row in rows if any(day.text for day in row.days)),
    )


def _week_row(
    days: list[date],
    month: int,
    digests: Mapping[str, Digest],
    heat: Mapping[int, int],
    newest: date,
) -> CalendarWeek:
    key = week_key(days[0])
    number = int(key[-2:])
    return CalendarWeek(
        text=f"w{number}",
        label=name_digest(key),
        url=addresses.digest_url(key) if key in digests else "",
        days=tuple(
            day_cell(
                day,
                digests.get(day.isoformat()),
                heat,
                is_first=False,
                is_current=day == newest,
            )
            if day.month == month
            else _blank(day)
            for day in days
        ),
    )


def _blank(day: date) -> DigestDay:
    return DigestDay(iso=day.isoformat(), text="", label="", url="", heat=0, is_current=False)


def count_by_week(days: list[date], last: date, weeks: int) -> list[int]:
    """Count days in each of the weeks that end with a given day.

    Args:
        days: The days to count.
        last: The last day of the last week.
        weeks: How many weeks.

    Returns:
        One number a week, the oldest first.
    """
    counts = [0] * weeks
    first = last - timedelta(days=7 * weeks - 1)
    for day in days:
        if first <= day <= last:
            counts[(day - first).days // 7] += 1
    return counts


def bars_path(counts: list[int], height: int) -> str:
    """Return the `d` of bars three units wide, one unit apart.

    Args:
        counts: One number a bar.
        height: Of the tallest bar, in units.
    """
    most = max(counts, default=0)
    path = []
    for index, count in enumerate(counts):
        bar = -(-count * height // most) if most else 0
        if bar:
            path.append(f"M{index * 4} {height}v-{bar}h3v{bar}z")
    return "".join(path)
