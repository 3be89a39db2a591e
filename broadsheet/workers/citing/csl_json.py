"""Citations as CSL-JSON, the input of citation processors.

Responsible for the properties that the schema of CSL knows. Not responsible for what is cited
(`domain.citations`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from broadsheet.domain.citations import Citation
from broadsheet.domain.dates import PartialDate
from broadsheet.domain.person_names import CitedName
from broadsheet.planning.citation_views import CitedPaper


def write_csl_item(citation: Citation, cited: CitedPaper) -> bytes:
    """Return an item, on one line.

    Args:
        citation: How a paper is cited.
        cited: What that is made of.
    """
    return msgspec.json.encode(_make_item(citation, cited))


def _make_item(citation: Citation, cited: CitedPaper) -> dict[str, Any]:
    is_preprint = citation.type == "article"
    item = {
        "id": citation.key,
        "type": citation.type,
        "title": cited.title,
        "author": [_make_name(name) for name in citation.authors],
        "issued": _make_date(citation.issued),
        "container-title": citation.container,
        "container-title-short": citation.container_short,
        "volume": citation.volume,
        "issue": citation.issue,
        "page": citation.pages,
        "publisher": citation.publisher,
        "genre": citation.genre,
        "DOI": citation.doi,
        "PMID": citation.pmid,
        "number": f"arXiv:{citation.arxiv}" if is_preprint and citation.arxiv else "",
        "URL": citation.url,
        "language": citation.language,
        "keyword": ", ".join(citation.keywords),
        "status": citation.warning.lower(),
        "abstract": cited.abstract,
        "custom": {"arxiv": citation.arxiv} if citation.arxiv and not is_preprint else {},
    }
    return {name: value for name, value in item.items() if value}


def _make_name(name: CitedName) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given}
    if name.particle:
        parts["non-dropping-particle"] = name.particle
    if name.suffix:
        parts["suffix"] = name.suffix
    return parts


def _make_date(issued: PartialDate | None) -> dict[str, list[list[int]]]:
    if issued is None:
        return {}
    return {"date-parts": [[part for part in (issued.year, issued.month, issued.day) if part]]}
