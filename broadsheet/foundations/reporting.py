"""Diagnostics as people, programs and CI read them.

Responsible for three renderings of the same sorted values. Not responsible for where they are
written to (`assembly.commands`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import msgspec

from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span, sort_diagnostics

# Controls but for the tab, invisible marks that reverse text, line breaks of Unicode, and halves of
# characters, which stand for bytes of a file name that are no text.
_HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_SYMBOLS = {chr(code): chr(0x2400 + code) for code in range(0x20)} | {"\x7f": "\u2421"}


def format_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return diagnostics with source line, caret and hint, and a last line that counts them."""
    ordered = sort_diagnostics(diagnostics)
    if not ordered:
        return ""
    return "\n".join([*(_one_text(d) for d in ordered), _count(ordered), ""])


def format_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return diagnostics as a JSON array, one object a problem, ending in a newline."""
    encoded = msgspec.json.encode(sort_diagnostics(diagnostics))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def format_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return diagnostics as workflow commands that CI shows as annotations.

    Source: GitHub's documentation of workflow commands (`::error file=…,line=…,col=…::message`).
    """
    return "".join(_one_github(d) for d in sort_diagnostics(diagnostics))


def _one_text(diagnostic: Diagnostic) -> str:
    place = _place(diagnostic.span)
    lines = [f"{place}: {diagnostic.severity}[{diagnostic.code}] {diagnostic.message}"]
    if diagnostic.span.line:
        lines.extend(_excerpt(diagnostic.span, diagnostic.hint))
    elif diagnostic.hint:
        lines.append(f"      | {diagnostic.hint}")
    lines.extend(f"      also at {_place(span)}" for span in diagnostic.related)
    return "\n".join(visible(line).rstrip() for line in lines)


def _place(span: Span) -> str:
    return f"{span.path}:{span.line}:{span.column}" if span.line else span.path


def _excerpt(span: Span, hint: str) -> list[str]:
    text = visible(span.excerpt)
    cut = "…" if span.excerpt_column > 1 else ""
    start = span.column - span.excerpt_column
    end = span.end_column - span.excerpt_column if span.end_line == span.line else len(text)
    indent = "".join("\t" if char == "\t" else " " * _width(char) for char in cut + text[:start])
    carets = "^" * max(1, min(sum(_width(char) for char in text[start:end]), 80))
    tail = f" {hint}" if hint else ""
    return [f"{span.line:>5} | {cut}{text}", f"{'':>5} | {indent}{carets}{tail}"]


def visible(text: str) -> str:
    """Return text in which nothing can command a terminal or turn the order of what is shown."""
    return _HIDDEN.sub(lambda match: _SYMBOLS.get(match[0], "\N{REPLACEMENT CHARACTER}"), text)


def _width(char: str) -> int:
    """Return the columns a character takes on a terminal (Unicode Annex 11)."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _count(diagnostics: tuple[Diagnostic, ...]) -> str:
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((errors, "error"), (warnings, "warning"))
        if number
    ]
    return ", ".join(parts)


def _one_github(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties = [f"file={_escape_property(span.path)}"]
    if span.line:
        properties += [f"line={span.line}", f"col={span.column}"]
        properties += [f"endLine={span.end_line}", f"endColumn={span.end_column}"]
    properties.append(f"title={_escape_property(diagnostic.code)}")
    message = diagnostic.message + (f" ({diagnostic.hint})" if diagnostic.hint else "")
    return f"::{diagnostic.severity} {','.join(properties)}::{_escape(message)}\n"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
