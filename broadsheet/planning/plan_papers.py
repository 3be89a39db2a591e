"""Pages of papers: each paper's own, and the list of all of them.

Responsible for what stands on them. Not responsible for cards and labels (`edition`) or for a
paper's notices, buttons and facts (`paper_details`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial

from broadsheet.domain.digests import Digest
from broadsheet.domain.identifiers import normalise_name, resolver_url
from broadsheet.domain.records import Paper, Status
from broadsheet.foundations.words import plural
from broadsheet.planning import addresses
from broadsheet.planning.edition import (
    Edition,
    count_by_month,
    group_cards,
    month_heading,
    sort_newest_first,
)
from broadsheet.planning.list_pages import ListingPage
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pages import AuthorName, PaperPage, RelatedCard
from broadsheet.planning.pagination import PageSlot, cut_page, list_page, number_pages
from broadsheet.planning.paper_addresses import paper_signposts, pdf_url
from broadsheet.planning.paper_details import (
    list_successor,
    paper_facts,
    paper_links,
    paper_notices,
    place_in_digest,
)
from broadsheet.planning.plan_citations import (
    bibliography_files,
    paper_files,
)
from broadsheet.planning.plan_twins import has_twins
from broadsheet.planning.plan_types import make_head
from broadsheet.planning.relations import RelatedPaper
from broadsheet.planning.social_images import social_image_url
from broadsheet.planning.views import Anchor


def plan_papers(edition: Edition) -> Iterator[Outline]:
    """Plan a page for each paper.

    Args:
        edition: What is being planned.
    """
    for paper in edition.library.papers.values():
        yield Outline(
            url=addresses.paper_url(paper.id),
            template="paper.html",
            fill=partial(_fill_paper, paper_id=paper.id),
            shows=(paper.source,),
            lists=partial(_list_beside, paper=paper),
            has_related=True,
            sources=(paper.source,),
            is_indexed=paper.status is not Status.DRAFT,
        )


def plan_paper_list(edition: Edition) -> Iterator[Outline]:
    """Plan the list of all papers, by month, newest first."""
    library = edition.library
    newest = cache(partial(sort_newest_first, library, library.papers))
    totals = cache(partial(count_by_month, library, library.papers))
    size = edition.settings.page_sizes.papers
    for slot in number_pages(len(library.papers), size, addresses.PAPERS):
        fill = partial(_fill_list, slot=slot, newest=newest, totals=totals)
        lists = partial(list_page, slot=slot, entries=newest)
        yield Outline(url=slot.url, template="listing.html", fill=fill, lists=lists, kin="cards")


def _list_beside(edition: Edition, paper: Paper) -> Iterator[str]:
    """Yield the papers that a paper's page names."""
    yield paper.id
    yield from (other.id for other in edition.related.get(paper.id, ()))
    yield from list_successor(edition, paper)
    place = place_in_digest(edition, paper)
    if place is not None:
        digest, position = place
        yield from digest.papers[max(position - 1, 0) : position + 2]


def _fill_list(
    edition: Edition,
    slot: PageSlot,
    newest: Callable[[], list[str]],
    totals: Callable[[], Counter[str]],
) -> Filled:
    papers = edition.library.papers
    page = cut_page(newest(), slot)
    headed = [(month_heading(papers[i]), i) for i in page.entries]
    view = ListingPage(
        kind="papers",
        label=None,
        heading="All papers",
        standfirst=f"{plural(len(papers), 'paper')}, newest first.",
        groups=group_cards(edition, headed, totals(), page.start),
        pager=page.pager,
        topics=(),
        facts=(),
        links=(),
        files=bibliography_files(addresses.FRONT),
        hint="",
        numbered=False,
    )
    title = "All papers" if page.number == 1 else f"All papers, page {page.number}"
    head = make_head(edition.settings, page.url, title=title, section="papers", is_section=True)
    return Filled(view, head)


