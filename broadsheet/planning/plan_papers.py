"""Pages of papers: each paper's own, and the list of all of them.

Responsible for what stands on them. Not responsible for cards and labels (`edition`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from broadsheet.domain.dates import PartialDate, name_day, name_partial_date
from broadsheet.domain.digests import Digest
from broadsheet.domain.identifiers import RESOLVERS
from broadsheet.domain.names import venue_name
from broadsheet.domain.records import Paper, Status
from broadsheet.planning import addresses
from broadsheet.planning.edition import (
    Edition,
    date_of_digest,
    group_cards,
    month_heading,
    plural,
    sort_newest_first,
)
from broadsheet.planning.pages import AuthorName, ListingPage, PaperPage, RelatedCard
from broadsheet.planning.pagination import paginate
from broadsheet.planning.plan_types import PagePlan, make_head
from broadsheet.planning.views import Anchor, ExternalLink, Fact, FactValue, Notice

LINK_LABELS = {
    "pdf": "PDF",
    "html": "HTML",
    "code": "Code",
    "project": "Project page",
    "data": "Data",
    "model": "Model",
    "slides": "Slides",
    "video": "Video",
    "poster": "Poster",
}
IDENTIFIER_LABELS = {
    "arxiv": "arXiv",
    "doi": "DOI",
    "openreview": "OpenReview",
    "acl": "ACL Anthology",
    "pmid": "PubMed",
}
NOTICE_HEADINGS = {
    Status.REVISED: "Revised",
    Status.CORRECTED: "Correction",
    Status.SUPERSEDED: "Superseded",
    Status.WITHDRAWN: "Withdrawn",
    Status.RETRACTED: "Retracted",
}


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
    text = edition.texts[paper.source]
    card = edition.cards[paper.id]
    digest = place[0] if place else None
    abstract, note = text.abstract, text.body
    if abstract is None:
        abstract, note = note, None
    previous, following = _neighbours(edition, place)
    view = PaperPage(
        id=paper.id,
        title=card.title,
        notice=card.notice,
        is_draft=card.is_draft,
        notices=_notices(edition, paper),
        digest=edition.digest_anchor(digest) if digest is not None else None,
        number=edition.digest_number(digest) if digest is not None else "",
        citation_date=_citation_date(paper),
        authors=_authors(edition, paper),
        topics=card.topics,
        tldr=card.tldr,
        links=_links(paper),
        note=note,
        note_by=(paper.curator or edition.settings.curator) if note is not None else "",
        abstract=abstract,
        facts=_facts(edition, paper, place),
        related=_related(edition, paper),
        previous=previous,
        following=following,
    )
    summary = card.tldr or abstract
    head = make_head(
        edition.settings,
        card.url,
        title=card.title.plain,
        description=summary.plain if summary is not None else card.by,
        section="papers",
        language=paper.language,
        source=paper.source,
        is_indexed=not card.is_draft,
    )
    return PagePlan(
        url=card.url, template="paper.html", view=view, head=head, sources=(paper.source,)
    )


def _related(edition: Edition, paper: Paper) -> tuple[RelatedCard, ...]:
    return tuple(
        RelatedCard(edition.cards[other.id], ", ".join(other.reasons))
        for other in edition.related.get(paper.id, ())
    )


def _authors(edition: Edition, paper: Paper) -> tuple[AuthorName, ...]:
    index = edition.library.authors
    names = []
    for author in paper.authors:
        slug = index.slug_of_author(author)
        names.append(
            AuthorName(
                name=author.name,
                url=addresses.author_url(slug) if slug else "",
                orcid=RESOLVERS["orcid"] + author.orcid if author.orcid else "",
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


def _notices(edition: Edition, paper: Paper) -> tuple[Notice, ...]:
    heading = NOTICE_HEADINGS.get(paper.status)
    if heading is None:
        return ()
    successor = paper.superseded_by
    known = successor in edition.library.papers
    anchor = edition.paper_anchor(successor) if known else None
    return (Notice(anchor="notice", heading=heading, text=paper.status_note, successor=anchor),)


def _links(paper: Paper) -> tuple[ExternalLink, ...]:
    """Return the buttons: what the record links, then where its identifiers lead."""
    links = {link.kind: link.href for link in paper.links}
    ordered = [kind for kind in LINK_LABELS if kind in links]
    ordered += [kind for kind in links if kind not in LINK_LABELS]
    buttons = [
        ExternalLink(
            kind=kind,
            label=LINK_LABELS.get(kind, kind.replace("-", " ").capitalize()),
            href=links[kind],
        )
        for kind in ordered
    ]
    if paper.arxiv:
        pdf = f"https://arxiv.org/pdf/{paper.arxiv}"
        abstract = RESOLVERS["arxiv"] + paper.arxiv
        buttons.append(ExternalLink(kind="arxiv", label="arXiv", href=abstract))
        if "pdf" not in links:
            buttons.insert(0, ExternalLink(kind="pdf", label="PDF", href=pdf))
    for kind in ("openreview", "acl"):
        if value := getattr(paper, kind):
            label = IDENTIFIER_LABELS[kind]
            buttons.append(ExternalLink(kind=kind, label=label, href=RESOLVERS[kind] + value))
    if paper.doi and not buttons:
        href = RESOLVERS["doi"] + paper.doi
        buttons.append(ExternalLink(kind="doi", label="Publisher page", href=href))
    return tuple(buttons)


def _facts(edition: Edition, paper: Paper, place: tuple[Digest, int] | None) -> tuple[Fact, ...]:
    facts = []
    if paper.featured is not None:
        iso = paper.featured.isoformat()
        value = FactValue(text=name_day(paper.featured), iso=iso)
        facts.append(Fact(term="Listed", values=(value,)))
    if place is not None:
        facts.append(_digest_fact(edition, *place))
    for term, when in (("Published", paper.date), ("Updated", paper.updated)):
        if when is not None:
            facts.append(Fact(term=term, values=(_date_value(when),)))
    if paper.venue is not None:
        facts.append(Fact(term="Venue", values=(_venue_value(edition, paper),)))
    facts += _identifier_facts(paper)
    if paper.categories:
        values = tuple(FactValue(text=category) for category in paper.categories)
        facts.append(Fact(term="Categories", values=values))
    if paper.keywords:
        values = tuple(FactValue(text=keyword) for keyword in paper.keywords)
        facts.append(Fact(term="Keywords", values=values))
    if paper.curator:
        facts.append(Fact(term="Curated by", values=(FactValue(text=paper.curator),)))
    return tuple(facts)


def _digest_fact(edition: Edition, digest: Digest, position: int) -> Fact:
    name = edition.digest_number(digest) or date_of_digest(digest).text
    where = FactValue(text=name, url=addresses.digest_url(digest.key))
    order = FactValue(text=f"paper {position + 1} of {len(digest.papers)}")
    return Fact(term="Digest", values=(where, order))


def _date_value(when: PartialDate) -> FactValue:
    return FactValue(text=name_partial_date(when), iso=str(when))


def _venue_value(edition: Edition, paper: Paper) -> FactValue:
    venue = paper.venue
    if venue is None:  # pragma: no cover - asked only for papers that have one
        return FactValue(text="")
    parts = [venue.name]
    if venue.year and str(venue.year) not in venue.name:
        parts[0] += f" {venue.year}"
    parts += [f"vol. {venue.volume}"] if venue.volume else []
    parts += [f"no. {venue.issue}"] if venue.issue else []
    parts += [f"pp. {venue.pages}"] if venue.pages else []
    slug = edition.library.venues.slug_of_name(venue_name(venue.name))
    return FactValue(text=", ".join(parts), url=addresses.venue_url(slug) if slug else "")


def _identifier_facts(paper: Paper) -> Iterator[Fact]:
    for kind, label in IDENTIFIER_LABELS.items():
        if value := getattr(paper, kind):
            yield Fact(term=label, values=(FactValue(text=value, href=RESOLVERS[kind] + value),))
