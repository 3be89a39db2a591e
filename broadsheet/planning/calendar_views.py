"""What templates may see: days, weeks and months as cells.

Responsible for the shape of the strip of recent digests and of the archive's calendars. Not
responsible for filling them (`calendar`).
"""

from __future__ import annotations

from broadsheet.planning.views import View


class DigestDay(View, frozen=True, kw_only=True):
    """A day in the strip of recent digests.

    Attributes:
        iso: `2025-03-19`.
        text: `19 Mar` on the first of a month or strip, else `19`.
        label: The name read aloud: `19 Mar, 24 papers`.
        url: Address of the digest; empty for a day to come or a day without one.
        heat: 1 (few) to 5 (many papers); 0 where there is no digest.
        is_current: Whether it is the newest.
    """

    iso: str
    text: str
    label: str
    url: str
    heat: int
    is_current: bool


class CalendarWeek(View, frozen=True, kw_only=True):
    """A row of a month's calendar.

    Attributes:
        text: `w12`.
        label: `Week 12 of 2025`.
        url: Address of the week's digest; empty when there is none.
        days: One entry a column; a day outside the month has an empty text.
    """

    text: str
    label: str
    url: str
    days: tuple[DigestDay, ...]


class CalendarMonth(View, frozen=True, kw_only=True):
    """A month's calendar in the archive.

    Attributes:
        text: `March 2025`.
        url: Address of the month's digest; empty when there is none.
        columns: `Mo` to `Fr`, or to `Su` where a weekend has a digest.
        weeks: The rows.
    """

    text: str
    url: str
    columns: tuple[str, ...]
    weeks: tuple[CalendarWeek, ...]
