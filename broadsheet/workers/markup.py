"""Records' text to HTML and plain text, safely.

Responsible for titles, TL;DRs and abstracts (TeX-flavoured plain text, shown escaped as written)
and for bodies (Markdown, then an allow-list). A pure function on batches: each worker keeps one
converter for the options it is given. Not responsible for where the text is shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Any

import markdown
import msgspec
import nh3
from markupsafe import escape

from broadsheet.domain.links import safe_url
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.texts import ROOT_MARK, ConvertedText, TextJob
from broadsheet.planning.views import RichText

_EXTENSIONS = ("tables", "fenced_code", "sane_lists", "footnotes", "def_list")
_TAGS = frozenset(
    [
        "a",
        "abbr",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
    "abbr": {"title"},
}
_PARAGRAPH = re.compile(r"\n\s*\n")
_TAG = re.compile(r"<[^>]*>")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")
_HEADING = re.compile(r"<(/?)h1\b")


class MarkupOptions(msgspec.Struct, frozen=True):
    """What decides how text is converted, beside the text.

    Attributes:
        link_policy: `follow` or `nofollow`, for links out of bodies.
    """

    link_policy: str = "follow"


def convert_batch(options: MarkupOptions, jobs: tuple[TextJob, ...]) -> tuple[ConvertedText, ...]:
    """Convert the texts of several records; the same as one after the other.

    Args:
        options: What decides how text is converted.
        jobs: The texts.
    """
    return tuple(_convert(options, job) for job in jobs)


def _convert(options: MarkupOptions, job: TextJob) -> ConvertedText:
    body, targets, findings = _convert_body(options, job) if job.body.text else (None, (), ())
    return ConvertedText(
        lines={name: convert_line(text) for name, text in job.lines},
        abstract=convert_paragraphs(job.abstract) if job.abstract else None,
        body=body,
        targets=targets,
        findings=findings,
    )


def convert_line(text: str) -> RichText:
    """Convert a title or TL;DR: one line, shown as written."""
    clean = text.replace(ROOT_MARK, "")
    return RichText(str(escape(clean)), clean)


def convert_paragraphs(text: str) -> RichText:
    """Convert an abstract: paragraphs between blank lines, shown as written."""
    clean = text.replace(ROOT_MARK, "")
    paragraphs = [" ".join(part.split()) for part in _PARAGRAPH.split(clean) if part.strip()]
    html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return RichText(html, "\n\n".join(paragraphs))


def _convert_body(
    options: MarkupOptions, job: TextJob
) -> tuple[RichText, tuple[str, ...], tuple[Finding, ...]]:
    """Convert Markdown, collect the links within the site, and report links that are cut."""
    targets: list[str] = []
    findings: list[Finding] = []

    def filter_attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) != ("a", "href"):
            return value
        href = _resolve(value, targets)
        if href is None:
            findings.append(_cut_link(job.source, value))
        return href

    html = _markdown().reset().convert(job.body.text.replace(ROOT_MARK, ""))
    clean = nh3.clean(
        _HEADING.sub(r"<\1h2", html),
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=filter_attribute,
        link_rel="noopener nofollow" if options.link_policy == "nofollow" else "noopener",
        url_schemes={"http", "https", "mailto"},
    )
    plain = unescape(_TAG.sub("", re.sub(r"(</(?:p|li|h\d|tr|pre|blockquote)>)", r"\1\n", clean)))
    text = "\n".join(line for line in (part.strip() for part in plain.split("\n")) if line)
    return RichText(clean, text), tuple(dict.fromkeys(targets)), tuple(findings)


def _resolve(value: str, targets: list[str]) -> str | None:
    """Return the address that a link in a body leads to, or None for one that is not allowed."""
    value = value.strip()
    if value.startswith("#"):
        return value
    if _SCHEME.match(value):
        return safe_url(value)
    target = value.removeprefix("./").lstrip("/")
    if ".." in target.split("/") or safe_url(f"https://site.invalid/{target}") is None:
        return None
    targets.append(target)
    return ROOT_MARK + target


def _cut_link(source: str, value: str) -> Finding:
    return Finding(
        code=Code.UNSAFE_URL,
        message=f"the link '{value[:80]}' is not allowed",
        source=source,
        quote=value,
        hint="use https, http or mailto, or an address from the root: /papers/<id>/",
    )


@lru_cache(maxsize=1)
def _markdown() -> Any:
    """Return this worker's converter; making one takes five times as long as using it."""
    return markdown.Markdown(extensions=list(_EXTENSIONS), output_format="html")
