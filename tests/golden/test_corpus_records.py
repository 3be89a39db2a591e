"""Real records build without an error: a committed sample, 2,000 of the corpus, and all of it.

The corpus lies in the shared folder (`conftest.shared`); its metadata is CC0.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from arxiv_records import read_corpus, record_id, write_arxiv_records

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.pipeline import build_site
from broadsheet.assembly.project import Project

SAMPLE = Path(__file__).parent.parent / "fixtures" / "corpus_sample.jsonl.gz"


def build(root: Path, corpus: Path, count: int) -> set[str]:
    """Build `count` corpus records; return the ids of the papers that have a page."""
    write_arxiv_records(corpus, root / "content", count)
    result = build_site(Project(root), BuildOptions(has_search=False))
    assert [d for d in result.diagnostics if d.severity == "error"] == []
    return {page.parent.name for page in (root / "site" / "papers").glob("*/index.html")}


def ids(corpus: Path, count: int) -> set[str]:
    return {record_id(paper.arxiv_id) for paper in read_corpus(corpus, count)}


def test_a_sample_of_real_records_builds_without_an_error(tmp_path: Path) -> None:
    assert len(ids(SAMPLE, 100)) >= 50
    assert build(tmp_path, SAMPLE, 100) - {"page"} == ids(SAMPLE, 100)


def test_two_thousand_real_records_build_without_an_error(tmp_path: Path, shared: Path) -> None:
    corpus = shared / "corpus" / "arxiv.jsonl.gz"

    assert build(tmp_path, corpus, 2_000) - {"page"} == ids(corpus, 2_000)


@pytest.mark.slow
def test_the_whole_corpus_builds_without_an_error(tmp_path: Path, shared: Path) -> None:
    corpus = shared / "corpus" / "arxiv.jsonl.gz"

    assert build(tmp_path, corpus, 20_000) - {"page"} == ids(corpus, 20_000)
    assert len(ids(corpus, 20_000)) > 13_000
