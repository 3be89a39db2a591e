"""All outputs of a build, in the order of their addresses.

Responsible for calling every `plan_*` function once and for the site's own view. Not responsible
for what stands on a page, for whose an address is (`claims`) or for where links lead (`targets`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from broadsheet.domain.identifiers import direction_of
from broadsheet.domain.library import Library
from broadsheet.domain.settings import Settings
from broadsheet.foundations.diagnostics import Finding
from broadsheet.foundations.hashing import encode_value, hash_value
from broadsheet.planning import addresses
from broadsheet.planning.claims import claim_outputs
from broadsheet.planning.edition import Edition, make_edition
from broadsheet.planning.headers import HeaderPolicy
from broadsheet.planning.navigation import plan_navigation
from broadsheet.planning.plan_digests import plan_digests
from broadsheet.planning.plan_feeds import plan_feed, plan_sitemap, plan_text_files, site_feeds
from broadsheet.planning.plan_front import plan_front
from broadsheet.planning.plan_names import plan_authors, plan_venues
from broadsheet.planning.plan_pages import (
    plan_free_pages,
    plan_not_found,
    plan_reading_list,
    plan_trending,
)
from broadsheet.planning.plan_papers import plan_paper_list, plan_papers
from broadsheet.planning.plan_redirects import plan_redirects
from broadsheet.planning.plan_search import plan_opensearch, plan_search
from broadsheet.planning.plan_topics import plan_topics
from broadsheet.planning.plan_types import PagePlan
from broadsheet.planning.relations import Related
from broadsheet.planning.search_records import SearchRecord, plan_search_records
from broadsheet.planning.site_views import NavigationItem, SiteView, SubscribeView
from broadsheet.planning.subscribing import form_origins, plan_subscription
from broadsheet.planning.targets import check_targets
from broadsheet.planning.texts import Texts
from broadsheet.planning.views import Anchor


class SitePlan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is to be written.

    Attributes:
        site: What every page knows of the site.
        pages: One plan for each output, in the order of their addresses.
        search: What the search index is made of; empty where there is no search.
        policy: The headers that belong to the outputs.
    """

    site: SiteView
    pages: tuple[PagePlan, ...]
    search: tuple[SearchRecord, ...]
    policy: HeaderPolicy


def plan_site(
    library: Library,
    texts: Texts,
    related: Related,
    settings: Settings,
    assets: Mapping[str, str],
    static_paths: Iterable[str],
    *,
    has_search: bool = True,
) -> tuple[SitePlan, tuple[Finding, ...]]:
    """Plan all outputs.

    Args:
        library: All records and indices.
        texts: Converted texts by the path of the record.
        related: The papers beside each paper.
        settings: The digest's settings.
        assets: Logical name of an asset to its address within the site.
        static_paths: Files that are copied to the root, relative to it.
        has_search: Whether search is wanted; without a record to find there is none either way.

    Returns:
        The plan, and addresses that two sources want or that links miss.
    """
    edition = make_edition(library, texts, related, settings)
    policy = HeaderPolicy(form_origins=form_origins(settings))
    search = plan_search_records(edition) if has_search else ()
    pages = tuple(_plan_pages(edition, has_search=bool(search)))
    files = (
        plan_feed(edition),
        *plan_sitemap(edition, pages),
        *(plan_opensearch(edition) if search else ()),
        *plan_text_files(edition, policy),
    )
    static = tuple(static_paths)
    claims, conflicts = claim_outputs((*pages, *files), assets.values(), static)
    redirects, taken = plan_redirects(edition, claims)
    plans = tuple(sorted((*pages, *files, *redirects), key=lambda plan: plan.url))
    owned = (*static, *assets.values())
    targets = check_targets(texts, plans, owned)
    navigation, misled = plan_navigation(settings, {plan.url for plan in plans} | set(owned))
    subscribe, misnamed = plan_subscription(settings, library)
    site = make_site_view(library, settings, assets, navigation, subscribe, has_search=bool(search))
    plan = SitePlan(site=site, pages=plans, search=search, policy=policy)
    return plan, (*conflicts, *taken, *targets, *misled, *misnamed)


def seal_plans(plan: SitePlan, theme_keys: Mapping[str, str], version: str) -> SitePlan:
    """Give each plan the key that decides whether its page must be rendered.

    Args:
        plan: The plan.
        theme_keys: Hash over the closure of each template, by its name.
        version: Broadsheet's version.

    Returns:
        The plan with `key = hash(version, theme closure, settings, view)` on every page.
    """
    site_key = hash_value((version, plan.site))
    sealed = tuple(_seal(page, site_key, theme_keys.get(page.template, "")) for page in plan.pages)
    return msgspec.structs.replace(plan, pages=sealed)


def _seal(page: PagePlan, site_key: str, theme_key: str) -> PagePlan:
    view = encode_value(page.view)
    head = page.head
    if head is not None and b"<math" in view:
        head = msgspec.structs.replace(head, has_math=True)
    key = hash_value((site_key, theme_key, head, view))
    return msgspec.structs.replace(page, head=head, key=key)


def make_site_view(
    library: Library,
    settings: Settings,
    assets: Mapping[str, str],
    navigation: tuple[NavigationItem, ...],
    subscribe: SubscribeView,
    *,
    has_search: bool,
) -> SiteView:
    """Return what every page knows of the site."""
    return SiteView(
        title=settings.title,
        tagline=settings.tagline,
        curator=settings.curator,
        language=settings.language,
        direction=direction_of(settings.language),
        base_url=settings.base_url,
        navigation=navigation,
        pages=_footer_pages(library, settings),
        feeds=site_feeds(),
        assets=dict(assets),
        source_url=settings.source_url,
        theme=settings.theme,
        has_search=has_search,
        subscribe=subscribe,
    )


def _plan_pages(edition: Edition, *, has_search: bool) -> Iterator[PagePlan]:
    yield plan_front(edition)
    yield from plan_papers(edition)
    yield from plan_paper_list(edition)
    yield from plan_topics(edition)
    yield from plan_digests(edition)
    yield from plan_authors(edition)
    yield from plan_venues(edition)
    yield from plan_trending(edition)
    if has_search:
        yield plan_search(edition)
    yield plan_reading_list(edition)
    yield from plan_free_pages(edition)
    yield plan_not_found(edition)


def _footer_pages(library: Library, settings: Settings) -> tuple[Anchor, ...]:
    lists = [("All papers", addresses.PAPERS), ("Trending", addresses.TRENDING)]
    if settings.authors.min_papers:
        lists.append(("Authors", addresses.AUTHORS))
    if library.venues.by_slug:
        lists.append(("Venues", addresses.VENUES))
    free = [(page.title, addresses.free_page_url(page.slug)) for page in library.pages.values()]
    return tuple(Anchor(text=text, url=url) for text, url in (*lists, *free))
