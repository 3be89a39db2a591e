"""What templates call for citations.

Responsible for the names of the filters, so that a page works its citation out once. Not
responsible for the formats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from markupsafe import Markup

from broadsheet.domain.citations import Citation, cite_paper
from broadsheet.planning.citation_views import CitedPaper
from broadsheet.planning.pages import PaperPage
from broadsheet.planning.site_views import PageHead, SiteView
from broadsheet.workers.citing.bibtex import write_entry
from broadsheet.workers.citing.page_metadata import citation_tags, json_ld
from broadsheet.workers.citing.references import write_markdown, write_plain


class WrittenCitation(msgspec.Struct, frozen=True):
    """What `{{ view.cited|cite }}` gives: a citation, to be written in several ways.

    Attributes:
        citation: How the paper is cited.
        cited: What it is made of.
    """

    citation: Citation
    cited: CitedPaper

    @property
    def bibtex(self) -> str:
        """Return the entry."""
        return write_entry(self.citation, self.cited.title_tex)

    @property
    def plain(self) -> str:
        """Return a reference in plain text."""
        return write_plain(self.citation, self.cited.title)

    @property
    def markdown(self) -> str:
        """Return a reference in Markdown."""
        return write_markdown(self.citation, self.cited.title)

    def tags(self, view: PaperPage, page: PageHead, site: SiteView) -> Markup:
        """Return Highwire tags as `meta` elements, one a line."""
        return citation_tags(self.citation, view, page, site)

    def json_ld(self, view: PaperPage, page: PageHead, site: SiteView) -> Markup:
        """Return JSON-LD, safe within a `script` element."""
        return json_ld(self.citation, view, page, site)


def cite(cited: CitedPaper) -> WrittenCitation:
    """Return a paper's citation.

    Args:
        cited: What it is made of.
    """
    return WrittenCitation(cite_paper(cited.paper, cited.page_url), cited)


FILTERS: Mapping[str, Callable[..., Any]] = {"cite": cite}
