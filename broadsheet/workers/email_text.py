"""Converted texts as mail programs can show them.

Responsible for formulas as text, for complete addresses, and for leaving out images and everything
that needs a stylesheet. Not responsible for the conversion itself (`markup`) or for the edition's
templates.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element, ParseError, fromstring

import msgspec
import nh3

from broadsheet.planning.email_views import EmailEdition, EmailPaper
from broadsheet.planning.texts import ROOT_MARK
from broadsheet.planning.views import RichText
from broadsheet.workers.tex.math_html import mathml_to_simple_html
from broadsheet.workers.tex.math_plain import mathml_to_plain
from broadsheet.workers.tex.writing import MATH

_IMAGE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r'\balt="([^"]*)"')
_FRAGMENT = re.compile(r'(<a\b[^>]*\bhref=")#')
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_BLOCK_END = re.compile(r"\n\n|</(?:p|h[2-6]|li|pre|blockquote|dd|dt|tr)>|<br>|<hr>")
_TAGS = frozenset(
    "a b blockquote br code dd del dl dt em h2 h3 h4 h5 h6 hr i li ol p pre s strong sub sup "
    "table tbody td th thead tr u ul".split()
)


def fit_for_mail(view: EmailEdition, base_url: str) -> EmailEdition:
    """Return an edition whose texts mail programs can show.

    Args:
        view: The edition.
        base_url: Complete address of the site's root.
    """
    page = base_url + view.url
    note = _fit_note(view.note, base_url, page) if view.note is not None else None
    return msgspec.structs.replace(
        view,
        note=note,
        lead=_fit_paper(view.lead, base_url) if view.lead is not None else None,
        plate=_fit_plate(view.plate) if view.plate is not None else None,
        papers=tuple(_fit_paper(paper, base_url) for paper in view.papers),
    )


def _fit_paper(paper: EmailPaper, base_url: str) -> EmailPaper:
    page = base_url + paper.url
    summary = _fit(paper.summary, base_url, page) if paper.summary is not None else None
    return msgspec.structs.replace(paper, title=_fit(paper.title, base_url, page), summary=summary)


def _fit_note(note: RichText, base_url: str, page: str) -> RichText:
    fitted = _fit(note, base_url, page)
    return RichText(fitted.html, _write_blocks(fitted.html))


def _write_blocks(html: str) -> str:
    """Return a note as plain text in paragraphs, with the addresses of its links behind them."""
    text = _LINK.sub(lambda match: f"{match[2]} ({match[1]})", html)
    text = re.sub(r"<li>\s*", "\n\n- ", re.sub(r"\s+", " ", text))
    blocks = re.split(_BLOCK_END, text)
    words = (unescape(re.sub("<[^>]*>", "", block)).strip() for block in blocks)
    return "\n\n".join(word for word in words if word)


def _fit(text: RichText, base_url: str, page: str) -> RichText:
    if "<" not in text.html:
        return text
    html = MATH.sub(_write_formula, text.html)
    html = _IMAGE.sub(_write_image, html.replace(ROOT_MARK, base_url))
    html = _FRAGMENT.sub(lambda match: f"{match[1]}{escape(page)}#", html)
    return RichText(_cleaner().clean(html), text.plain)


def _fit_plate(plate: RichText) -> RichText | None:
    """Return a displayed formula as text, or None for one that only its TeX could stand for."""
    found = MATH.search(plate.html)
    if found is None:
        return None
    try:
        root: Element = fromstring(found[0])  # noqa: S314 - written by our own converter
    except ParseError:
        return None
    plain = mathml_to_plain(root, "")
    html = mathml_to_simple_html(root) or escape(plain, quote=False)
    return RichText(html, plain) if plain else None


def _write_formula(match: re.Match[str]) -> str:
    try:
        root: Element = fromstring(match[0])  # noqa: S314 - written by our own converter
    except ParseError:
        return escape(unescape(re.sub("<[^>]*>", "", match[0])), quote=False)
    simple = mathml_to_simple_html(root)
    if simple is not None:
        return simple
    return escape(mathml_to_plain(root, root.get("alttext", "")), quote=False)


def _write_image(match: re.Match[str]) -> str:
    alt = _ALT.search(match[0])
    return f"[{alt[1]}]" if alt and alt[1] else ""


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        attributes={"a": {"href"}},
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
