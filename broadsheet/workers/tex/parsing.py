r"""TeX-flavoured text to segments.

Responsible for reading one paragraph: formulas (found by `math_finding`), groups, signs, addresses,
and the slips of real records (`{it misaligned}`, `mathcal O(…)`). No text is ever lost: what is not
understood prints its words, and unknown commands are listed. Not responsible for what commands mean
(`commands`) or for output (`writing`).

A converter that treats `%` as a comment, as TeX does, loses more than a tenth of one abstract in
eight of 13,749 real records, so `%`, `&`, `#`, `_` and `^` are text here.

The work is linear: the cursor never goes back, braces are paired once, and looks ahead are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from broadsheet.domain.links import safe_url
from broadsheet.foundations.words import fold
from broadsheet.workers.tex import symbols
from broadsheet.workers.tex.accents import read_accent
from broadsheet.workers.tex.commands import read_command, read_link
from broadsheet.workers.tex.math_finding import MathSpan, find_math, is_words_only
from broadsheet.workers.tex.normalising import Macros
from broadsheet.workers.tex.segments import Link, Math, Segment, Text, style_segments
from broadsheet.workers.tex.signs import TOKEN
from broadsheet.workers.tex.typography import (
    drop_last_space,
    is_set,
    join_text,
    pair_quotes,
    read_dash,
    read_quote,
    read_tie,
    trim_address,
    trim_text,
    unescape_address,
)

MAX_DEPTH = 40

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_SLIP_STYLE = re.compile(r"(bf|it|tt|sc|sl|em)\s+(?=\S)")
_SLIP_ROOT = re.compile(r"\b(sqrt|log|epsilon)\b")
_OPTION = re.compile(r"\s?\[[^\][]*\]")
_BEFORE_SET = ("", " ", "(", '"')


class TexReport:
    """What a parser noticed: `unknown` commands, each once, in the order they came up."""

    __slots__ = ("unknown",)

    def __init__(self) -> None:
        """Begin with nothing noticed."""
        self.unknown: dict[str, None] = {}


def parse_tex(paragraph: str, report: TexReport, macros: Macros = ()) -> tuple[Segment, ...]:
    """Parse one paragraph.

    Args:
        paragraph: As its authors wrote it; white space is folded.
        report: Where unknown commands are noted.
        macros: The site's own commands, which stand for their words in text too.

    Returns:
        Its segments, joined, without space at either end.
    """
    folded = pair_quotes(drop_last_space(fold(paragraph)))
    return trim_text(Parser(folded, report, dict(macros)).parse())


class Parser:
    """A cursor over one paragraph.

    Attributes:
        text: The paragraph.
        position: How far it has been read.
    """

    def __init__(
        self, text: str, report: TexReport, macros: Mapping[str, str] = {}, depth: int = 0
    ) -> None:
        """Stand before the first character.

        Args:
            text: The paragraph, its white space folded.
            report: Where unknown commands are noted.
            macros: The site's own commands.
            depth: In how many groups the text stands already.
        """
        self.text = text
        self.position = 0
        self._report = report
        self._macros = macros
        self._depth = depth
        self._formulas = find_math(text)
        self._next = 0
        self._token: re.Match[str] | None = None
        self._is_past_tokens = False
        self._pairs: dict[int, int] | None = None

    def parse(self) -> tuple[Segment, ...]:
        """Read the whole text."""
        return join_text(self._read(in_group=False))

    def argument(self) -> tuple[Segment, ...]:
        """Read a command's argument, a group, behind its options; nothing when there is none."""
        start = self._find_group()
        if start < 0:
            return ()
        self.position = start + 1
        return () if self._depth >= MAX_DEPTH else join_text(self._read_group())

    def source_argument(self) -> str | None:
        """Read a command's argument as its source; None when there is no complete group."""
        start = self._find_group()
        end = self._pair(start) if start >= 0 else -1
        if end < 0:
            return None
        self.position = end + 1
        return self.text[start + 1 : end]

    def has_argument(self) -> bool:
        """Tell whether a group begins here."""
        return self.text.startswith("{", self.position)

    def skip(self, ending: str) -> bool:
        """Step over exactly these characters where they stand here."""
        is_here = self.text.startswith(ending, self.position)
        if is_here:
            self.position += len(ending)
        return is_here

    def skip_options(self) -> None:
        """Step over a command's options: `[see][p. 3]`."""
        while option := _OPTION.match(self.text, self.position):
            self.position = option.end()

    def expand(self, name: str) -> tuple[Segment, ...] | None:
        """Return the words that a command of the site's own stands for, or None.

        One that takes arguments is for formulas only; within the words, no other is expanded.
        """
        tex = self._macros.get(name)
        if tex is None or "#" in tex:
            return None
        return Parser(tex, self._report, depth=self._depth).parse()

    def note_unknown(self, name: str) -> None:
        """Note a command that is not known."""
        self._report.unknown.setdefault(name)

    def _read(self, *, in_group: bool) -> list[Segment]:
        """Read to the end of the text or, in a group, behind its closing brace."""
        out: list[Segment] = []
        length = len(self.text)
        while self.position < length:
            formula = self._peek_formula()
            match = self._peek_token()
            start = match.start() if match is not None else length
            is_formula = formula is not None and formula.start <= start
            if formula is not None and is_formula:
                start = formula.start
            if start > self.position:
                out.append(Text(self.text[self.position : start]))
            if formula is not None and is_formula:
                self.position = formula.end
                out.extend(self._read_formula(formula))
            elif match is None:
                self.position = length
            else:
                self.position = match.end()
                if match[0] == "}":
                    if in_group:
                        return out
                elif match["name"] in symbols.SWITCHES:
                    if self._depth < MAX_DEPTH:
                        out.append(self._read_switch(match["name"], in_group=in_group))
                        return out
                else:
                    out.extend(self._read_token(match, out))
        return out

    def _peek_formula(self) -> MathSpan | None:
        while self._next < len(self._formulas):
            if self._formulas[self._next].start >= self.position:
                return self._formulas[self._next]
            self._next += 1
        return None

    def _peek_token(self) -> re.Match[str] | None:
        """Return the next token; it is searched for once, however many formulas come first."""
        if self._is_past_tokens:
            return None
        if self._token is None or self._token.start() < self.position:
            self._token = TOKEN.search(self.text, self.position)
            self._is_past_tokens = self._token is None
        return self._token

    def _read_formula(self, formula: MathSpan) -> tuple[Segment, ...]:
        r"""Read a formula; one that only styles words (`$\textbf{A}$`) is text."""
        tex = formula.tex.strip()
        if self._depth < MAX_DEPTH and is_words_only(tex):
            return Parser(tex, self._report, self._macros, self._depth + 1).parse()
        return (Math(tex, formula.is_display),)

    def _read_switch(self, name: str, *, in_group: bool) -> Segment:
        r"""Read `\bf` and its kin, whose style lasts to the end of the group."""
        self.skip(" ")
        self._depth += 1
        rest = join_text(self._read(in_group=in_group))
        self._depth -= 1
        return style_segments(symbols.SWITCHES[name], rest)

    def _read_token(self, match: re.Match[str], out: list[Segment]) -> list[Segment]:
        kind, text = match.lastgroup, match[0]
        if kind == "name":
            return read_command(self, match["name"], out)
        if kind == "sign":
            return self._read_sign(match["sign"])
        if kind == "brace":
            return self._read_bare_group(match.start())
        if kind == "tie":
            return [Text(read_tie(self.text, match.start()))]
        if kind == "quote":
            return [Text(read_quote(self.text, match.start(), text))]
        if kind == "dash":
            return [Text(read_dash(self.text, match.start(), text))]
        if kind == "link":
            return read_link(self, text)
        if kind == "url":
            return self._read_address(text)
        if kind == "script":
            return [Math("{}" + text, is_display=False)]
        return [Math("\\" + _SLIP_ROOT.sub(r"\\\1", text), is_display=False)]

    def _read_sign(self, sign: str) -> list[Segment]:
        if sign in symbols.ESCAPED:
            return [Text(sign)]
        if sign in symbols.SPACING:
            return [Text(symbols.SPACING[sign])]
        accented = read_accent(self, sign) if sign in symbols.ACCENTS else None
        return [accented or Text(sign)]

    def _read_bare_group(self, start: int) -> list[Segment]:
        """Read a group without a command: a slip of a style, a set, or protected words."""
        if self._depth >= MAX_DEPTH:
            return []
        slip = _SLIP_STYLE.match(self.text, self.position)
        if slip is not None:
            self.position = slip.end()
            return [style_segments(symbols.SWITCHES[slip[1]], join_text(self._read_group()))]
        children = self._read_group()
        before = self.text[start - 1 : start] if start else ""
        if before not in _BEFORE_SET or self.text[self.position - 1] != "}":
            return children
        if is_set(self.text[start + 1 : self.position - 1]):
            return [Text("{"), *children, Text("}")]
        return children

    def _read_group(self) -> list[Segment]:
        self._depth += 1
        segments = self._read(in_group=True)
        self._depth -= 1
        return segments

    def _read_address(self, found: str) -> list[Segment]:
        """Read a bare address; punctuation behind it belongs to the sentence."""
        bare = trim_address(found)
        shown = unescape_address(bare)
        href = safe_url(shown)
        if href is None:
            return [Text(unescape_address(found))]
        self.position -= len(found) - len(bare)
        return [Link(href, (Text(shown),))]

    def _find_group(self) -> int:
        """Return where a command's group opens, or -1."""
        while option := _OPTION.match(self.text, self.position):
            if not self.text.startswith(("{", "["), option.end()):
                break
            self.position = option.end()
        start = self.position + self.text.startswith(" {", self.position)
        return start if self.text.startswith("{", start) else -1

    def _pair(self, start: int) -> int:
        """Return where the group that opens at an offset closes, or -1."""
        if self._pairs is None:
            self._pairs = {}
            opened: list[int] = []
            for match in _BRACE.finditer(self.text):
                if match[0] == "{":
                    opened.append(match.start())
                elif match[0] == "}" and opened:
                    self._pairs[opened.pop()] = match.start()
        return self._pairs.get(start, -1)
