"""Feeds: which there are, which entries each has, and the list of all of them.

Every feed has two forms, Atom (`feed.xml`) and JSON Feed (`feed.json`), with the same entries under
the same ids. Responsible for what is in them and how large they become. Not responsible for the
words of an entry (`feed_entries`) or for how a feed is written (`workers.feed_files`).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from html import escape

import msgspec

from broadsheet.domain.digests import Digest
from broadsheet.domain.folders import SITE_FILE
from broadsheet.domain.names import venue_name
from broadsheet.domain.records import Paper, Status, Topic
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning import addresses
from broadsheet.planning.edition import Edition
from broadsheet.planning.feed_entries import (
    MOST_PAPERS,
    day_of_entry,
    digest_entry,
    paper_entry,
    tag_of,
)
from broadsheet.planning.feed_views import FeedEntry, FeedGroup, FeedList, FeedPage, ListedFeed
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.paper_details import list_successor
from broadsheet.planning.site_views import FeedLink
from broadsheet.planning.texts import ROOT_MARK

ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"

# What a feed may weigh in either form: readers fetch it every hour, and some cut off at half a MB.
MOST_BYTES = 512_000
_HEAD_BYTES, _ENTRY_BYTES, _NAME_BYTES = 4_000, 700, 60

GROUPS = (("site", ""), ("topic", "Topics"), ("author", "Authors"), ("venue", "Venues"))
_FIRST_DAY = "1970-01-01T00:00:00+00:00"


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed before its entries are made.

    Attributes:
        kind: `site`, `topic`, `author` or `venue`.
        name: What its id names: `feed`, `feed:topic:agents`.
        page: Address of the page that it belongs to.
        title: What it carries.
        topic: Slug of the topic whose description is its subtitle; else empty.
        papers: Ids of the papers it may carry, in any order; None for the feed of digests.
    """

    kind: str
    name: str
    page: str
    title: str
    topic: str = ""
    papers: tuple[str, ...] | None = ()


def site_feeds() -> tuple[FeedLink, ...]:
    """Return the feeds of the whole site."""
    return (
        *page_feeds(addresses.FRONT, "New papers"),
        *page_feeds(addresses.DIGESTS, "Digests"),
    )


def page_feeds(page_url: str, title: str) -> tuple[FeedLink, ...]:
    """Return links to both forms of the feed that belongs to a page.

    Args:
        page_url: Address of the page.
        title: What the feed carries.
    """
    json_title = f"{title} (JSON)"
    return (
        FeedLink(title=title, url=addresses.feed_url(page_url), type=ATOM_TYPE),
        FeedLink(title=json_title, url=addresses.json_feed_url(page_url), type=JSON_TYPE),
    )


def has_topic_feed(topic: Topic) -> bool:
    """Tell whether a topic has a feed: those that only papers name have none."""
    return bool(topic.source)


def list_feeds(edition: Edition) -> tuple[Feed, ...]:
    """Return all feeds, those of the whole site first.

    Args:
        edition: What is being planned.
    """
    settings, library = edition.settings, edition.library
    title = settings.title
    return (
        Feed(
            kind="site",
            name="feed",
            page=addresses.FRONT,
            title=title,
            papers=tuple(library.papers),
        ),
        Feed(
            kind="site",
            name="feed:digests",
            page=addresses.DIGESTS,
            title=f"{title}: digests",
            papers=None,
        ),
        *(
            Feed(
                kind="topic",
                name=f"feed:topic:{_first_slug_of(topic)}",
                page=addresses.topic_url(topic.slug),
                title=f"{title}: {topic.name}",
                topic=topic.slug,
                papers=library.topics.papers[topic.slug],
            )
            for topic in library.topics.by_slug.values()
            if has_topic_feed(topic)
        ),
        *_feeds_of_names(edition),
    )


