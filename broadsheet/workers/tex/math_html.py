"""MathML to the HTML that mail programs show: `<i>x</i><sup>2</sup>`.

Responsible for formulas that are letters, numbers and signs with scripts. Not responsible for
others (`math_plain` writes those as Unicode text).
"""

from __future__ import annotations

import unicodedata
from html import escape
from xml.etree.ElementTree import Element

from broadsheet.workers.tex.math_plain import RELATIONS

MAX_SIGNS = 40

_ROWS = frozenset({"math", "mrow", "mstyle"})
_INVISIBLE = "\u2061\u2062\u2063\u2064\ufe00\ufe01\u200b"


def mathml_to_simple_html(root: Element) -> str | None:
    """Return a formula with `<i>`, `<sub>` and `<sup>`, or None where that is not enough.

    Args:
        root: The `<math>` element.
    """
    if len("".join(root.itertext())) > MAX_SIGNS:
        return None
    return _row(list(root))


def _row(nodes: list[Element]) -> str | None:
    parts: list[str] = []
    for index, node in enumerate(nodes):
        written = _write(node)
        if written is None:
            return None
        is_binary = node.tag == "mo" and 0 < index < len(nodes) - 1 and bool(parts)
        if is_binary and (node.text or "") in RELATIONS and node.get("lspace") != "0":
            written = f" {written} "
        elif is_binary and node.text == "," and node.get("rspace") != "0":
            written = ", "
        parts.append(written)
    return "".join(parts)


def _write(node: Element) -> str | None:
    if node.tag in _ROWS:
        return _row(list(node))
    if node.tag == "mspace":
        return None if node.get("width") else ""
    if node.tag in ("mi", "mn", "mo", "mtext"):
        return _sign(node)
    if node.tag in ("msub", "msup", "msubsup"):
        return _scripts(node)
    return None


def _sign(node: Element) -> str | None:
    text = (node.text or "").translate(dict.fromkeys(map(ord, _INVISIBLE)))
    if text != (node.text or "").rstrip("\ufe00\ufe01"):  # a function is applied, or a product
        return None
    plain = unicodedata.normalize("NFKC", text) if any(map(str.isalnum, text)) else text
    is_italic = node.tag == "mi" and len(plain) == 1 and plain == text
    written = escape(plain, quote=False)
    return f"<i>{written}</i>" if is_italic and node.get("mathvariant") != "normal" else written


def _scripts(node: Element) -> str | None:
    written = [_write(child) for child in node]
    if any(part is None for part in written) or len(node[0]) > 1:
        return None
    base, *scripts = (part or "" for part in written)
    names = {"msub": ("sub",), "msup": ("sup",), "msubsup": ("sub", "sup")}[node.tag]
    raised = zip(names, scripts, strict=True)
    return base + "".join(f"<{name}>{script}</{name}>" for name, script in raised)