def _fill_paper(edition: Edition, paper_id: str) -> Filled:
    paper = edition.library.papers[paper_id]
    card = edition.cards[paper.id]
    view = _make_view(edition, paper, place_in_digest(edition, paper))
    summary = card.tldr or view.abstract
    head = make_head(
        edition.settings,
        card.url,
        title=card.title.plain,
        # Names would be taken for an abstract.
        description=summary.plain if summary is not None else "",
        section="papers",
        source=paper.source,
        image=social_image_url(edition, paper),
    )
    return Filled(view, head)


def _make_view(edition: Edition, paper: Paper, place: tuple[Digest, int] | None) -> PaperPage:
    text = edition.texts[paper.source]
    card = edition.cards[paper.id]
    digest = place[0] if place else None
    abstract, note = text.abstract, text.body
    if abstract is None:
        abstract, note = note, None
    previous, following = _neighbours(edition, place)
    return PaperPage(
        id=paper.id,
        title=card.title,
        language=card.language,
        direction=card.direction,
        notice=card.notice,
        is_draft=card.is_draft,
        notices=paper_notices(edition, paper),
        digest=edition.digest_anchor(digest) if digest is not None else None,
        number=edition.digest_number(digest) if digest is not None else "",
        cited=edition.cited.make(paper.id),
        files=paper_files(edition, paper),
        pdf=pdf_url(edition, paper),
        signposts=paper_signposts(edition, paper),
        twin=addresses.twin_url(paper.id) if has_twins(edition.settings) else "",
        authors=_authors(edition, paper),
        topics=card.topics,
        tldr=card.tldr,
        links=paper_links(paper),
        note=note,
        note_by=(paper.curator or edition.settings.curator) if note is not None else "",
        abstract=abstract,
        facts=paper_facts(edition, paper, place),
        related=_related(edition, paper),
        previous=previous,
        following=following,
    )


def _related(edition: Edition, paper: Paper) -> tuple[RelatedCard, ...]:
    return tuple(
        RelatedCard(edition.cards[other.id], _tell_why(edition, paper, other))
        for other in edition.related.get(paper.id, ())
    )


def _tell_why(edition: Edition, paper: Paper, other: RelatedPaper) -> str:
    """Return what joins two papers: "Both on quantization", "Same topic: Agents"."""
    phrases = ", ".join(other.reasons)
    on_phrases = f"both on {phrases}" if phrases else ""
    if other.tie == "linked":
        return "; ".join(filter(None, ("Linked from this paper", on_phrases)))
    if other.tie == "links":
        return "; ".join(filter(None, ("Links to this paper", on_phrases)))
    if other.tie == "author":
        theirs = {normalise_name(one.name) for one in edition.library.papers[other.id].authors}
        name = next(one.name for one in paper.authors if normalise_name(one.name) in theirs)
        return f"Both by {name}, on {phrases}" if phrases else f"Both by {name}"
    if other.tie == "topic":
        topics = edition.library.topics
        theirs = set(topics.of_paper[other.id])
        slug = next(slug for slug in topics.of_paper[paper.id] if slug in theirs)
        return f"Same topic: {topics.by_slug[slug].name}"
    return f"Both on {phrases}" if phrases else ""


def _authors(edition: Edition, paper: Paper) -> tuple[AuthorName, ...]:
    index = edition.library.authors
    names = []
    for author in paper.authors:
        slug = index.slug_of_author(author)
        names.append(
            AuthorName(
                name=author.name,
                url=addresses.author_url(slug) if slug else "",
                home=author.url,
                orcid=resolver_url("orcid", author.orcid) if author.orcid else "",
                affiliation=author.affiliation,
            )
        )
    return tuple(names)


def _neighbours(
    edition: Edition, place: tuple[Digest, int] | None
) -> tuple[Anchor | None, Anchor | None]:
    if place is None:
        return None, None
    digest, position = place
    before = digest.papers[position - 1] if position else ""
    after = digest.papers[position + 1] if position + 1 < len(digest.papers) else ""
    return (
        edition.paper_anchor(before) if before else None,
        edition.paper_anchor(after) if after else None,
    )
