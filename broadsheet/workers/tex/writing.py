"""Segments to HTML, to Unicode text, and to TeX that BibTeX can hold.

Responsible for the three writers. Not responsible for parsing (`parsing`) or for formulas
(`mathml`).
"""

from __future__ import annotations

import re
from html import escape

from broadsheet.workers.tex.escaping import escape_tex, escape_words, keep_case
from broadsheet.workers.tex.mathml import Formula, convert_formula
from broadsheet.workers.tex.normalising import Macros, escape_signs, expand_macros
from broadsheet.workers.tex.scripts import script_words
from broadsheet.workers.tex.segments import Code, Link, Math, Segment, Styled, Text

# Browsers do not break formulas into lines; longer ones scroll in a box of their own, and in
# titles, which stand in links and headings, they are their plain text. Displayed ones are larger.
MAX_UNBROKEN = 30
MAX_DISPLAYED = 20

# A short formula and the word it is a part of: `CO$_2$`, `$\sim$2x`, `$\ell_2$-norm` up to its
# hyphen. Browsers would break the line between.
_WITHIN_WORD = re.compile(
    r"((?:(?<=[\s>])|^)[\w(~±-]{0,7}[\w~±-])?(<math [^>]*>(?:(?!<math ).){1,300}?</math>)"
    r"(-|[\w%][\w.,;:%)]{0,7}(?=[\s<]|$))?"
)
# A formula within HTML of ours; none stands within another.
MATH = re.compile(r"<math [^>]*>.*?</math>", re.DOTALL)
_ESCAPED_BRACE = re.compile(r"\\[\\{}]")
_SCROLLING = '<span class="mx" tabindex="0">{}</span>'
_BLOCK = ' display="block"'
_OPENING = {
    "strong": "<strong>",
    "em": "<em>",
    "sc": '<span class="sc">',
    "u": "<u>",
    "sup": "<sup>",
    "sub": "<sub>",
}
_CLOSING = {
    "strong": "</strong>",
    "em": "</em>",
    "sc": "</span>",
    "u": "</u>",
    "sup": "</sup>",
    "sub": "</sub>",
}
_TEX_STYLES = {
    "strong": "textbf",
    "em": "emph",
    "sc": "textsc",
    "u": "underline",
    "sup": "textsuperscript",
    "sub": "textsubscript",
}


def to_html(segments: tuple[Segment, ...], macros: Macros, *, has_links: bool) -> str:
    """Write segments as HTML.

    Args:
        segments: What to write.
        macros: The site's own TeX commands.
        has_links: Whether links are written; a title stands within a link itself.
    """
    parts = []
    for segment in segments:
        if isinstance(segment, Text):
            parts.append(escape(segment.text, quote=False))
        elif isinstance(segment, Math):
            is_display = segment.is_display and has_links
            formula = convert_formula(segment.tex, macros, is_display=is_display)
            parts.append(wrap_formula(formula) if has_links else _fit_title(formula))
        elif isinstance(segment, Code):
            parts.append(f"<code>{escape(segment.text, quote=False)}</code>")
        else:
            inner = to_html(segment.children, macros, has_links=has_links)
            if isinstance(segment, Styled):
                parts.append(_OPENING[segment.style] + inner + _CLOSING[segment.style])
            elif has_links:
                parts.append(f'<a href="{escape(segment.href)}" rel="noopener">{inner}</a>')
            else:
                parts.append(inner)
    html = "".join(parts)
    return _WITHIN_WORD.sub(_hold_together, html) if "<math" in html else html


def _hold_together(match: re.Match[str]) -> str:
    is_alone = match[1] is None and match[3] is None
    return match[0] if is_alone or _BLOCK in match[2] else f'<span class="nb">{match[0]}</span>'


def wrap_formula(formula: Formula) -> str:
    """Return a formula's HTML, in a box that scrolls where it is long.

    Args:
        formula: The formula, converted.
    """
    limit = MAX_DISPLAYED if _BLOCK in formula.html else MAX_UNBROKEN
    is_long = not formula.failure and len(formula.plain) > limit
    return _SCROLLING.format(formula.html) if is_long else formula.html


