"""Pages of authors and venues: the index of names, and each name's own.

Responsible for what stands on them and for the order and letters of an index. Not responsible for
which names belong together (`domain.names`).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import TypeAlias

from broadsheet.domain.identifiers import resolver_url
from broadsheet.domain.names import NameEntry as Name
from broadsheet.domain.names import NameIndex
from broadsheet.foundations.words import plural
from broadsheet.planning import addresses
from broadsheet.planning.cards import shorten_authors
from broadsheet.planning.edition import Edition, group_cards, month_heading, sort_newest_first
from broadsheet.planning.list_pages import LetterLink, ListingPage, NameEntry, NameGroup, NamesPage
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pagination import (
    ListPage,
    PageSlot,
    cut_page,
    list_headed_page,
    number_pages,
    paginate,
)
from broadsheet.planning.plan_feeds import has_author_feed, page_feeds, venues_with_feeds
from broadsheet.planning.plan_types import make_head
from broadsheet.planning.site_views import FeedLink
from broadsheet.planning.views import Anchor, ExternalLink, TopicCount

UNVERIFIED = (
    "Authors are matched by name. Two people with one name share a page until a record says "
    "otherwise."
)
TOPICS_SHOWN = 8

PagedNames: TypeAlias = tuple[tuple[ListPage[Name], ...], dict[str, str]]
"""The pages of an index, and the address of the page on which each letter begins."""


def plan_authors(edition: Edition) -> Iterator[Outline]:
    """Plan the index of authors and a page for each.

    Args:
        edition: What is being planned.
    """
    index = edition.library.authors
    if edition.settings.authors.min_papers == 0:
        return
    yield from _plan_index(edition, index, "Authors", addresses.AUTHORS, addresses.author_url)
    for entry in index.by_slug.values():
        yield from _plan_listing(edition, entry, "author", addresses.author_url(entry.slug))


def plan_venues(edition: Edition) -> Iterator[Outline]:
    """Plan the index of venues and a page for each."""
    index = edition.library.venues
    yield from _plan_index(edition, index, "Venues", addresses.VENUES, addresses.venue_url)
    for entry in index.by_slug.values():
        yield from _plan_listing(edition, entry, "venue", addresses.venue_url(entry.slug))


def _plan_index(
    edition: Edition,
    index: NameIndex,
    heading: str,
    list_url: str,
    url_of: Callable[[str], str],
) -> Iterator[Outline]:
    size = edition.settings.page_sizes.authors
    names = cache(partial(_paginate_names, index, size, list_url))
    for slot in number_pages(len(index.by_slug), size, list_url):
        fill = partial(_fill_index, heading=heading, slot=slot, names=names, url_of=url_of)
        yield Outline(url=slot.url, template="names.html", fill=fill)


def _paginate_names(index: NameIndex, size: int, list_url: str) -> PagedNames:
    entries = sorted(index.by_slug.values(), key=lambda e: (*_sort_key(e.name), e.slug))
    pages = paginate(entries, size, list_url)
    letters: dict[str, str] = {}
    for page in pages:
        for entry in page.entries:
            letters.setdefault(_letter(entry.name), page.url)
    return pages, letters


def _fill_index(
    edition: Edition,
    heading: str,
    slot: PageSlot,
    names: Callable[[], PagedNames],
    url_of: Callable[[str], str],
) -> Filled:
    pages, letters = names()
    page = pages[slot.number - 1]
    total = sum(len(other.entries) for other in pages)
    view = NamesPage(
        heading=heading,
        standfirst=f"{plural(total, heading.lower().rstrip('s'))} in this digest."
        if total
        else f"No {heading.lower()} yet.",
        letters=_link_letters(letters, page),
        groups=_group_by_letter(page.entries, url_of),
        pager=page.pager,
    )
    head = make_head(
        edition.settings,
        page.url,
        title=heading if page.number == 1 else f"{heading}, page {page.number}",
        description=f"{heading} of the papers in {edition.settings.title}.",
        section=heading.lower(),
        is_section=True,
    )
    return Filled(view, head)


def _sort_key(name: str) -> tuple[bool, str]:
    """Return what orders names so that those of one letter stand together, `#` first."""
    return _letter(name) != "#", _fold(name)


def _fold(name: str) -> str:
    """Return a name without case, accents and signs before its first letter or digit."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    start = next((index for index, char in enumerate(bare) if char.isalnum()), 0)
    return bare[start:]


def _letter(name: str) -> str:
    first = _fold(name)[:1]
    return first.upper() if first.isalpha() else "#"


def _anchor(letter: str) -> str:
    return f"l-{ord(letter[0]):x}"


def _link_letters(first_pages: Mapping[str, str], page: ListPage[Name]) -> tuple[LetterLink, ...]:
    """Return a link to each letter; to one that stands on this page, within it."""
    if len(first_pages) < 2:
        return ()
    here = {_letter(entry.name) for entry in page.entries}
    return tuple(
        LetterLink(text=letter, url="" if letter in here else url, anchor=_anchor(letter))
        for letter, url in first_pages.items()
    )


