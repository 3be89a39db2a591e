"""Where a paper is, for machines: its PDF, and typed links from its page.

Responsible for what the site's role changes about them: a publisher's page stands for the paper
itself, a digest's only describes somebody else's. Not responsible for links that readers see
(`paper_details`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from broadsheet.domain.identifiers import resolver_url
from broadsheet.domain.records import Paper
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning import addresses
from broadsheet.planning.citation_views import Signpost
from broadsheet.planning.edition import Edition
from broadsheet.planning.plan_citations import paper_files

_PAGE_TYPE = "https://schema.org/AboutPage"
_PAPER_TYPE = "https://schema.org/ScholarlyArticle"


def pdf_url(edition: Edition, paper: Paper) -> str:
    """Return the complete address of a paper's PDF, or nothing.

    Google Scholar asks publishers for a file in the same directory as the page; a digest, which
    Scholar does not index as a publisher, may name the one of arXiv, which Zotero fetches.

    Args:
        edition: What is being planned.
        paper: The paper.
    """
    linked = _pdf_link(paper)
    if edition.settings.role != "publisher":
        return linked or (f"https://arxiv.org/pdf/{paper.arxiv}" if paper.arxiv else "")
    own = _own_file(paper, linked)
    return edition.settings.base_url + own if own and edition.settings.base_url else ""


def check_pdfs(edition: Edition, known: Container[str]) -> Iterator[Finding]:
    """Find PDFs of a publisher that do not lie beside their paper's page.

    Args:
        edition: What is being planned.
        known: Addresses within the site at which there is something.
    """
    if edition.settings.role != "publisher":
        return
    for paper in edition.library.papers.values():
        linked = _pdf_link(paper)
        own = _own_file(paper, linked)
        if not linked or (own and own in known):
            continue
        folder = f"content/static/{addresses.paper_url(paper.id)}"
        yield Finding(
            code=Code.FOREIGN_PDF,
            message="a publisher's PDF lies beside the page of its paper",
            source=paper.source,
            field=("links", "pdf"),
            hint=f"put the file into {folder} and link it there, or write 'role: digest'",
        )


def paper_signposts(edition: Edition, paper: Paper) -> tuple[Signpost, ...]:
    """Return typed links from a paper's page (signposting.org, FAIR Signposting Profile level 1).

    Only a publisher's page is the paper's own, so that its DOI is `cite-as` there; on a digest the
    paper and its authors are somebody else's, and its addresses are `related`.

    Args:
        edition: What is being planned.
        paper: The paper.
    """
    described = tuple(
        Signpost(rel="describedby", href=edition.settings.base_url + file.url, type=file.type)
        for file in paper_files(edition, paper)
        if edition.settings.base_url
    )
    persistent = [
        resolver_url(kind, identifier)
        for kind, identifier in (("doi", paper.doi), ("arxiv", paper.arxiv))
        if identifier
    ]
    if edition.settings.role != "publisher":
        related = tuple(Signpost(rel="related", href=href) for href in persistent)
        return (Signpost(rel="type", href=_PAGE_TYPE), *related, *described)
    pdf = pdf_url(edition, paper)
    people = (author.orcid for author in paper.authors if author.orcid)
    return (
        Signpost(rel="type", href=_PAGE_TYPE),
        Signpost(rel="type", href=_PAPER_TYPE),
        *(Signpost(rel="cite-as", href=href) for href in persistent[:1] if paper.doi),
        *(Signpost(rel="author", href=resolver_url("orcid", orcid)) for orcid in people),
        *((Signpost(rel="item", href=pdf, type="application/pdf"),) if pdf else ()),
        *described,
    )


def _pdf_link(paper: Paper) -> str:
    return next((link.href for link in paper.links if link.kind == "pdf"), "")


def _own_file(paper: Paper, href: str) -> str:
    """Return the address within the site of a file in the folder of a paper's page, or nothing.

    The site's host does not matter: a preview is built for another one than the record names.
    """
    page = addresses.paper_url(paper.id)
    match = re.fullmatch(rf"https?://[^/]+/(?:.*/)?{re.escape(page)}([^/?#]+)", href)
    return page + match[1] if match else ""