def _fit_title(formula: Formula) -> str:
    is_long = not formula.failure and len(formula.plain) > MAX_UNBROKEN
    return escape(formula.plain, quote=False) if is_long else formula.html


def to_plain(segments: tuple[Segment, ...], macros: Macros) -> str:
    """Write segments as Unicode text, not escaped.

    Args:
        segments: What to write.
        macros: The site's own TeX commands.
    """
    parts = []
    for segment in segments:
        if isinstance(segment, (Text, Code)):
            parts.append(segment.text)
        elif isinstance(segment, Math):
            parts.append(convert_formula(segment.tex, macros, is_display=segment.is_display).plain)
        else:
            words = to_plain(segment.children, macros)
            style = segment.style if isinstance(segment, Styled) else ""
            parts.append(script_words(words, style) if style in ("sup", "sub") else words)
    return "".join(parts)


def to_bibtex(
    segments: tuple[Segment, ...], macros: Macros = (), kept: frozenset[str] = frozenset()
) -> str:
    r"""Write segments as TeX: formulas as they were, everything else escaped, braces balanced.

    Args:
        segments: What to write.
        macros: The site's own TeX commands, which formulas may not hold there.
        kept: Words that keep their case where a style changes it: see `title_words`.
    """
    parts = []
    for segment in segments:
        if isinstance(segment, Text):
            parts.append(escape_words(segment.text, kept))
        elif isinstance(segment, Code):
            parts.append(f"\\texttt{{{escape_tex(segment.text)}}}")
        elif isinstance(segment, Math):
            formula = _tex_formula(segment, macros)
            parts.append(formula if formula == formula.lower() else keep_case(formula))
        elif isinstance(segment, Styled):
            parts.append(f"\\{_TEX_STYLES[segment.style]}{{{to_bibtex(segment.children, macros)}}}")
        else:
            parts.append(to_bibtex(segment.children, macros, kept))
    return "".join(parts)


def _tex_formula(formula: Math, macros: Macros) -> str:
    """Return a formula between dollars; one that LaTeX would not take is escaped as text."""
    if convert_formula(formula.tex, macros, is_display=formula.is_display).failure:
        return escape_tex(formula.tex)
    tex = escape_signs(expand_macros(formula.tex, macros))
    if tex.count("{") != tex.count("}"):
        # BibTeX counts `\left\{` as an open brace.
        tex = _ESCAPED_BRACE.sub(_name_brace, tex)
    return f"${tex}$" if _stands_between_dollars(tex) else escape_tex(formula.tex)


def _name_brace(match: re.Match[str]) -> str:
    return {"\\{": r"\lbrace ", "\\}": r"\rbrace "}.get(match[0], match[0])


def _stands_between_dollars(tex: str) -> bool:
    """Tell whether braces balance, and no dollar stands outside of them."""
    depth = 0
    for sign in re.findall(r"\\.|[{}$]", tex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0 or (sign == "$" and not depth):
            return False
    return depth == 0


def collect_formulas(segments: tuple[Segment, ...]) -> tuple[Math, ...]:
    """Return all formulas, in order."""
    found: list[Math] = []
    for segment in segments:
        if isinstance(segment, Math):
            found.append(segment)
        elif isinstance(segment, (Styled, Link)):
            found += collect_formulas(segment.children)
    return tuple(found)


def plain_formulas(
    segments: tuple[Segment, ...], macros: Macros, *, has_links: bool
) -> dict[str, str]:
    """Return the plain text of each formula by its HTML.

    Args:
        segments: What was written.
        macros: The site's own TeX commands.
        has_links: Whether links were written: see `to_html`.
    """
    found = (
        convert_formula(math.tex, macros, is_display=math.is_display and has_links)
        for math in collect_formulas(segments)
    )
    return {formula.html: formula.plain for formula in found}
