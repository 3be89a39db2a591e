"""What decides which papers belong beside each other, and the answer.

Responsible for the types that pass to and from `workers.relating`, and for collecting them from the
library. Not responsible for the ranking.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from broadsheet.domain.identifiers import normalise_name
from broadsheet.domain.library import Library
from broadsheet.domain.records import OUT_OF_RANKINGS, Paper
from broadsheet.planning.addresses import paper_url
from broadsheet.planning.texts import Texts


class PaperTraits(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared of one paper.

    Attributes:
        id: The record's id.
        title: Plain title.
        text: Plain TL;DR and abstract.
        keywords: As the record gives them.
        authors: Normalised names.
        topics: Slugs.
        links: Ids of the papers that its body links to, and of the one that replaces it.
        identities: What two records of one paper share: its DOI, its arXiv id, its whole title.
        is_offered: Whether it may stand in other papers' lists.
    """

    id: str
    title: str
    text: str
    keywords: tuple[str, ...]
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    links: tuple[str, ...]
    identities: tuple[str, ...]
    is_offered: bool


Tie: TypeAlias = Literal["", "links", "linked", "author", "topic"]
"""What joins two papers besides words: the other links here, is linked, or shares something."""


class RelatedPaper(msgspec.Struct, frozen=True):
    """A paper that belongs beside another.

    Attributes:
        id: Its id.
        reasons: Phrases that the two share, at most three; none where it is no uncommon phrase that
            brings them together.
        tie: What else joins them; a shared topic only where there are no reasons.
    """

    id: str
    reasons: tuple[str, ...]
    tie: Tie = ""


Related = Mapping[str, tuple[RelatedPaper, ...]]
"""The papers beside each paper, the nearest first, by its id."""


def collect_traits(library: Library, texts: Texts) -> tuple[PaperTraits, ...]:
    """Return what is compared of every paper, in the order of their ids.

    Args:
        library: All records.
        texts: Converted texts by the path of the record.
    """
    ids = {paper_url(paper_id): paper_id for paper_id in library.papers}
    return tuple(_traits_of(paper, library, texts, ids) for paper in library.papers.values())


def _traits_of(paper: Paper, library: Library, texts: Texts, ids: Mapping[str, str]) -> PaperTraits:
    text = texts[paper.source]
    title = text.lines["title"].plain
    parts = [text.lines["tldr"].plain] if "tldr" in text.lines else []
    if text.abstract is not None:
        parts.append(text.abstract.plain)
    linked = [ids[url] for url, _ in text.targets if url in ids]
    if paper.superseded_by in library.papers:
        linked.append(paper.superseded_by)
    identities = (normalise_name(title), paper.doi, paper.arxiv)
    return PaperTraits(
        id=paper.id,
        title=title,
        text="\n\n".join(parts),
        keywords=paper.keywords,
        authors=tuple(dict.fromkeys(normalise_name(author.name) for author in paper.authors)),
        topics=library.topics.of_paper[paper.id],
        links=tuple(dict.fromkeys(linked)),
        identities=tuple(dict.fromkeys(word for word in identities if word)),
        is_offered=paper.status not in OUT_OF_RANKINGS,
    )
