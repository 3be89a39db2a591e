"""Digests: the issues of a day, an ISO week or a month, derived from when papers are featured.

Responsible for which digests exist and for the order of their papers. Not responsible for the
editors' words (`records.DigestNote`) or for ranking across digests (`trending`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from broadsheet.domain.dates import day_key, digest_kind, digest_span, month_key, week_key
from broadsheet.domain.records import OUT_OF_RANKINGS, DigestNote, Paper
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding, Severity

MAX_GAP = timedelta(days=31)

_KEYS = {"day": day_key, "week": week_key, "month": month_key}


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """The issue of a day, week or month.

    Attributes:
        key: `2025-03-19`, `2025-W12` or `2025-03`.
        kind: `day`, `week` or `month`.
        first: Its first day.
        last: Its last day.
        papers: Ids in editorial order, the lead first.
        days: Days within it on which a paper is featured, oldest first.
    """

    key: str
    kind: str
    first: date
    last: date
    papers: tuple[str, ...]
    days: tuple[date, ...]


def derive_digests(
    papers: Mapping[str, Paper], notes: Mapping[str, DigestNote], kinds: tuple[str, ...]
) -> tuple[dict[str, Digest], tuple[Finding, ...]]:
    """Derive all digests.

    The order within a day is: the papers that its note orders, in that order, then the others by
    votes, most first, then by id. A week or month takes its days from the newest to the oldest,
    after what its own note orders. The lead that a note names comes first. A withdrawn or retracted
    paper comes last unless a note names it: nobody wants to open with it by accident.

    Args:
        papers: The papers that exist, by id.
        notes: Editors' notes by digest key.
        kinds: The kinds that exist.

    Returns:
        Digests by key, oldest first, and a warning where no digest appeared for over 31 days
        before the newest (a mistyped year, usually).
    """
    by_day: dict[date, list[Paper]] = defaultdict(list)
    for paper in papers.values():
        if paper.featured:
            by_day[paper.featured].append(paper)
    days = {day: _order_day(by_day[day], notes.get(day_key(day))) for day in sorted(by_day)}
    digests: list[Digest] = []
    for kind in kinds:
        spans: dict[str, list[date]] = defaultdict(list)
        for day in days:
            spans[_KEYS[kind](day)].append(day)
        digests += [_make_digest(key, spans[key], days, papers, notes) for key in spans]
    digests.sort(key=lambda digest: (digest.first, digest.key))
    return {digest.key: digest for digest in digests}, _check_gap(tuple(days), by_day)


def _make_digest(
    key: str,
    days: list[date],
    orders: Mapping[date, tuple[str, ...]],
    papers: Mapping[str, Paper],
    notes: Mapping[str, DigestNote],
) -> Digest:
    span = digest_span(key)
    if span is None:  # pragma: no cover - keys are made by this module
        raise ValueError(key)
    named = {i for day in days if (note := notes.get(day_key(day))) for i in _named_in(note)}
    ids = [paper_id for day in reversed(days) for paper_id in orders[day]]
    ids.sort(key=lambda i: papers[i].status in OUT_OF_RANKINGS and i not in named)
    return Digest(
        key=key,
        kind=digest_kind(key),
        first=span[0],
        last=span[1],
        papers=_put_first(ids, notes.get(key)),
        days=tuple(days),
    )


def _order_day(papers: list[Paper], note: DigestNote | None) -> tuple[str, ...]:
    ranked = sorted(papers, key=lambda p: (p.status in OUT_OF_RANKINGS, -(p.votes or 0), p.id))
    return _put_first([paper.id for paper in ranked], note)


def _put_first(ids: list[str], note: DigestNote | None) -> tuple[str, ...]:
    known = set(ids)
    wanted = [i for i in _named_in(note) if i in known] if note is not None else []
    return tuple(dict.fromkeys((*wanted, *ids)))


def _named_in(note: DigestNote) -> tuple[str, ...]:
    return (note.lead, *note.order)


def _check_gap(days: tuple[date, ...], by_day: Mapping[date, list[Paper]]) -> tuple[Finding, ...]:
    if len(days) < 2 or days[-1] - days[-2] <= MAX_GAP:
        return ()
    gap = (days[-1] - days[-2]).days
    paper = min(by_day[days[-1]], key=lambda paper: paper.id)
    message = f"the newest digest, {days[-1]}, comes {gap} days after the one before, {days[-2]}"
    finding = Finding(
        code=Code.FEATURED_GAP,
        severity=Severity.WARNING,
        message=message,
        source=paper.source,
        field=("featured",),
        hint="check the year",
    )
    return (finding,)
