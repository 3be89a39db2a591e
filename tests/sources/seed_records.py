"""The records of the first digest, written from the seed papers.

Responsible for turning `papers.jsonl` into one Markdown file a paper and for holding the papers
to the vocabulary of `topics.json`. Not responsible for the other content (topics, the digest,
pages, `site.yaml`), which is written by hand, nor for the curator's notes (see `seed_notes`).

    python tests/sources/seed_records.py SEED_DIR CONTENT_DIR
    python tests/sources/seed_records.py SEED_DIR --order
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
from record_text import Record, check_reads_back, quoted, record_text
from seed_notes import NOTES

FEATURED = "2025-03-19"
CURATOR = "AK and the research community"


class SeedLinks(msgspec.Struct):
    """The addresses that an abstract itself gives."""

    code: str | None
    project: str | None
    data: str | None


class SeedPaper(msgspec.Struct):
    """One line of `papers.jsonl`; a fact that was not found is None."""

    order: int
    title: str
    abstract: str
    arxiv_id: str
    authors: list[str] | None
    published: str | None
    month: str
    categories: list[str] | None
    primary_category: str | None
    venue: str | None
    doi: str | None
    urls: SeedLinks
    topics: list[str]
    tldr: str


class SeedTopic(msgspec.Struct):
    """One topic of `topics.json` and the number of papers that carry it."""

    slug: str
    papers: int


def read_papers(seed: Path) -> list[SeedPaper]:
    """Return the seed's papers in the seed's order, or raise ValueError if they disagree."""
    decoder = msgspec.json.Decoder(SeedPaper)
    papers = decoder.decode_lines((seed / "papers.jsonl").read_bytes())
    papers.sort(key=lambda paper: paper.order)
    topics = msgspec.json.decode((seed / "topics.json").read_bytes(), type=list[SeedTopic])
    expected = {topic.slug: topic.papers for topic in topics}
    counted = Counter(slug for paper in papers for slug in paper.topics)
    if counted != expected:
        raise ValueError(f"papers per topic: counted {dict(counted)}, topics.json has {expected}")
    strays = NOTES.keys() - {paper.arxiv_id for paper in papers}
    if strays:
        raise ValueError(f"notes on papers that the seed does not have: {sorted(strays)}")
    return papers


def seed_record(paper: SeedPaper) -> Record:
    """Return the paper's record: its known facts, with nothing in the place of unknown ones."""
    categories = paper.categories or ([paper.primary_category] if paper.primary_category else [])
    links = {"code": paper.urls.code, "project": paper.urls.project, "data": paper.urls.data}
    return Record(
        title=paper.title,
        authors=paper.authors or [],
        date=paper.published or paper.month,
        featured=FEATURED,
        topics=paper.topics,
        categories=categories,
        tldr=paper.tldr,
        arxiv=paper.arxiv_id,
        doi=paper.doi or "",
        venue=paper.venue or "",
        links={kind: address for kind, address in links.items() if address},
        curator=CURATOR,
        abstract=paper.abstract,
        body=NOTES.get(paper.arxiv_id, ""),
    )


def write_seed_records(seed: Path, content: Path) -> list[Path]:
    """Write every seed paper's file under the content folder and return their paths."""
    written = []
    for paper in read_papers(seed):
        record = seed_record(paper)
        text = record_text(record)
        check_reads_back(text, record)
        path = content / "papers" / f"20{paper.arxiv_id[:2]}" / f"{paper.arxiv_id}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(description="Write the records of the first digest.")
    parser.add_argument("seed", type=Path, metavar="SEED_DIR")
    parser.add_argument("content", type=Path, metavar="CONTENT_DIR", nargs="?")
    parser.add_argument(
        "--order", action="store_true", help="print the digest's `order` list; write nothing"
    )
    options = parser.parse_args(arguments)
    if options.order:
        print("order:")
        for paper in read_papers(options.seed):
            print(f"  - {quoted(paper.arxiv_id)}")
    elif options.content is None:
        parser.error("CONTENT_DIR is missing")
    else:
        written = write_seed_records(options.seed, options.content)
        print(f"{len(written)} records under {options.content / 'papers'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
