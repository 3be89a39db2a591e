"""A file of subscribers: who gets which edition, and since when they agreed to it.

Responsible for reading CSV with the columns `address`, `name`, `frequency`, `topics` and `consent`,
and for refusing each line that nobody may be written to by. Not responsible for reading the disk.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

import msgspec

from broadsheet.domain.dates import parse_day
from broadsheet.domain.mailboxes import parse_mailbox, same_mailbox
from broadsheet.domain.settings import DIGEST_KINDS
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Outcome, Span, error_at
from broadsheet.foundations.schema import ask_for, brief, nearest
from broadsheet.foundations.sources import SourceText

COLUMNS = ("address", "name", "frequency", "topics", "consent")
REQUIRED = ("address", "consent")
MAX_NAME = 200

_SEPARATOR = re.compile(r"[\s;,]+")
# What would break a header's line, or turn the direction of what a mail program shows.
_HIDDEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


class Subscriber(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who agreed to get email.

    Attributes:
        address: As `parse_mailbox` spells it.
        name: As they write it; may be empty.
        frequencies: The kinds of digests they get: `day`, `week`, `month`.
        topics: Slugs of the topics they chose, in order; empty for all.
        consent: The day on which they agreed.
    """

    address: str
    name: str = ""
    frequencies: tuple[str, ...]
    topics: tuple[str, ...] = ()
    consent: date


_Refuse = Callable[[str, Code, str, str], None]


class _Row(msgspec.Struct, frozen=True):
    """A line of the file with its place."""

    number: int
    cells: Mapping[str, str]


def read_subscribers(
    source: SourceText, topics: Collection[str], default_kind: str
) -> Outcome[tuple[Subscriber, ...]]:
    """Read a file of subscribers.

    Args:
        source: The file's text.
        topics: The slugs that exist.
        default_kind: The kind of digest for a line without a frequency.

    Returns:
        Everybody whose line is sound, in the order of the file, and an error at the place of
        everything that is wrong; a line with an error is left out.
    """
    problems: list[Diagnostic] = []
    subscribers: list[Subscriber] = []
    first: dict[str, int] = {}
    for row in _read_rows(source, problems):
        known = len(problems)
        subscriber = _read_row(source, row, topics, default_kind, problems)
        if subscriber is None or len(problems) > known:
            continue
        mailbox = same_mailbox(subscriber.address)
        if mailbox in first:
            message = f"'{subscriber.address}' is on line {first[mailbox]} already"
            problems.append(
                _error(source, row, "address", Code.DUPLICATE_VALUE, message, "delete one of them")
            )
            continue
        first[mailbox] = row.number
        subscribers.append(subscriber)
    return Outcome(tuple(subscribers), tuple(problems))


def _read_rows(source: SourceText, problems: list[Diagnostic]) -> Iterator[_Row]:
    lines = csv.reader((f"{line}\n" for line in source.text.split("\n")), strict=True)
    columns: list[str] = []
    while True:
        number = lines.line_num + 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"the line is not CSV: {error}"
            problems.append(
                _line_error(source, number, Code.WRONG_TYPE, message, "close the quotes")
            )
            return
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = [cell.strip().casefold() for cell in cells]
            if not _check_columns(source, number, columns, problems):
                return
        elif len(cells) != len(columns):
            message = f"the line has {len(cells)} columns, and the first line has {len(columns)}"
            hint = "quote a value that holds a comma"
            problems.append(_line_error(source, number, Code.WRONG_TYPE, message, hint))
        else:
            yield _Row(number, dict(zip(columns, cells, strict=True)))


def _check_columns(
    source: SourceText, number: int, columns: list[str], problems: list[Diagnostic]
) -> bool:
    for column in columns:
        if column not in COLUMNS:
            hint = ask_for(nearest(column, COLUMNS)) or f"use {', '.join(COLUMNS)}"
            message = f"unknown column '{brief(column)}'"
            problems.append(_line_error(source, number, Code.UNKNOWN_FIELD, message, hint))
    for column in REQUIRED:
        if column not in columns:
            message = f"there is no column '{column}'"
            hint = f"begin the file with the line {','.join(COLUMNS)}"
            problems.append(_line_error(source, number, Code.MISSING_FIELD, message, hint))
    if len(set(columns)) < len(columns):
        message = "a column stands there twice"
        problems.append(
            _line_error(source, number, Code.DUPLICATE_VALUE, message, "delete one of them")
        )
    return not problems


