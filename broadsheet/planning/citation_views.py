"""What templates and formats may see of how papers are cited.

Responsible for the shape of these views. Not responsible for what a citation says
(`domain.citations`) or for its formats (`workers.citing`), which are worked out when a page is
rendered.
"""

from __future__ import annotations

from broadsheet.domain.records import Paper
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


class Bibliography(View, frozen=True, kw_only=True):
    """Formats `bibtex`, `ris` and `csl-json`: the citations of several papers, or of one.

    Attributes:
        entries: In order.
    """

    entries: tuple[CitedPaper, ...]
