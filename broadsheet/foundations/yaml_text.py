"""A stretch of a source file that holds YAML, and places in it.

Responsible for turning PyYAML's marks, which count within the stretch, into spans of the file. Not
responsible for parsing it (`yaml_nodes`).
"""

from __future__ import annotations

from typing import Any

import yaml

from broadsheet.foundations.diagnostics import Span
from broadsheet.foundations.sources import SourceText


class YamlText:
    """A stretch of a source file that holds YAML.

    Attributes:
        source: The file.
        start: Offset of the YAML text in the file, in code points.
        text: The YAML text.
        first_line: Line of the file on which it begins, from 1.
    """

    __slots__ = ("first_line", "source", "start", "text")

    def __init__(self, source: SourceText, start: int, end: int) -> None:
        """Mark out the text between two offsets."""
        self.source = source
        self.start = start
        self.text = source.text[start:end]
        self.first_line = source.text.count("\n", 0, start) + 1

    def span(self, node: yaml.Node) -> Span:
        """Return the place of a node in the file."""
        return self.mark_span(node.start_mark, node.end_mark)

    def mark_span(self, start: Any, end: Any = None) -> Span:
        """Return the place between two of PyYAML's marks, which count from 0."""
        if start.line > self.text.count("\n") or not self.text[start.index :].strip():
            return self._end_span()
        last = end or start
        end_column = last.column + 1 if end else 0
        if last.line != start.line:
            last, end_column = start, len(self._line(start.line)) + 1
        return self.source.span(
            start.line + self.first_line,
            start.column + 1,
            last.line + self.first_line,
            end_column,
        )

    def raw(self, node: yaml.Node) -> str:
        """Return a node's text as written, quotes included."""
        return self.text[node.start_mark.index : node.end_mark.index]

    def comment_after(self, node: yaml.Node) -> Span | None:
        """Return the place of the comment behind a node on its last line, or None."""
        end = node.end_mark.index
        newline = self.text.find("\n", end)
        stop = newline if newline >= 0 else len(self.text)
        start = self.text.find("#", end, stop)
        return self.source.span_at(self.start + start, self.start + stop) if start >= 0 else None

    def _end_span(self) -> Span:
        """Return the place behind the last character that is no white space."""
        stop = self.start + len(self.text.rstrip())
        return self.source.span_at(stop, stop + 1)

    def _line(self, number: int) -> str:
        return self.source.line(number + self.first_line)
