"""Trending: which recently featured papers readers and editors think most of.

The rule. Candidates were featured within the 28 days up to the newest featured day and are neither
drafts nor withdrawn nor retracted. Where any of them has votes, a paper's score is
``votes / (age + 2) ** 1.5`` with its age in days, so that a day-old paper with 10 votes stands
above a week-old one with 40; ties, and papers without votes, follow in editorial order. Where
nobody counted votes, the ranking is the editorial order of recent digests, the newest first.

Not responsible for how many are shown, or for leaving out what a page shows already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from broadsheet.domain.library import Library
from broadsheet.domain.records import OUT_OF_RANKINGS, Paper

WINDOW = timedelta(days=28)


def rank_trending(library: Library) -> tuple[str, ...]:
    """Return the ids of all candidates, the most trending first."""
    today = library.today
    if today is None:
        return ()
    ordered = [library.papers[paper_id] for paper_id in _editorial_order(library, today)]
    recent = [p for p in ordered if p.status not in OUT_OF_RANKINGS]
    if any(paper.votes for paper in recent):
        recent.sort(key=lambda paper: -_score(paper, today))
    return tuple(paper.id for paper in recent)


def has_votes(library: Library, ids: Iterable[str]) -> bool:
    """Tell whether anybody voted for any of the papers."""
    return any(library.papers[paper_id].votes for paper_id in ids)


def _editorial_order(library: Library, today: date) -> Iterable[str]:
    kind = library.digest_kinds[0] if library.digest_kinds else "day"
    for digest in reversed(library.digests_of(kind)):
        for paper_id in digest.papers:
            featured = library.papers[paper_id].featured
            if featured is not None and today - WINDOW < featured <= today:
                yield paper_id


def _score(paper: Paper, today: date) -> float:
    age = (today - (paper.featured or today)).days
    return float((paper.votes or 0) / (age + 2) ** 1.5)
