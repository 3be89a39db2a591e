"""What must be true of any record's citation."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bibtexparser.entrypoint import parse_string as parse_with_bibtexparser
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pybtex.database import parse_string

from broadsheet.domain.citations import citable, citation_key
from broadsheet.domain.dates import PartialDate
from broadsheet.domain.person_names import shown_name, split_name
from broadsheet.domain.records import Author, Paper, Status, Venue
from broadsheet.planning.citation_views import CitedPaper, make_bibliography
from broadsheet.planning.coins import write_coins
from broadsheet.planning.texts import MarkupOptions, TextJob
from broadsheet.workers.citing.bibliographies import write_bibtex, write_csl_json, write_ris
from broadsheet.workers.citing.filters import cite
from broadsheet.workers.markup import convert_batch

SCHEMA = Path(__file__).parent.parent / "fixtures" / "csl" / "csl-data.json"

words = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30)
lines = words.map(lambda text: " ".join(text.split())).filter(bool)
ids = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}[a-z0-9]", fullmatch=True)
dates = st.builds(PartialDate, st.integers(1000, 2100), st.integers(1, 12), st.integers(1, 28))
venues = st.builds(
    Venue,
    name=lines,
    short=st.one_of(st.just(""), lines),
    volume=st.one_of(st.just(""), lines),
    pages=st.one_of(st.just(""), lines),
    publisher=st.one_of(st.just(""), lines),
    year=st.sampled_from([0, 1999, 2024]),
)
papers = st.builds(
    Paper,
    id=ids,
    source=st.just("content/papers/x.md"),
    title=lines,
    authors=st.lists(st.builds(Author, name=lines), max_size=4).map(tuple),
    date=st.one_of(st.none(), dates),
    arxiv=st.sampled_from(["", "2403.02884"]),
    doi=st.sampled_from(["", "10.1000/a_b%c#<d>"]),
    venue=st.one_of(st.none(), venues),
    keywords=st.lists(lines, max_size=2).map(tuple),
    status=st.sampled_from(Status),
)


def cited(paper: Paper) -> CitedPaper:
    job = TextJob(paper.source, (("title", paper.title),))
    (text,) = convert_batch(MarkupOptions("follow", ()), (job,))
    title = text.lines["title"].plain
    url = f"https://digest.example/papers/{paper.id}/"
    return CitedPaper(paper=citable(paper), page_url=url, title=title, title_tex=text.title_tex)


@given(st.lists(papers, max_size=5, unique_by=lambda paper: paper.id), papers)
def test_keys_are_ascii_unique_and_do_not_change_when_a_paper_is_added(
    library: list[Paper], other: Paper
) -> None:
    keys = [citation_key(paper) for paper in library]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z]+([0-9]{4})?-[a-z0-9._-]+", key) for key in keys)
    view = make_bibliography(cited(paper) for paper in [*library, other])
    found = re.findall(r"^@\w+\{(.*),$", write_bibtex(view).decode(), re.MULTILINE)
    assert found[: len(keys)] == keys


@given(lines)
def test_no_word_of_a_name_is_lost(name: str) -> None:
    shown = shown_name(split_name(name))
    assert sorted(re.findall(r"[^\s,]+", shown)) == sorted(re.findall(r"[^\s,]+", name))


@given(st.lists(papers, min_size=1, max_size=3, unique_by=lambda paper: paper.id))
def test_every_entry_is_read_by_two_parsers(library: list[Paper]) -> None:
    text = write_bibtex(make_bibliography(cited(paper) for paper in library)).decode()
    keys = [citation_key(paper) for paper in library]
    first = parse_string(text, "bibtex")
    assert list(first.entries) == keys
    authors = [len(entry.persons.get("author", ())) for entry in first.entries.values()]
    assert authors == [len(paper.authors) for paper in library]
    second = parse_with_bibtexparser(text)
    assert second.failed_blocks == []
    assert [entry.key for entry in second.entries] == keys


@given(st.lists(papers, max_size=3))
def test_every_item_is_valid_csl_and_no_value_of_ris_breaks_its_line(library: list[Paper]) -> None:
    view = make_bibliography(cited(paper) for paper in library)
    items = json.loads(write_csl_json(view))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert list(Draft7Validator(schema).iter_errors(items)) == []
    text = write_ris(view).decode()
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in text.split("\r\n") if line)
    assert "\n" not in text.replace("\r\n", "")


@given(papers)
def test_references_and_coins_are_one_line(paper: Paper) -> None:
    written = cite(cited(paper))
    for text in (written.plain, written.markdown, write_coins(paper, paper.title)):
        assert text
        assert text.splitlines() == [text]
