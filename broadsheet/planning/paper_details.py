"""What a paper's page says beside its text: notices, buttons, and the details list.

Responsible for their words, order and addresses. Not responsible for the page (`plan_papers`).
"""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.domain.dates import (
    PartialDate,
    day_key,
    month_key,
    name_day,
    name_partial_date,
    week_key,
)
from broadsheet.domain.digests import Digest
from broadsheet.domain.identifiers import resolver_url
from broadsheet.domain.names import venue_name
from broadsheet.domain.records import Paper, Status
from broadsheet.planning import addresses
from broadsheet.planning.edition import Edition, date_of_digest
from broadsheet.planning.views import ExternalLink, Fact, FactValue, Notice

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


def place_in_digest(edition: Edition, paper: Paper) -> tuple[Digest, int] | None:
    """Return a featured paper's finest digest and its position in it."""
    if paper.featured is None:
        return None
    for key_of in (day_key, week_key, month_key):
        digest = edition.library.digests.get(key_of(paper.featured))
        if digest is not None:
            return digest, digest.papers.index(paper.id)
    return None


def list_successor(edition: Edition, paper: Paper) -> tuple[str, ...]:
    """Return the paper that a paper's notice names, where there is one."""
    heading, successor = NOTICE_HEADINGS.get(paper.status), paper.superseded_by
    return (successor,) if heading and successor in edition.library.papers else ()


def paper_notices(edition: Edition, paper: Paper) -> tuple[Notice, ...]:
    """Return what happened to a paper, to be shown first in the column."""
    heading = NOTICE_HEADINGS.get(paper.status)
    if heading is None:
        return ()
    successors = list_successor(edition, paper)
    anchor = edition.paper_anchor(successors[0]) if successors else None
    return (Notice(anchor="notice", heading=heading, text=paper.status_note, successor=anchor),)


def paper_links(paper: Paper) -> tuple[ExternalLink, ...]:
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
        abstract = resolver_url("arxiv", paper.arxiv)
        buttons.append(ExternalLink(kind="arxiv", label="arXiv", href=abstract))
        if "pdf" not in links:
            buttons.insert(0, ExternalLink(kind="pdf", label="PDF", href=pdf))
    for kind in ("openreview", "acl"):
        if value := getattr(paper, kind):
            label = IDENTIFIER_LABELS[kind]
            buttons.append(ExternalLink(kind=kind, label=label, href=resolver_url(kind, value)))
    if paper.doi and not buttons:
        href = resolver_url("doi", paper.doi)
        buttons.append(ExternalLink(kind="doi", label="Publisher page", href=href))
    return tuple(buttons)


def paper_facts(
    edition: Edition, paper: Paper, place: tuple[Digest, int] | None
) -> tuple[Fact, ...]:
    """Return the details list of a paper.

    Args:
        edition: What is being planned.
        paper: The paper.
        place: The digest it is listed in and its position there, from 0; None without one.
    """
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
            yield Fact(term=label, values=(FactValue(text=value, href=resolver_url(kind, value)),))
