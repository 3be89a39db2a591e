"""What front matter of one field is told: the traps of YAML, each with its words."""

from __future__ import annotations

import pytest

from broadsheet.foundations.front_matter import parse_document, parse_yaml_file
from broadsheet.foundations.sources import SourceText


def explain(front: str) -> list[str]:
    """Return each problem as `line:column code message / hint`."""
    diagnostics = parse_document(SourceText("a.md", f"---\n{front}\n---\n")).diagnostics
    return [f"{d.span.line}:{d.span.column} {d.code} {d.message} / {d.hint}" for d in diagnostics]


KEEPS = "use single quotes or a block scalar ('|'), which keep every backslash"


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (
            "title: A: B",
            (
                "2:9 yaml-syntax the value of 'title' holds ': ', which YAML reads as another field"
                " / quote the title: title: 'A: B'"
            ),
        ),
        (
            "- A: B: C",
            (
                "2:7 yaml-syntax the value of 'A' holds ': ', which YAML reads as another field"
                " / quote the A: A: 'B: C'"
            ),
        ),
        (
            "title: It's: a 'b'",
            (
                "2:12 yaml-syntax the value of 'title' holds ': ', which YAML reads as another"
                " field / quote the title: title: 'It''s: a ''b'''"
            ),
        ),
        (
            'title: "\\xi"',
            "2:9 yaml-escape double quotes give this backslash a meaning of its own / " + KEEPS,
        ),
        (
            'title: "\\ud83d\\ude00"',
            "2:9 yaml-escape double quotes give this backslash a meaning of its own / " + KEEPS,
        ),
        (
            'title: "\\u0000"',
            "2:8 yaml-escape double quotes make the control character U+0000 of a backslash in"
            " this text / " + KEEPS,
        ),
        (
            "title: A\n  sub: B",
            (
                "3:6 yaml-syntax this ': ' makes a field where none can begin"
                " / quote the whole value, or begin it with '|'"
            ),
        ),
        (
            "a: {b: c",
            (
                "2:4 yaml-syntax the value of 'a' begins with '{', and YAML cannot read the mapping"
                " that it opens / write {name: value}, or quote the whole value if it is text"
            ),
        ),
        (
            "a:\n  [b,\n  c",
            (
                "3:3 yaml-syntax a bracket opens here that nothing closes"
                " / close it, or quote the value if it is text"
            ),
        ),
    ],
)
def test_a_trap_is_explained_where_it_stands(front: str, expected: str) -> None:
    assert explain(front) == [expected]


@pytest.mark.parametrize(
    "front",
    [
        "title: 'A: B'",
        "title: A:B",
        "title: C# and F#",
        "title: a - b",
        "title: 5 * 3 & 4 ! | > % @",
        "title: |\n  A: B #c\n  'd' \"e\" \\alpha",
        'title: "A \\"quoted\\" word, a \\\\ and a \\t tab"',
        "title: [Re, Y] # a comment",
        "title: http://example.org/",
        "a: no\nb: 0123\nc: 12:30:45\nd: 1e3\ne: ~",
    ],
)
def test_what_is_no_trap_is_let_through(front: str) -> None:
    assert explain(front) == []


@pytest.mark.parametrize("levels", [10, 11])
def test_ten_levels_are_allowed_and_eleven_are_not(levels: int) -> None:
    # The mapping of the fields is the first level.
    nested = "[" * (levels - 1) + "]" * (levels - 1)

    assert len(explain(f"a: {nested}")) == levels - 10


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "a: " + "{a: " * 100_000,
        "- " * 200_000,
        "? " * 200_000,
        "".join(" " * depth + "a:\n" for depth in range(1_500)),
        "a: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(1_000)),
    ],
    ids=["brackets", "braces", "items", "keys", "blocks", "aliases"],
)
def test_a_bomb_is_refused_and_not_expanded(text: str) -> None:
    outcome = parse_yaml_file(SourceText("content/site.yaml", text))

    assert outcome.value is None
    assert {d.code.value for d in outcome.diagnostics} <= {"yaml-too-deep", "yaml-anchor"}
    assert outcome.diagnostics


@pytest.mark.parametrize(
    "front",
    ["a:\n" * 16_000, "a\x85" * 20_000, "- &a b\n" * 9_000, 'a: ["' + '\\x01", "' * 7_000 + '"]'],
    ids=["duplicate keys", "line breaks", "anchors", "escapes"],
)
def test_at_most_twenty_problems_alike_are_reported(front: str) -> None:
    assert len(explain(front)) == 20


def test_a_yaml_file_whose_end_is_missing_is_told_so_within_the_file() -> None:
    diagnostics = parse_yaml_file(SourceText("content/site.yaml", "title: X\nfeed: [")).diagnostics

    assert [(d.span.line, d.span.column) for d in diagnostics] == [(2, 7)]
