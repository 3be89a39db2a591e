"""Pages that stand alone: trending, search, reading list, free pages, not found."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from broadsheet.domain.records import Page
from broadsheet.domain.trending import has_votes, rank_trending
from broadsheet.planning import addresses
from broadsheet.planning.edition import Edition, date_of_digest, group_cards
from broadsheet.planning.list_pages import ListingPage
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pages import FreePage, NotFoundPage, ReadingListPage
from broadsheet.planning.pagination import PageSlot, cut_page, number_pages
from broadsheet.planning.plan_types import make_head, own_language
from broadsheet.planning.views import Anchor, RichText

NOT_FOUND_CARDS = 4


def plan_trending(edition: Edition) -> Iterator[Outline]:
    """Plan the ranking of recent papers.

    Args:
        edition: What is being planned.
    """
    ids = rank_trending(edition.library)
    for slot in number_pages(len(ids), edition.settings.page_sizes.papers, addresses.TRENDING):
        fill = partial(_fill_trending, ids=ids, slot=slot)
        lists = partial(_list_all, ids=ids)
        yield Outline(url=slot.url, template="listing.html", fill=fill, lists=lists)


def _list_all(_edition: Edition, ids: tuple[str, ...]) -> tuple[str, ...]:
    return ids


def _fill_trending(edition: Edition, ids: tuple[str, ...], slot: PageSlot) -> Filled:
    page = cut_page(ids, slot)
    standfirst = _trending_standfirst(edition, ids)
    headed = [(("trending", "", ""), paper_id) for paper_id in page.entries]
    view = ListingPage(
        kind="trending",
        label=None,
        heading="Trending",
        standfirst=standfirst,
        groups=group_cards(edition, headed, {"trending": len(ids)}, page.start),
        pager=page.pager,
        topics=(),
        facts=(),
        links=(),
        hint="",
        numbered=True,
        marks_new=not all(edition.cards[paper_id].is_new for paper_id in ids),
    )
    head = make_head(
        edition.settings,
        page.url,
        title="Trending" if page.number == 1 else f"Trending, page {page.number}",
        description=standfirst,
        section="trending",
        is_section=True,
    )
    return Filled(view, head)


def _trending_standfirst(edition: Edition, ids: tuple[str, ...]) -> str:
    if not ids:
        return "No paper was featured in the last four weeks."
    if has_votes(edition.library, ids):
        return "Papers of the last four weeks, by votes and age."
    return "Papers of the last four weeks, in the editors’ order."


def plan_reading_list() -> Outline:
    """Plan the page that script fills from the browser's own storage."""
    return Outline(
        url=addresses.READING_LIST,
        template="reading-list.html",
        fill=_fill_reading_list,
        is_indexed=False,
    )


def _fill_reading_list(edition: Edition) -> Filled:
    head = make_head(
        edition.settings,
        addresses.READING_LIST,
        title="Saved",
        description="Papers saved in this browser.",
        section="saved",
        is_section=True,
    )
    return Filled(ReadingListPage(), head)


def plan_free_pages(edition: Edition) -> Iterator[Outline]:
    """Plan the editor's own pages."""
    for page in edition.library.pages.values():
        yield Outline(
            url=addresses.free_page_url(page.slug),
            template="page.html",
            fill=partial(_fill_free_page, page=page),
            shows=(page.source,),
            sources=(page.source,),
        )


def _fill_free_page(edition: Edition, page: Page) -> Filled:
    body = edition.texts[page.source].body or RichText("", "")
    language, direction = own_language(edition.settings, page.language)
    view = FreePage(
        title=page.title,
        description=page.description,
        language=language,
        direction=direction,
        body=body,
    )
    head = make_head(
        edition.settings,
        addresses.free_page_url(page.slug),
        title=page.title,
        description=page.description or body.plain,
        section=page.slug,
        is_section=True,
        source=page.source,
    )
    return Filled(view, head)


def plan_not_found() -> Outline:
    """Plan the page for addresses that do not exist; it alone uses absolute paths."""
    return Outline(
        url=addresses.NOT_FOUND,
        template="404.html",
        fill=_fill_not_found,
        lists=_list_first,
        is_indexed=False,
    )


def _list_first(edition: Edition) -> tuple[str, ...]:
    digest = edition.library.newest_digest()
    return digest.papers[:NOT_FOUND_CARDS] if digest is not None else ()


def _fill_not_found(edition: Edition) -> Filled:
    digest = edition.library.newest_digest()
    ids = digest.papers if digest is not None else ()
    anchor = None
    if digest is not None:
        words = date_of_digest(digest).long
        anchor = Anchor(text=words, url=addresses.digest_url(digest.key))
    view = NotFoundPage(
        digest=anchor,
        count=len(ids),
        cards=tuple(edition.cards.listed(paper_id) for paper_id in ids[:NOT_FOUND_CARDS]),
    )
    head = make_head(
        edition.settings,
        addresses.NOT_FOUND,
        title="Not found",
        root=addresses.base_path(edition.settings.base_url),
    )
    return Filled(view, head)
