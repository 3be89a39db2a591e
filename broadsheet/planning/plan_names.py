"""Pages of authors and venues: the index of names, and each name's own.

Responsible for what stands on them and for the order and letters of an index. Not responsible for
which names belong together (`domain.names`).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from broadsheet.domain.identifiers import resolver_url
from broadsheet.domain.names import NameEntry as Name
from broadsheet.domain.names import NameIndex
from broadsheet.planning import addresses
from broadsheet.planning.edition import (
    Edition,
    group_cards,
    month_heading,
    plural,
    shorten_authors,
    sort_newest_first,
)
from broadsheet.planning.list_pages import LetterLink, ListingPage, NameEntry, NameGroup, NamesPage
from broadsheet.planning.pagination import ListPage, paginate
from broadsheet.planning.plan_feeds import has_author_feed, page_feeds, venues_with_feeds
from broadsheet.planning.plan_types import PagePlan, make_head
from broadsheet.planning.site_views import FeedLink
from broadsheet.planning.views import Anchor, ExternalLink, TopicCount

UNVERIFIED = (
    "Authors are matched by name. Two people with one name share a page until a record says "
    "otherwise."
)
TOPICS_SHOWN = 8


def plan_authors(edition: Edition) -> Iterator[PagePlan]:
    """Plan the index of authors and a page for each.

    Args:
        edition: What is being planned.
    """
    index = edition.library.authors
    if edition.settings.authors.min_papers == 0:
        return
    yield from _plan_index(edition, index, "Authors", addresses.AUTHORS, addresses.author_url)
    for entry in index.by_slug.values():
        yield from _plan_author(edition, entry)


def plan_venues(edition: Edition) -> Iterator[PagePlan]:
    """Plan the index of venues and a page for each."""
    index = edition.library.venues
    yield from _plan_index(edition, index, "Venues", addresses.VENUES, addresses.venue_url)
    for entry in index.by_slug.values():
        url = addresses.venue_url(entry.slug)
        label = Anchor(text="Venues", url=addresses.VENUES)
        yield from _plan_listing(edition, entry, "venue", url, label, (), "")


def _plan_index(
    edition: Edition,
    index: NameIndex,
    heading: str,
    list_url: str,
    url_of: Callable[[str], str],
) -> Iterator[PagePlan]:
    entries = sorted(index.by_slug.values(), key=lambda e: (*_sort_key(e.name), e.slug))
    pages = paginate(entries, edition.settings.page_sizes.authors, list_url)
    first_pages: dict[str, str] = {}
    for page in pages:
        for entry in page.entries:
            first_pages.setdefault(_letter(entry.name), page.url)
    for page in pages:
        view = NamesPage(
            heading=heading,
            standfirst=f"{plural(len(entries), heading.lower().rstrip('s'))} in this digest."
            if entries
            else f"No {heading.lower()} yet.",
            letters=_link_letters(first_pages, page),
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
        yield PagePlan(url=page.url, template="names.html", view=view, head=head)


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


def _plan_author(edition: Edition, entry: Name) -> Iterator[PagePlan]:
    person = edition.library.people.get(entry.person)
    links = []
    if home := (person.url if person is not None else "") or _home_on_papers(edition, entry):
        links.append(ExternalLink(kind="home", label="Home page", href=home))
    if person is not None and person.orcid:
        href = resolver_url("orcid", person.orcid)
        links.append(ExternalLink(kind="orcid", label="ORCID", href=href))
    hint = "" if person is not None else UNVERIFIED
    label = Anchor(text="Authors", url=addresses.AUTHORS)
    url = addresses.author_url(entry.slug)
    yield from _plan_listing(edition, entry, "author", url, label, tuple(links), hint)


def _home_on_papers(edition: Edition, entry: Name) -> str:
    """Return the author's own page as the newest paper that has one gives it, or nothing."""
    index = edition.library.authors
    for paper_id in sort_newest_first(edition.library, entry.papers):
        for author in edition.library.papers[paper_id].authors:
            if author.url and index.slug_of_author(author) == entry.slug:
                return author.url
    return ""


def _plan_listing(
    edition: Edition,
    entry: Name,
    kind: str,
    url: str,
    label: Anchor,
    links: tuple[ExternalLink, ...],
    hint: str,
) -> Iterator[PagePlan]:
    ids = sort_newest_first(edition.library, entry.papers)
    headings = {i: _year_heading(edition, i) for i in ids}
    totals = Counter(heading[0] for heading in headings.values())
    for page in paginate(ids, edition.settings.page_sizes.papers, url):
        view = ListingPage(
            kind=kind,
            label=label,
            heading=entry.name,
            standfirst=_standfirst(edition, entry, kind),
            groups=group_cards(
                edition, [(headings[i], i) for i in page.entries], totals, page.start
            ),
            pager=page.pager,
            topics=_topics(edition, entry),
            facts=(),
            links=links,
            hint=hint,
            numbered=False,
        )
        feeds = page_feeds(url, entry.name) if _has_feed(edition, entry, kind) else ()
        yield _seal_listing(edition, entry, page, view, f"{kind}s", feeds)


def _has_feed(edition: Edition, entry: Name, kind: str) -> bool:
    if kind == "venue":
        return entry.slug in venues_with_feeds(edition)
    return has_author_feed(edition, entry.person)


def _seal_listing(
    edition: Edition,
    entry: Name,
    page: ListPage[str],
    view: ListingPage,
    section: str,
    feeds: tuple[FeedLink, ...],
) -> PagePlan:
    head = make_head(
        edition.settings,
        page.url,
        title=entry.name if page.number == 1 else f"{entry.name}, page {page.number}",
        description=view.standfirst,
        section=section,
        feeds=feeds,
    )
    return PagePlan(url=page.url, template="listing.html", view=view, head=head)


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
