"""Pages of papers: each paper's own, and the list of all of them.

Responsible for what stands on them. Not responsible for cards and labels (`edition`) or for a
paper's notices, buttons and facts (`paper_details`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from broadsheet.domain.digests import Digest
from broadsheet.domain.identifiers import normalise_name, resolver_url
from broadsheet.domain.records import Paper
from broadsheet.planning import addresses
from broadsheet.planning.edition import (
    Edition,
    group_cards,
    month_heading,
    plural,
    sort_newest_first,
)
from broadsheet.planning.list_pages import ListingPage
from broadsheet.planning.pages import AuthorName, PaperPage, RelatedCard
from broadsheet.planning.pagination import paginate
from broadsheet.planning.paper_details import paper_facts, paper_links, paper_notices
from broadsheet.planning.plan_types import PagePlan, make_head
from broadsheet.planning.relations import RelatedPaper
from broadsheet.planning.views import Anchor


def plan_papers(edition: Edition) -> Iterator[PagePlan]:
    """Plan a page for each paper.

    Args:
        edition: What is being planned.
    """
    places = _places_in_digests(edition)
    for paper in edition.library.papers.values():
        yield _plan_paper(edition, paper, places.get(paper.id))


def plan_paper_list(edition: Edition) -> Iterator[PagePlan]:
    """Plan the list of all papers, by month, newest first."""
    papers = edition.library.papers
    ids = sort_newest_first(edition.library, papers)
    totals = Counter(month_heading(paper)[0] for paper in papers.values())
    for page in paginate(ids, edition.settings.page_sizes.papers, addresses.PAPERS):
        headed = [(month_heading(papers[i]), i) for i in page.entries]
        view = ListingPage(
            kind="papers",
            label=None,
            heading="All papers",
            standfirst=f"{plural(len(ids), 'paper')}, newest first.",
            groups=group_cards(edition, headed, totals, page.start),
            pager=page.pager,
            topics=(),
            facts=(),
            links=(),
            hint="",
            numbered=False,
        )
        title = "All papers" if page.number == 1 else f"All papers, page {page.number}"
        head = make_head(edition.settings, page.url, title=title, section="papers", is_section=True)
        yield PagePlan(url=page.url, template="listing.html", view=view, head=head)


def _places_in_digests(edition: Edition) -> Mapping[str, tuple[Digest, int]]:
    """Return each featured paper's finest digest and its position in it."""
    places: dict[str, tuple[Digest, int]] = {}
    for kind in ("month", "week", "day"):
        for digest in edition.library.digests_of(kind):
            for position, paper_id in enumerate(digest.papers):
                places[paper_id] = (digest, position)
    return places


def _plan_paper(edition: Edition, paper: Paper, place: tuple[Digest, int] | None) -> PagePlan:
    card = edition.cards[paper.id]
    view = _make_view(edition, paper, place)
    summary = card.tldr or view.abstract
    head = make_head(
        edition.settings,
        card.url,
        title=card.title.plain,
        description=summary.plain if summary is not None else card.by,
        section="papers",
        source=paper.source,
        is_indexed=not card.is_draft,
    )
    return PagePlan(
        url=card.url, template="paper.html", view=view, head=head, sources=(paper.source,)
    )


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
        citation_date=_citation_date(paper),
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


def _citation_date(paper: Paper) -> str:
    """Return the date that Google Scholar's guidelines ask for: a whole day, or the year alone."""
    if paper.date is None:
        return ""
    return str(paper.date).replace("-", "/") if paper.date.day else str(paper.date.year)


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
