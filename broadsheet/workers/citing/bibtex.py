"""Citations as BibTeX, for biber with biblatex and for BibTeX itself.

Responsible for entry types, fields, names and escaping. Not responsible for the TeX of titles
(`workers.tex`) or for what is cited (`domain.citations`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.domain.citations import Citation
from broadsheet.domain.person_names import CitedName
from broadsheet.workers.tex.escaping import escape_tex

# BibTeX's own macros, which styles translate.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENTRY_TYPES = {
    "article": "misc",
    "article-journal": "article",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "book": "book",
    "chapter": "incollection",
}
_CONTAINERS = {
    "article-journal": "journal",
    "paper-conference": "booktitle",
    "chapter": "booktitle",
}
_PUBLISHERS = {"thesis": "school", "report": "institution", "article": "howpublished"}
_AND = re.compile(r"\band\b", re.IGNORECASE)


def write_entry(citation: Citation, title_tex: str) -> str:
    """Return one entry, without a line feed at its end.

    Args:
        citation: How a paper is cited.
        title_tex: Its title as TeX.
    """
    fields = [(name, text) for name, text in _fields(citation, title_tex) if text]
    width = max([len(name) for name, _ in fields])
    lines = [f"  {name.ljust(width)} = {text}" for name, text in fields]
    return f"@{_entry_type(citation)}{{{citation.key},\n" + ",\n".join(lines) + "\n}"


def _entry_type(citation: Citation) -> str:
    if citation.type == "thesis":
        return "mastersthesis" if citation.genre.startswith("Master") else "phdthesis"
    return _ENTRY_TYPES[citation.type]


def _fields(citation: Citation, title_tex: str) -> Iterator[tuple[str, str]]:
    issued = citation.issued
    is_arxiv_preprint = citation.type == "article" and bool(citation.arxiv)
    publisher = "" if is_arxiv_preprint else citation.publisher
    yield "title", f"{{{title_tex}}}"
    yield "author", _braced(" and ".join(map(_write_name, citation.authors)))
    yield _CONTAINERS.get(citation.type, "booktitle"), _text(citation.container)
    yield "year", f"{{{issued.year}}}" if issued is not None else ""
    yield "month", _MONTHS[issued.month - 1] if issued is not None and issued.month else ""
    yield "day", f"{{{issued.day}}}" if issued is not None and issued.day else ""
    yield "volume", _text(citation.volume)
    yield "number", _text(citation.issue)
    yield "pages", _text(citation.pages.replace("-", "--"))
    yield _PUBLISHERS.get(citation.type, "publisher"), _text(publisher)
    yield "doi", _verbatim(citation.doi)
    if citation.arxiv:
        yield "eprint", _verbatim(citation.arxiv)
        yield "archivePrefix", "{arXiv}"
        yield "primaryClass", _verbatim(citation.category)
    yield "url", _verbatim(citation.url)
    yield "note", _text(citation.warning)


def _write_name(name: CitedName) -> str:
    """Return a name as BibTeX reads it: `van Gool, Jr., Luc`, a whole name in braces."""
    if name.literal:
        return f"{{{escape_tex(name.literal)}}}"
    family, given = _name_part(name.family), _name_part(name.given)
    if name.particle:
        family = f"{escape_tex(name.particle)} {family}"
    if name.suffix:
        family = f"{family}, {escape_tex(name.suffix)}"
    return f"{family}, {given}" if given else family


def _name_part(part: str) -> str:
    """Return a part of a name; one that BibTeX would take apart stands in braces."""
    if part.isascii() and part.isalpha() and part.lower() != "and":
        return part
    text = escape_tex(part)
    return f"{{{text}}}" if "," in part or _AND.search(part) else text


def _text(text: str) -> str:
    return f"{{{escape_tex(text)}}}" if text else ""


def _verbatim(text: str) -> str:
    """Return an address or identifier, which is not read as TeX; braces cannot occur in one."""
    return _braced(text)


def _braced(text: str) -> str:
    return f"{{{text}}}" if text else ""
