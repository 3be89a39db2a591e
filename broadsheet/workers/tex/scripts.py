"""Raised and lowered text as Unicode has it: `x²`, `xᵢ`, and `^(…)` where it has no sign.

Responsible for those signs, in formulas and in running text. Not responsible for what is raised
(`math_plain`, `writing`).
"""

from __future__ import annotations

import re
import unicodedata

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
INVISIBLE = re.compile("[\u2061-\u2064\ufe00\ufe01\u200b]")
SIMPLE = re.compile(r"[\w.∞′]*")


def raise_text(text: str) -> str:
    """Return text as a superscript.

    Args:
        text: What is raised.
    """
    return _script(text, _SUPERSCRIPTS, "^")


def lower_text(text: str) -> str:
    """Return text as a subscript.

    Args:
        text: What is lowered.
    """
    return _script(text, _SUBSCRIPTS, "_")


def script_words(text: str, style: str) -> str:
    """Return running text raised or lowered; marks of notes and brands stay as they are.

    Args:
        text: The words.
        style: `sup` or `sub`.
    """
    bare = text.strip()
    if not bare or (len(bare) == 1 and not bare.isalnum() and bare not in _SUPERSCRIPTS):
        return text
    if " " in bare:
        return f"{'^' if style == 'sup' else '_'}({bare})"
    return raise_text(bare) if style == "sup" else lower_text(bare)


def _script(text: str, table: dict[str, str], sign: str) -> str:
    compact = INVISIBLE.sub("", text).replace(" ", "")
    if not compact:
        return ""
    if sign == "^" and all(char in _PRIMES for char in compact):
        return compact.replace("∘", "°")
    if all(char in table for char in compact):
        return "".join(table[char] for char in compact)
    is_plain = len(compact) == 1 or (sign == "_" and SIMPLE.fullmatch(compact))
    is_level = unicodedata.is_normalized("NFKC", compact) or len(compact) == 1
    return f"{sign}{compact}" if is_plain and is_level else f"{sign}({text.strip()})"
