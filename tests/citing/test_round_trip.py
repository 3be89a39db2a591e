"""Real records go to BibTeX, RIS and CSL-JSON and come back through other people's parsers.

What must be equal: titles, authors, dates and identifiers. A title's TeX is read by pylatexenc,
and by our own reader where it has formulas or small capitals.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string as parse_bibtex
from bibtexparser.middlewares import NameParts, SeparateCoAuthors, SplitNameParts
from builds import ROOT
from citing.cited_records import EVERY_RECORD, Facts, cite_corpus
from jsonschema import Draft7Validator
from pybtex.database import Entry, Person, parse_string
from pylatexenc.latex2text import LatexNodes2Text

from broadsheet.planning.citation_views import Bibliography
from broadsheet.workers.citing.bibliographies import write_bibtex, write_csl_json, write_ris
from broadsheet.workers.tex.lines import convert_line
from broadsheet.workers.tex.parsing import TexReport

SAMPLE = ROOT / "tests" / "fixtures" / "corpus_sample.jsonl.gz"
SCHEMA = ROOT / "tests" / "fixtures" / "csl" / "csl-data.json"
READER = LatexNodes2Text(math_mode="verbatim", keep_comments=True)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - as one reads them


def check_round_trip(view: Bibliography, facts: list[Facts]) -> None:
    assert len(facts) == len(view.entries) > 50
    bibtex = write_bibtex(view).decode()
    assert differences(facts, read_pybtex(bibtex)) == []
    assert differences(facts, read_bibtexparser(bibtex)) == []
    assert differences(facts, read_ris(write_ris(view).decode())) == []
    assert differences(facts, read_csl_json(write_csl_json(view).decode())) == []
    keys = re.findall(r"^@\w+\{(.*),$", bibtex, re.MULTILINE)
    assert len(set(keys)) == len(keys) == len(facts)
    assert [key for key in keys if not re.fullmatch(r"[a-z]+[0-9]{4}-[a-z0-9._-]+", key)] == []


def test_a_sample_of_real_records_comes_back_from_every_format() -> None:
    check_round_trip(*cite_corpus(SAMPLE))


@pytest.mark.slow
def test_every_real_record_comes_back_from_every_format(shared: Path) -> None:
    view, facts = cite_corpus(shared / "corpus" / "arxiv.jsonl.gz", EVERY_RECORD)
    assert len(facts) == 13_877
    check_round_trip(view, facts)


def differences(expected: list[Facts], found: list[Facts]) -> list[tuple[Facts, Facts]]:
    """Return the pairs that are not equal, in Unicode's composed form."""
    pairs = zip(expected, found, strict=True)
    return [(one, other) for one, other in pairs if compose(one) != compose(other)]


def compose(facts: Facts) -> Facts:
    text = unicodedata.normalize("NFC", json.dumps(facts))
    title, authors, date, arxiv, doi = json.loads(text)
    return Facts(title, tuple(authors), tuple(date), arxiv, doi)


def read_pybtex(text: str) -> list[Facts]:
    entries = parse_string(text, "bibtex").entries.values()
    return [
        Facts(
            read_title(entry.fields["title"]),
            tuple(read_person(person) for person in entry.persons.get("author", ())),
            read_bibtex_date(entry),
            entry.fields["eprint"],
            entry.fields["doi"],
        )
        for entry in entries
    ]


def read_person(person: Person) -> str:
    parts = (
        *person.first_names,
        *person.middle_names,
        *person.prelast_names,
        *person.last_names,
        *person.lineage_names,
    )
    return read_tex(" ".join(parts))


def read_bibtex_date(entry: Entry) -> tuple[int, ...]:
    month = entry.fields["month"][:3].lower()
    return int(entry.fields["year"]), MONTHS.index(month) + 1, int(entry.fields["day"])


def read_title(tex: str) -> str:
    # pylatexenc drops what stands in these two styles.
    is_read = "\\textsc" not in tex and "\\texttt" not in tex
    if "$" not in tex.replace("\\$", "") and is_read:
        return read_tex(tex)
    line, _ = convert_line((), tex, TexReport(), has_links=False)
    return line.plain


def read_tex(tex: str) -> str:
    """Return TeX as text, by pylatexenc's reading."""
    if "\\" not in tex and "{" not in tex and "~" not in tex:
        return tex
    # Its caret is the accent's sign.
    return str(READER.latex_to_text(tex)).replace("ˆ", "^")


def read_bibtexparser(text: str) -> list[Facts]:
    layers = [SeparateCoAuthors(), SplitNameParts()]
    library = parse_bibtex(text, append_middleware=layers)
    assert library.failed_blocks == []
    return [
        Facts(
            read_title(entry["title"]),
            tuple(read_name(name) for name in entry.fields_dict["author"].value),
            (int(entry["year"]), MONTHS.index(entry["month"]) + 1, int(entry["day"])),
            entry["eprint"],
            entry["doi"],
        )
        for entry in library.entries
    ]


def read_name(name: NameParts) -> str:
    return read_tex(" ".join((*name.first, *name.von, *name.last, *name.jr)))


def read_ris(text: str) -> list[Facts]:
    assert text.count("\r\n") == text.count("\n")
    return [
        Facts(
            item["title"],
            tuple(turn_name(name) for name in item.get("authors", ())),
            tuple(int(part) for part in item["date"].split("/")),
            item["accession_number"].removeprefix("arXiv:"),
            item["doi"],
        )
        for item in rispy.loads(text)
    ]


def turn_name(name: str) -> str:
    family, *others = name.split(", ")
    return " ".join((*others[:1], family, *others[1:]))


def read_csl_json(text: str) -> list[Facts]:
    items: list[dict[str, Any]] = json.loads(text)
    validator = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(items)] == []
    parts = ("given", "non-dropping-particle", "family", "suffix")
    return [
        Facts(
            item["title"],
            tuple(
                name.get("literal") or " ".join(name[part] for part in parts if part in name)
                for name in item.get("author", ())
            ),
            tuple(item["issued"]["date-parts"][0]),
            item["number"].removeprefix("arXiv:"),
            item["DOI"],
        )
        for item in items
    ]
