"""Diagnostics as people, programs and CI read them."""

from __future__ import annotations

import json

import pytest

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import (
    Diagnostic,
    Severity,
    Span,
    error_at,
    has_errors,
    sort_diagnostics,
)
from broadsheet.foundations.reporting import format_github, format_json, format_text
from broadsheet.foundations.sources import SourceText


def error_on(text: str, start: int, end: int, hint: str = "do this") -> Diagnostic:
    """An error at two offsets of a text of one file."""
    span = SourceText("content/papers/a.md", text).span_at(start, end)
    return error_at(Code.UNKNOWN_FIELD, "unknown field", span, hint)


def caret_lines(diagnostic: Diagnostic) -> tuple[str, str]:
    """The excerpt's line and the caret's line of a report."""
    lines = format_text([diagnostic]).splitlines()
    return lines[1], lines[2]


def test_text_has_place_code_excerpt_caret_hint_related_and_count() -> None:
    span = SourceText("content/papers/a.md", "---\ntitel: X\n---\n").span(2, 1, 2, 6)
    error = Diagnostic(
        code=Code.UNKNOWN_FIELD,
        severity=Severity.ERROR,
        message="unknown field 'titel'",
        span=span,
        hint="did you mean 'title'?",
        related=(Span("content/papers/b.md", 3, 4), Span("content/papers/c.md")),
    )
    warning = Diagnostic(
        code=Code.UNEXPECTED_FILE,
        severity=Severity.WARNING,
        message="left out",
        span=Span("content/papers/z.txt"),
        hint="move it",
    )

    assert format_text([warning, error]) == (
        "content/papers/a.md:2:1: error[unknown-field] unknown field 'titel'\n"
        "    2 | titel: X\n"
        "      | ^^^^^ did you mean 'title'?\n"
        "      also at content/papers/b.md:3:4\n"
        "      also at content/papers/c.md\n"
        "content/papers/z.txt: warning[unexpected-file] left out\n"
        "      | move it\n"
        "1 error, 1 warning\n"
    )


def test_no_diagnostics_are_no_text() -> None:
    assert (format_text([]), format_json([]), format_github([])) == ("", "[]\n", "")


@pytest.mark.parametrize(
    ("text", "start", "end", "excerpt", "carets"),
    [
        ("ab cd", 3, 5, "    1 | ab cd", "      |    ^^ do this"),
        ("机器 cd", 3, 5, "    1 | 机器 cd", "      |      ^^ do this"),
        ("ab 机器", 3, 5, "    1 | ab 机器", "      |    ^^^^ do this"),
        ("ｆ cd", 2, 4, "    1 | ｆ cd", "      |    ^^ do this"),
        ("e\u0301e\u0301 cd", 5, 7, "    1 | e\u0301e\u0301 cd", "      |    ^^ do this"),
        ("กั cd", 3, 5, "    1 | กั cd", "      |   ^^ do this"),
        ("a\u200bb cd", 4, 6, "    1 | a\u200bb cd", "      |    ^^ do this"),
        ("\tx: y", 1, 2, "    1 | \tx: y", "      | \t^ do this"),
        ("ab", 2, 2, "    1 | ab", "      |   ^ do this"),
        ("ab\ncd", 1, 4, "    1 | ab", "      |  ^ do this"),
        ("\u0301", 0, 1, "    1 | \u0301", "      | ^ do this"),
        ("a\x1bb", 1, 2, "    1 | a␛b", "      |  ^ do this"),
        ("a\u202eb", 1, 2, "    1 | a\ufffdb", "      |  ^ do this"),
    ],
)
def test_the_caret_stands_below_what_it_means(
    text: str, start: int, end: int, excerpt: str, carets: str
) -> None:
    assert caret_lines(error_on(text, start, end)) == (excerpt, carets)


def test_a_long_line_is_shown_around_the_caret() -> None:
    excerpt, carets = caret_lines(error_on("a" * 400 + "HERE" + "b" * 400, 400, 404))

    assert excerpt == "    1 | …" + "a" * 59 + "HERE" + "b" * 137
    assert carets == "      | " + " " * 60 + "^^^^ do this"


def test_nothing_in_a_report_commands_the_terminal_or_breaks_a_line() -> None:
    span = Span("content/papers/a\x1b[2J\nb\udcff.md")
    error = error_at(Code.INVALID_ID, "bad\r\n\x07 \u202e name", span, "hint\x9b")

    assert format_text([error]) == (
        "content/papers/a␛[2J␊b\ufffd.md: error[invalid-id] bad␍␊␇ \ufffd name\n"
        "      | hint\ufffd\n"
        "1 error\n"
    )


def test_json_is_one_object_a_problem_in_order() -> None:
    second, first = error_on("ab\ncd", 3, 5), error_on("ab\ncd", 0, 2, "")

    assert json.loads(format_json([second, first])) == [
        {
            "code": "unknown-field",
            "severity": "error",
            "message": "unknown field",
            "span": {
                "path": "content/papers/a.md",
                "line": line,
                "column": 1,
                "end_line": line,
                "end_column": 3,
                "excerpt": excerpt,
                "excerpt_column": 1,
            },
            "hint": hint,
            "related": [],
        }
        for line, excerpt, hint in ((1, "ab", ""), (2, "cd", "do this"))
    ]
    assert format_json([first]).endswith("]\n")


def test_github_commands_escape_what_would_end_them() -> None:
    place = Span("content/papers/50%,a:b.md", 2, 3, 2, 7)
    located = error_at(Code.INVALID_DATE, "50 %: a\r\nb, c", place, "100 %")
    whole = Diagnostic(
        code=Code.UNEXPECTED_FILE,
        severity=Severity.WARNING,
        message="left out",
        span=Span("a.txt"),
    )

    assert format_github([located, whole]) == (
        "::warning file=a.txt,title=unexpected-file::left out\n"
        "::error file=content/papers/50%25%2Ca%3Ab.md,line=2,col=3,endLine=2,endColumn=7,"
        "title=invalid-date::50 %25: a%0D%0Ab, c (100 %25)\n"
    )


def test_diagnostics_are_sorted_by_path_line_column_and_code_without_repetitions() -> None:
    def at(path: str, line: int, column: int, code: Code = Code.INVALID_ID) -> Diagnostic:
        return error_at(code, "message", Span(path, line, column))

    ordered = (
        at("a.md", 0, 0),
        at("a.md", 2, 10, Code.EMPTY_VALUE),
        at("a.md", 2, 10, Code.INVALID_ID),
        at("a.md", 10, 1),
        at("b.md", 1, 1),
    )

    assert sort_diagnostics((*reversed(ordered), *ordered)) == ordered


def test_only_errors_count_as_errors() -> None:
    warning = Diagnostic(
        code=Code.FEATURED_GAP, severity=Severity.WARNING, message="gap", span=Span("a")
    )

    assert not has_errors([warning])
    assert has_errors([warning, error_on("a", 0, 1)])
