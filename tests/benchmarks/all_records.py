"""Every record of the shared folder as a digest: 13,877 of arXiv and the 90 papers of the seed.

Responsible for reading them, for writing them as a content folder with the sources that the tests
use, and for their plain texts as the program converts them. Not responsible for what is measured.

Copies, which only sizes and times may be measured on, are the same papers again under other ids
and without their identifiers, since two records of one paper would be refused.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from arxiv_records import SITE_YAML, corpus_record, read_corpus, record_id
from record_text import Record, record_text
from seed_records import read_papers, seed_record

from broadsheet.workers.tex.lines import convert_line, convert_paragraphs
from broadsheet.workers.tex.parsing import TexReport

ROOT = Path(__file__).resolve().parents[2]
_ALL = 1_000_000


class KnownPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A record with what readers see of it.

    Attributes:
        id: The record's id.
        record: Its values.
        title: Plain title.
        abstract: Plain abstract.
        is_seed: Whether it is one of the seed's papers.
    """

    id: str
    record: Record
    title: str
    abstract: str
    is_seed: bool


def shared_folder() -> Path:
    """Return the folder of the corpus and the seed: `$BROADSHEET_SHARED`, else beside the root."""
    return Path(os.environ.get("BROADSHEET_SHARED") or ROOT.parent / "shared")


def read_all(shared: Path, most: int = _ALL) -> tuple[KnownPaper, ...]:
    """Return every distinct record, the seed's first.

    Args:
        shared: The folder that holds `corpus/` and `seed/`.
        most: Where to stop.
    """
    seed = [(paper.arxiv_id, seed_record(paper)) for paper in read_papers(shared / "seed")]
    known = {arxiv_id for arxiv_id, _ in seed}
    corpus = [
        (paper.arxiv_id, corpus_record(paper))
        for paper in read_corpus(shared / "corpus" / "arxiv.jsonl.gz", _ALL)
        if paper.arxiv_id not in known
    ]
    chosen = (seed + corpus)[:most]
    return tuple(
        _see(record_id(arxiv_id), record, is_seed=arxiv_id in known) for arxiv_id, record in chosen
    )


def _see(paper_id: str, record: Record, *, is_seed: bool) -> KnownPaper:
    report = TexReport()
    title, _ = convert_line((), record.title, report, has_links=False)
    abstract, _ = convert_paragraphs((), record.abstract, report)
    return KnownPaper(
        id=paper_id, record=record, title=title.plain, abstract=abstract.plain, is_seed=is_seed
    )


def write_content(papers: Sequence[KnownPaper], root: Path, size: int = 0) -> None:
    """Write a digest that builds, without author pages.

    Args:
        papers: The records.
        root: The folder that is to hold `content/`.
        size: Records that there are to be, by copies where papers are too few.
    """
    content = root / "content"
    content.mkdir(parents=True, exist_ok=True)
    (content / "site.yaml").write_text(SITE_YAML, encoding="utf-8", newline="\n")
    named = [(paper.id, paper.record) for paper in papers]
    for number in range(max(0, size - len(papers))):
        original = papers[number % len(papers)]
        record = dataclasses.replace(original.record, arxiv="", doi="")
        named.append((f"copy-{number // len(papers)}-{original.id}", record))
    for name, record in named:
        path = content / "papers" / record.date[:4] / f"{name.lower()}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(record_text(record), encoding="utf-8", newline="\n")
