"""Laws of reading: whatever a file holds, reading it gives a record or located errors.

And text that was quoted correctly reads back as it was written, which is what lets importers and
people alike trust a record.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scenarios import raw_file

from broadsheet.domain import schemas
from broadsheet.domain.reading import (
    Record,
    gather_records,
    read_batch,
    read_people,
    read_record,
    read_settings,
)
from broadsheet.domain.records import Paper
from broadsheet.domain.site_schema import SITE_SCHEMA
from broadsheet.foundations.diagnostics import Diagnostic, Outcome, has_errors, sort_diagnostics
from broadsheet.foundations.location import locate_findings
from broadsheet.foundations.reporting import format_github, format_json, format_text
from broadsheet.foundations.sources import RawFile, decode_source

FOLDERS = {
    "papers": schemas.PAPER_SCHEMA,
    "topics": schemas.TOPIC_SCHEMA,
    "digests": schemas.DIGEST_SCHEMA,
    "pages": schemas.PAGE_SCHEMA,
}
FIELD_NAMES = sorted({field.name for schema in FOLDERS.values() for field in schema.fields})

# Anything a keyboard, a paste or a program can put into a file.
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
# What YAML, TeX, Markdown and our own readers give a meaning to, in any mixture.
tricky_text = st.lists(
    st.sampled_from(
        [
            *"[]{}&*!|>%@`'\"?#-:,~=\\<> \t\n\r0a",
            *(": ", " #", "- ", "---", "...", "<<", "\\alpha", "\\x1b", "[[[[[[[", "null"),
            *("2024-03-05", "0000-0002-1825-0097", "2403.02884", "https://", "javascript:"),
            *("\x00", "\x1b", "\x85", "\u2028", "\ufeff", "\u202e", "机", "\u0301"),
        ]
    ),
    max_size=12,
).map("".join)
field_text = tricky_text | any_text
paths = st.sampled_from(
    [f"content/{folder}/x/2024-01-02.md" for folder in FOLDERS] + ["content/papers/Bad Name.md"]
)


def check_outcome(raw: RawFile, outcome: Outcome[Any]) -> None:
    """Every result is a value or errors, each error lies within the file, each report is text."""
    assert (outcome.value is None) == has_errors(outcome.diagnostics)
    check_places(raw, outcome.diagnostics)


def check_places(raw: RawFile, diagnostics: tuple[Diagnostic, ...]) -> None:
    text = raw.content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    for diagnostic in diagnostics:
        span = diagnostic.span
        assert span.path == raw.path
        if span.line:
            assert span.line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert (span.end_line, span.end_column) >= (span.line, span.column)
        assert "\n" not in diagnostic.message
        assert len(diagnostic.message) < 400
    assert len(sort_diagnostics(diagnostics)) == len(diagnostics)
    for report in (
        format_text(diagnostics),
        format_json(diagnostics),
        format_github(diagnostics),
    ):
        report.encode("utf-8")


@given(path=paths, content=st.binary(max_size=300))
@example(path="content/papers/a.md", content=b"---\n\xff\n---\n")
@example(path="content/papers/a.md", content=b"---\n---")
@example(path="content/papers/a.md", content=b"---\n- - - - - - - - - - - - -")
def test_any_bytes_give_a_record_or_located_errors(path: str, content: bytes) -> None:
    raw = raw_file(path, content)

    check_outcome(raw, read_record(raw))


@given(path=paths, front=field_text, body=field_text)
@example(path="content/papers/a.md", front="title: 'x", body="\n'")
@example(path="content/papers/a.md", front="? - ? - ? - ? - x", body="")
@example(path="content/papers/a.md", front="[" * 60_000, body="")
@example(path="content/papers/a.md", front="a: " + "{a: " * 9_000, body="")
@example(path="content/papers/a.md", front="a:\n" + "- " * 30_000, body="")
@example(path="content/papers/a.md", front='a: "\\', body="")
@example(path="content/papers/a.md", front="%", body="")
@example(path="content/papers/a.md", front='? "a\\\n', body="")
def test_any_text_between_fences_gives_a_record_or_located_errors(
    path: str, front: str, body: str
) -> None:
    raw = raw_file(path, f"---\n{front}\n---\n{body}")

    check_outcome(raw, read_record(raw))


@st.composite
def front_matter(draw: st.DrawFn, names: list[str]) -> str:
    """Fields in any order with any values: plain, quoted, in blocks, as lists or mappings."""
    lines = []
    for name in draw(st.lists(st.sampled_from([*names, "x-own", "other"]), max_size=6)):
        value = draw(field_text)
        style = draw(st.sampled_from(["plain", "single", "double", "block", "list", "mapping"]))
        lines.append(write_field(name, value, style))
    return "\n".join(lines)


def write_field(name: str, value: str, style: str) -> str:
    if style == "single":
        return f"{name}: '{value}'"
    if style == "double":
        return f'{name}: "{value}"'
    if style == "block":
        return f"{name}: |\n  " + value.replace("\n", "\n  ")
    if style == "list":
        return f"{name}:\n  - {value}\n  - {value}"
    if style == "mapping":
        return f"{name}:\n  name: {value}\n  url: {value}"
    return f"{name}: {value}"


@given(path=paths, front=front_matter(FIELD_NAMES))
def test_known_fields_with_any_values_in_any_order_never_raise(path: str, front: str) -> None:
    raw = raw_file(path, f"---\n{front}\n---\nBody.\n")

    outcome = read_record(raw)

    check_outcome(raw, outcome)
    assert read_batch((raw, raw)) == (outcome, outcome)


@given(front=front_matter([field.name for field in SITE_SCHEMA.fields]) | field_text)
def test_any_site_file_gives_settings_or_located_errors(front: str) -> None:
    raw = raw_file("content/site.yaml", front)

    check_outcome(raw, read_settings(raw))


@given(front=front_matter(["furu-wei", "no", "a.b"]) | field_text)
def test_any_people_file_gives_people_and_located_errors(front: str) -> None:
    raw = raw_file("content/people.yaml", front)

    outcome = read_people(raw)

    assert isinstance(outcome.value, tuple)
    check_places(raw, outcome.diagnostics)


# Text without the characters that no record may hold.
sound_text = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"
    )
).map(lambda text: " ".join(text.split()))
sound_titles = sound_text.filter(lambda text: 0 < len(text) <= 500)


@given(title=sound_titles, name=sound_titles, note=sound_titles)
@example(title="null", name="no", note="~")
@example(title="It's 50 % & more: #1 [Re] {X} \\alpha", name="Lu, Jie", note='"')
def test_quoted_text_reads_back_as_it_was_written(title: str, name: str, note: str) -> None:
    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    front = f"keywords: [{quoted(note)}]\nauthors:\n  - {quoted(name)}\ntitle: {quoted(title)}"
    outcome = read_record(raw_file("content/papers/a.md", f"---\n{front}\n---\n"))

    assert outcome.diagnostics == ()
    assert isinstance(outcome.value, Paper)
    assert outcome.value.title == title
    assert [author.name for author in outcome.value.authors] == [name]
    assert outcome.value.keywords == (note,)


@given(lines=st.lists(sound_text, min_size=1, max_size=8))
def test_a_block_scalar_keeps_every_character_of_an_abstract(lines: list[str]) -> None:
    abstract = "\n".join(lines).strip()
    if not abstract:
        return
    block = "\n".join(f"  {line}" for line in abstract.split("\n"))

    outcome = read_record(
        raw_file("content/papers/a.md", f"---\ntitle: A\nabstract: |\n{block}\n---\n")
    )

    assert outcome.diagnostics == ()
    assert isinstance(outcome.value, Paper)
    assert outcome.value.abstract == abstract


@given(title=sound_titles)
def test_composed_and_decomposed_text_both_read_back(title: str) -> None:
    forms = [unicodedata.normalize(form, title) for form in ("NFC", "NFD")]

    values = [
        read_record(raw_file("content/papers/a.md", "---\ntitle: |\n  " + form + "\n---\n")).value
        for form in forms
    ]

    assert [value.title if isinstance(value, Paper) else None for value in values] == [
        " ".join(form.split()) for form in forms
    ]


@given(
    text=field_text,
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_newlines_and_a_byte_order_mark_change_nothing(text: str, newline: str, mark: str) -> None:
    plain = "---\ntitle: A\nabstract: |\n  " + " ".join(text.split()) + "\n---\nBody.\n"
    other = mark + plain.replace("\n", newline)

    first, second = (read_record(raw_file("content/papers/a.md", t)) for t in (plain, other))

    assert first == second


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_batch_is_gathered_in_kinds_and_what_is_broken_is_remembered(folder: str) -> None:
    required = "name: A" if folder == "topics" else "title: A"
    files = (
        raw_file(f"content/{folder}/2024-01-02.md", f"---\n{required}\n---\n"),
        raw_file(f"content/{folder}/2024-01-03.md", "---\nwrong: A\n---\n"),
    )
    outcomes: tuple[Outcome[Record | None], ...] = read_batch(files)

    records = gather_records((f.path for f in files), (o.value for o in outcomes), ())

    kinds = {"papers": records.papers, "topics": records.topics}
    kinds |= {"digests": records.digests, "pages": records.pages}
    assert {kind: len(found) for kind, found in kinds.items()} == {
        kind: int(kind == folder) for kind in FOLDERS
    }
    assert records.broken == {f"{folder}/2024-01-03"}


def test_locating_nothing_gives_nothing() -> None:
    assert locate_findings((), {}) == ()


@given(content=st.binary(max_size=60))
def test_decoded_text_has_no_other_newlines_and_no_mark(content: bytes) -> None:
    source = decode_source(raw_file("a", content)).value

    assert source is None or not set(source.text) & {"\r", "\ufeff", "\x00"}
