"""BibTeX goes through a real biber, which checks it against biblatex's data model.

The records are chosen: every kind of venue, names and titles that are hard to write, and real ones.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from builds import ROOT, publish
from citing.cited_records import cite_corpus
from lacking import lack
from scenarios import paper, write_digest

from broadsheet.workers.citing.bibliographies import write_bibtex

SAMPLE = ROOT / "tests" / "fixtures" / "corpus_sample.jsonl.gz"
FIELDS = {"date": "2024-03-05", "authors": "[Ada Lovelace, Luc Van Gool]"}
HARD = {
    "journal": paper("A title", **FIELDS, venue="{name: Nature, volume: 3, issue: 4, pages: 1–9}"),
    "event": paper("LLMs & $O(N^2)$ at 100%: {x} #1_a ~ ^", **FIELDS, venue="ICML 2024"),
    "thesis": paper("Über naïve Straßen", **FIELDS, venue="PhD thesis, University of Łódź"),
    "master": paper("A thesis", **FIELDS, venue="Master's thesis, MIT"),
    "report": paper("A report", **FIELDS, venue="Technical report, Bell Labs"),
    "chapter": paper("A chapter", **FIELDS, venue="{name: Handbook of Things, publisher: P & Q}"),
    "book": paper("A book", **FIELDS, venue="Cambridge University Press"),
    "preprint": paper("A preprint", **FIELDS, arxiv="2403.02884", categories="[cs.CL]"),
    "old-preprint": paper("Another", **FIELDS, arxiv="cs/0101001"),
    "names": paper(
        "Names", date="2020", arxiv="2001.00001",
        authors=(
            "['Gemini Team', 王芳, 'King, Jr., Martin Luther', Vincent van Gogh, Erdős Pál,"
            " 'Black and White, Inc.', Plato, Jürgen Łukasiewicz-Żak, 'J. R. \"Bob\" Dobbs III']"
        ),
    ),
    "doi": paper("A DOI", **FIELDS, doi="10.1002/(SICI)1097-4571(199809)49:11<1002::AID_A%7>3"),
}  # fmt: skip


@pytest.fixture(scope="session")
def biber() -> str:
    found = shutil.which("biber")
    if found is None:
        lack("no biber: apt-get install --no-install-recommends biber")
    return found


def run_biber(biber: str, bibtex: str, folder: Path) -> tuple[list[str], str]:
    """Return biber's complaints, and what it wrote."""
    source, target = folder / "in.bib", folder / "out.bib"
    source.write_text(bibtex, encoding="utf-8")
    options = ["--tool", "--validate-datamodel", "--nolog"]
    command = [biber, *options, f"--output-file={target}", str(source)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    lines = (run.stdout + run.stderr).splitlines()
    complaints = [line for line in lines if re.match("WARN|ERROR", line)]
    assert run.returncode == (2 if any(line.startswith("ERROR") for line in lines) else 0)
    return complaints, target.read_text(encoding="utf-8")


def test_biber_sees_what_is_wrong(biber: str, tmp_path: Path) -> None:
    bad = "@article{a, title = {No author, no journal}, date = {2024-99-01}}\n"
    complaints, _ = run_biber(biber, bad, tmp_path)
    assert len(complaints) >= 2


def test_biber_takes_every_kind_of_entry_but_for_editors_that_no_record_names(
    biber: str, tmp_path: Path
) -> None:
    files = {f"content/papers/{name}.md": text for name, text in HARD.items()}
    site = publish(write_digest(tmp_path / "d", files))
    complaints, written = run_biber(biber, (site / "papers.bib").read_text("utf-8"), tmp_path)
    assert [line.rpartition("): ")[2] for line in complaints] == [
        "Missing mandatory field 'editor'"
    ]
    assert "'lovelace2024-chapter'" in complaints[0]
    entries = {
        entry.key.partition("-")[2]: {f.key.lower(): f.value for f in entry.fields}
        for entry in parse_string(written).entries
    }
    assert len(entries) == len(HARD)
    # biber reads the command and keeps its braces.
    assert entries["names"]["author"].replace("{Ł}", "Ł") == (
        "{Gemini Team} and {王芳} and King, Jr., Martin Luther and van Gogh, Vincent and Pál, Erdős"
        " and {Black and White, Inc.} and {Plato} and Łukasiewicz-Żak, Jürgen"
        ' and Dobbs, III, J. R. "Bob"'
    )
    assert entries["thesis"]["title"].replace("{ß}", "ß") == "Über naïve Straßen"
    assert entries["preprint"]["eprinttype"] == "arXiv"
    assert entries["preprint"]["date"] == "2024-03-05"


def test_biber_takes_real_records_without_a_word(biber: str, tmp_path: Path) -> None:
    view, facts = cite_corpus(SAMPLE)
    complaints, written = run_biber(biber, write_bibtex(view).decode(), tmp_path)
    assert complaints == []
    assert len(parse_string(written).entries) == len(facts)


def test_biber_takes_the_first_edition_but_for_the_paper_without_authors(
    biber: str, edition: Path, tmp_path: Path
) -> None:
    complaints, written = run_biber(biber, (edition / "papers.bib").read_text("utf-8"), tmp_path)
    assert len(parse_string(written).entries) == 90
    assert len(complaints) <= 1
    assert all("author" in complaint for complaint in complaints)
