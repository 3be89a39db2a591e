"""How a paper is cited: one value that every format of citations is written from.

Responsible for what a scholar would cite (the venue and not its preprint, the paper's own address
and not ours), in the terms of CSL, and for citation keys. Not responsible for formats
(`workers.citing`) or for text: titles are converted elsewhere.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from broadsheet.domain.dates import PartialDate
from broadsheet.domain.identifiers import resolver_url
from broadsheet.domain.person_names import CitedName, split_name
from broadsheet.domain.records import Paper, Status
from broadsheet.domain.venue_kinds import VenueParts, read_venue

# Statuses that keep a paper out of bibliographies of many papers.
OUT_OF_BIBLIOGRAPHIES = frozenset({Status.WITHDRAWN, Status.RETRACTED, Status.DRAFT})

_TYPES = {
    "journal": "article-journal",
    "conference": "paper-conference",
    "preprint": "article",
    "thesis": "thesis",
    "report": "report",
    "book": "book",
    "chapter": "chapter",
}
_WARNINGS = {Status.RETRACTED: "Retracted", Status.WITHDRAWN: "Withdrawn"}
# Latin letters that do not come apart into a letter and its accent.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_ARXIV_DOI = "10.48550/arxiv."
# Links that show the paper itself, the best first.
_OWN_LINKS = ("html", "pdf", "project")
# `PhD thesis, MIT`, `Technical report 12, MIT`: what stands before the institution.
_KIND_OF_TEXT = re.compile(
    r"^[^,]*\b(?:thesis|dissertation|rep(?:ort|\.)|paper)(?!\w)[\s,:\d.-]*", re.IGNORECASE
)


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A paper as a bibliography names it.

    Attributes:
        key: The citation key: ASCII, permanent, of this paper alone.
        type: CSL's: `article` (a preprint), `article-journal`, `paper-conference`, `thesis`,
            `report`, `book` or `chapter`.
        authors: In order.
        issued: The date that is cited; None when unknown.
        container: The journal, the proceedings or the book that holds it; or empty.
        container_short: A short form, or empty.
        volume: Or empty.
        issue: Or empty.
        pages: As `1-9`, or empty.
        publisher: The publisher, the school or the institution; or empty.
        genre: `PhD thesis`, `Technical report`; or empty.
        doi: Of what is cited; or empty.
        arxiv: The arXiv id, also of what has appeared elsewhere; or empty.
        category: The primary category there, or empty.
        pmid: PubMed id, or empty.
        url: Where readers find the paper.
        language: BCP 47, or empty.
        keywords: As written.
        warning: `Retracted`, `Withdrawn`, or empty.
    """

    key: str
    type: str
    authors: tuple[CitedName, ...]
    issued: PartialDate | None
    container: str
    container_short: str
    volume: str
    issue: str
    pages: str
    publisher: str
    genre: str
    doi: str
    arxiv: str
    category: str
    pmid: str
    url: str
    language: str
    keywords: tuple[str, ...]
    warning: str


def cite_paper(paper: Paper, page_url: str) -> Citation:
    """Return how a paper is cited.

    Args:
        paper: The paper.
        page_url: Complete address of its page on the site, for papers that have no other.
    """
    authors = tuple([split_name(author.name) for author in paper.authors])
    venue = read_venue(paper.venue) if paper.venue is not None else None
    kind = venue.kind if venue is not None else "preprint"
    has_container = venue is not None and kind in ("journal", "conference", "chapter")
    return Citation(
        key=_key(paper, authors[0] if authors else CitedName()),
        type=_TYPES[kind],
        authors=authors,
        issued=_issued(paper, venue),
        container=venue.name if venue is not None and has_container else "",
        container_short=paper.venue.short if paper.venue is not None and has_container else "",
        volume=venue.volume if venue is not None else "",
        issue=venue.issue if venue is not None else "",
        pages=_pages(paper),
        publisher=_publisher(paper, venue),
        genre=_genre(paper, kind),
        doi=_doi(paper, kind),
        arxiv=paper.arxiv,
        category=paper.categories[0] if paper.arxiv and paper.categories else "",
        pmid=paper.pmid,
        url=_own_url(paper, kind) or page_url,
        language=paper.language,
        keywords=paper.keywords,
        warning=_WARNINGS.get(paper.status, ""),
    )


