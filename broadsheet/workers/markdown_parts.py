r"""What Broadsheet adds to Markdown: formulas and links between records.

Responsible for the two inline syntaxes (`$…$` and its kin, `[[2403.02884]]`) and for displayed
formulas that stand on lines of their own. Each leaves a token in the text, which `bodies` replaces
when the allow-list has passed. Not responsible for what a token becomes.

Inline patterns run by priority: code spans at 190 come first, so that `$HOME` in one stays code;
185 is above backslash escapes (180), so that `\(` still means a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

import markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from broadsheet.planning.texts import RecordLink
from broadsheet.workers.tex.math_finding import find_math

_MATH_OPENING = r"\$|\\\(|\\\[|\\begin\{"
_RECORD_LINK = r"\[\[([^\[\]|\n]{1,100})(?:\|([^\[\]\n]{1,300}))?\]\]"
_DISPLAY = re.compile(
    r"^ {0,3}(?:\$\$(?P<dollars>(?:(?!\$\$|\n[ \t]*\n).){1,1000})\$\$"
    r"|\\\[(?P<brackets>(?:(?!\\\]|\n[ \t]*\n).){1,1000})\\\])[ \t]*$",
    re.DOTALL | re.MULTILINE,
)


class BodyHooks:
    """What the two syntaxes call while one body is converted.

    Attributes:
        keep_formula: Takes TeX and whether it is displayed; returns the token that stands for it.
        keep_title: Takes a title as its authors wrote it; returns the token that stands for it.
        links: Records that the body may link to, by what stands between the brackets.
        keep_address: Takes an address within the site; returns the token that stands for it.
        on_unknown: Called with a link whose record does not exist.
    """

    __slots__ = ("keep_address", "keep_formula", "keep_title", "links", "on_unknown")

    def __init__(
        self,
        *,
        keep_formula: Callable[[str, bool], str],
        keep_address: Callable[[str], str],
        keep_title: Callable[[str], str],
        links: Mapping[str, RecordLink],
        on_unknown: Callable[[str], None],
    ) -> None:
        """Set what one body's syntaxes call."""
        self.keep_formula = keep_formula
        self.keep_address = keep_address
        self.keep_title = keep_title
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
        md.preprocessors.register(_DisplayedMath(md, self), "displayed-math", 15)
        md.inlinePatterns.register(_InlineMath(_MATH_OPENING, md, self), "math", 185)
        md.inlinePatterns.register(_RecordReference(_RECORD_LINK, md, self), "record-link", 186)


class _DisplayedMath(Preprocessor):
    """Takes displayed formulas out before their lines could be read as headings or lists."""

    def __init__(self, md: markdown.Markdown, extension: BroadsheetExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        hooks = self.extension.hooks
        if hooks is None or not any("$$" in line or "\\[" in line for line in lines):
            return lines

        def keep(match: re.Match[str]) -> str:
            tex = match["dollars"] or match["brackets"]
            return hooks.keep_formula(tex.strip(), True) if tex.strip() else match[0]

        return _DISPLAY.sub(keep, "\n".join(lines)).split("\n")


class _InlineMath(InlineProcessor):
    """Replaces a formula by its token; what only looks like one stays text."""

    def __init__(self, pattern: str, md: markdown.Markdown, extension: BroadsheetExtension) -> None:
        super().__init__(pattern, md)
        self.extension = extension
        self.known: tuple[str, dict[int, tuple[int, str, bool]]] = ("", {})

    def handleMatch(  # type: ignore[override] # noqa: N802 - the library's name; it allows None
        self, m: re.Match[str], data: str
    ) -> tuple[str | None, int | None, int | None]:
        hooks = self.extension.hooks
        if self.known[0] != data:
            spans = {span.start: (span.end, span.tex, span.is_display) for span in find_math(data)}
            self.known = (data, spans)
        found = self.known[1].get(m.start(0))
        if hooks is None or found is None:
            return None, None, None
        end, tex, is_display = found
        return hooks.keep_formula(tex.strip(), is_display), m.start(0), end


class _RecordReference(InlineProcessor):
    """Replaces `[[id]]` by a link with the record's title, `[[id|words]]` by one with the words."""

    def __init__(self, pattern: str, md: markdown.Markdown, extension: BroadsheetExtension) -> None:
        super().__init__(pattern, md)
        self.extension = extension

    def handleMatch(  # type: ignore[override] # noqa: N802 - the library's name; it allows None
        self, m: re.Match[str], _data: str
    ) -> tuple[Element | None, int | None, int | None]:
        hooks = self.extension.hooks
        if hooks is None:
            return None, None, None
        link = hooks.links.get(m[1].strip())
        if link is None:
            hooks.on_unknown(m[0])
            return None, None, None
        element = Element("a")
        element.set("href", hooks.keep_address(link.url))
        element.text = AtomicString(m[2].strip() if m[2] else hooks.keep_title(link.title))
        return element, m.start(0), m.end(0)
