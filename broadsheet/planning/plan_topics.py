"""Pages of topics: the index, and each topic's own.

Responsible for what stands on them. Not responsible for which papers a topic holds
(`domain.topics`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache, partial

from broadsheet.domain.records import Topic
from broadsheet.domain.topics import count_shared
from broadsheet.foundations.words import plural
from broadsheet.planning import addresses
from broadsheet.planning.calendar import bars_path, count_by_week
from broadsheet.planning.cards import code_of
from broadsheet.planning.edition import (
    Edition,
    count_by_month,
    count_fact,
    group_cards,
    month_heading,
    sort_newest_first,
)
from broadsheet.planning.list_pages import TopicEntry, TopicPage, TopicsPage
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pagination import ListPage, PageSlot, cut_page, list_page, number_pages
from broadsheet.planning.plan_citations import bibliography_fact
from broadsheet.planning.plan_feeds import has_topic_feed, page_feeds
from broadsheet.planning.plan_types import make_head
from broadsheet.planning.views import Fact, FactValue, Spark, TopicCount

INDEX_WEEKS = 52
INDEX_HEIGHT = 16
ACTIVITY_WEEKS = 26
ACTIVITY_HEIGHT = 24
RELATED = 6


def plan_topics(edition: Edition) -> Iterator[Outline]:
    """Plan the topics index and a page for each topic.

    Args:
        edition: What is being planned.
    """
    yield from _plan_index(edition)
    for topic in edition.library.topics.by_slug.values():
        yield from _plan_topic(edition, topic)


def _plan_index(edition: Edition) -> Iterator[Outline]:
    size = edition.settings.page_sizes.topics
    for slot in number_pages(len(edition.library.topics.by_slug), size, addresses.TOPICS):
        fill = partial(_fill_index, slot=slot)
        yield Outline(url=slot.url, template="topics.html", fill=fill, lists=_list_newest)


def _list_newest(edition: Edition) -> Iterator[str]:
    for ids in edition.library.topics.papers.values():
        yield from _newest_of(edition, ids)


def _newest_of(edition: Edition, ids: tuple[str, ...]) -> list[str]:
    return sort_newest_first(edition.library, ids)[:1]


def _index_entries(edition: Edition) -> list[TopicEntry]:
    entries = [_make_entry(edition, topic) for topic in edition.library.topics.by_slug.values()]
    return sorted(entries, key=lambda entry: (-entry.topic.count, entry.topic.slug))


def _fill_index(edition: Edition, slot: PageSlot) -> Filled:
    entries = _index_entries(edition)
    page = cut_page(entries, slot)
    view = TopicsPage(standfirst=_index_standfirst(entries), entries=page.entries, pager=page.pager)
    head = make_head(
        edition.settings,
        page.url,
        title="Topics" if page.number == 1 else f"Topics, page {page.number}",
        description=f"The topics of {edition.settings.title}.",
        section="topics",
        is_section=True,
    )
    return Filled(view, head)


def _index_standfirst(entries: list[TopicEntry]) -> str:
    if not entries:
        return "No topics yet."
    start = f"{plural(len(entries), 'topic')}, most papers first"
    if any(entry.path for entry in entries):
        return f"{start}. Each line of bars is a year of weeks, with the newest paper below it."
    return f"{start}, each with its newest paper."


def _make_entry(edition: Edition, topic: Topic) -> TopicEntry:
    ids = edition.library.topics.papers[topic.slug]
    newest = _newest_of(edition, ids)
    counts = (
        count_by_week(_featured_days(edition, ids), edition.library.today or date.min, INDEX_WEEKS)
        if edition.library.today
        else []
    )
    is_line = sum(count > 0 for count in counts) > 1
    return TopicEntry(
        topic=edition.topic_count(topic.slug),
        path=bars_path(counts, INDEX_HEIGHT) if is_line else "",
        newest=edition.paper_anchor(newest[0]) if newest else None,
        parent=edition.topic_anchor(topic.parent) if topic.parent else None,
    )


def _plan_topic(edition: Edition, topic: Topic) -> Iterator[Outline]:
    library = edition.library
    ids = library.topics.papers[topic.slug]
    newest = cache(partial(sort_newest_first, library, ids))
    totals = cache(partial(count_by_month, library, ids))
    size = edition.settings.page_sizes.topic
    sources = (topic.source,) if topic.source else ()
    for slot in number_pages(len(ids), size, addresses.topic_url(topic.slug)):
        yield Outline(
            url=slot.url,
            template="topic.html",
            fill=partial(_fill_topic, topic=topic, slot=slot, newest=newest, totals=totals),
            shows=sources,
            lists=partial(list_page, slot=slot, entries=newest),
            sources=sources,
            kin="cards",
        )


def _fill_topic(
    edition: Edition,
    topic: Topic,
    slot: PageSlot,
    newest: Callable[[], list[str]],
    totals: Callable[[], Counter[str]],
) -> Filled:
    page = cut_page(newest(), slot)
    head = make_head(
        edition.settings,
        page.url,
        title=topic.name if page.number == 1 else f"{topic.name}, page {page.number}",
        description=topic.description,
        section="topics",
        source=topic.source,
        feeds=page_feeds(addresses.topic_url(topic.slug), topic.name)
        if has_topic_feed(topic)
        else (),
    )
    return Filled(_make_view(edition, topic, page, totals()), head)


def _make_view(
    edition: Edition, topic: Topic, page: ListPage[str], totals: Counter[str]
) -> TopicPage:
    topics = edition.library.topics
    papers = edition.library.papers
    has_text = topic.source and page.number == 1
    headed = [(month_heading(papers[i]), i) for i in page.entries]
    return TopicPage(
        slug=topic.slug,
        name=topic.name,
        parents=tuple(edition.topic_anchor(s) for s in reversed(topics.ancestors(topic.slug))),
        description=topic.description,
        introduction=edition.texts[topic.source].body if has_text else None,
        groups=group_cards(edition, headed, totals, page.start),
        pager=page.pager,
        activity=_activity(edition, topics.papers[topic.slug]),
        facts=_facts(edition, topic),
        children=tuple(edition.topic_count(slug) for slug in topics.children[topic.slug]),
        related=_related(edition, topic),
    )


def _featured_days(edition: Edition, ids: tuple[str, ...]) -> list[date]:
    papers = (edition.library.papers[i] for i in ids)
    return [paper.featured for paper in papers if paper.featured is not None]


def _activity(edition: Edition, ids: tuple[str, ...]) -> Spark | None:
    """Return 26 weeks of featured papers, or None while there are fewer than two weeks of them."""
    if edition.library.today is None:
        return None
    counts = count_by_week(_featured_days(edition, ids), edition.library.today, ACTIVITY_WEEKS)
    if sum(count > 0 for count in counts) < 2:
        return None
    early, late = counts[: ACTIVITY_WEEKS // 2], counts[ACTIVITY_WEEKS // 2 :]
    trend = (
        f"{plural(sum(late), 'paper')} in the last {len(late)} weeks, "
        f"{plural(sum(early), 'paper')} in the {len(early)} before"
    )
    return Spark(
        path=bars_path(counts, ACTIVITY_HEIGHT),
        width=4 * ACTIVITY_WEEKS - 1,
        label=f"Papers per week over {ACTIVITY_WEEKS} weeks: {trend}",
    )


def _facts(edition: Edition, topic: Topic) -> tuple[Fact, ...]:
    ids = edition.library.topics.papers[topic.slug]
    coded = sum(bool(code_of(edition.library.papers[i])) for i in ids)
    facts = [count_fact("Papers", len(ids))]
    if coded:
        facts.append(count_fact("With code", coded))
    if today := edition.library.today:
        week = [day for day in _featured_days(edition, ids) if day > today - timedelta(days=7)]
        facts.append(count_fact("This week", len(week)))
    if ids:
        facts.append(bibliography_fact(addresses.topic_url(topic.slug)))
    if has_topic_feed(topic):
        url = addresses.topic_url(topic.slug)
        atom = FactValue(text="Atom", url=addresses.feed_url(url))
        json = FactValue(text="JSON", url=addresses.json_feed_url(url))
        facts.append(Fact(term="Feed", values=(atom, json)))
    return tuple(facts)


def _related(edition: Edition, topic: Topic) -> tuple[TopicCount, ...]:
    shared = count_shared(edition.library.topics, topic.slug)
    ranked = sorted(shared, key=lambda slug: (-shared[slug], slug))[:RELATED]
    return tuple(edition.topic_count(slug, shared[slug]) for slug in ranked)
