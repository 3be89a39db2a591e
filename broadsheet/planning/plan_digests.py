"""Pages of digests: each day's, week's and month's, and the archive.

Responsible for what stands on them. Not responsible for which digests there are or for the order of
their papers (`domain.digests`), or for days as cells (`calendar`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from broadsheet.domain.dates import month_key, week_key
from broadsheet.domain.digests import Digest
from broadsheet.planning import addresses
from broadsheet.planning.calendar import day_cell, heat_of_days, month_calendar
from broadsheet.planning.calendar_views import DigestDay
from broadsheet.planning.edition import (
    Edition,
    date_of_digest,
    group_cards,
    plural,
)
from broadsheet.planning.list_pages import ArchivePage, DigestPage
from broadsheet.planning.pagination import ListPage, paginate
from broadsheet.planning.plan_types import PagePlan, make_head
from broadsheet.planning.views import Anchor, CardGroup

# Anchors begin with a prefix, since a topic may be called like another id of the page (`search`).
OTHER = ("t-", "Other topics", "")


def plan_digests(edition: Edition) -> Iterator[PagePlan]:
    """Plan a page for each digest, and the archive.

    Args:
        edition: What is being planned.
    """
    heat = heat_of_days(edition.library.digests_of("day"))
    for kind in edition.library.digest_kinds:
        digests = edition.library.digests_of(kind)
        for index, digest in enumerate(digests):
            before = digests[index - 1] if index else None
            after = digests[index + 1] if index + 1 < len(digests) else None
            yield from _plan_digest(edition, digest, before, after, heat)
    yield from _plan_archive(edition, heat)


def _plan_digest(
    edition: Edition,
    digest: Digest,
    before: Digest | None,
    after: Digest | None,
    heat: Mapping[int, int],
) -> Iterator[PagePlan]:
    headed = _group_by_topic(edition, digest)
    totals = Counter(heading[0] for heading, _ in headed)
    url = addresses.digest_url(digest.key)
    note = edition.library.notes.get(digest.key)
    source = note.source if note is not None else ""
    name = date_of_digest(digest).long
    pages = paginate(headed, edition.settings.page_sizes.digest, url)
    sections = _sections(edition, headed, totals) if len(pages) == 1 else ()
    for page in pages:
        view = _make_view(edition, digest, page, totals, sections, heat, before, after)
        head = make_head(
            edition.settings,
            page.url,
            title=name if page.number == 1 else f"{name}, page {page.number}",
            description=f"{view.title or edition.settings.title}: {view.summary}.",
            section="digests",
            source=source,
        )
        sources = (source,) if source else ()
        yield PagePlan(url=page.url, template="digest.html", view=view, head=head, sources=sources)


def _make_view(
    edition: Edition,
    digest: Digest,
    page: ListPage[tuple[tuple[str, str, str], str]],
    totals: Counter[str],
    sections: tuple[CardGroup, ...],
    heat: Mapping[int, int],
    before: Digest | None,
    after: Digest | None,
) -> DigestPage:
    note = edition.library.notes.get(digest.key)
    is_first = page.number == 1
    text = edition.texts[note.source] if note is not None else None
    return DigestPage(
        kind=digest.kind,
        date=date_of_digest(digest),
        title=note.title if note is not None else "",
        summary=_summary(edition, digest),
        curator=edition.digest_curator(digest),
        note=text.body if text is not None and is_first else None,
        sections=sections,
        groups=group_cards(edition, page.entries, totals, page.start),
        pager=page.pager,
        days=_days(edition, digest, heat) if digest.kind != "day" else (),
        parts=_parts(edition, digest),
        previous=edition.digest_anchor(before) if before is not None else None,
        following=edition.digest_anchor(after) if after is not None else None,
    )


def _group_by_topic(edition: Edition, digest: Digest) -> list[tuple[tuple[str, str, str], str]]:
    """Order a digest's papers by primary topic, topics as they first come up in editorial order."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for paper_id in digest.papers:
        slugs = edition.library.topics.of_paper[paper_id]
        heading = OTHER
        if slugs:
            topic = edition.library.topics.by_slug[slugs[0]]
            heading = (f"t-{topic.slug}", topic.name, addresses.topic_url(topic.slug))
        groups.setdefault(heading, []).append(paper_id)
    others = groups.pop(OTHER, [])
    headed = [(heading, paper_id) for heading, ids in groups.items() for paper_id in ids]
    other = OTHER if groups else ("t-", "Papers", "")
    return headed + [(other, paper_id) for paper_id in others]


def _sections(
    edition: Edition, headed: list[tuple[tuple[str, str, str], str]], totals: Counter[str]
) -> tuple[CardGroup, ...]:
    groups = group_cards(edition, headed, totals, 1)
    if len(groups) < 2:
        return ()
    short = {f"t-{slug}": topic.short for slug, topic in edition.library.topics.by_slug.items()}
    return tuple(
        CardGroup(
            anchor=group.anchor,
            heading=short.get(group.anchor, group.heading),
            url="",
            count=group.count,
            start=group.start,
            cards=(),
        )
        for group in groups
    )


def _summary(edition: Edition, digest: Digest) -> str:
    coded = sum(bool(edition.cards[i].code) for i in digest.papers)
    parts = [edition.digest_number(digest), plural(len(digest.papers), "paper")]
    parts.append(f"{coded:,} with code" if coded else "")
    return ", ".join(part for part in parts if part)


def _days(edition: Edition, digest: Digest, heat: Mapping[int, int]) -> tuple[DigestDay, ...]:
    if "day" not in edition.library.digest_kinds:
        return ()
    return tuple(
        day_cell(
            day,
            edition.library.digests[day.isoformat()],
            heat,
            is_first=index == 0 or day.month != digest.days[index - 1].month,
            is_current=False,
        )
        for index, day in enumerate(digest.days)
    )


def _parts(edition: Edition, digest: Digest) -> tuple[Anchor, ...]:
    """Return the week and month that a day belongs to, where they exist."""
    if digest.kind != "day":
        return ()
    keys = (week_key(digest.first), month_key(digest.first))
    digests = edition.library.digests
    return tuple(edition.digest_anchor(digests[key]) for key in keys if key in digests)


def _plan_archive(edition: Edition, heat: Mapping[int, int]) -> Iterator[PagePlan]:
    digests = edition.library.digests
    days = sorted({day for digest in digests.values() for day in digest.days})
    years = sorted({day.year for day in days}, reverse=True) or [0]
    pages = paginate(years, 1, addresses.DIGESTS)
    newest = days[-1] if days else date.min
    for page in pages:
        year = page.entries[0]
        months = sorted({day.month for day in days if day.year == year}, reverse=True)
        index = page.number - 1
        view = ArchivePage(
            year=str(year) if year else "",
            months=tuple(month_calendar(year, m, digests, heat, newest) for m in months),
            newer=_year_anchor(years, pages[index - 1].url, index - 1) if index else None,
            older=_year_anchor(years, pages[index + 1].url, index + 1)
            if index + 1 < len(years)
            else None,
        )
        head = make_head(
            edition.settings,
            page.url,
            title="Archive" if index == 0 else f"Archive of {year}",
            description=f"Every digest of {edition.settings.title}.",
            section="digests",
            is_section=True,
        )
        yield PagePlan(url=page.url, template="archive.html", view=view, head=head)


def _year_anchor(years: list[int], url: str, index: int) -> Anchor:
    return Anchor(text=str(years[index]), url=url)
