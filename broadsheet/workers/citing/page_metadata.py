"""What a paper's page tells programs about the paper: Highwire tags and JSON-LD.

Responsible for the names that Google Scholar and Zotero read, and for schema.org. Not responsible
for what is cited (`domain.citations`) or for cards of social networks (`base.html`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from broadsheet.domain.citations import Citation
from broadsheet.domain.dates import PartialDate
from broadsheet.domain.identifiers import resolver_url
from broadsheet.domain.person_names import shown_name
from broadsheet.foundations.words import fold
from broadsheet.planning.pages import AuthorName, PaperPage
from broadsheet.planning.site_views import PageHead, SiteView
from broadsheet.workers.template_code import escape_plain

# schema.org's own limit for a headline.
MAX_HEADLINE = 110
_CONTAINERS = {
    "article-journal": "citation_journal_title",
    "paper-conference": "citation_conference_title",
    "chapter": "citation_inbook_title",
    "thesis": "citation_dissertation_institution",
    "report": "citation_technical_report_institution",
}
# What could end the element that holds the JSON, or a line of a script.
_ESCAPES = [
    (char.encode(), f"\\u{ord(char):04x}".encode()) for char in ("<", ">", "&", "\u2028", "\u2029")
]


def citation_tags(citation: Citation, view: PaperPage, page: PageHead, site: SiteView) -> Markup:
    """Return `meta` elements, one a line, one for each author.

    Source: Google Scholar's inclusion guidelines, and Zotero's Embedded Metadata.

    Args:
        citation: How the paper is cited.
        view: The page.
        page: Its head.
        site: The site.
    """
    lines = [
        f'<meta name="{name}" content="{escape_plain(text)}">\n'
        for name, text in _tags(citation, view, page, site)
    ]
    return Markup("".join(lines))  # noqa: S704 - escaped in the lines before


def _tags(
    citation: Citation, view: PaperPage, page: PageHead, site: SiteView
) -> Iterator[tuple[str, str]]:
    yield "citation_title", view.title.plain
    # Without a comma: Zotero takes one for the end of a person.
    for name in citation.authors:
        yield "citation_author", shown_name(name)
    first = view.cited.paper.date
    if citation.issued is not None:
        yield "citation_publication_date", _slashed(citation.issued)
    if first is not None and first != citation.issued:
        yield "citation_online_date", _slashed(first)
    if container := _CONTAINERS.get(citation.type):
        yield container, citation.container or citation.publisher
    first_page, _, last_page = citation.pages.partition("-")
    abstract = view.abstract.plain if view.abstract is not None else ""
    others = (
        ("citation_volume", citation.volume),
        ("citation_issue", citation.issue),
        ("citation_firstpage", first_page),
        ("citation_lastpage", last_page),
        ("citation_publisher", citation.publisher),
        ("citation_doi", citation.doi),
        ("citation_arxiv_id", citation.arxiv),
        ("citation_pmid", citation.pmid),
        ("citation_pdf_url", view.pdf),
        ("citation_abstract_html_url", _page_url(page, site)),
        ("citation_public_url", citation.url),
        ("citation_abstract", fold(abstract)),
        ("citation_keywords", "; ".join(citation.keywords)),
        ("citation_language", citation.language or page.language),
    )
    yield from [(name, text) for name, text in others if text]


def json_ld(citation: Citation, view: PaperPage, page: PageHead, site: SiteView) -> Markup:
    """Return a paper as JSON-LD in the vocabulary of schema.org, safe within a `script` element.

    Args:
        citation: How the paper is cited.
        view: The page.
        page: Its head.
        site: The site.
    """
    url = _page_url(page, site)
    paper = view.cited.paper
    others = dict.fromkeys((citation.url, *_resolved(citation)))
    item: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": url,
        "url": url,
        "name": view.title.plain,
        "headline": _shorten(view.title.plain),
        "author": [
            _person(author, shown_name(name))
            for author, name in zip(view.authors, citation.authors, strict=True)
        ],
        "datePublished": str(citation.issued) if citation.issued is not None else "",
        "dateCreated": str(paper.date) if paper.date not in (None, citation.issued) else "",
        "abstract": view.abstract.plain if view.abstract is not None else "",
        "inLanguage": citation.language or page.language,
        "keywords": list(citation.keywords),
        "creativeWorkStatus": citation.warning,
        "identifier": list(_identifiers(citation)),
        "sameAs": [link for link in others if link != url],
        "isPartOf": _periodical(citation),
        "publication": _event(citation),
        "pagination": citation.pages,
        "publisher": {"@type": "Organization", "name": citation.publisher}
        if citation.publisher
        else None,
        "isAccessibleForFree": True if citation.arxiv else None,
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": view.pdf,
            "encodingFormat": "application/pdf",
        }
        if view.pdf
        else None,
    }
    content = msgspec.json.encode({name: value for name, value in item.items() if value})
    for char, escape in _ESCAPES:
        content = content.replace(char, escape)
    return Markup(content.decode())  # noqa: S704 - escaped in the lines before


def _slashed(when: PartialDate) -> str:
    """Return a whole day as `YYYY/MM/DD`, and the year alone where no day is known."""
    return str(when).replace("-", "/") if when.day else str(when.year)


def _page_url(page: PageHead, site: SiteView) -> str:
    return site.base_url + page.url if site.base_url else ""


def _shorten(title: str) -> str:
    if len(title) <= MAX_HEADLINE:
        return title
    return title[: MAX_HEADLINE - 1].rsplit(" ", 1)[0] + "…"


def _person(author: AuthorName, name: str) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "Person"}
    if author.orcid:
        person["@id"] = author.orcid
    if name:
        person["name"] = name
    if author.home:
        person["url"] = author.home
    if author.affiliation:
        person["affiliation"] = {"@type": "Organization", "name": author.affiliation}
    return person


def _identifiers(citation: Citation) -> Iterator[dict[str, str]]:
    schemes = (("DOI", citation.doi), ("arXiv", citation.arxiv), ("PMID", citation.pmid))
    for scheme, value in schemes:
        if value:
            yield {"@type": "PropertyValue", "propertyID": scheme, "value": value}


def _resolved(citation: Citation) -> Iterator[str]:
    for kind, value in (("doi", citation.doi), ("arxiv", citation.arxiv)):
        if value:
            yield resolver_url(kind, value)


def _periodical(citation: Citation) -> dict[str, Any] | None:
    if citation.type != "article-journal":
        return None
    part: dict[str, Any] = {"@type": "Periodical", "name": citation.container}
    if citation.volume:
        kind, name = "PublicationVolume", "volumeNumber"
        part = {"@type": kind, name: citation.volume, "isPartOf": part}
    if citation.issue:
        part = {"@type": "PublicationIssue", "issueNumber": citation.issue, "isPartOf": part}
    return part


def _event(citation: Citation) -> dict[str, Any] | None:
    if citation.type != "paper-conference":
        return None
    return {"@type": "PublicationEvent", "name": citation.container}
