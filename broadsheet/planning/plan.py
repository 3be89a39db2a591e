"""All outputs of a build, in the order of their addresses.

Responsible for calling every `plan_*` function once, for the site's own view, and for filling one
output when it is asked for. Not responsible for what stands on a page, for whose an address is
(`claims`) or for where links lead (`targets`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from broadsheet.domain.identifiers import direction_of
from broadsheet.domain.library import Library
from broadsheet.domain.records import Removal
from broadsheet.domain.settings import Settings
from broadsheet.foundations.diagnostics import Finding
from broadsheet.foundations.hashing import encode_value, hash_value
from broadsheet.planning import addresses
from broadsheet.planning.claims import claim_outputs
from broadsheet.planning.edition import Edition
from broadsheet.planning.headers import HeaderPolicy
from broadsheet.planning.navigation import plan_navigation
from broadsheet.planning.outlines import Outline
from broadsheet.planning.paper_addresses import check_pdfs
from broadsheet.planning.plan_api import plan_api
from broadsheet.planning.plan_citations import plan_bibliographies, plan_exports
from broadsheet.planning.plan_digests import plan_digests
from broadsheet.planning.plan_discovery import plan_sitemap, plan_text_files
from broadsheet.planning.plan_feeds import check_feed_venues, plan_feeds, site_feeds
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
from broadsheet.planning.plan_removed import plan_redirects_file, plan_removed
from broadsheet.planning.plan_root_files import check_icons, plan_root_files
from broadsheet.planning.plan_search import plan_opensearch, plan_search
from broadsheet.planning.plan_topics import plan_topics
from broadsheet.planning.plan_twins import plan_twins
from broadsheet.planning.plan_types import PagePlan
from broadsheet.planning.search_records import is_searched
from broadsheet.planning.site_views import NavigationItem, SiteView, SubscribeView
from broadsheet.planning.social_images import plan_social_images
from broadsheet.planning.subscribing import form_origins, plan_subscription
from broadsheet.planning.targets import check_targets
from broadsheet.planning.views import Anchor


class PlanKeys(msgspec.Struct, frozen=True):
    """What decides the bytes of pages beside their views and the site's.

    Attributes:
        version: Broadsheet's version.
        templates: Hash over the closure of each template, by its name.
    """

    version: str
    templates: Mapping[str, str]


class SitePlan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is to be written, each output filled when it is asked for (`fill_page`).

    Attributes:
        site: What every page knows of the site.
        outlines: All outputs by their address within the site, in the order of addresses.
        edition: What they are filled from.
        has_search: Whether there is a search index.
        policy: The headers that belong to the outputs.
        site_key: Hash over the version and the site's view.
        template_keys: Hash over the closure of each template, by its name.
    """

    site: SiteView
    outlines: Mapping[str, Outline]
    edition: Edition
    has_search: bool
    policy: HeaderPolicy
    site_key: str
    template_keys: Mapping[str, str]


def plan_site(
    edition: Edition,
    assets: Mapping[str, str],
    static_paths: Iterable[str],
    keys: PlanKeys,
    *,
    has_search: bool = True,
    removals: Iterable[Removal] = (),
) -> tuple[SitePlan, tuple[Finding, ...]]:
    """Plan all outputs, without filling one.

    Args:
        edition: The records, their texts, and the settings.
        assets: Logical name of an asset to its address within the site.
        static_paths: Files that are copied to the root, relative to it.
        keys: What decides pages' keys beside the views.
        has_search: Whether search is wanted; without a record to find there is none either way.
        removals: Addresses whose records were removed on purpose.

    Returns:
        The plan, and addresses that two sources want or that links miss.
    """
    bare = edition.showing(())
    policy = HeaderPolicy(form_origins=form_origins(edition.settings))
    has_search = has_search and any(map(is_searched, edition.library.papers.values()))
    pages = tuple(_plan_pages(bare, has_search=has_search))
    files = (
        *_plan_files(edition, bare, pages, assets, has_search=has_search),
        *plan_text_files(bare, policy),
    )
    static = tuple(static_paths)
    claims, conflicts = claim_outputs((*pages, *files), assets.values(), static)
    old = plan_redirects(bare, claims, files)
    removed, refused = plan_removed(removals, claims)
    hosts = plan_redirects_file(edition.settings, old.moves, removed, claims)
    all_outlines = (*pages, *files, *old.outlines, *removed, *hosts)
    outlines = {outline.url: outline for outline in sorted(all_outlines, key=lambda o: o.url)}
    known = outlines.keys() | {*static, *assets.values()}
    targets = (
        *check_targets(edition.short, known),
        *check_pdfs(edition, known),
        *check_icons(edition.settings, known),
    )
    navigation, misled = plan_navigation(edition.settings, known)
    subscribe, misnamed = plan_subscription(edition.settings, edition.library)
    site = make_site_view(
        edition.library, edition.settings, assets, navigation, subscribe, has_search=has_search
    )
    plan = SitePlan(
        site=site,
        outlines=outlines,
        edition=edition,
        has_search=has_search,
        policy=policy,
        site_key=hash_value((keys.version, site)),
        template_keys=keys.templates,
    )
    venues = check_feed_venues(edition)
    return plan, (*conflicts, *old.findings, *refused, *targets, *misled, *misnamed, *venues)


