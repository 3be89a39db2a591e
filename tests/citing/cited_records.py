"""Real records as what their citations are made of, and what must come back of them.

Responsible for the way from a record to a bibliography without a build. Not responsible for parsing
what was written: that is left to other people's programs.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from arxiv_records import CorpusPaper, read_corpus, record_id

from broadsheet.domain.citations import citable
from broadsheet.domain.dates import PartialDate, parse_partial_date
from broadsheet.domain.records import Author, Paper
from broadsheet.planning.citation_views import Bibliography, CitedPaper, make_bibliography
from broadsheet.planning.texts import MarkupOptions, TextJob
from broadsheet.workers.markup import convert_batch

EVERY_RECORD = 1_000_000


class Facts(NamedTuple):
    """What a citation says, in one form for all formats.

    Attributes:
        title: Plain text.
        authors: Names as they are written on the paper.
        date: Year, month and day.
        arxiv: The arXiv id.
        doi: The DOI.
    """

    title: str
    authors: tuple[str, ...]
    date: tuple[int, ...]
    arxiv: str
    doi: str


def cite_corpus(corpus: Path, count: int = EVERY_RECORD) -> tuple[Bibliography, list[Facts]]:
    """Return the first records of a corpus as a bibliography, with what must come back of it."""
    papers = tuple(read_corpus(corpus, count))
    jobs = tuple(TextJob(paper.arxiv_id, (("title", paper.title),)) for paper in papers)
    texts = convert_batch(MarkupOptions("follow", ()), jobs)
    entries = []
    facts = []
    for paper, text in zip(papers, texts, strict=True):
        title = text.lines["title"].plain
        record = make_record(paper)
        entries.append(
            CitedPaper(
                paper=citable(record),
                page_url=f"https://digest.example/papers/{record.id}/",
                title=title,
                title_tex=text.title_tex,
            )
        )
        names = tuple(" ".join(name.split()) for name in paper.authors)
        doi = f"10.48550/arXiv.{paper.arxiv_id}"
        facts.append(Facts(title, names, date_parts(paper.published), paper.arxiv_id, doi))
    return make_bibliography(entries), facts


def make_record(paper: CorpusPaper) -> Paper:
    """Return a paper of the corpus as a record."""
    return Paper(
        id=record_id(paper.arxiv_id),
        source=paper.arxiv_id,
        title=paper.title,
        authors=tuple(Author(name=name) for name in paper.authors),
        date=parse_partial_date(paper.published),
        categories=tuple(paper.categories),
        arxiv=paper.arxiv_id,
    )


def date_parts(text: str) -> tuple[int, ...]:
    """Return year, month and day of a date, as far as it goes."""
    date = parse_partial_date(text) or PartialDate(0)
    return tuple(part for part in (date.year, date.month, date.day) if part)
