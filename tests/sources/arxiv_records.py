"""A digest of real arXiv records of any size, for tests and benchmarks.

Responsible for turning lines of `arxiv.jsonl.gz` into a content folder that builds: one Markdown
file a record and the smallest `site.yaml`. Not responsible for what is measured on it, and
deliberately free of the package under test.

    python tests/sources/arxiv_records.py CORPUS.jsonl.gz CONTENT_DIR --count N [--offset K]
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec
from record_text import Record, check_reads_back, record_text

SITE_YAML = """\
title: arXiv corpus
base_url: https://corpus.example/
topics: open
authors:
  min_papers: 0
"""


class CorpusPaper(msgspec.Struct):
    """One line of the corpus, without the fields that a record has no place for."""

    arxiv_id: str
    title: str
    authors: list[str]
    published: str
    updated: str
    categories: list[str]
    abstract: str
    code_urls: list[str]


def read_corpus(corpus: Path, count: int, offset: int = 0) -> Iterator[CorpusPaper]:
    """Yield up to `count` papers of the corpus, leaving out the first `offset`."""
    decoder = msgspec.json.Decoder(CorpusPaper)
    with gzip.open(corpus, "rb") as lines:
        for line in islice(lines, offset, offset + count):
            yield decoder.decode(line)


def corpus_record(paper: CorpusPaper) -> Record:
    """Return the paper's record, featured on the day it was published."""
    return Record(
        title=paper.title,
        authors=paper.authors,
        date=paper.published,
        updated=paper.updated if paper.updated != paper.published else "",
        featured=paper.published,
        categories=paper.categories,
        arxiv=paper.arxiv_id,
        links={"code": paper.code_urls[0]} if paper.code_urls else {},
        abstract=paper.abstract.strip("\n"),
    )


def record_id(arxiv_id: str) -> str:
    """Return the record's id: the arXiv id, with the slash of the old style as a hyphen."""
    return arxiv_id.replace("/", "-")


def record_folder(arxiv_id: str) -> str:
    """Return the folder that the record is filed in: the two digits of its id's year."""
    return arxiv_id.rpartition("/")[2][:2]


def write_arxiv_records(
    corpus: Path, content: Path, count: int, offset: int = 0, *, check: bool = False
) -> int:
    """Write a content folder of `count` corpus records and return how many there were."""
    folders: dict[str, Path] = {}
    written = 0
    for paper in read_corpus(corpus, count, offset):
        record = corpus_record(paper)
        text = record_text(record)
        if check:
            check_reads_back(text, record)
        name = record_folder(paper.arxiv_id)
        if name not in folders:
            folders[name] = content / "papers" / name
            folders[name].mkdir(parents=True, exist_ok=True)
        path = folders[name] / f"{record_id(paper.arxiv_id)}.md"
        path.write_text(text, encoding="utf-8", newline="\n")
        written += 1
    content.mkdir(parents=True, exist_ok=True)
    (content / "site.yaml").write_text(SITE_YAML, encoding="utf-8", newline="\n")
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(description="Write a digest of real arXiv records.")
    parser.add_argument("corpus", type=Path, metavar="CORPUS.jsonl.gz")
    parser.add_argument("content", type=Path, metavar="CONTENT_DIR")
    parser.add_argument("--count", type=int, required=True, metavar="N")
    parser.add_argument("--offset", type=int, default=0, metavar="K")
    parser.add_argument("--check", action="store_true", help="read every record back")
    options = parser.parse_args(arguments)
    written = write_arxiv_records(
        options.corpus, options.content, options.count, options.offset, check=options.check
    )
    print(f"{written} records under {options.content / 'papers'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
