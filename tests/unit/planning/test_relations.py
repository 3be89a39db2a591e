"""What is compared of a paper: its plain texts, normalised names, links and identities."""

from __future__ import annotations

import pytest
from scenarios import paper, raw_file, record

from broadsheet.domain.library import LibraryRules, build_library
from broadsheet.domain.reading import gather_records, read_batch
from broadsheet.planning.relations import PaperText, PaperTraits, collect_text, collect_traits
from broadsheet.planning.texts import MarkupOptions, collect_texts, shorten_text
from broadsheet.workers.markup import convert_batch

TOPICS = {
    "content/topics/agents.md": record(name="Agents"),
    "content/topics/search.md": record(name="Search", aliases="[retrieval]"),
}


def collect(**papers: str) -> dict[str, PaperTraits]:
    """Return the traits of papers, given as files by id, drafts among them."""
    return {paper_id: traits for paper_id, (traits, _) in collect_all(**papers).items()}


def collect_all(**papers: str) -> dict[str, tuple[PaperTraits, PaperText]]:
    """Return the traits of papers, and their texts whose words are compared."""
    texts = {**TOPICS, **{f"content/papers/{name}.md": text for name, text in papers.items()}}
    files = tuple(raw_file(path, text) for path, text in texts.items())
    records = gather_records(texts, (outcome.value for outcome in read_batch(files)), ())
    library, _ = build_library(records, LibraryRules(has_drafts=True))
    jobs = collect_texts(records)
    converted = convert_batch(MarkupOptions(), jobs)
    texts_by_path = {job.source: text for job, text in zip(jobs, converted, strict=True)}
    short = {path: shorten_text(text) for path, text in texts_by_path.items()}
    traits = collect_traits(library, short)
    assert [one.id for one in traits] == sorted(library.papers)
    every = library.papers
    return {
        one.id: (one, collect_text(every[one.id], texts_by_path[every[one.id].source]))
        for one in traits
    }


def test_texts_are_plain() -> None:
    _, a = collect_all(
        a=paper(
            r"An $\ell_2$ \emph{norm}",
            tldr=r"It is \textbf{short}.",
            abstract=r"On $\alpha$ and 50\%.",
            keywords="[norms, QuIP#]",
        )
    )["a"]
    assert a.title == "An l₂ norm"
    assert a.text == "It is short.\n\nOn α and 50%."
    assert a.keywords == ("norms", "QuIP#")


def test_a_paper_of_a_title_alone_has_no_text() -> None:
    a, text = collect_all(a=paper("Title"))["a"]
    assert text == PaperText("Title")
    assert (a.authors, a.topics, a.links) == ((), (), ())
    assert a.identities == ("title",)
    assert a.is_offered


def test_authors_are_normalised_and_stand_once() -> None:
    a = collect(a=paper("A", authors="[Ada  Lovelace, ADA LOVELACE, José Niño]"))["a"]
    assert len(a.authors) == 2
    assert a.authors == collect(a=paper("A", authors="[ada lovelace, José Niño]"))["a"].authors


def test_topics_are_slugs_whatever_they_were_called() -> None:
    assert collect(a=paper("A", topics="[Retrieval, agents]"))["a"].topics == ("search", "agents")


def test_links_are_papers_of_the_body_and_what_replaces_it() -> None:
    files = {
        "a": paper("A", "See [[b]], [[b|again]], [[c]] and [x](https://x.example/).\n"),
        "b": paper("B", superseded_by="c", status="superseded"),
        "c": paper("C", "See [[gone]].\n"),
    }
    found = collect(**files)
    assert set(found["a"].links) == {"b", "c"}
    assert found["b"].links == ("c",)
    assert found["c"].links == ()


def test_identities_are_the_title_the_doi_and_the_arxiv_id() -> None:
    a = collect(a=paper("A: the Title!", doi="10.1000/x", arxiv="'2401.00001'"))["a"]
    assert set(a.identities[1:]) == {"10.1000/x", "2401.00001"}
    again = collect(a=paper("a: The  title!"))["a"]
    assert again.identities == a.identities[:1]


@pytest.mark.parametrize(
    ("status", "is_offered"),
    [
        ("published", True),
        ("corrected", True),
        ("superseded", True),
        ("withdrawn", False),
        ("retracted", False),
        ("draft", False),
    ],
)
def test_drafts_and_withdrawn_papers_are_not_offered(status: str, *, is_offered: bool) -> None:
    files = {"a": paper("A", status=status, superseded_by="b"), "b": paper("B")}
    assert collect(**files)["a"].is_offered is is_offered
