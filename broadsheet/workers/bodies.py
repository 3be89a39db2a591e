"""Markdown to HTML that is safe to show.

Responsible for the whole way of a body: formulas and links to records taken out as tokens,
Markdown, code marked, an allow-list over what is left, and the tokens put back. Not responsible for
titles and abstracts, which are not Markdown (`markup`), or for where links lead (`body_links`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape

import markdown
import msgspec
import nh3

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.texts import MarkupOptions, TextJob
from broadsheet.planning.views import RichText
from broadsheet.workers.body_links import BodyLinks
from broadsheet.workers.headings import find_anchors, outline_headings, resolve_fragments
from broadsheet.workers.highlighting import highlight_code
from broadsheet.workers.markdown_parts import BodyHooks, BroadsheetExtension
from broadsheet.workers.tex.lines import PRIVATE, convert_line
from broadsheet.workers.tex.math_finding import MathSpan
from broadsheet.workers.tex.mathml import convert_formula
from broadsheet.workers.tex.parsing import TexReport
from broadsheet.workers.tex.reports import fallback_finding
from broadsheet.workers.tex.writing import MATH, plain_formulas, wrap_formula
from broadsheet.workers.tokens import Kept, Tokens

_EXTENSIONS = ("tables", "fenced_code", "sane_lists", "footnotes", "def_list", "abbr")
_TAGS = frozenset(
    [
        *("a", "abbr", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "img", "li", "ol", "p", "pre", "s", "strong", "sub"),
        *(
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
            "kbd",
            "mark",
            "small",
            "i",
            "b",
        ),
    ]
)
_ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "abbr": {"title"},
    "div": {"class"},
    "img": {"src", "alt", "title"},
    "li": {"id"},
    "ol": {"start"},
    "sup": {"id"},
    "td": {"class"},
    "th": {"class"},
}
_CLASSES = frozenset(
    ["footnote", "footnote-ref", "footnote-backref", "align-left", "align-center", "align-right"]
)
_FOOTNOTE_ID = re.compile(r"fn(?:ref\d*)?:[\w.-]+")
_CELL_STYLE = re.compile(r'(<t[dh]) style="text-align: (left|center|right);"')
_FOOTNOTE_SIGN = re.compile(
    r'<sup id="fnref[^"]*"><a class="footnote-ref"[^>]*>[^<]*</a></sup>'
    r'|<a class="footnote-backref"[^>]*>[^<]*</a>'
)
_CODE_BLOCK = re.compile(
    r'<pre><code(?: class="language-([\w+#.-]{1,40})")?>(.*?)</code></pre>', re.DOTALL
)
_BACKLINK = re.compile(
    r'(<a class="footnote-backref" href="#fnref(\d*):[^"]*") title="[^"\d]*(\d+)[^"]*"'
)
_CODE_SPAN = re.compile(r"<code>([^<]*)</code>")
_BLOCK_END = re.compile(r"</(?:p|li|h\d|tr|pre|blockquote|dt|dd|div)>|<br>|<hr>")
_TAG = re.compile(r"<[^>]*>")
_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')


class ConvertedBody(msgspec.Struct, frozen=True):
    """A body, converted.

    Attributes:
        text: HTML and plain text.
        targets: Addresses within the site that it links to, without a leading slash, each with
            how it was written.
        formulas: Plain text of each `<math>`, in their order.
        anchors: Ids that links may lead to.
        findings: What was wrong with it.
    """

    text: RichText
    targets: tuple[tuple[str, str], ...]
    formulas: tuple[str, ...]
    anchors: tuple[str, ...]
    findings: tuple[Finding, ...]


def convert_body(options: MarkupOptions, job: TextJob) -> ConvertedBody:
    """Convert a record's body.

    Args:
        options: What decides how text is converted.
        job: The record's texts.
    """
    body = _Body(options, job)
    try:
        text = body.convert()
    except RecursionError:
        # Lists within lists, hundreds deep: Markdown's parser calls itself for each, and is left
        # in the middle of them, so the next body gets a new one.
        _markdown.cache_clear()
        body.report_depth()
        text = RichText(f"<pre>{escape(body.source)}</pre>", body.source)
    return ConvertedBody(
        text,
        body.links.targets,
        body.list_formulas(text.html),
        find_anchors(text.html),
        tuple(dict.fromkeys(body.findings)),
    )


class _Body:
    """The conversion of one body: its tokens, links and findings while they are gathered."""

    def __init__(self, options: MarkupOptions, job: TextJob) -> None:
        self.options = options
        self.job = job
        self.source = PRIVATE.sub("", job.body.text)
        self.tokens = Tokens(self.source)
        self.findings: list[Finding] = []
        self.plain_math: dict[str, str] = {}
        self.links = BodyLinks(job.source, self.tokens, self.findings)

    def convert(self) -> RichText:
        converter, extension = _markdown()
        extension.hooks = BodyHooks(
            keep_formula=self._keep_formula,
            keep_address=self.links.keep,
            keep_title=self._keep_title,
            keep_link=self._keep_link,
            links=dict(self.job.links),
            on_unknown=self._report_unknown,
        )
        html = converter.reset().convert(self.source)
        html = _CELL_STYLE.sub(r'\1 class="align-\2"', html)
        html = _CODE_BLOCK.sub(self._keep_code, html)
        html = _CODE_SPAN.sub(self._restore_code, html)
        self.links.report_schemes(html)
        sanitiser = _sanitiser(self.options.link_policy)
        sanitiser.filter_attribute = self._filter_attribute
        clean = sanitiser.cleaner.clean(html)
        clean = _IMAGE.sub(_mend_image, clean.replace("&nbsp;", "\u00a0"))
        clean = _BACKLINK.sub(_name_backlink, clean)
        clean = outline_headings(clean, self.job.heading_base, self.tokens.to_plain)
        clean = resolve_fragments(clean, self._report_fragment)
        plain = _strip_tags(_FOOTNOTE_SIGN.sub("", clean))
        return RichText(self.tokens.to_html(clean), self.tokens.to_plain(plain).strip())

    def report_depth(self) -> None:
        self._report(Code.BODY_TOO_DEEP, "lists and quotations stand too deep in each other", "")

    def list_formulas(self, html: str) -> tuple[str, ...]:
        """Return the plain text of each formula, in the order of the HTML."""
        return tuple(self.plain_math[math] for math in MATH.findall(html))

    def _keep_formula(self, span: MathSpan, written: str) -> str:
        tex = span.tex.strip()
        formula = convert_formula(tex, self.options.macros, is_display=span.is_display)
        self.plain_math[formula.html] = formula.plain
        if formula.failure:
            self.findings.append(fallback_finding(self.job.source, tex, formula.failure))
        return self.tokens.keep(Kept(wrap_formula(formula), formula.plain, written))

    def _keep_title(self, title: str) -> str:
        line, segments = convert_line(self.options.macros, title, TexReport(), has_links=False)
        self.plain_math |= plain_formulas(segments, self.options.macros, has_links=False)
        return self.tokens.keep(Kept(line.html, line.plain, line.plain))

    def _keep_link(self, written: str) -> str:
        # Its words may hold the tokens of formulas, which nobody puts back a second time.
        plain = self.tokens.to_plain(written)
        source = self.tokens.to_source(written)
        return self.tokens.keep(Kept(escape(source, quote=False), plain, source))

    def _keep_code(self, match: re.Match[str]) -> str:
        code = self.tokens.to_source(unescape(match[2]))
        html = highlight_code(code, match[1] or "")
        return self.tokens.keep(Kept(f'<pre><code class="hl">{html}</code></pre>', code, code))

    def _restore_code(self, match: re.Match[str]) -> str:
        code = escape(self.tokens.to_source(unescape(match[1])), quote=False)
        return f"<code>{code}</code>"

    def _filter_attribute(self, tag: str, name: str, value: str) -> str | None:
        if name in ("href", "src"):
            return self.links.resolve(value, tag)
        if name == "class":
            return value if value in _CLASSES else None
        if name == "id":
            return value if _FOOTNOTE_ID.fullmatch(value) else None
        return self.tokens.to_plain(value)

    def _report_unknown(self, link: str) -> None:
        hint = "write [[id]] with the stem of a paper's file name"
        self._report(Code.UNKNOWN_PAPER, f"the link '{link}' names no record", link, hint)

    def _report_fragment(self, fragment: str) -> None:
        message = f"the link '{fragment}' names no heading of this text"
        self._report(Code.BROKEN_LINK, message, fragment, "write the heading's words: #my-heading")

    def _report(self, code: Code, message: str, quote: str, hint: str = "") -> None:
        finding = Finding(
            code=code, message=message, source=self.job.source, quote=quote, hint=hint
        )
        self.findings.append(finding)


class _Sanitiser:
    """The allow-list; making one takes ten times as long as using it.

    Attributes:
        filter_attribute: Judges an attribute of the body at hand.
        cleaner: Takes out everything that is not on the list.
    """

    def __init__(self, link_rel: str) -> None:
        self.filter_attribute: Callable[[str, str, str], str | None] = lambda *_: None
        self.cleaner = nh3.Cleaner(
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            attribute_filter=self._judge,
            link_rel=link_rel,
            url_schemes={"http", "https", "mailto"},
        )

    def _judge(self, tag: str, name: str, value: str) -> str | None:
        return self.filter_attribute(tag, name, value)


@lru_cache(maxsize=2)
def _sanitiser(link_policy: str) -> _Sanitiser:
    """Return this worker's allow-list."""
    return _Sanitiser("noopener nofollow" if link_policy == "nofollow" else "noopener")


def _name_backlink(match: re.Match[str]) -> str:
    """Return a link back to a footnote's sign under a name that no other link of the text has."""
    place = f", place {match[2]}" if match[2] else ""
    return f'{match[1]} aria-label="Back to footnote {match[3]} in the text{place}"'


def _mend_image(match: re.Match[str]) -> str:
    """Return an image that has words, if no others; one whose address was refused is nothing."""
    attributes = match[1]
    if ' src="' not in attributes:
        return ""
    return match[0] if ' alt="' in attributes else f'<img alt=""{attributes}>'


def _strip_tags(html: str) -> str:
    text = unescape(_TAG.sub("", _BLOCK_END.sub("\n", html)))
    return "\n".join(line for line in (part.strip() for part in text.split("\n")) if line)


@lru_cache(maxsize=1)
def _markdown() -> tuple[markdown.Markdown, BroadsheetExtension]:
    """Return this worker's converter; making one takes five times as long as using it."""
    extension = BroadsheetExtension()
    converter = markdown.Markdown(extensions=[*_EXTENSIONS, extension], output_format="html")
    return converter, extension
