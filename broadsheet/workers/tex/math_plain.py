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

from broadsheet.workers.tex.scripts import INVISIBLE, lower_text, raise_text

RELATIONS = frozenset("=<>∗≤≥≪≫≈∼≃≅≡≠∝∈∉⊂⊆⊃⊇→←↔⇒⇐⇔↦∣+−±∓×·∪∩∧∨⊕⊗÷≔⟶⟵⪅⪆≲≳")
_BRACKETS = "([{⌊⌈)]}⌋⌉"
# What stays what it is behind `√` or `/`: a number, a letter with its scripts, a radical.
_ONE_SIGN = re.compile(r"[\d.]+|[^\W\d_][\u0300-\u036f]*([₀-₉ᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓₐₑₕ]*)")
_ONE_BOTTOM = re.compile(
    r"[\d.]+|[^\W\d_][\u0300-\u036f]*[₀-₉ᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓₐₑₕ⁰¹²³⁴-⁹ⁿ′]*|∞|√(?:\w|\([^()]*\))"
)
_ONE_TOP = re.compile(rf"{_ONE_BOTTOM.pattern}|[\w.∞′]{{0,2}}")
_SIGNS = ("+", "−", "±")


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
    text = INVISIBLE.sub("", text).replace("...", "…").replace("′′′", "‴").replace("′′", "″")
    return " ".join(text.split(" ")).strip() if text.strip() else tex


def _row(nodes: list[Element]) -> str:
    parts: list[str] = []
    for index, node in enumerate(nodes):
        text = _set_off(nodes, index)
        if node.tag == "mspace" and parts and parts[-1] in _SIGNS:
            continue
        if node.tag == "mo" and text in RELATIONS and 0 < index < len(nodes) - 1:
            is_binary = bool(parts) and not _ends_open(parts)
            text = f" {text} " if is_binary else text
        elif node.tag == "mo" and text == "," and index < len(nodes) - 1:
            # No space follows a comma within a number.
            following = "".join(nodes[index + 1].itertext())
            is_number = node.get("rspace") == "0" and following.isdigit()
            text = "," if is_number else ", "
        parts.append(text)
    return re.sub(r" {2,}", " ", _space_functions("".join(parts)))


def _set_off(nodes: list[Element], index: int) -> str:
    """Write a node; a fraction or radical in brackets where the next sign would join it."""
    text = _walk(nodes[index])
    kind = _core(nodes[index]).tag
    if kind == "mfrac":
        before = _neighbour(nodes, index, -1)
        is_joined = _joins(before, "([{⌊⌈") or _joins(_neighbour(nodes, index, 1), ")]}⌋⌉")
        is_joined = is_joined or (before is not None and before.text == "/")
    elif kind == "msqrt":
        is_joined = text[-1:] != ")" and _joins(_neighbour(nodes, index, 1), ")]}⌋⌉", "msqrt")
    elif kind == "mroot":
        is_joined = _joins(_neighbour(nodes, index, -1), "([{⌊⌈")
    else:
        return text
    return f"({text})" if is_joined else text


def _core(node: Element) -> Element:
    """Return what stands alone in rows, or the node itself."""
    while node.tag in ("mrow", "mstyle") and len(node) == 1:
        node = node[0]
    return node


def _neighbour(nodes: list[Element], index: int, step: int) -> Element | None:
    """Return the core of the next node that is no space, or None."""
    index += step
    while 0 <= index < len(nodes):
        node = _core(nodes[index])
        if node.tag != "mspace":
            return node
        index += step
    return None


def _joins(node: Element | None, brackets: str, other: str = "") -> bool:
    """Tell whether no operator stands between a node and this neighbour of its.

    Args:
        node: The neighbour.
        brackets: Those that open before the node, or close behind it.
        other: A kind of neighbour that begins with a sign of its own.
    """
    if node is None or node.tag == other:
        return False
    while node.tag in ("munder", "munderover", "msub", "msup", "msubsup") and len(node):
        node = node[0]
    if node.tag != "mo":
        return True
    sign = (node.text or "").strip("\ufe00\ufe01")
    return sign == "\u2061" or (sign in _BRACKETS and sign not in brackets)


def _ends_open(parts: list[str]) -> bool:
    """Tell whether a sign that follows is a sign of a number and not an operation."""
    before = "".join(parts).rstrip()
    return not before or before[-1] in "([{,|" or before[-1] in RELATIONS


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
    return f"{raise_text(_walk(children[1]))}√{_grouped(_walk(children[0]), _ONE_SIGN)}"


def _square_root(_node: Element, children: list[Element]) -> str:
    return f"√{_grouped(_row(children), _ONE_SIGN)}"


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
    base = _base(children[0])
    if node.tag == "msub":
        return base + lower_text(_walk(children[1]))
    if node.tag == "msup":
        return base + raise_text(_walk(children[1]))
    return base + lower_text(_walk(children[1])) + raise_text(_walk(children[2]))


def _base(node: Element) -> str:
    """Write what has scripts, in brackets where they would seem to belong to its last sign."""
    text = _walk(node)
    is_fenced = text[:1] in "([{|‖⟨⌊⌈" and text[-1:] in ")]}|‖⟩⌋⌉"
    is_long = _core(node).tag in ("mfrac", "msqrt", "mroot") or (node.tag == "mrow" and " " in text)
    return f"({text})" if is_long and text and not is_fenced else text


def _fraction(node: Element, children: list[Element]) -> str:
    top = _grouped(_walk(children[0]), _ONE_TOP)
    bottom = _grouped(_walk(children[1]), _ONE_BOTTOM)
    if node.get("linethickness") == "0":
        return f"{top} choose {bottom}"
    return f"{top}/{bottom}"


def _grouped(text: str, simple: re.Pattern[str]) -> str:
    """Return text in parentheses unless it is as simple as its place asks for."""
    text = text.strip()
    return text if simple.fullmatch(text) else f"({text})"


_ARROWS = frozenset("→←↔⇒⇐⇔↦⟶⟵⟷⟹⟸⟺↪↩⇀↼⇌")
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
    if base in _ARROWS:
        return _over_arrow(base, children[1])
    combining = mark if _is_combining(mark) else _ACCENTS.get(mark)
    if combining is None or not base:
        return base + raise_text(_walk(children[1]))
    combining = _ABOVE.get(combining, combining)
    marked = (char + combining if char.isalnum() else char for char in base)
    return unicodedata.normalize("NFC", "".join(marked))


def _over_arrow(arrow: str, node: Element) -> str:
    """Write an arrow with its words; math-core puts a space as wide as they are with them."""
    is_padded = node.tag in ("mover", "munder") and len(node) > 1 and node[1].tag == "mspace"
    words = _walk(node[0] if is_padded else node).strip()
    raised = raise_text(words)
    is_readable = " " not in words and not raised.startswith("^")
    return arrow + (raised if is_readable else f"({words})")


def _limits(node: Element, children: list[Element]) -> str:
    base, mark = _walk(children[0]), (children[1].text or "")
    if mark in _BRACES:
        return f"({base})"
    if _is_combining(mark) or mark in ("―", "_"):
        return base
    if base in _ARROWS:
        return "".join([base, *(_over_arrow("", child) for child in children[1:])])
    under = _walk(children[1])
    if node.tag == "munderover":
        return base + lower_text(under) + raise_text(_walk(children[2])) + " "
    return base + lower_text(under) + " "


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
