"""Bytes to text, front matter to nodes: limits, encodings, fences and places."""

from __future__ import annotations

import pytest
from scenarios import raw_file

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Finding, Span
from broadsheet.foundations.front_matter import parse_document, parse_yaml_file
from broadsheet.foundations.hashing import hash_bytes, hash_value
from broadsheet.foundations.location import locate_findings
from broadsheet.foundations.sources import MAX_FILE_CHARACTERS, SourceText, decode_source


def places(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[Code, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in diagnostics]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_newlines_and_byte_order_mark_do_not_reach_the_text(newline: str, mark: str) -> None:
    raw = raw_file("a.md", mark + newline.join(["one", "two", ""]))

    assert decode_source(raw).value == SourceText("a.md", "one\ntwo\n")


def test_a_file_of_the_longest_length_is_read_and_a_longer_one_refused() -> None:
    longest = raw_file("a.md", "é" * MAX_FILE_CHARACTERS)
    longer = raw_file("a.md", "é" * (MAX_FILE_CHARACTERS + 1))

    assert decode_source(longest).diagnostics == ()
    assert places(decode_source(longer).diagnostics) == [(Code.FILE_TOO_LONG, 0, 0)]


def test_at_most_twenty_control_characters_of_a_file_are_reported() -> None:
    outcome = decode_source(raw_file("a.md", "\x00" * MAX_FILE_CHARACTERS))

    assert places(outcome.diagnostics) == [
        (Code.CONTROL_CHARACTER, 1, column) for column in range(1, 21)
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_encoding_error_is_placed_in_characters_not_bytes(newline: str, mark: str) -> None:
    before = f"{mark}é{newline}üé".encode()

    first_line = decode_source(raw_file("a.md", mark.encode() + b"\xff"))
    second_line = decode_source(raw_file("a.md", before + b"\xff"))

    assert places(first_line.diagnostics) == [(Code.ENCODING, 1, 1)]
    assert places(second_line.diagnostics) == [(Code.ENCODING, 2, 3)]


@pytest.mark.parametrize(
    ("size", "expected"),
    [(64 * 1024, []), (64 * 1024 + 1, [(Code.FRONT_MATTER_TOO_LONG, 2, 1)])],
)
def test_front_matter_may_have_sixty_four_kilobytes(
    size: int, expected: list[tuple[Code, int, int]]
) -> None:
    front = "a: é" + "x" * (size - len("a: é\n".encode())) + "\n"

    outcome = parse_document(SourceText("a.md", f"---\n{front}---\n"))

    assert len(front.encode()) == size
    assert places(outcome.diagnostics) == expected


def test_a_yaml_file_of_many_entries_may_be_longer_than_front_matter() -> None:
    text = "".join(f"person-{number}:\n  name: Somebody\n" for number in range(4_000))

    outcome = parse_yaml_file(SourceText("content/people.yaml", text))

    assert outcome.diagnostics == ()
    assert outcome.value is not None
    assert outcome.value.root is not None
    assert len(outcome.value.root.value) == 4_000


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\na: b\n---\nBody\n", "Body\n", 4),
        ("---  \na: b\n---\t\n\n\nBody", "\n\nBody", 4),
        ("---\na: b\n...\nBody", "Body", 4),
        ("---\na: b\n---", "", 3),
        ("---\n---\nBody", "Body", 3),
        ("---\na: |\n  ---\n---\n---\nBody", "---\nBody", 5),
    ],
)
def test_the_body_begins_below_the_first_closing_fence(text: str, body: str, line: int) -> None:
    document = parse_document(SourceText("a.md", text)).value

    assert document is not None
    assert (document.body, document.body_line) == (body, line)


def test_findings_are_placed_at_their_field_or_quote_or_record() -> None:
    text = "---\ntitle: X\ntopics: [a, bb]\nvenue:\n  name: Y\n---\nSee here and here.\n"
    files = {
        "a.md": raw_file("a.md", text),
        "broken.md": raw_file("broken.md", "---\n"),
        "p.yaml": raw_file("p.yaml", "one:\n  name: N\n"),
    }

    def finding(source: str, *field: str | int, quote: str = "") -> Finding:
        return Finding(
            code=Code.BROKEN_LINK, message="m", source=source, field=field, quote=quote, hint=""
        )

    found = [
        locate_findings([one], files)[0].span
        for one in (
            finding("a.md", "topics", 1),
            finding("a.md", "venue", "name"),
            finding("a.md", "venue", "absent"),
            finding("a.md", "absent"),
            finding("a.md", quote="here"),
            finding("a.md"),
            finding("p.yaml", "one", "name"),
            finding("broken.md", "title"),
            finding("gone.md"),
        )
    ]

    assert [(span.line, span.column, span.end_line, span.end_column) for span in found] == [
        (3, 13, 3, 15),
        (5, 9, 5, 10),
        (5, 3, 5, 10),
        (1, 1, 1, 2),
        (7, 14, 7, 18),
        (1, 1, 1, 2),
        (2, 9, 2, 10),
        (0, 0, 0, 0),
        (0, 0, 0, 0),
    ]
    assert found[-1] == Span("gone.md")


def test_hashes_depend_on_values_and_on_nothing_else() -> None:
    assert hash_bytes(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hash_value({"a": 1, "b": (2, 3)}) == hash_value({"b": [2, 3], "a": 1})
    assert len({hash_value(value) for value in (1, "1", None, (), ("",), 1.5)}) == 6
    with pytest.raises(TypeError):
        hash_value(object())