def fill_page(plan: SitePlan, outline: Outline) -> PagePlan:
    """Fill an output and give it the key that decides whether it must be rendered.

    Args:
        plan: The plan that it belongs to.
        outline: The output.

    Returns:
        The output with `key = hash(version, theme closure, settings, view)`.
    """
    listed = outline.lists(plan.edition)
    edition = plan.edition.showing(outline.shows, listed, has_related=outline.has_related)
    filled = outline.fill(edition)
    view = encode_value(filled.view)
    head = filled.head
    if head is not None:
        has_math = b"<math" in view
        head = msgspec.structs.replace(head, has_math=has_math, is_indexed=outline.is_indexed)
    key = hash_value((plan.site_key, plan.template_keys.get(outline.template, ""), head, view))
    return PagePlan(
        url=outline.url, template=outline.template, view=filled.view, head=head, key=key
    )


def fill_pages(plan: SitePlan) -> tuple[PagePlan, ...]:
    """Fill every output, in the order of their addresses."""
    return tuple(fill_page(plan, outline) for outline in plan.outlines.values())


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
        manifest=addresses.MANIFEST if settings.manifest is not None else "",
        subscribe=subscribe,
    )


def _plan_pages(edition: Edition, *, has_search: bool) -> Iterator[Outline]:
    yield plan_front(edition)
    yield from plan_papers(edition)
    yield from plan_paper_list(edition)
    yield from plan_topics(edition)
    yield from plan_digests(edition)
    yield from plan_authors(edition)
    yield from plan_venues(edition)
    yield from plan_trending(edition)
    if has_search:
        yield plan_search()
    yield plan_reading_list()
    yield from plan_free_pages(edition)
    yield plan_not_found()


def _plan_files(
    whole: Edition,
    edition: Edition,
    pages: tuple[Outline, ...],
    assets: Mapping[str, str],
    *,
    has_search: bool,
) -> Iterator[Outline]:
    """Plan the files for programs, but for those that say how the site is to be served.

    No plan may depend on words that outputs alone see. Which pictures there are does depend on
    titles: where there are any, everything is made anew.
    """
    yield from plan_feeds(edition)
    yield from plan_api(edition)
    yield from plan_sitemap(edition, pages)
    if has_search:
        yield from plan_opensearch(edition)
    yield from plan_root_files(edition.settings, assets)
    yield from plan_bibliographies(edition)
    yield from plan_exports(edition)
    yield from plan_twins(edition)
    yield from plan_social_images(whole)


def _footer_pages(library: Library, settings: Settings) -> tuple[Anchor, ...]:
    lists = [("All papers", addresses.PAPERS), ("Trending", addresses.TRENDING)]
    if settings.authors.min_papers:
        lists.append(("Authors", addresses.AUTHORS))
    if library.venues.by_slug:
        lists.append(("Venues", addresses.VENUES))
    free = [(page.title, addresses.free_page_url(page.slug)) for page in library.pages.values()]
    return tuple(Anchor(text=text, url=url) for text, url in (*lists, *free))
