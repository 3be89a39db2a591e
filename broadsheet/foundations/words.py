"""Numbers with their nouns, and words on one line, as every message and page writes them."""

from __future__ import annotations


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: `1 paper`, `1,204 papers`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def fold(text: str) -> str:
    """Return text on one line, with one space between words."""
    # Every space but the common one is not printable: most texts need no look at their words.
    is_folded = text.isprintable() and "  " not in text and text == text.strip()
    return text if is_folded else " ".join(text.split())
