"""Markdown to HTML that is safe to show.

Responsible for the whole way of a body: Markdown, code, formulas and links taken out as tokens, an
allow-list over what is left, and the tokens put back. Not responsible for titles and abstracts,
which are not Markdown (`markup`).

A token holds a hash over the body, so that no body can hold one of its own tokens, and the
characters that mark tokens are taken out of every input and every output that is not a token.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from html import escape, unescape
from pathlib import PurePosixPath

import markdown
import msgspec
import nh3

from broadsheet.domain.identifiers import slugify
from broadsheet.domain.links import safe_url
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.addresses import record_url
from broadsheet.planning.texts import ROOT_MARK, TextJob
from broadsheet.planning.views import RichText
from broadsheet.workers.highlighting import highlight_code
from broadsheet.workers.markdown_parts import BodyHooks, BroadsheetExtension
from broadsheet.workers.tex.lines import PRIVATE, convert_line
from broadsheet.workers.tex.mathml import convert_formula
from broadsheet.workers.tex.parsing import TexReport
from broadsheet.workers.tex.reports import fallback_finding

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
_TOKEN = re.compile("\ue001([0-9a-f]{16})-(\\d+)\ue002")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")
_CELL_STYLE = re.compile(r'(<t[dh]) style="text-align: (left|center|right);"')
_ADDRESS = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
_BACK_REFERENCE = re.compile(r'<a class="footnote-backref"[^>]*>[^<]*</a>')
_CODE_BLOCK = re.compile(
    r'<pre><code(?: class="language-([\w+#.-]{1,40})")?>(.*?)</code></pre>', re.DOTALL
)
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|h\d|tr|pre|blockquote|dt|dd|div)>|<br>|<hr>")
_TAG = re.compile(r"<[^>]*>")


class MarkupOptions(msgspec.Struct, frozen=True):
    """What decides how text is converted, beside the text.

    Attributes:
        link_policy: `follow` or `nofollow`, for links out of bodies.
        macros: The site's own TeX commands: name without backslash, and what it stands for.
    """

    link_policy: str = "follow"
    macros: tuple[tuple[str, str], ...] = ()


class ConvertedBody(msgspec.Struct, frozen=True):
    """A body, converted.

    Attributes:
        text: HTML and plain text.
        targets: Addresses within the site that it links to, without a leading slash.
        findings: What was wrong with it.
    """

    text: RichText
    targets: tuple[str, ...]
    findings: tuple[Finding, ...]


def convert_body(options: MarkupOptions, job: TextJob) -> ConvertedBody:
    """Convert a record's body.

    Args:
        options: What decides how text is converted.
        job: The record's texts.
    """
    return _Body(options, job).convert()


class _Body:
    """The conversion of one body: its tokens, targets and findings while they are gathered."""

    def __init__(self, options: MarkupOptions, job: TextJob) -> None:
        self.options = options
        self.job = job
        self.source = PRIVATE.sub("", job.body.text)
        self.nonce = hashlib.blake2b(
            self.source.encode("utf-8", "replace"), digest_size=8
        ).hexdigest()
        self.kept: list[RichText] = []
        self.targets: list[str] = []
        self.findings: list[Finding] = []

    def convert(self) -> ConvertedBody:
        converter, extension = _markdown()
        extension.hooks = BodyHooks(
            keep_formula=self._keep_formula,
            keep_address=self._keep_address,
            keep_title=self._keep_title,
            links=dict(self.job.links),
            on_unknown=self._report_unknown,
        )
        html = converter.reset().convert(self.source)
        html = _CELL_STYLE.sub(r'\1 class="align-\2"', html)
        html = _CODE_BLOCK.sub(self._keep_code, html)
        self._report_schemes(html)
        clean = nh3.clean(
            html,
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            attribute_filter=self._filter_attribute,
            link_rel=self._link_rel(),
            url_schemes={"http", "https", "mailto"},
        )
        clean = _level_headings(clean, self.job.heading_base)
        plain = _strip_tags(_BACK_REFERENCE.sub("", clean))
        text = RichText(self._put_back(clean, "html"), self._put_back(plain, "plain").strip())
        return ConvertedBody(text, tuple(dict.fromkeys(self.targets)), tuple(self.findings))

    def _link_rel(self) -> str:
        return "noopener nofollow" if self.options.link_policy == "nofollow" else "noopener"

    def _keep(self, text: RichText) -> str:
        self.kept.append(text)
        return f"\ue001{self.nonce}-{len(self.kept) - 1}\ue002"

    def _keep_formula(self, tex: str, is_display: bool) -> str:  # noqa: FBT001 - a callback
        formula = convert_formula(tex, self.options.macros, is_display=is_display)
        if formula.failure:
            self.findings.append(fallback_finding(self.job.source, tex, formula.failure))
        return self._keep(RichText(formula.html, formula.plain))

    def _keep_address(self, url: str) -> str:
        self.targets.append(url)
        return self._keep(RichText(ROOT_MARK + url, ""))

    def _keep_title(self, title: str) -> str:
        line, _ = convert_line(self.options.macros, title, TexReport(), has_links=False)
        return self._keep(line)

    def _keep_code(self, match: re.Match[str]) -> str:
        code = unescape(match[2])
        html = highlight_code(code, match[1] or "")
        return self._keep(RichText(f'<pre><code class="hl">{html}</code></pre>', code))

    def _report_unknown(self, link: str) -> None:
        self.findings.append(
            Finding(
                code=Code.UNKNOWN_PAPER,
                message=f"the link '{link}' names no record",
                source=self.job.source,
                quote=link,
                hint="write [[id]] with the stem of a paper's file name",
            )
        )

    def _report_schemes(self, html: str) -> None:
        """Report addresses that the allow-list drops before it asks about them."""
        for match in _ADDRESS.finditer(html):
            value = unescape(match[1]).strip()
            if _SCHEME.match(value) and safe_url(value) is None:
                self._refuse_address(value, is_image=False)

    def _filter_attribute(self, _tag: str, name: str, value: str) -> str | None:
        if name in ("href", "src"):
            return self._resolve(value, is_image=name == "src")
        if name == "class":
            return value if value in _CLASSES else None
        if name == "id":
            return value if _FOOTNOTE_ID.fullmatch(value) else None
        return value

    def _resolve(self, value: str, *, is_image: bool) -> str | None:
        """Return the address a link leads to, or None, with a finding, for one not allowed."""
        value = value.strip()
        if value.startswith("#") or _TOKEN.fullmatch(value):
            return None if is_image else value
        url = safe_url(value) if _SCHEME.match(value) else self._resolve_within(value)
        if is_image and _SCHEME.match(value):
            url = None
        if url is None:
            self._refuse_address(value, is_image=is_image)
        return url

    def _refuse_address(self, value: str, *, is_image: bool) -> None:
        kind = "image" if is_image else "link"
        hint = "use https, http or mailto, or an address within the site: /papers/<id>/"
        if is_image:
            hint = "put the image into content/static/ and write its path from there: /name.png"
        finding = Finding(
            code=Code.UNSAFE_URL,
            message=f"the {kind} '{value[:80]}' is not allowed",
            source=self.job.source,
            quote=value,
            hint=hint,
        )
        if finding not in self.findings:
            self.findings.append(finding)

    def _resolve_within(self, value: str) -> str | None:
        """Return the token of an address within the site; a path to a record's file counts too."""
        path, hash_sign, fragment = value.partition("#")
        if path.endswith(".md"):
            folder = PurePosixPath(self.job.source).parent
            url = record_url(_normalise(path.lstrip("/") if path[0] == "/" else f"{folder}/{path}"))
        else:
            url = path.removeprefix("./").lstrip("/")
        if url is None or ".." in url.split("/"):
            return None
        target = f"{url}{hash_sign}{fragment}"
        if safe_url(f"https://site.invalid/{target}") is None:
            return None
        return self._keep_address(target)

    def _put_back(self, text: str, variant: str) -> str:
        """Replace this body's tokens, and take out every other private character."""

        def restore(match: re.Match[str]) -> str:
            index = int(match[2])
            if match[1] != self.nonce or index >= len(self.kept):
                return ""
            return str(getattr(self.kept[index], variant))

        parts = []
        end = 0
        for match in _TOKEN.finditer(text):
            parts += [PRIVATE.sub("", text[end : match.start()]), restore(match)]
            end = match.end()
        parts.append(PRIVATE.sub("", text[end:]))
        return "".join(parts)


