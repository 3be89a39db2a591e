"""Pages that stand alone: trending, search, reading list, free pages, not found."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.domain.trending import has_votes, rank_trending
from broadsheet.planning import addresses
from broadsheet.planning.edition import Edition, date_of_digest, group_cards
from broadsheet.planning.list_pages import ListingPage
from broadsheet.planning.pages import FreePage, NotFoundPage, ReadingListPage
from broadsheet.planning.pagination import paginate
from broadsheet.planning.plan_types import PagePlan, make_head, own_language
from broadsheet.planning.views import Anchor, RichText

NOT_FOUND_CARDS = 4


def plan_trending(edition: Edition) -> Iterator[PagePlan]:
    """Plan the ranking of recent papers.

    Args:
        edition: What is being planned.
    """
    ids = rank_trending(edition.library)
    standfirst = _trending_standfirst(edition, ids)
    for page in paginate(ids, edition.settings.page_sizes.papers, addresses.TRENDING):
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
        title = "Trending" if page.number == 1 else f"Trending, page {page.number}"
        head = make_head(
            edition.settings,
            page.url,
            title=title,
            description=standfirst,
            section="trending",
            is_section=True,
        )
        yield PagePlan(url=page.url, template="listing.html", view=view, head=head)


def _trending_standfirst(edition: Edition, ids: tuple[str, ...]) -> str:
    if not ids:
        return "No paper was featured in the last four weeks."
    if has_votes(edition.library, ids):
        return "Papers of the last four weeks, by votes and age."
    return "Papers of the last four weeks, in the editors’ order."


def plan_reading_list(edition: Edition) -> PagePlan:
    """Plan the page that script fills from the browser's own storage."""
    head = make_head(
        edition.settings,
        addresses.READING_LIST,
        title="Saved",
        description="Papers saved in this browser.",
        section="saved",
        is_section=True,
        is_indexed=False,
    )
    return PagePlan(
        url=addresses.READING_LIST, template="reading-list.html", view=ReadingListPage(), head=head
    )


def plan_free_pages(edition: Edition) -> Iterator[PagePlan]:
    """Plan the editor's own pages."""
    for page in edition.library.pages.values():
        url = addresses.free_page_url(page.slug)
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
            url,
            title=page.title,
            description=page.description or body.plain,
            section=page.slug,
            is_section=True,
            source=page.source,
        )
        yield PagePlan(url=url, template="page.html", view=view, head=head, sources=(page.source,))


def plan_not_found(edition: Edition) -> PagePlan:
    """Plan the page for addresses that do not exist; it alone uses absolute paths."""
    digest = edition.library.newest_digest()
    ids = digest.papers if digest is not None else ()
    anchor = None
    if digest is not None:
        words = date_of_digest(digest).long
        anchor = Anchor(text=words, url=addresses.digest_url(digest.key))
    view = NotFoundPage(
        digest=anchor,
        count=len(ids),
        cards=tuple(edition.cards[paper_id] for paper_id in ids[:NOT_FOUND_CARDS]),
    )
    head = make_head(
        edition.settings,
        addresses.NOT_FOUND,
        title="Not found",
        root=addresses.base_path(edition.settings.base_url),
        is_indexed=False,
    )
    return PagePlan(url=addresses.NOT_FOUND, template="404.html", view=view, head=head)
