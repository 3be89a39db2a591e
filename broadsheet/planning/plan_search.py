"""The search page, and what browsers are told of it.

Responsible for the choices of its filters and for the OpenSearch description. Not responsible for
what is indexed (`search_records`).
"""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.planning import addresses
from broadsheet.planning.cards import code_of
from broadsheet.planning.edition import Edition
from broadsheet.planning.file_views import OpenSearchDescription
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pages import FilterChoice, SearchPage
from broadsheet.planning.plan_front import topics_by_size
from broadsheet.planning.plan_types import make_head
from broadsheet.planning.search_records import date_of_paper

EXAMPLES = 3
MOST_VENUES = 100
# Lengths that the description of OpenSearch 1.1 allows.
MOST_SHORT_NAME = 16
MOST_DESCRIPTION = 1024


def plan_search() -> Outline:
    """Plan the search page."""
    return Outline(url=addresses.SEARCH, template="search.html", fill=_fill_search)


def _fill_search(edition: Edition) -> Filled:
    papers = edition.library.papers.values()
    years = {when[:4] for when in map(date_of_paper, papers) if when}
    topics = topics_by_size(edition)
    view = SearchPage(
        total=len(papers),
        topics=tuple(FilterChoice(topic.slug, topic.text) for topic in topics),
        years=tuple(FilterChoice(year, year) for year in sorted(years, reverse=True)),
        venues=_venue_choices(edition),
        has_code=any(map(code_of, papers)),
        has_authors=bool(edition.library.authors.by_slug),
        examples=tuple(topic.text.lower() for topic in topics[:EXAMPLES]),
    )
    head = make_head(
        edition.settings,
        addresses.SEARCH,
        title="Search",
        description=f"Search the papers of {edition.settings.title}.",
        section="search",
        is_section=True,
    )
    return Filled(view, head)


def plan_opensearch(edition: Edition) -> Iterator[Outline]:
    """Plan the description by which a browser offers the site's search (OpenSearch 1.1).

    Its addresses must be complete: without `base_url` there is none.

    Args:
        edition: What is being planned.
    """
    if edition.settings.base_url:
        yield Outline(
            url=addresses.OPENSEARCH,
            template="opensearch.xml",
            fill=_fill_opensearch,
            is_page=False,
        )


def _fill_opensearch(edition: Edition) -> Filled:
    settings = edition.settings
    view = OpenSearchDescription(
        short_name=settings.title[:MOST_SHORT_NAME].strip(),
        long_name=settings.title,
        description=(settings.description or settings.tagline or settings.title)[:MOST_DESCRIPTION],
        language=settings.language,
        search_url=f"{settings.base_url}{addresses.SEARCH}?q={{searchTerms}}",
        self_url=settings.base_url + addresses.OPENSEARCH,
    )
    return Filled(view)


def _venue_choices(edition: Edition) -> tuple[FilterChoice, ...]:
    entries = sorted(
        edition.library.venues.by_slug.values(), key=lambda e: (-len(e.papers), e.slug)
    )
    chosen = sorted(entries[:MOST_VENUES], key=lambda entry: entry.name.casefold())
    return tuple(FilterChoice(entry.slug, entry.name) for entry in chosen)
