"""Numbers with their nouns, as every message and page writes them."""

from __future__ import annotations


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: `1 paper`, `1,204 papers`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