def citation_key(paper: Paper) -> str:
    """Return a paper's citation key: `piet2023-2312.00273`.

    It is the first author's family name, the year of the first version, and the record's id, which
    is the library's only one of its kind and never changes; so no other paper can take or change
    it, and a later publication does not either.

    Args:
        paper: The paper.

    Returns:
        ASCII letters, digits, `.`, `_` and hyphens, beginning with a letter.
    """
    return _key(paper, split_name(paper.authors[0].name) if paper.authors else CitedName())


def _key(paper: Paper, first: CitedName) -> str:
    name = _spell_in_ascii(first.family or first.literal)
    year = str(paper.date.year) if paper.date is not None else ""
    return f"{name or 'paper'}{year}-{paper.id}"


def _spell_in_ascii(name: str) -> str:
    """Return a name's letters in ASCII and lower case; nothing for names of other scripts."""
    if name.isascii() and name.isalpha():
        return name.lower()
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return "".join(char for char in folded if "a" <= char <= "z")


def _issued(paper: Paper, venue: VenueParts | None) -> PartialDate | None:
    """Return the date that is cited: of the publication, not of its preprint."""
    if venue is None or venue.kind == "preprint":
        return paper.date
    year = venue.year or (paper.date.year if paper.date is not None else 0)
    is_of_preprint = bool(paper.arxiv) or (paper.date is not None and paper.date.year != year)
    if paper.date is not None and not is_of_preprint:
        return paper.date
    return PartialDate(year) if year else None


def _pages(paper: Paper) -> str:
    pages = paper.venue.pages if paper.venue is not None else ""
    return re.sub(r"\s*(?:--+|[-–—])\s*", "-", pages) if pages else ""


def _publisher(paper: Paper, venue: VenueParts | None) -> str:
    if venue is None or paper.venue is None:
        return "arXiv" if paper.arxiv else ""
    if paper.venue.publisher:
        return paper.venue.publisher
    if venue.kind in ("thesis", "report"):
        return _KIND_OF_TEXT.sub("", venue.name) or venue.name
    return venue.name if venue.kind in ("book", "preprint") else ""


def _genre(paper: Paper, kind: str) -> str:
    name = paper.venue.name.casefold() if paper.venue is not None else ""
    if kind == "thesis":
        return "Master's thesis" if "master" in name or "msc" in name else "PhD thesis"
    return "Technical report" if kind == "report" else ""


def _doi(paper: Paper, kind: str) -> str:
    """Return the DOI of what is cited; arXiv gives every preprint one."""
    is_of_preprint = paper.doi.startswith(_ARXIV_DOI)
    if kind == "preprint" and paper.arxiv and (not paper.doi or is_of_preprint):
        return f"10.48550/arXiv.{paper.arxiv}"
    return "" if is_of_preprint and kind != "preprint" else paper.doi


def _own_url(paper: Paper, kind: str) -> str:
    """Return the best of a paper's own addresses, or nothing."""
    if paper.doi and not paper.doi.startswith(_ARXIV_DOI):
        return resolver_url("doi", paper.doi)
    resolvers = ("arxiv", "acl", "openreview", "pmid")
    for name in resolvers if kind == "preprint" else (*resolvers[1:], resolvers[0]):
        if identifier := getattr(paper, name):
            return resolver_url(name, identifier)
    links = {link.kind: link.href for link in paper.links}
    own = next((links[name] for name in _OWN_LINKS if name in links), "")
    return own or (resolver_url("doi", paper.doi) if paper.doi else "")


def citable(paper: Paper) -> Paper:
    """Return a paper with those facts only that a citation is made of.

    What is written from it need not be written again when anything else changes.

    Args:
        paper: The paper.
    """
    return Paper(
        id=paper.id,
        source="",
        title="",
        authors=paper.authors,
        date=paper.date,
        categories=paper.categories[:1],
        arxiv=paper.arxiv,
        doi=paper.doi,
        openreview=paper.openreview,
        acl=paper.acl,
        pmid=paper.pmid,
        venue=paper.venue,
        links=tuple(link for link in paper.links if link.kind in _OWN_LINKS),
        keywords=paper.keywords,
        language=paper.language,
        status=paper.status,
    )