def _group_by_letter(
    entries: tuple[Name, ...], url_of: Callable[[str], str]
) -> tuple[NameGroup, ...]:
    groups: dict[str, list[NameEntry]] = {}
    for entry in entries:
        view = NameEntry(text=entry.name, url=url_of(entry.slug), count=len(entry.papers))
        groups.setdefault(_letter(entry.name), []).append(view)
    return tuple(
        NameGroup(anchor=_anchor(letter), heading=letter, entries=tuple(names))
        for letter, names in groups.items()
    )


def _author_links(edition: Edition, entry: Name) -> tuple[ExternalLink, ...]:
    person = edition.library.people.get(entry.person)
    links = []
    if home := (person.url if person is not None else "") or _home_on_papers(edition, entry):
        links.append(ExternalLink(kind="home", label="Home page", href=home))
    if person is not None and person.orcid:
        href = resolver_url("orcid", person.orcid)
        links.append(ExternalLink(kind="orcid", label="ORCID", href=href))
    return tuple(links)


def _home_on_papers(edition: Edition, entry: Name) -> str:
    """Return the author's own page as the newest paper that has one gives it, or nothing."""
    index = edition.library.authors
    for paper_id in sort_newest_first(edition.library, entry.papers):
        for author in edition.library.papers[paper_id].authors:
            if author.url and index.slug_of_author(author) == entry.slug:
                return author.url
    return ""


def _plan_listing(edition: Edition, entry: Name, kind: str, url: str) -> Iterator[Outline]:
    headed = cache(partial(_head_by_year, edition, entry))
    for slot in number_pages(len(entry.papers), edition.settings.page_sizes.papers, url):
        fill = partial(_fill_listing, entry=entry, kind=kind, slot=slot, headed=headed)
        lists = partial(list_headed_page, slot=slot, entries=headed)
        yield Outline(url=slot.url, template="listing.html", fill=fill, lists=lists)


def _head_by_year(edition: Edition, entry: Name) -> list[tuple[tuple[str, str, str], str]]:
    ids = sort_newest_first(edition.library, entry.papers)
    return [(_year_heading(edition, i), i) for i in ids]


def _fill_listing(
    edition: Edition,
    entry: Name,
    kind: str,
    slot: PageSlot,
    headed: Callable[[], list[tuple[tuple[str, str, str], str]]],
) -> Filled:
    page = cut_page(headed(), slot)
    totals = Counter(heading[0] for heading, _ in headed())
    is_author = kind == "author"
    view = ListingPage(
        kind=kind,
        label=Anchor(text="Authors", url=addresses.AUTHORS)
        if is_author
        else Anchor(text="Venues", url=addresses.VENUES),
        heading=entry.name,
        standfirst=_standfirst(edition, entry, kind),
        groups=group_cards(edition, page.entries, totals, page.start),
        pager=page.pager,
        topics=_topics(edition, entry),
        facts=(),
        links=_author_links(edition, entry) if is_author else (),
        hint=UNVERIFIED if is_author and entry.person not in edition.library.people else "",
        numbered=False,
    )
    head = make_head(
        edition.settings,
        page.url,
        title=entry.name if page.number == 1 else f"{entry.name}, page {page.number}",
        description=view.standfirst,
        section=f"{kind}s",
        feeds=_feeds(edition, entry, kind),
    )
    return Filled(view, head)


def _feeds(edition: Edition, entry: Name, kind: str) -> tuple[FeedLink, ...]:
    if kind == "venue":
        asks, url = entry.slug in venues_with_feeds(edition), addresses.venue_url(entry.slug)
    else:
        asks, url = has_author_feed(edition, entry.person), addresses.author_url(entry.slug)
    return page_feeds(url, entry.name) if asks else ()


def _year_heading(edition: Edition, paper_id: str) -> tuple[str, str, str]:
    anchor, words, _ = month_heading(edition.library.papers[paper_id])
    if anchor == "undated":
        return anchor, words, ""
    year = anchor[1:5]
    return f"y{year}", year, ""


def _standfirst(edition: Edition, entry: Name, kind: str) -> str:
    total = plural(len(entry.papers), "paper")
    if kind == "venue":
        return f"{total} in this digest appeared here."
    others: Counter[str] = Counter()
    for paper_id in entry.papers:
        for author in edition.library.papers[paper_id].authors:
            if edition.library.authors.slug_of_author(author) != entry.slug:
                others[author.name] += 1
    ranked = sorted(others, key=lambda name: (-others[name], name))[:3]
    if not ranked:
        return f"{total} in this digest."
    names = shorten_authors((*ranked, *sorted(set(others) - set(ranked))))
    return f"{total} in this digest, with {names}."


def _topics(edition: Edition, entry: Name) -> tuple[TopicCount, ...]:
    counts = Counter(slug for i in entry.papers for slug in edition.library.topics.of_paper[i])
    ranked = sorted(counts, key=lambda slug: (-counts[slug], slug))[:TOPICS_SHOWN]
    return tuple(edition.topic_count(slug, counts[slug]) for slug in ranked)
