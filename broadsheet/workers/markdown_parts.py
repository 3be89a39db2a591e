r"""What Broadsheet adds to Markdown: formulas and links between records.

Responsible for the two syntaxes (`$…$` and its kin, `[[2403.02884]]`). Each leaves a token in the
text, which `bodies` replaces when the allow-list has passed. Not responsible for what a token
becomes.

Both are taken out before Markdown reads a line, because their signs mean something to it: a bar
would end a table's cell, an underscore would slant. A link's token becomes a link where Markdown
reads running text; elsewhere it is what was written. Fenced code and blocks of HTML are gone by
then (priorities 25 and 20); code within lines is passed over, and where a token stands in code
after all, `bodies` puts back what was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from xml.etree.ElementTree import Element

import markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from broadsheet.planning.texts import RecordLink
from broadsheet.workers.list_indents import register as register_list_indents
from broadsheet.workers.tex.math_finding import MathSpan, find_math
from broadsheet.workers.tokens import PATTERN

_RECORD_LINK = re.compile(r"\[\[([^\[\]|\n]{1,100})(?:\|([^\[\]]{1,300}))?\]\]")
_BLANK_LINE = re.compile(r"(\n[ \t]*\n)")
_BACKTICKS = re.compile(r"(?<!\\)`+")

_BRACKET = re.compile(r"[\[\]]")
MAX_BRACKETS = 10

# What must stand in a text for a pattern to match anything there.
_SIGNS = {
    "autolink": "<",
    "automail": "<",
    "backtick": "`",
    "entity": "&",
    "escape": "\\",
    "footnote": "[^",
    "html": "<",
    "image_link": "![",
    "image_reference": "![",
    "linebreak": "  \n",
    "link": "[",
    "record-link": "\ue001",
    "reference": "[",
    "short_image_ref": "![",
    "short_reference": "[",
}


class BodyHooks:
    """What the two syntaxes call while one body is converted.

    Attributes:
        keep_formula: Takes a formula and how it was written; returns the token that stands for it.
        keep_title: Takes a title as its authors wrote it; returns the token that stands for it.
        keep_link: Takes a link to a record as it was written; returns the token that stands for it.
        links: Records that the body may link to, by what stands between the brackets.
        keep_address: Takes an address within the site and how it was written; returns the token
            that stands for it.
        on_unknown: Called with a link whose record does not exist.
        taken: The links to records that were taken out, by their tokens.
    """

    __slots__ = (
        "keep_address",
        "keep_formula",
        "keep_link",
        "keep_title",
        "links",
        "on_unknown",
        "taken",
    )

    def __init__(
        self,
        *,
        keep_formula: Callable[[MathSpan, str], str],
        keep_address: Callable[[str, str], str],
        keep_title: Callable[[str], str],
        keep_link: Callable[[str], str],
        links: Mapping[str, RecordLink],
        on_unknown: Callable[[str], None],
    ) -> None:
        """Set what one body's syntaxes call."""
        self.keep_formula = keep_formula
        self.keep_address = keep_address
        self.keep_title = keep_title
        self.keep_link = keep_link
        self.taken: dict[str, re.Match[str]] = {}
        self.links = links
        self.on_unknown = on_unknown


class BroadsheetExtension(markdown.extensions.Extension):
    """Adds both syntaxes to a converter that is used again and again.

    Attributes:
        hooks: What they call; set before each body.
    """

    def __init__(self) -> None:
        """Begin without a body."""
        super().__init__()
        self.hooks: BodyHooks | None = None

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name
        """Register the syntaxes."""
        register_list_indents(md)
        md.preprocessors.register(_Taking(md, self), "formulas", 15)
        # Code spans come first, at 190; backslash escapes behind, at 180.
        md.inlinePatterns.register(_RecordReference(PATTERN, md, self), "record-link", 185)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$", "|"]
        for name, sign in _SIGNS.items():
            if name in md.inlinePatterns:
                pattern = md.inlinePatterns[name]
                pattern.compiled_re = _Guarded(pattern.compiled_re, sign)  # type: ignore[assignment]