def plan_feeds(edition: Edition) -> Iterator[Outline]:
    """Plan both forms of each feed, and the list of them where the site's address is known.

    Ids do not depend on the site's address and dates come from records alone, so that a build
    without changes gives the same bytes.

    Args:
        edition: What is being planned.
    """
    order = _order_papers(edition)
    made: dict[str, FeedEntry] = {}
    feeds = list_feeds(edition)
    for feed in feeds:
        members = _members_of(edition, feed, order)
        topic = edition.library.topics.by_slug.get(feed.topic)
        shows = (*_sources_of(edition, members), *((topic.source,) if topic is not None else ()))
        lists = partial(_list_members, members=members)
        for url, form in (
            (addresses.feed_url(feed.page), "atom"),
            (addresses.json_feed_url(feed.page), "json-feed"),
        ):
            fill = partial(_fill_feed, feed=feed, url=url, members=members, made=made)
            yield Outline(
                url=url, template=form, fill=fill, shows=shows, lists=lists, is_page=False
            )
    if edition.settings.base_url:
        fill = partial(_fill_feed_list, feeds=feeds)
        yield Outline(url=addresses.FEED_LIST, template="opml", fill=fill, is_page=False)


def check_feed_venues(edition: Edition) -> Iterator[Finding]:
    """Yield the venues that `feed.venues` names and no paper appeared in."""
    venues = edition.library.venues
    for position, name in enumerate(edition.settings.feed.venues):
        if not venues.slug_of_name(venue_name(name)):
            yield Finding(
                code=Code.INVALID_CHOICE,
                message=f"no paper appeared in '{name}', which is to have a feed",
                source=SITE_FILE,
                field=("feed", "venues", position),
                hint="write the venue's name as papers do, without its year",
            )


def has_author_feed(edition: Edition, person_id: str) -> bool:
    """Tell whether an author's page has a feed: `people.yaml` asks for it."""
    person = edition.library.people.get(person_id)
    return person is not None and person.feed


def venues_with_feeds(edition: Edition) -> frozenset[str]:
    """Return the slugs of the venues whose pages have feeds: `site.yaml` names them."""
    venues = edition.library.venues
    named = edition.settings.feed.venues
    return frozenset(slug for n in named if (slug := venues.slug_of_name(venue_name(n))))


def _feeds_of_names(edition: Edition) -> Iterator[Feed]:
    title = edition.settings.title
    for entry in edition.library.authors.by_slug.values():
        if has_author_feed(edition, entry.person):
            yield Feed(
                kind="author",
                name=f"feed:author:{entry.slug}",
                page=addresses.author_url(entry.slug),
                title=f"{title}: {entry.name}",
                papers=entry.papers,
            )
    for slug in sorted(venues_with_feeds(edition)):
        entry = edition.library.venues.by_slug[slug]
        yield Feed(
            kind="venue",
            name=f"feed:venue:{slug}",
            page=addresses.venue_url(slug),
            title=f"{title}: {entry.name}",
            papers=entry.papers,
        )


def _first_slug_of(topic: Topic) -> str:
    """Return the slug that a topic had first: the one of its first old address, or its own."""
    places = (alias.strip("/").split("/") for alias in topic.aliases if alias.startswith("/"))
    return next((p[1] for p in places if len(p) == 2 and p[0] == "topics"), topic.slug)


def _order_papers(edition: Edition) -> dict[str, int]:
    """Return the place of each paper that is in the feeds, the newest first."""
    places = {
        paper_id: position
        for digest in edition.library.digests_of("day")
        for position, paper_id in enumerate(digest.papers)
    }
    keys = [
        (-day.toordinal(), places.get(paper.id, 0), paper.id)
        for paper in edition.library.papers.values()
        if paper.status is not Status.DRAFT and (day := day_of_entry(edition, paper)) is not None
    ]
    return {paper_id: place for place, (_, _, paper_id) in enumerate(sorted(keys))}


def _members_of(
    edition: Edition, feed: Feed, order: Mapping[str, int]
) -> tuple[Paper | Digest, ...]:
    most = edition.settings.feed.entries
    if feed.papers is None:
        return tuple(_issues(edition)[:most])
    ids = (paper_id for paper_id in feed.papers if paper_id in order)
    papers = edition.library.papers
    return tuple(papers[i] for i in heapq.nsmallest(most, ids, key=order.__getitem__))


