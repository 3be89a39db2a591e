"""What templates and formats may see of how papers are cited.

Responsible for the shape of these views. Not responsible for what a citation says
(`domain.citations`) or for its formats (`workers.citing`), which are worked out when a page is
rendered.
"""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.domain.records import Paper
from broadsheet.foundations.hashing import encode_value
from broadsheet.planning.views import View


class CitedPaper(View, frozen=True, kw_only=True):
    """A paper with what its citation is made of.

    Attributes:
        paper: Its facts: see `domain.citations.citable`.
        page_url: Complete address of its page on the site.
        title: Plain text.
        title_tex: The same as TeX that BibTeX can hold.
        abstract: Plain text, or empty where a format leaves it out.
    """

    paper: Paper
    page_url: str
    title: str
    title_tex: str
    abstract: str = ""


class CitationFile(View, frozen=True, kw_only=True):
    """A file with citations.

    Attributes:
        text: The name of its format.
        url: Address within the site.
        type: Its media type.
    """

    text: str
    url: str
    type: str


class Signpost(View, frozen=True, kw_only=True):
    """A typed link for machines (signposting.org).

    Attributes:
        rel: Its relation: `cite-as`, `related`, `author`, `item`, `type`, `describedby`.
        href: Complete address, or one within the site where that has no complete one.
        type: Media type of the target, or empty.
    """

    rel: str
    href: str
    type: str = ""


class Bibliography(View, frozen=True, kw_only=True):
    """Formats `bibtex`, `ris` and `csl-json`: the citations of several papers, or of one.

    Attributes:
        entries: In order; each a `CitedPaper`, packed, so that a long list costs little to hash, to
            send to a worker and to recognise there.
    """

    entries: tuple[bytes, ...]


def pack_cited(cited: CitedPaper) -> bytes:
    """Return what a citation is made of as an entry of a bibliography."""
    return encode_value(cited)


def make_bibliography(papers: Iterable[CitedPaper]) -> Bibliography:
    """Return the bibliography of papers, in their order."""
    return Bibliography(entries=tuple(pack_cited(cited) for cited in papers))
