"""Pages of digests: each day's, week's and month's, and the archive.

Responsible for what stands on them. Not responsible for which digests there are or for the order of
their papers (`domain.digests`), or for days as cells (`calendar`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from typing import TypeAlias

import msgspec

from broadsheet.domain.dates import month_key, week_key
from broadsheet.domain.digests import Digest
from broadsheet.foundations.words import plural
from broadsheet.planning import addresses
from broadsheet.planning.calendar import day_cell, heat_of_days, month_calendar
from broadsheet.planning.calendar_views import DigestDay
from broadsheet.planning.cards import code_of
from broadsheet.planning.edition import Edition, date_of_digest, group_cards
from broadsheet.planning.list_pages import ArchivePage, DigestPage
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pagination import (
    PageSlot,
    cut_page,
    list_headed_page,
    number_pages,
)
from broadsheet.planning.plan_citations import bibliography_files
from broadsheet.planning.plan_types import make_head
from broadsheet.planning.views import Anchor, CardGroup

# Anchors begin with a prefix, since a topic may be called like another id of the page (`search`).
OTHER = ("t-", "Other topics", "")

Headed: TypeAlias = tuple[tuple[str, str, str], str]
"""A paper's heading, as (anchor, words, address), and its id."""


def plan_digests(edition: Edition) -> Iterator[Outline]:
    """Plan a page for each digest, and the archive.

    Args:
        edition: What is being planned.
    """
    heat = cache(partial(heat_of_days, edition.library.digests_of("day")))
    for kind in edition.library.digest_kinds:
        digests = edition.library.digests_of(kind)
        for index, digest in enumerate(digests):
            before = digests[index - 1] if index else None
            after = digests[index + 1] if index + 1 < len(digests) else None
            yield from _plan_digest(edition, digest, (before, after), heat)
    yield from _plan_archive(edition, heat)


class _Shared(msgspec.Struct, frozen=True):
    """What all pages of a digest share, worked out for the first of them that is filled.

    Attributes:
        headed: Its papers in the order of the pages.
        totals: Papers under each heading, by its anchor.
        summary: What it holds, in words.
    """

    headed: list[Headed]
    totals: Counter[str]
    summary: str


def _share(edition: Edition, digest: Digest) -> _Shared:
    headed = _group_by_topic(edition, digest)
    totals = Counter(anchor for (anchor, _, _), _ in headed)
    return _Shared(headed, totals, _summary(edition, digest))


def _plan_digest(
    edition: Edition,
    digest: Digest,
    beside: tuple[Digest | None, Digest | None],
    heat: Callable[[], Mapping[int, int]],
) -> Iterator[Outline]:
    note = edition.library.notes.get(digest.key)
    sources = (note.source,) if note is not None else ()
    shared = cache(partial(_share, edition, digest))
    size = edition.settings.page_sizes.digest
    for slot in number_pages(len(digest.papers), size, addresses.digest_url(digest.key)):
        fill = partial(
            _fill_digest, digest=digest, beside=beside, slot=slot, shared=shared, heat=heat
        )
        yield Outline(
            url=slot.url,
            template="digest.html",
            fill=fill,
            shows=sources if slot.number == 1 else (),
            lists=partial(_list_papers, slot=slot, shared=shared),
            sources=sources,
            kin="cards",
        )


def _list_papers(edition: Edition, slot: PageSlot, shared: Callable[[], _Shared]) -> Iterable[str]:
    return list_headed_page(edition, slot, lambda: shared().headed)


def _fill_digest(
    edition: Edition,
    digest: Digest,
    beside: tuple[Digest | None, Digest | None],
    slot: PageSlot,
    shared: Callable[[], _Shared],
    heat: Callable[[], Mapping[int, int]],
) -> Filled:
    view = _make_view(edition, digest, slot, shared(), heat(), *beside)
    name = date_of_digest(digest).long
    note = edition.library.notes.get(digest.key)
    head = make_head(
        edition.settings,
        slot.url,
        title=name if slot.number == 1 else f"{name}, page {slot.number}",
        description=f"{view.title or edition.settings.title}: {view.summary}.",
        section="digests",
        source=note.source if note is not None else "",
    )
    return Filled(view, head)


def _make_view(
    edition: Edition,
    digest: Digest,
    slot: PageSlot,
    shared: _Shared,
    heat: Mapping[int, int],
    before: Digest | None,
    after: Digest | None,
) -> DigestPage:
    page = cut_page(shared.headed, slot)
    note = edition.library.notes.get(digest.key)
    return DigestPage(
        kind=digest.kind,
        date=date_of_digest(digest),
        title=note.title if note is not None else "",
        summary=shared.summary,
        curator=edition.digest_curator(digest),
        note=edition.texts[note.source].body if note is not None and page.number == 1 else None,
        sections=_sections(edition, shared) if slot.total == 1 else (),
        groups=group_cards(edition, page.entries, shared.totals, page.start),
        pager=page.pager,
        days=_days(edition, digest, heat) if digest.kind != "day" else (),
        parts=_parts(edition, digest),
        files=bibliography_files(addresses.digest_url(digest.key)),
        previous=edition.digest_anchor(before) if before is not None else None,
        following=edition.digest_anchor(after) if after is not None else None,
    )


def _group_by_topic(edition: Edition, digest: Digest) -> list[Headed]:
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


def _sections(edition: Edition, shared: _Shared) -> tuple[CardGroup, ...]:
    groups = group_cards(edition, shared.headed, shared.totals, 1)
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
    coded = sum(bool(code_of(edition.library.papers[i])) for i in digest.papers)
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


def _plan_archive(edition: Edition, heat: Callable[[], Mapping[int, int]]) -> Iterator[Outline]:
    days = sorted({day for digest in edition.library.digests.values() for day in digest.days})
    years = sorted({day.year for day in days}, reverse=True) or [0]
    for slot in number_pages(len(years), 1, addresses.DIGESTS):
        fill = partial(_fill_archive, slot=slot, days=days, years=years, heat=heat)
        yield Outline(url=slot.url, template="archive.html", fill=fill)


def _fill_archive(
    edition: Edition,
    slot: PageSlot,
    days: list[date],
    years: list[int],
    heat: Callable[[], Mapping[int, int]],
) -> Filled:
    digests = edition.library.digests
    newest = days[-1] if days else date.min
    year = years[slot.number - 1]
    months = sorted({day.month for day in days if day.year == year}, reverse=True)
    view = ArchivePage(
        year=str(year) if year else "",
        months=tuple(month_calendar(year, m, digests, heat(), newest) for m in months),
        newer=_year_anchor(years, slot.number - 1),
        older=_year_anchor(years, slot.number + 1),
    )
    head = make_head(
        edition.settings,
        slot.url,
        title="Archive" if slot.number == 1 else f"Archive of {year}",
        description=f"Every digest of {edition.settings.title}.",
        section="digests",
        is_section=True,
    )
    return Filled(view, head)


def _year_anchor(years: list[int], number: int) -> Anchor | None:
    """Return a link to a page of the archive, or None where there is no such page."""
    if not 0 < number <= len(years):
        return None
    return Anchor(text=str(years[number - 1]), url=addresses.pager_url(addresses.DIGESTS, number))