def _read_row(
    source: SourceText,
    row: _Row,
    topics: Collection[str],
    default_kind: str,
    problems: list[Diagnostic],
) -> Subscriber | None:
    def refuse(column: str, code: Code, message: str, hint: str) -> None:
        problems.append(_error(source, row, column, code, message, hint))

    def cell(column: str) -> str:
        return row.cells.get(column, "").strip(" \t")

    address = parse_mailbox(cell("address"))
    if address is None:
        message = f"'{brief(cell('address'))}' is not an email address"
        refuse("address", Code.INVALID_ADDRESS, message, "write one address: ada@example.org")
    name = _read_name(cell("name"), refuse)
    kinds = _split(cell("frequency")) or (default_kind,)
    for kind in kinds:
        if kind not in DIGEST_KINDS:
            hint = ask_for(nearest(kind, DIGEST_KINDS)) or "use day, week or month"
            message = f"'{brief(kind)}' is not a frequency"
            refuse("frequency", Code.INVALID_CHOICE, message, hint)
    chosen = _split(cell("topics"))
    for slug in chosen:
        if slug not in topics:
            hint = ask_for(nearest(slug, topics)) or "write slugs of topics with spaces between"
            refuse("topics", Code.UNKNOWN_TOPIC, f"there is no topic '{brief(slug)}'", hint)
    consent = _read_consent(cell("consent"), refuse)
    if address is None or consent is None:
        return None
    return Subscriber(
        address=address, name=name, frequencies=kinds, topics=tuple(sorted(chosen)), consent=consent
    )


def _read_name(written: str, refuse: _Refuse) -> str:
    name = unicodedata.normalize("NFC", written)
    if _is_unsafe(name):
        message = "the name holds a line break, a hidden character, or '=?' as mail codes words"
        refuse("name", Code.CONTROL_CHARACTER, message, "write it anew on one line")
    elif len(name) > MAX_NAME:
        message = f"the name has {len(name)} characters; {MAX_NAME} are allowed"
        refuse("name", Code.TOO_LONG, message, "shorten it")
    return name


def _read_consent(written: str, refuse: _Refuse) -> date | None:
    consent = parse_day(written)
    if not written:
        hint = "write the day on which they agreed, YYYY-MM-DD, or delete the line"
        refuse("consent", Code.MISSING_FIELD, "nobody says when this reader agreed", hint)
    elif consent is None:
        message = f"'{brief(written)}' is not a day"
        refuse("consent", Code.INVALID_DATE, message, "write YYYY-MM-DD")
    return consent


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in _SEPARATOR.split(text) if word))


def _is_unsafe(name: str) -> bool:
    return "=?" in name or any(
        unicodedata.category(char) in _HIDDEN or char in _TURNING for char in name
    )


def _error(
    source: SourceText, row: _Row, column: str, code: Code, message: str, hint: str
) -> Diagnostic:
    """Return an error at a cell; at the line where the cell is empty or goes over several lines."""
    written = row.cells.get(column, "").strip()
    line = source.line(row.number)
    start = line.find(written) if written else -1
    if start < 0:
        return _line_error(source, row.number, code, message, hint)
    span = source.span(row.number, start + 1, row.number, start + 1 + len(written))
    return error_at(code, message, span, hint)


def _line_error(source: SourceText, number: int, code: Code, message: str, hint: str) -> Diagnostic:
    span = source.span(number, 1, number, max(len(source.line(number)), 1) + 1)
    return error_at(code, message, span, hint)


def no_file(path: str) -> Diagnostic:
    """Return the error for a file of subscribers that has no line."""
    hint = f"begin it with the line {','.join(COLUMNS)}"
    return error_at(Code.MISSING_FIELD, "the file names nobody", Span(path), hint)
