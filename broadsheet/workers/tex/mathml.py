r"""TeX formulas to MathML and to Unicode text, each from the same conversion.

Responsible for a small normalisation of what real records write, for the conversion with
math-core, for an allow-list of elements and attributes, and for the plain variant. Not responsible
for finding formulas (`math_finding`).

The normalisation and its effect were measured on 982 different formulas of real records: 24 fail
without it, 2 with it, both of them authors' own macros.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree import ElementTree as ET

import math_core
import msgspec

from broadsheet.workers.tex.math_plain import mathml_to_plain

ELEMENTS = frozenset(
    [
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac"),
        *("msqrt", "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle"),
        *("mpadded", "mmultiscripts", "mprescripts", "mphantom"),
    ]
)
ATTRIBUTES = frozenset(
    [
        *("display", "stretchy", "lspace", "rspace", "form", "accent", "accentunder", "width"),
        *("mathvariant", "minsize", "maxsize", "fence", "separator", "linethickness"),
        *("displaystyle", "scriptlevel", "symmetric", "largeop", "movablelimits", "alttext"),
    ]
)
MAX_ALTTEXT = 200

Macros = tuple[tuple[str, str], ...]
"""TeX commands of the site's own: name without backslash, and what it stands for."""

_OFFSET = re.compile(r"^(?:macro\d+:)?\d+: ")

_NAMED_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[0-9A-Fa-f]+);)(\w+);")
_TEXT_SIGN = re.compile(r"(?<!\\)((?:\\\\)*)([%#])")
_UNICODE = re.compile(r"\\unicode\s*\{x([0-9A-Fa-f]{1,6})\}")
_HREF = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}")
_CAPITAL_ACCENT = re.compile(r"\\(Hat|Bar|Tilde|Vec|Dot|Check|Breve)(?![A-Za-z])")
_OLD_FONT = re.compile(r"\{\s*\\(bf|it|rm|tt|sf|cal)(?![A-Za-z])\s*([^{}]*)\}")
_LEADING_FONT = re.compile(r"^\s*\\(bf|it|rm|tt|sf|cal)(?![A-Za-z])\s*([^{}]*)$")
_WITHIN_TEXT = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*"
_NESTED_MATH = re.compile(rf"\\(text\w*|mbox)\s*\{{({_WITHIN_TEXT}\${_WITHIN_TEXT})\}}")
_TEXT_AMPERSAND = re.compile(r"(\\(?:text\w*|mbox)\s*\{[^{}]*?)(?<!\\)&([^{}]*\})")


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
    root.set("alttext", tex[:MAX_ALTTEXT])
    html = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    return Formula(html, mathml_to_plain(root, tex))


def normalise_tex(tex: str) -> str:
    r"""Return a formula in the words that math-core knows.

    `%` and `#` are text; `\unicode{xHEX}` is its character; `\href` its words; capital accents are
    the small ones; `{\bf x}` is `\mathbf{x}`; a formula within `\text{…}` stands beside it.

    Args:
        tex: The formula as its authors wrote it.
    """
    tex = _TEXT_SIGN.sub(r"\1\\\2", tex)
    tex = _UNICODE.sub(_character, tex)
    tex = _HREF.sub(r"\\text{\1}", tex)
    tex = _CAPITAL_ACCENT.sub(lambda match: "\\" + match[1].lower(), tex)
    tex = _OLD_FONT.sub(r"\\math\1{\2}", tex)
    tex = _LEADING_FONT.sub(r"\\math\1{\2}", tex)
    tex = _TEXT_AMPERSAND.sub(r"\1\\&\2", tex)
    return _NESTED_MATH.sub(_lift_formulas, tex)


def _lift_formulas(match: re.Match[str]) -> str:
    r"""Return `\text{a $x$ b}` as `\text{a }{x}\text{ b}`."""
    pieces = match[2].split("$")
    if len(pieces) % 2 == 0:
        return match[0].replace("$", "\\$")
    return "".join(
        f"{{{piece}}}" if index % 2 else f"\\{match[1]}{{{piece}}}" * bool(piece)
        for index, piece in enumerate(pieces)
    )


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    is_text = 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xF8FF
    return chr(code) if is_text else ""


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
    for node in tuple(element.iter("mtext")):
        words = "".join(node.itertext())
        node.clear()
        node.text = words
    for node in element.iter():
        if node.tag not in ELEMENTS:
            node.tag = "mrow"
        for name in [name for name in node.attrib if name not in ATTRIBUTES]:
            del node.attrib[name]