def _normalise(path: str) -> str:
    """Return a path with its `..` and `.` taken out."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _level_headings(html: str, base: int) -> str:
    """Give headings levels that begin at a base and skip none, and anchors that are unique."""
    levels = [int(match[1]) for match in _HEADING.finditer(html)]
    if not levels:
        return html
    lowest = min(levels)
    previous = base - 1
    taken: set[str] = set()

    def replace(match: re.Match[str]) -> str:
        nonlocal previous
        level = min(base + int(match[1]) - lowest, previous + 1, 6)
        previous = level
        slug = slugify(_TAG.sub("", _TOKEN.sub("", match[2])) or "section", taken)
        taken.add(slug)
        return f'<h{level} id="s-{escape(slug)}">{match[2]}</h{level}>'

    return _HEADING.sub(replace, html)


def _strip_tags(html: str) -> str:
    text = unescape(_TAG.sub("", _BLOCK_END.sub("\n", html)))
    return "\n".join(line for line in (part.strip() for part in text.split("\n")) if line)


@lru_cache(maxsize=1)
def _markdown() -> tuple[markdown.Markdown, BroadsheetExtension]:
    """Return this worker's converter; making one takes five times as long as using it."""
    extension = BroadsheetExtension()
    converter = markdown.Markdown(extensions=[*_EXTENSIONS, extension], output_format="html")
    return converter, extension
