"""What the citations of papers are made of, worked out once a paper.

Responsible for collecting it from the records and their titles. Not responsible for what a citation
says (`domain.citations`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from broadsheet.domain.citations import citable
from broadsheet.domain.records import Paper
from broadsheet.planning import addresses
from broadsheet.planning.citation_views import CitedPaper, pack_cited
from broadsheet.planning.shown import check_listed
from broadsheet.planning.texts import Texts


class CitedPapers(Mapping[str, bytes]):
    """What each paper's citation is made of, by its id, packed when it is first asked for.

    A paper stands in the files of the site, of its topics and of its digests, in three formats.
    """

    __slots__ = ("_base_url", "_packed", "_papers", "_short", "shown")

    def __init__(self, papers: Mapping[str, Paper], short: Texts, base_url: str) -> None:
        """Begin without any.

        Args:
            papers: All papers by id.
            short: Converted texts without their long parts, by the path of the record.
            base_url: Complete address of the site's root, or empty.
        """
        self._papers = papers
        self._short = short
        self._base_url = base_url
        self._packed: dict[str, bytes] = {}
        self.shown: frozenset[str] | None = None

    def within(self, ids: frozenset[str]) -> CitedPapers:
        """Return the same for some papers only; to ask for another is a bug."""
        some = CitedPapers(self._papers, self._short, self._base_url)
        some._packed = self._packed
        some.shown = ids
        return some

    def __getitem__(self, paper_id: str) -> bytes:
        """Return a paper's, packed.

        Raises:
            KeyError: There is no such paper.
            NotShownError: It may not be seen.
        """
        check_listed(paper_id, self.shown)
        packed = self._packed.get(paper_id)
        if packed is None:
            packed = self._packed[paper_id] = pack_cited(self.make(paper_id))
        return packed

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of all papers."""
        return iter(self._papers)

    def __len__(self) -> int:
        """Return the number of papers."""
        return len(self._papers)

    def make(self, paper_id: str, abstract: str = "") -> CitedPaper:
        """Return a paper's.

        Args:
            paper_id: The paper.
            abstract: Plain text, where a format is to have it.

        Raises:
            KeyError: There is no such paper.
            NotShownError: It may not be seen.
        """
        check_listed(paper_id, self.shown)
        paper = self._papers[paper_id]
        text = self._short[paper.source]
        return CitedPaper(
            paper=citable(paper),
            page_url=self._base_url + addresses.paper_url(paper.id),
            title=text.lines["title"].plain,
            title_tex=text.title_tex,
            abstract=abstract,
        )