class _Guarded:
    """A pattern that is tried only where its sign stands: most texts hold few of fifteen signs."""

    __slots__ = ("_is_opening", "_pattern", "_sign")

    def __init__(self, pattern: re.Pattern[str], sign: str) -> None:
        self._pattern = pattern
        self._sign = sign
        self._is_opening = pattern.pattern.endswith(r"\[")

    def finditer(self, text: str, start: int) -> Iterable[re.Match[str]]:
        if self._sign not in text:
            return ()
        found = self._pattern.finditer(text, start)
        if self._is_opening:
            return (match for match in found if _closes(text, match.end()))
        return found


def _closes(text: str, start: int) -> bool:
    """Tell whether a bracket that opened before an offset closes.

    The library looks for its end character by character, from each bracket of `[[[[…` again; within
    a bracket's first levels the work is linear, and deeper ones are text.
    """
    depth = 1
    for match in _BRACKET.finditer(text, start):
        depth += 1 if match[0] == "[" else -1
        if not 0 < depth <= MAX_BRACKETS:
            break
    return depth == 0


class _Taking(Preprocessor):
    """Replaces formulas and links to records by tokens; what only looks like one stays text."""

    def __init__(self, md: markdown.Markdown, extension: BroadsheetExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        hooks = self.extension.hooks
        text = "\n".join(lines)
        has_math = "$" in text or "\\" in text
        has_links = "[[" in text
        if hooks is None or not (has_math or has_links):
            return lines
        pieces = _BLANK_LINE.split(text)
        if has_math:
            pieces = [_take_formulas(hooks, piece) for piece in pieces]
        if has_links:
            pieces = [_take_links(hooks, piece) for piece in pieces]
        return "".join(pieces).split("\n")


def _take_formulas(hooks: BodyHooks, paragraph: str) -> str:
    if "$" not in paragraph and "\\" not in paragraph:
        return paragraph
    parts = []
    end = 0
    for span in find_math(_mask_code(paragraph)):
        written = paragraph[span.start : span.end]
        parts += [paragraph[end : span.start], hooks.keep_formula(span, written)]
        end = span.end
    parts.append(paragraph[end:])
    return "".join(parts)


def _take_links(hooks: BodyHooks, paragraph: str) -> str:
    if "[[" not in paragraph:
        return paragraph
    parts = []
    end = 0
    masked = _mask_code(paragraph)
    for match in _RECORD_LINK.finditer(paragraph):
        # A link's words may hold code; its brackets do not stand within any.
        if masked[match.start()] == "[" and masked[match.end() - 1] == "]":
            token = hooks.keep_link(match[0])
            hooks.taken[token] = match
            parts += [paragraph[end : match.start()], token]
            end = match.end()
    parts.append(paragraph[end:])
    return "".join(parts)


def _mask_code(paragraph: str) -> str:
    """Return a paragraph of the same length whose code spans are backticks, never a formula."""
    if "`" not in paragraph:
        return paragraph
    runs = list(_BACKTICKS.finditer(paragraph))
    following: dict[int, int] = {}
    closers = [0] * len(runs)
    for index in range(len(runs) - 1, -1, -1):
        length = len(runs[index][0])
        closers[index] = following.get(length, -1)
        following[length] = index
    parts = []
    done = index = 0
    while index < len(runs):
        closer = closers[index]
        if closer >= 0:
            start, end = runs[index].start(), runs[closer].end()
            parts += [paragraph[done:start], "`" * (end - start)]
            done, index = end, closer
        index += 1
    parts.append(paragraph[done:])
    return "".join(parts)


class _RecordReference(InlineProcessor):
    """Makes a link of a token: with the record's title for `[[id]]`, or with the words written."""

    def __init__(self, pattern: str, md: markdown.Markdown, extension: BroadsheetExtension) -> None:
        super().__init__(pattern, md)
        self.extension = extension

    def handleMatch(  # type: ignore[override] # noqa: N802 - the library's name; it allows None
        self, m: re.Match[str], _data: str
    ) -> tuple[Element | None, int | None, int | None]:
        hooks = self.extension.hooks
        written = hooks.taken.get(m[0]) if hooks is not None else None
        if hooks is None or written is None:
            return None, None, None
        link = hooks.links.get(written[1].strip())
        if link is None:
            hooks.on_unknown(written[0])
            return None, None, None
        element = Element("a")
        element.set("href", hooks.keep_address(link.url, written[0]))
        words = " ".join(written[2].split()) if written[2] else ""
        element.text = AtomicString(words or hooks.keep_title(link.title))
        return element, m.start(0), m.end(0)
