"""Text files as values, and positions in them.

Responsible for turning bytes into text that the other stages can rely on (UTF-8, line feeds as the
only newlines, no control characters) and for spans. Not responsible for reading from disk
(`effects.scanning`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

import msgspec

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Outcome, Span, error_at

MAX_FILE_CHARACTERS = 2_000_000
MAX_EXCERPT_CHARACTERS = 200
_BEFORE_COLUMN = 60

# Problems of one kind that are reported of one file; a file that is no text at all has millions.
MAX_ALIKE = 20

# XML 1.0 forbids most of these and no reader of ours shows any of them; C1 except NEL included.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ufeff]")
# Those of ASCII, which bytes are freed from in a quarter of the time that the pattern takes.
_ASCII_CONTROL = bytes(code for code in range(0x80) if CONTROL.match(chr(code)))


class RawFile(msgspec.Struct, frozen=True):
    """A file as it was read.

    Attributes:
        path: Path relative to the digest's root, with forward slashes.
        content: Its bytes.
    """

    path: str
    content: bytes


class SourceText(msgspec.Struct, frozen=True):
    """A text file, decoded and checked.

    Attributes:
        path: Path relative to the digest's root, with forward slashes.
        text: The text, with line feeds as the only newlines and without a byte order mark.
    """

    path: str
    text: str

    def line(self, number: int) -> str:
        """Return one line without its newline.

        Args:
            number: Line number, from 1.
        """
        lines = _split_lines(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def span(self, line: int, column: int, end_line: int = 0, end_column: int = 0) -> Span:
        """Return a span with its excerpt; of a long line, the excerpt is what surrounds the column.

        Args:
            line: First line, from 1.
            column: First column in code points, from 1.
            end_line: Last line; by default the first.
            end_column: Column after the last character; by default one after the first.
        """
        text = self.line(line)
        is_near = column <= 2 * _BEFORE_COLUMN or len(text) <= MAX_EXCERPT_CHARACTERS
        cut = 0 if is_near else column - _BEFORE_COLUMN
        return Span(
            path=self.path,
            line=line,
            column=column,
            end_line=end_line or line,
            end_column=end_column or column + 1,
            excerpt=text[cut : cut + MAX_EXCERPT_CHARACTERS],
            excerpt_column=cut + 1,
        )

    def span_at(self, start: int, end: int) -> Span:
        """Return the span between two offsets in code points, from 0."""
        line, column = self._position(start)
        end_line, end_column = self._position(max(end, start))
        return self.span(line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        line = self.text.count("\n", 0, offset) + 1
        return line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1


@lru_cache(maxsize=4)
def _split_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text; each of many problems in one file asks for them."""
    return tuple(text.split("\n"))


def decode_source(raw: RawFile) -> Outcome[SourceText | None]:
    """Turn a file's bytes into text.

    Args:
        raw: The file.

    Returns:
        The text, or None with an `encoding`, `control-character` or `file-too-long` error.
    """
    try:
        text = raw.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Outcome(None, (_encoding_error(raw, error),))
    source = SourceText(raw.path, _unify_newlines(text))
    if len(text) > MAX_FILE_CHARACTERS:
        message = f"the file has {len(text):,} characters; {MAX_FILE_CHARACTERS:,} are allowed"
        return Outcome(None, (error_at(Code.FILE_TOO_LONG, message, Span(raw.path), "split it"),))
    if _is_clean_ascii(raw.content):
        return Outcome(source)
    matches = islice(CONTROL.finditer(source.text), MAX_ALIKE)
    problems = tuple(_control_error(source, match) for match in matches)
    return Outcome(None if problems else source, problems)


def _is_clean_ascii(content: bytes) -> bool:
    """Tell at once of most files that they hold no control character."""
    return content.isascii() and len(content.translate(None, _ASCII_CONTROL)) == len(content)


def _unify_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding_error(raw: RawFile, error: UnicodeDecodeError) -> Diagnostic:
    content = error.object  # what is left behind a byte order mark
    before = _unify_newlines(content[: error.start].decode("utf-8"))
    known = SourceText(raw.path, _unify_newlines(content.decode("utf-8", "replace")))
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    message = f"byte 0x{content[error.start]:02x} is not UTF-8 text"
    return error_at(Code.ENCODING, message, known.span(line, column), "save the file as UTF-8")


def _control_error(source: SourceText, match: re.Match[str]) -> Diagnostic:
    message = f"the control character U+{ord(match[0]):04X} does not belong in text"
    span = source.span_at(match.start(), match.end())
    return error_at(Code.CONTROL_CHARACTER, message, span, "delete it")
