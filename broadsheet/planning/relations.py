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
from broadsheet.planning.texts import ConvertedText, Texts


class PaperText(msgspec.Struct, frozen=True):
    """The text of one paper whose words are compared.

    Attributes:
        title: Plain title.
        text: Plain TL;DR and abstract.
        keywords: As the record gives them.
    """

    title: str
    text: str = ""
    keywords: tuple[str, ...] = ()


class WordStream(msgspec.Struct, frozen=True):
    """The words of papers, one after the other, as numbers; equal texts give equal streams.

    Attributes:
        forms: Every word that occurs, as it is written, sorted.
        numbers: Numbers of the words in the order of the text, 4 bytes each, the lowest first; -1
            ends a title, a text and the keywords, so that each paper has three, and -2 is what
            parts two words that are no neighbours.
    """

    forms: tuple[str, ...] = ()
    numbers: bytes = b""


class PaperTraits(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared of one paper besides its words.

    Attributes:
        id: The record's id.
        authors: Normalised names.
        topics: Slugs.
        links: Ids of the papers that its body links to, and of the one that replaces it.
        identities: What two records of one paper share: its DOI, its arXiv id, its whole title.
        is_offered: Whether it may stand in other papers' lists.
    """

    id: str
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


def collect_traits(library: Library, short: Texts) -> tuple[PaperTraits, ...]:
    """Return what is compared of every paper besides its words, in the order of their ids.

    Args:
        library: All records.
        short: Converted texts, which need not have their long parts, by the path of the record.
    """
    ids = {paper_url(paper_id): paper_id for paper_id in library.papers}
    return tuple(_traits_of(paper, library, short, ids) for paper in library.papers.values())


def _traits_of(paper: Paper, library: Library, short: Texts, ids: Mapping[str, str]) -> PaperTraits:
    text = short[paper.source]
    linked = [ids[url] for url, _ in text.targets if url in ids]
    if paper.superseded_by in library.papers:
        linked.append(paper.superseded_by)
    identities = (normalise_name(text.lines["title"].plain), paper.doi, paper.arxiv)
    return PaperTraits(
        id=paper.id,
        authors=tuple(dict.fromkeys(normalise_name(author.name) for author in paper.authors)),
        topics=library.topics.of_paper[paper.id],
        links=tuple(dict.fromkeys(linked)),
        identities=tuple(dict.fromkeys(word for word in identities if word)),
        is_offered=paper.status not in OUT_OF_RANKINGS,
    )


def collect_text(paper: Paper, text: ConvertedText) -> PaperText:
    """Return the text of a paper whose words are compared.

    Args:
        paper: The paper.
        text: Its converted text.
    """
    parts = [text.lines["tldr"].plain] if "tldr" in text.lines else []
    if text.abstract is not None:
        parts.append(text.abstract.plain)
    return PaperText(text.lines["title"].plain, "\n\n".join(parts), paper.keywords)
