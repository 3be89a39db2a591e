r"""MathML to Unicode text: `N²d² log(1/ε)` for titles, feeds, email, citations and search.

Responsible for walking the elements that math-core makes. Not responsible for the conversion
(`mathml`). What has no linear form falls back to
the TeX source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from xml.etree.ElementTree import Element

_SUPERSCRIPTS = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzTVαβγδεθ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀⱽᵅᵝᵞᵟᵋᶿ",
        strict=True,
    )
)
_SUBSCRIPTS = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
_PRIMES = {"′", "″", "‴", "∗", "†", "⊤", "∘", "°"}
_INVISIBLE = re.compile("[\u2061-\u2064\ufe00\ufe01\u200b]")
_RELATIONS = frozenset("=<>∗≤≥≪≫≈∼≃≅≡≠∝∈∉⊂⊆⊃⊇→←↔⇒⇐⇔↦∣+−±∓×·∪∩∧∨⊕⊗÷≔⟶⟵⪅⪆≲≳")
_SIGNS = ("+", "−", "±")
_SIMPLE = re.compile(r"[\w.∞′]*")


class _NoLinearFormError(Exception):
    """Raised inside this module when a formula has no linear form."""


def mathml_to_plain(root: Element, tex: str) -> str:
    """Return a formula as Unicode text.

    Args:
        root: The `<math>` element.
        tex: The TeX source, which is returned where there is no linear form.
    """
    try:
        text = _row(list(root))
    except _NoLinearFormError:
        return tex
    text = _INVISIBLE.sub("", text).replace("...", "…").replace("′′′", "‴").replace("′′", "″")
    return " ".join(text.split(" ")).strip() if text.strip() else tex


def _row(nodes: list[Element]) -> str:
    parts: list[str] = []
    for index, node in enumerate(nodes):
        text = _walk(node)
        if node.tag == "mspace" and parts and parts[-1] in _SIGNS:
            continue
        if node.tag == "mo" and text in _RELATIONS and 0 < index < len(nodes) - 1:
            is_binary = bool(parts) and not _ends_open(parts)
            text = f" {text} " if is_binary else text
        elif node.tag == "mo" and text == "," and index < len(nodes) - 1:
            text = ", "
        parts.append(text)
    return re.sub(r" {2,}", " ", _space_functions("".join(parts)))


def _ends_open(parts: list[str]) -> bool:
    """Tell whether a sign that follows is a sign of a number and not an operation."""
    before = "".join(parts).rstrip()
    return not before or before[-1] in "([{,|" or before[-1] in _RELATIONS


def _space_functions(text: str) -> str:
    return text.replace("\u2061 ", "\u2061").replace("\u2061(", "(").replace("\u2061", " ")


def _walk(node: Element) -> str:
    write = _WRITERS.get(node.tag)
    return write(node, list(node)) if write is not None else _row(list(node))


def _token(node: Element, _children: list[Element]) -> str:
    text = _INVISIBLE_BUT_APPLY.sub("", node.text or "")
    # Letters lose their styles, so that a search finds them; signs such as … stay what they are.
    return unicodedata.normalize("NFKC", text) if any(map(str.isalnum, text)) else text


def _words(node: Element, _children: list[Element]) -> str:
    return "".join(node.itertext()).replace("\u00a0", " ")


def _root(_node: Element, children: list[Element]) -> str:
    return f"{_raise(_walk(children[1]))}√{_grouped(_walk(children[0]))}"


def _square_root(_node: Element, children: list[Element]) -> str:
    return f"√{_grouped(_row(children))}"


def _give_up(_node: Element, _children: list[Element]) -> str:
    raise _NoLinearFormError


_INVISIBLE_BUT_APPLY = re.compile("[\u2062-\u2064\ufe00\ufe01]")


def _space(node: Element, _children: list[Element]) -> str:
    width = node.get("width", "")
    return " " if width.endswith("em") and _em(width) >= 0.16 else ""


def _em(width: str) -> float:
    try:
        return float(width.removesuffix("em"))
    except ValueError:
        return 0.0


def _scripts(node: Element, children: list[Element]) -> str:
    base = _walk(children[0])
    if node.tag == "msub":
        return base + _lower(_walk(children[1]))
    if node.tag == "msup":
        return base + _raise(_walk(children[1]))
    return base + _lower(_walk(children[1])) + _raise(_walk(children[2]))


def _raise(text: str) -> str:
    return _script(text, _SUPERSCRIPTS, "^")


def _lower(text: str) -> str:
    return _script(text, _SUBSCRIPTS, "_")


def _script(text: str, table: dict[str, str], sign: str) -> str:
    compact = _INVISIBLE.sub("", text).replace(" ", "")
    if sign == "^" and compact and all(char in _PRIMES for char in compact):
        return compact.replace("∘", "°")
    if compact and all(char in table for char in compact):
        return "".join(table[char] for char in compact)
    is_plain = len(compact) == 1 or (sign == "_" and _SIMPLE.fullmatch(compact))
    is_level = unicodedata.is_normalized("NFKC", compact) or len(compact) == 1
    return f"{sign}{compact}" if is_plain and is_level else f"{sign}({text.strip()})"


def _fraction(node: Element, children: list[Element]) -> str:
    top, bottom = (_grouped(_walk(child)) for child in children[:2])
    if node.get("linethickness") == "0":
        return f"{top} choose {bottom}"
    return f"{top}/{bottom}"


def _grouped(text: str) -> str:
    """Return text in parentheses unless it is one word or one number."""
    text = text.strip()
    return text if _SIMPLE.fullmatch(text) and (len(text) < 3 or text.isdigit()) else f"({text})"


_BRACES = ("⏟", "⏝", "⏞", "⏜")
# A line that math-core draws above with the sign of one below.
_ABOVE = {"\u0332": "\u0305"}
_ACCENTS = {
    "ˆ": "\u0302",
    "^": "\u0302",
    "˜": "\u0303",
    "~": "\u0303",
    "¯": "\u0304",
    "‾": "\u0304",
    "˙": "\u0307",
    "¨": "\u0308",
    "ˇ": "\u030c",
    "→": "\u20d7",
    "⃗": "\u20d7",
    "―": "\u0304",
}


def _accented(_node: Element, children: list[Element]) -> str:
    base, mark = _walk(children[0]), (children[1].text or "")
    if mark in _BRACES:
        return f"({base})"
    combining = mark if _is_combining(mark) else _ACCENTS.get(mark)
    if combining is None or not base:
        return base + _raise(_walk(children[1]))
    combining = _ABOVE.get(combining, combining)
    marked = (char + combining if char.isalnum() else char for char in base)
    return unicodedata.normalize("NFC", "".join(marked))


def _limits(node: Element, children: list[Element]) -> str:
    base, mark = _walk(children[0]), (children[1].text or "")
    if mark in _BRACES:
        return f"({base})"
    if _is_combining(mark) or mark in ("―", "_"):
        return base
    under = _walk(children[1])
    if node.tag == "munderover":
        return base + _lower(under) + _raise(_walk(children[2])) + " "
    return base + _lower(under) + " "


def _table(node: Element, children: list[Element]) -> str:
    """Write rows between semicolons; cells between commas, but those of an equation as one."""
    if node.get("displaystyle") == "true":
        rows = [_row([part for cell in row for part in cell]) for row in children]
    else:
        rows = [", ".join(_walk(cell).strip() for cell in row) for row in children]
    return "; ".join(row.strip() for row in rows if row.strip())


def _is_combining(mark: str) -> bool:
    return len(mark) == 1 and unicodedata.combining(mark) > 0


_WRITERS: dict[str, Callable[[Element, list[Element]], str]] = {
    "mi": _token,
    "mn": _token,
    "mo": _token,
    "mtext": _words,
    "mspace": _space,
    "msup": _scripts,
    "msub": _scripts,
    "msubsup": _scripts,
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "mover": _accented,
    "munder": _limits,
    "munderover": _limits,
    "mtable": _table,
    "mmultiscripts": _give_up,
    "mphantom": _give_up,
}