def _sources_of(edition: Edition, members: tuple[Paper | Digest, ...]) -> Iterator[str]:
    """Yield the records whose texts stand in a feed's entries."""
    for member in members:
        if isinstance(member, Paper):
            yield member.source
        else:
            note = edition.library.notes.get(member.key)
            yield from (note.source,) if note is not None else ()
            shown = (edition.library.papers[i] for i in member.papers[:MOST_PAPERS])
            yield from (paper.source for paper in shown if not paper.tldr)


def _list_members(edition: Edition, members: tuple[Paper | Digest, ...]) -> Iterator[str]:
    for member in members:
        if isinstance(member, Paper):
            yield from (member.id, *list_successor(edition, member))
        else:
            yield from member.papers


def _subtitle_of(edition: Edition, feed: Feed) -> str:
    if feed.topic:
        return edition.library.topics.by_slug[feed.topic].description
    return edition.settings.tagline if feed.kind == "site" else ""


def _fill_feed(
    edition: Edition,
    feed: Feed,
    url: str,
    members: tuple[Paper | Digest, ...],
    made: dict[str, FeedEntry],
) -> Filled:
    settings = edition.settings
    entries = _cut(edition, (_entry_of(edition, member, made) for member in members))
    view = FeedPage(
        id=tag_of(edition, feed.name),
        title=feed.title,
        subtitle=_subtitle_of(edition, feed),
        author=settings.curator or settings.title,
        language=settings.language,
        base=settings.base_url or addresses.root_of(url),
        url=url,
        page=feed.page,
        hub=settings.feed.hub,
        updated=max(
            (entry.updated for entry in entries), key=datetime.fromisoformat, default=_FIRST_DAY
        ),
        entries=entries,
    )
    return Filled(view)


def _entry_of(edition: Edition, member: Paper | Digest, made: dict[str, FeedEntry]) -> FeedEntry:
    """Return a member's entry, which is the same in every feed."""
    name = member.source if isinstance(member, Paper) else member.key
    if name in made:
        return made[name]
    if isinstance(member, Paper):
        made[name] = paper_entry(edition, member)
    else:
        made[name] = digest_entry(edition, member)
    return made[name]


def _issues(edition: Edition) -> list[Digest]:
    """Return the digests of the main kind, newest first: those that have come to their end.

    A week that is not over would be sent by mail after its first day, and never again.
    """
    library = edition.library
    today = library.today or date.min
    kind = library.digest_kinds[0]
    return [digest for digest in reversed(library.digests_of(kind)) if digest.last <= today]


def _cut(edition: Edition, entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """Return the first entries that fit; one that no feed could hold is passed over."""
    kept: list[FeedEntry] = []
    room = MOST_BYTES - _HEAD_BYTES
    for entry in entries:
        size = _size_of(entry, len(edition.settings.base_url) or len("../../"))
        if size > MOST_BYTES - _HEAD_BYTES:
            continue
        room -= size
        if room < 0:
            break
        kept.append(entry)
    return tuple(kept)


def _size_of(entry: FeedEntry, base: int) -> int:
    """Return how many bytes an entry takes at most in either form."""
    html = entry.html.replace(ROOT_MARK, "x" * base)
    names = (*entry.authors, *entry.tags)
    texts = (entry.id, entry.title, entry.url, entry.summary, html, *names)
    xml = sum(len(escape(text).encode()) for text in texts)
    json = sum(len(msgspec.json.encode(text)) for text in texts)
    return max(xml, json) + base + _ENTRY_BYTES + _NAME_BYTES * len(names)


def _fill_feed_list(edition: Edition, feeds: tuple[Feed, ...]) -> Filled:
    base = edition.settings.base_url
    groups = []
    for kind, heading in GROUPS:
        listed = tuple(
            ListedFeed(title=f.title, url=base + addresses.feed_url(f.page), page=base + f.page)
            for f in feeds
            if f.kind == kind
        )
        groups += [FeedGroup(title=heading, feeds=listed)] if listed else []
    return Filled(FeedList(title=edition.settings.title, groups=tuple(groups)))
