"""Numbers with their nouns, and words on one line, as every message and page writes them."""

from __future__ import annotations

# All white space but the common one.
_ASCII_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f"


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: `1 paper`, `1,204 papers`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def fold(text: str) -> str:
    """Return text on one line, with one space between words."""
    if text.isascii():
        has_breaks = any(map(text.__contains__, _ASCII_BREAKS))
    else:  # no space but the common one is printable
        has_breaks = not text.isprintable()
    # Most texts need no look at their words.
    is_folded = not has_breaks and "  " not in text and text == text.strip()
    return text if is_folded else " ".join(text.split())
