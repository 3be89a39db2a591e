"""Citations as RIS, which every reference manager imports.

Responsible for tags and their order. Not responsible for what is cited (`domain.citations`).
"""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.domain.citations import Citation
from broadsheet.domain.dates import PartialDate
from broadsheet.domain.person_names import CitedName
from broadsheet.foundations.words import fold
from broadsheet.planning.citation_views import CitedPaper

_TYPES = {
    "article": "UNPB",
    "article-journal": "JOUR",
    "paper-conference": "CPAPER",
    "thesis": "THES",
    "report": "RPRT",
    "book": "BOOK",
    "chapter": "CHAP",
}


def write_ris_record(citation: Citation, cited: CitedPaper) -> str:
    """Return a record with lines that end in CR and LF, as the format asks.

    Args:
        citation: How a paper is cited.
        cited: What that is made of.
    """
    return "".join(_lines(citation, cited))


def _lines(citation: Citation, cited: CitedPaper) -> Iterator[str]:
    for tag, text in _values(citation, cited):
        # A line feed within a value would end it.
        if text and (folded := fold(text)):
            yield f"{tag}  - {folded}\r\n"
    yield "ER  - \r\n"


def _values(citation: Citation, cited: CitedPaper) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[citation.type]
    yield "ID", citation.key
    yield "TI", cited.title
    for name in citation.authors:
        yield "AU", _write_name(name)
    if citation.issued is not None:
        yield "PY", str(citation.issued.year)
        yield "DA", _write_date(citation.issued)
    yield "T2", citation.container
    yield "J2", citation.container_short
    yield "VL", citation.volume
    yield "IS", citation.issue
    first, _, last = citation.pages.partition("-")
    yield "SP", first
    yield "EP", last
    yield "PB", citation.publisher
    yield "M3", citation.genre
    yield "DO", citation.doi
    yield "AN", f"arXiv:{citation.arxiv}" if citation.arxiv else ""
    yield "UR", citation.url
    yield "LA", citation.language
    for keyword in citation.keywords:
        yield "KW", keyword
    yield "N1", citation.warning
    yield "AB", cited.abstract


def _write_name(name: CitedName) -> str:
    if name.literal:
        return name.literal
    family = f"{name.particle} {name.family}" if name.particle else name.family
    return ", ".join([part for part in (family, name.given, name.suffix) if part])


def _write_date(issued: PartialDate) -> str:
    """Return `YYYY/MM/DD`, as far as the date goes; the slashes stand in any case."""
    month = f"{issued.month:02}" if issued.month else ""
    day = f"{issued.day:02}" if issued.day else ""
    return f"{issued.year:04}/{month}/{day}".rstrip("/")
