"""The queries of the search benchmark are what they say, and the same in every run."""

from __future__ import annotations

from pathlib import Path

import pytest
from arxiv_records import corpus_record, read_corpus
from benchmarks.all_records import KnownPaper
from benchmarks.known_items import (
    KINDS,
    common_pairs,
    common_subjects,
    common_words,
    content_words,
    frequent_words,
    make_queries,
    whole_titles,
)

SAMPLE = Path(__file__).parents[1] / "fixtures" / "corpus_sample.jsonl.gz"


@pytest.fixture(scope="module")
def papers() -> tuple[KnownPaper, ...]:
    """The committed sample of real records."""
    return tuple(
        KnownPaper(
            id=paper.arxiv_id,
            record=corpus_record(paper),
            title=paper.title,
            abstract=paper.abstract,
            is_seed=False,
        )
        for paper in read_corpus(SAMPLE, 100)
    )


def test_queries_are_the_same_every_time_and_equally_many(papers: tuple[KnownPaper, ...]) -> None:
    queries = make_queries(papers, 50)
    assert queries == make_queries(papers, 50)
    assert {kind: sum(q.kind == kind for q in queries) for kind in KINDS} == dict.fromkeys(
        KINDS, 10
    )


def test_queries_are_made_of_the_paper_that_is_meant(papers: tuple[KnownPaper, ...]) -> None:
    meant, common = {paper.id: paper for paper in papers}, frequent_words(papers)
    for query in make_queries(papers, 200):
        paper, words = meant[query.paper_id], query.text.split()
        title, abstract = (content_words(text, common) for text in (paper.title, paper.abstract))
        if query.kind == "title":
            assert 3 <= len(words) <= 5
            assert [word for word in title if word in words] == words
        elif query.kind == "acronym":
            assert query.text in paper.title
        elif query.kind == "abstract":
            assert len(words) == 5
            assert set(words) <= set(abstract) - set(title)
        elif query.kind == "author":
            assert words[0] in paper.record.authors[0].lower()
            assert words[1] in title


def test_a_slip_changes_one_word_by_one_letter(papers: tuple[KnownPaper, ...]) -> None:
    common = frequent_words(papers)
    meant = {paper.id: content_words(paper.title, common) for paper in papers}
    for query in make_queries(papers, 200):
        if query.kind == "typo":
            strange = [word for word in query.text.split() if word not in meant[query.paper_id]]
            assert len(strange) <= 1  # a slip may make another word of the title
            assert all(len(word) >= 4 for word in strange)


def test_whole_titles_are_titles(papers: tuple[KnownPaper, ...]) -> None:
    titles = {paper.id: paper.title for paper in papers}
    asked = whole_titles(papers, 20)
    assert [query.text for query in asked] == [titles[query.paper_id] for query in asked]


def test_common_words_are_counted_by_paper(papers: tuple[KnownPaper, ...]) -> None:
    assert "the" in common_words(papers, 5)
    assert "the" not in common_subjects(papers, 20)
    assert all(len(pair.split()) == 2 for pair in common_pairs(papers, 5))
