r"""TeX formulas to MathML and to Unicode text, each from the same conversion.

Responsible for the conversion with math-core, for an allow-list of elements and attributes, and for
the plain variant. Not responsible for finding formulas (`math_finding`) or for what is done to them
first (`normalising`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree import ElementTree as ET

import math_core
import msgspec

from broadsheet.workers.tex.math_plain import mathml_to_plain
from broadsheet.workers.tex.normalising import Macros, normalise_tex

ELEMENTS = frozenset(
    [
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac"),
        *("msqrt", "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle"),
        *("mpadded", "mmultiscripts", "mprescripts", "mphantom"),
    ]
)
# HTML's elements that may hold the words of an `<mtext>`.
TEXT_STYLES = frozenset(("b", "i", "em", "code"))
ATTRIBUTES = frozenset(
    [
        *("display", "stretchy", "lspace", "rspace", "form", "accent", "accentunder", "width"),
        *("mathvariant", "minsize", "maxsize", "fence", "separator", "linethickness"),
        *("displaystyle", "scriptlevel", "symmetric", "largeop", "movablelimits", "alttext"),
        "columnalign",
    ]
)
MAX_ALTTEXT = 200

# The side of a cell, which math-core writes as a style; the stylesheet reads the attribute.
_ALIGNMENT = re.compile(r"text-align: (left|right);")
# The arrow of vectors; browsers set a mark without width beside its letter.
_COMBINING_ARROW = "\u20d7"
_OFFSET = re.compile(r"^(?:macro\d+:)?\d+: ")

_NAMED_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[0-9A-Fa-f]+);)(\w+);")


class Formula(msgspec.Struct, frozen=True):
    """A formula, converted.

    Attributes:
        html: A `<math>` element, or the escaped source in `<code class="tex">`.
        plain: Unicode text, not escaped.
        failure: Why it could not be converted, or nothing.
    """

    html: str
    plain: str
    failure: str = ""


@lru_cache(maxsize=16_384)
def convert_formula(tex: str, macros: Macros = (), *, is_display: bool = False) -> Formula:
    r"""Convert a formula.

    Args:
        tex: Its TeX, without delimiters.
        macros: The site's own commands: name without backslash, and what it stands for.
        is_display: Whether it stands on a line of its own.

    Returns:
        The formula; a failure is escaped source and its reason, never an exception.
    """
    try:
        markup = _converter(macros).convert_with_local_state(
            normalise_tex(tex), displaystyle=is_display
        )
        root = ET.fromstring(_resolve_entities(markup))  # noqa: S314 - math-core's output
    except (math_core.LatexError, ET.ParseError, RecursionError) as error:
        return Formula(f'<code class="tex">{escape(tex)}</code>', tex, _explain(error))
    _keep_allowed(root)
    if is_display:
        root.set("display", "block")
    root.set("alttext", " ".join(tex.split())[:MAX_ALTTEXT])
    html = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    return Formula(html, mathml_to_plain(root, tex))


def find_bad_macros(macros: Macros) -> tuple[tuple[str, str], ...]:
    """Return the macros that stand for no TeX, each with the reason.

    Args:
        macros: The site's own commands.
    """
    placeholders = dict.fromkeys(dict(macros), "x")
    bad = []
    for name, tex in macros:
        try:
            _make_converter(placeholders | {name: tex})
        except math_core.LatexError as error:
            bad.append((name, _explain(error)))
    return tuple(bad)


@lru_cache(maxsize=4)
def _converter(macros: Macros) -> math_core.LatexToMathML:
    """Return the converter for a site's macros; one bad macro takes none of the others with it."""
    try:
        return _make_converter(dict(macros))
    except math_core.LatexError:
        bad = dict(find_bad_macros(macros))
        return _make_converter({name: tex for name, tex in macros if name not in bad})


def _make_converter(macros: dict[str, str]) -> math_core.LatexToMathML:
    return math_core.LatexToMathML(pretty_print="never", macros=macros or None, fancy_error=False)


def _explain(error: Exception) -> str:
    """Return an error's words on one line, without the offset that they begin with."""
    return _OFFSET.sub("", " ".join(str(error).split()))[:120] or "not converted"


def _resolve_entities(markup: str) -> str:
    """Replace named entities by their characters, so that the markup is valid XML too."""
    return _NAMED_ENTITY.sub(lambda match: unescape(match[0]), markup)


def _keep_allowed(element: ET.Element) -> None:
    """Turn elements off the allow-list into rows, and drop attributes off it."""
    styled = {_flatten_words(node) for node in tuple(element.iter("mtext"))}
    for node in element.iter():
        if node.tag not in ELEMENTS and node not in styled:
            node.tag = "mrow"
        if node.text == _COMBINING_ARROW:
            node.text = "→"
        if node.tag == "mtd" and (side := _ALIGNMENT.match(node.get("style", ""))):
            node.set("columnalign", side[1])
        for name in [name for name in node.attrib if name not in ATTRIBUTES]:
            del node.attrib[name]


def _flatten_words(node: ET.Element) -> ET.Element | None:
    """Leave words in an `<mtext>`, in at most one style, and return the element of that style."""
    words = "".join(node.itertext())
    style = node[0].tag if len(node) == 1 and not (node.text or node[0].tail) else ""
    node.clear()
    if style not in TEXT_STYLES:
        node.text = words
        return None
    child = ET.SubElement(node, style)
    child.text = words
    return child
