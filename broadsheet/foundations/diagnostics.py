"""Problems in content as values: what is wrong, where, and what to do about it.

Responsible for the types that every stage reports with and for their order. Not responsible for
finding problems, for printing them (`reporting`) or for deciding what a run does about them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from broadsheet.foundations.codes import Code

T = TypeVar("T")


class Severity(StrEnum):
    """How much a problem matters: an error keeps a site from being published."""

    ERROR = "error"
    WARNING = "warning"


class Span(msgspec.Struct, frozen=True, order=True):
    """A stretch of a text file.

    Attributes:
        path: Path of the file relative to the digest's root, with forward slashes.
        line: First line, from 1; 0 when the problem is the file as a whole.
        column: First column in code points, from 1; 0 when the problem is the file as a whole.
        end_line: Last line.
        end_column: Column after the last character.
        excerpt: The text of the first line, as it stood when it was read; of a long line, the part
            around the column.
        excerpt_column: Column at which the excerpt begins.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    excerpt: str = ""
    excerpt_column: int = 1


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """One problem.

    Attributes:
        code: What kind of problem; every code is explained in `docs/diagnostics.md`.
        severity: Error or warning.
        message: One line, without the place.
        span: Where it is.
        hint: What to do about it, or empty.
        related: Other places that belong to it, such as the first of two equal ids.
    """

    code: Code
    severity: Severity
    message: str
    span: Span
    hint: str = ""
    related: tuple[Span, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A problem named by record and field, before its position has been worked out.

    Attributes:
        code: What kind of problem.
        message: One line, without the place.
        source: Path of the file.
        field: Keys and indices that lead from the front matter to the value; empty for the record
            as a whole.
        quote: Text of the body that the problem is about, where it is not in a field.
        hint: What to do about it, or empty.
        severity: Error or warning.
        related: Paths of other files that belong to it.
    """

    code: Code
    message: str
    source: str
    field: tuple[str | int, ...] = ()
    quote: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[str, ...] = ()


class Outcome(msgspec.Struct, Generic[T], frozen=True):
    """A value together with the problems met on the way to it."""

    value: T
    diagnostics: tuple[Diagnostic, ...] = ()


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Order problems by path, line, column and code, without repetitions."""
    unique = {(d.span, d.code, d.message): d for d in diagnostics}
    return tuple(unique[key] for key in sorted(unique))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any of the problems is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def error_at(code: Code, message: str, span: Span, hint: str = "") -> Diagnostic:
    """Return an error at a place."""
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, span=span, hint=hint)
