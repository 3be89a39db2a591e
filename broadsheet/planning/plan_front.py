"""The front page: the newest digest, trending, recent digests, topics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

from broadsheet.domain.digests import Digest
from broadsheet.domain.trending import has_votes, rank_trending
from broadsheet.foundations.words import plural
from broadsheet.planning import addresses
from broadsheet.planning.calendar import day_cell, heat_of_days
from broadsheet.planning.calendar_views import DigestDay
from broadsheet.planning.edition import Edition, date_of_digest
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pages import FrontPage
from broadsheet.planning.plan_types import make_head
from broadsheet.planning.views import Anchor, DateText, PaperCard, RichText, TopicCount

STORIES = 3
TRENDING = 5
STRIP_WEEKS = 4
EXCERPT_WORDS = 90
MAX_PLATE = 120

# A formula on a line of its own; a long one within the box that lets it scroll.
_DISPLAYED = re.compile(
    r'(?P<box><span class="mx"[^>]*>)?<math display="block" alttext="(?P<tex>[^"]*)">.*?</math>'
    r"(?(box)</span>)",
    re.DOTALL,
)


def plan_front(edition: Edition) -> Outline:
    """Plan the front page.

    Args:
        edition: What is being planned.
    """
    digest = edition.library.newest_digest()
    lead = digest.papers[:1] if digest is not None else ()
    return Outline(
        url=addresses.FRONT,
        template="front.html",
        fill=_fill_front,
        shows=tuple(edition.library.papers[paper_id].source for paper_id in lead),
        lists=_list_papers,
    )


def _list_papers(edition: Edition) -> Iterator[str]:
    digest = edition.library.newest_digest()
    ids = digest.papers if digest is not None else ()
    yield from ids[: STORIES + 1 + edition.settings.page_sizes.front]
    yield from _rank(edition, ids[: STORIES + 1])


def _fill_front(edition: Edition) -> Filled:
    view = _make_view(edition, edition.library.newest_digest())
    head = make_head(
        edition.settings,
        addresses.FRONT,
        title="",
        description=_describe(edition, view.date, view.count),
        section="today",
        is_section=True,
    )
    return Filled(view, head)


def _make_view(edition: Edition, digest: Digest | None) -> FrontPage:
    ids = digest.papers if digest is not None else ()
    shown, rest = ids[: STORIES + 1], ids[STORIES + 1 :]
    cards = [edition.cards.listed(paper_id) for paper_id in shown]
    trending, trending_note = _trending(edition, shown)
    excerpt = _excerpt(edition, cards[0].id) if cards else None
    return FrontPage(
        date=date_of_digest(digest) if digest is not None else None,
        number=edition.digest_number(digest) if digest is not None else "",
        count=len(ids),
        curator=edition.digest_curator(digest) if digest else edition.settings.curator,
        digest=_digest_anchor(digest),
        digest_title=_digest_title(edition, digest),
        lead=cards[0] if cards else None,
        plate=find_plate(edition, cards[0].id, excerpt) if cards else None,
        excerpt=excerpt,
        stories=tuple(cards[1:]),
        rest=tuple(edition.cards.listed(i) for i in rest[: edition.settings.page_sizes.front]),
        trending=trending,
        trending_note=trending_note,
        marks_new=not all(card.is_new for card in trending),
        strip=_strip(edition),
        topics=topics_by_size(edition),
    )


def topics_by_size(edition: Edition) -> tuple[TopicCount, ...]:
    """Return the topics that have papers, most papers first."""
    counts = [edition.topic_count(slug) for slug in edition.library.topics.by_slug]
    return tuple(sorted((c for c in counts if c.count), key=lambda c: (-c.count, c.slug)))


def _digest_anchor(digest: Digest | None) -> Anchor | None:
    if digest is None:
        return None
    text = f"All {plural(len(digest.papers), 'paper')}"
    return Anchor(text=text, url=addresses.digest_url(digest.key))


def _digest_title(edition: Edition, digest: Digest | None) -> str:
    note = edition.library.notes.get(digest.key) if digest is not None else None
    return note.title if note is not None else ""


def _describe(edition: Edition, when: DateText | None, count: int) -> str:
    start = edition.settings.description or edition.settings.tagline
    if when is None:
        return start
    return f"{start.rstrip('.')}. {when.long}: {plural(count, 'paper')}." if start else when.long


def _excerpt(edition: Edition, paper_id: str) -> RichText | None:
    """Return the lead's note, else the beginning of its abstract as plain text."""
    text = edition.texts[edition.library.papers[paper_id].source]
    if text.body is not None:
        return text.body
    if text.abstract is None:
        return None
    words = text.abstract.plain.split()
    if len(words) <= EXCERPT_WORDS:
        return text.abstract
    return plain_text(" ".join(words[:EXCERPT_WORDS]) + " …")


def find_plate(edition: Edition, paper_id: str, excerpt: RichText | None) -> RichText | None:
    """Return the first displayed formula of a paper's abstract, if it is short.

    Args:
        edition: What is being planned.
        paper_id: The paper, which leads.
        excerpt: What is shown of it; None is returned where that holds the formula.
    """
    abstract = edition.texts[edition.library.papers[paper_id].source].abstract
    found = _DISPLAYED.search(abstract.html) if abstract is not None else None
    if found is None or len(found["tex"]) > MAX_PLATE or (excerpt and found[0] in excerpt.html):
        return None
    return RichText(found[0], unescape(found["tex"]))


def plain_text(text: str) -> RichText:
    """Return text without markup as one paragraph."""
    from markupsafe import escape

    return RichText(f"<p>{escape(text)}</p>", text)


def _trending(edition: Edition, shown: tuple[str, ...]) -> tuple[tuple[PaperCard, ...], str]:
    ranked = _rank(edition, shown)
    voted = has_votes(edition.library, ranked)
    note = "Last four weeks" if voted else "In the editors’ order"
    return tuple(edition.cards.listed(i) for i in ranked[:TRENDING]), note


def _rank(edition: Edition, shown: tuple[str, ...]) -> list[str]:
    """Return the trending papers that do not stand above their list."""
    return [i for i in rank_trending(edition.library) if i not in shown]


def _strip(edition: Edition) -> tuple[DigestDay, ...]:
    """Return the days of the last weeks, Monday to Friday: five columns a week."""
    days = {digest.first: digest for digest in edition.library.digests_of("day")}
    if len(days) < 2:
        return ()
    newest = max(days)
    heat = heat_of_days(tuple(days.values()))
    monday = newest - timedelta(days=newest.weekday() + 7 * (STRIP_WEEKS - 1))
    shown = [monday + timedelta(days=n) for n in range(7 * STRIP_WEEKS)]
    shown = [day for day in shown if day.weekday() < 5]
    return tuple(
        day_cell(
            day,
            days.get(day),
            heat,
            is_first=index == 0 or day.month != shown[index - 1].month,
            is_current=day == newest,
        )
        for index, day in enumerate(shown)
    )
