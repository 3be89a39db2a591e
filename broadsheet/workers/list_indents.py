r"""Lists as most tools write them: nested by two or three spaces, with fenced code in items.

Responsible for moving what stands in a list item to the four spaces for each level that
python-markdown asks for, and for taking fenced code out of items. Not responsible for lists that
already stand so, nor for anything outside of lists: those lines are left as they are.

One pass over the lines, each looked at once; an item is left for good when a line stands before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from html import escape

import markdown
import msgspec
from markdown.preprocessors import Preprocessor

STEP = 4

_ITEM = re.compile(r"( *)([*+-]|\d{1,9}\.)( +)(?=\S)(.*)")
_FENCE = re.compile(r" *(`{3,}(?=[^`]*$)|~{3,}) *\{? *\.?([\w#.+-]*)")
_CLOSER = re.compile(r"(`{3,}|~{3,}) *")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *")
_ENDS_PARAGRAPH = re.compile(r"#{1,6} |([-*_])(?: *\1){2,} *$")
_BLOCK_SIGN = re.compile(r"#{1,6} |`{3}|~{3}|<|\[\^")


class ListIndents(Preprocessor):
    """Runs before fenced code is taken out at top level, whose fences it passes over."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with list items where python-markdown looks for them."""
        if not any(_ITEM.match(line) for line in lines):
            return lines
        return _Lists(lines, self.md.htmlStash.store).move()


def register(md: markdown.Markdown) -> None:
    """Add this to a converter, between its cleaning of white space and its fenced code."""
    md.preprocessors.register(ListIndents(md), "list-indents", 27)


class _Item(msgspec.Struct, frozen=True):
    """An open item: the columns at which its marker and its words begin."""

    marker: int
    words: int


class _Lists:
    """The lines of one body while they are moved."""

    def __init__(self, lines: list[str], store: Callable[[str], str]) -> None:
        self.lines = lines
        self.store = store
        self.made: list[str] = []
        self.open: list[_Item] = []
        # Whether this line begins a block; whether the item's last block did, behind a blank line;
        # and how far its indented code was moved.
        self.is_fresh = True
        self.is_loose = False
        self.code_shift: int | None = None
        self.closers: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            if (closer := _CLOSER.fullmatch(line)) is not None:
                self.closers.setdefault(closer[1], []).append(number)

    def move(self) -> list[str]:
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            if not line.strip():
                self.made.append(line)
                self.is_fresh = True
                number += 1
            elif (end := self._end_of_top_fence(number)) > number:
                self.open.clear()
                self.made += self.lines[number:end]
                self.is_fresh, self.code_shift = True, None
                number = end
            else:
                number = self._move_line(number, line)
        return self.made

    def _end_of_top_fence(self, number: int) -> int:
        """Return the line behind a fenced block at top level, which only its own fence closes."""
        line = self.lines[number]
        if line[0] not in "`~" or (fence := _FENCE.match(line)) is None:
            return number
        closers = self.closers.get(fence[1], [])
        place = bisect_right(closers, number)
        return closers[place] + 1 if place < len(closers) else number

    def _move_line(self, number: int, line: str) -> int:
        """Move a line, or the fenced block that begins on it; return the number of the next."""
        indent = len(line) - len(line.lstrip(" "))
        item = None if _RULE.fullmatch(line) else _ITEM.fullmatch(line)
        is_next = bool(self.open) and indent <= self.open[0].marker + 1
        self._leave_items(line, indent, is_item=item is not None)
        may_begin = is_next or (self.is_fresh and indent < STEP)
        if not self.open and (item is None or not may_begin):
            self.made.append(line)
            self.is_fresh = _ENDS_PARAGRAPH.match(line) is not None
            return number + 1
        if self._is_code(indent):
            self._move_code(line, indent)
            return number + 1
        self.code_shift = None
        if item is not None:
            return self._begin_item(number, item)
        if (fence := _FENCE.match(line)) is not None and indent:
            return self._take_fence(number, fence, indent)
        self._move_words(line, indent)
        return number + 1

    def _leave_items(self, line: str, indent: int, *, is_item: bool) -> None:
        """Close the items that a line does not belong to; words may go on without indentation."""
        if not (is_item or self.is_fresh or _BLOCK_SIGN.match(line) or _RULE.fullmatch(line)):
            return
        while self.open and indent < self.open[-1].marker + 2:
            self.open.pop()

    def _is_code(self, indent: int) -> bool:
        if not self.open:
            return False
        is_deep = indent - self.open[-1].words >= STEP
        return is_deep and (self.is_fresh or self.code_shift is not None)

    def _move_code(self, line: str, indent: int) -> None:
        """Move indented code by as much as its first line, so that its own indentation stays."""
        if self.code_shift is None:
            least = STEP * (len(self.open) + 1)
            wanted = STEP * len(self.open) + indent - self.open[-1].words
            self.code_shift = 0 if least <= indent <= wanted else wanted - indent
        self.made.append(" " * (indent + self.code_shift) + line.lstrip(" "))
        self.is_fresh, self.is_loose = False, True

    def _begin_item(self, number: int, item: re.Match[str]) -> int:
        marker = len(item[1])
        margin = " " * (STEP * len(self.open))
        words = marker + len(item[2]) + len(item[3])
        self.open.append(_Item(marker, words))
        if self.is_loose and not self.is_fresh:
            # It would be words of the paragraph before it, which is a block of its own.
            self.made.append("")
        self.is_fresh = self.is_loose = False
        if (fence := _FENCE.match(item[4])) is None:
            self.made.append(f"{margin}{item[2]}{item[3]}{item[4]}")
            return number + 1
        code, end = self._read_fence(number, fence, words)
        self.made += [f"{margin}{item[2]}{item[3]}{code}", ""]
        self.is_fresh = True
        return end

    def _take_fence(self, number: int, fence: re.Match[str], indent: int) -> int:
        code, end = self._read_fence(number, fence, indent)
        self.made += ["", " " * (STEP * len(self.open)) + code, ""]
        self.is_fresh = True
        return end

    def _read_fence(self, number: int, fence: re.Match[str], indent: int) -> tuple[str, int]:
        """Return what stands for a fenced block, which ends with its item, and the next line."""
        closer = re.compile(rf" *{re.escape(fence[1])}{re.escape(fence[1][0])}* *")
        outside = self.open[-1].marker + 2
        code = []
        end = number + 1
        while end < len(self.lines):
            line = self.lines[end]
            depth = len(line) - len(line.lstrip(" "))
            if line.strip() and depth < outside:
                break
            end += 1
            if closer.fullmatch(line):
                break
            code.append(line[min(depth, indent) :])
        words = escape("\n".join(code).rstrip("\n") + "\n", quote=False)
        language = f' class="language-{escape(fence[2])}"' if fence[2] else ""
        return self.store(f"<pre><code{language}>{words}</code></pre>"), end

    def _move_words(self, line: str, indent: int) -> None:
        """Move a line of an item: to its level where a block begins, else short of code."""
        depth = len(self.open)
        item = self.open[-1]
        if self.is_fresh:
            self.made.append(" " * (STEP * depth + max(0, indent - item.words)) + line.lstrip(" "))
            self.is_fresh, self.is_loose = False, True
            return
        margin = indent if depth == 1 else STEP * (depth - 1) + min(3, max(0, indent - item.marker))
        self.made.append(" " * min(indent, margin) + line.lstrip(" "))
