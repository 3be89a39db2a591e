"""What stands on the front page beside its lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import publish
from scenarios import paper, write_digest

EQUATION = r"  We find $$L(s) = L_0 + A$$ for every step $s$."
LONG = rf"  We find $${' + '.join('abcdefghijklmnopqrstuvwxyz' * 2)}$$ for every step."


def front_page(root: Path, abstract: str, note: str = "") -> str:
    record = paper("A law", note, featured="2025-03-19", abstract=f"|\n{abstract}")
    site = publish(write_digest(root, {"content/papers/a.md": record}), has_search=False)
    return (site / "index.html").read_text(encoding="utf-8")


def test_the_picture_of_the_lead_is_its_equation(tmp_path: Path) -> None:
    page = front_page(tmp_path, EQUATION, "Our note.")
    figure = page.partition('<figure class="plate">')[2].partition("</figure>")[0]
    assert 'alttext="L(s) = L_0 + A"' in figure


@pytest.mark.parametrize(
    ("abstract", "note"),
    [
        ("  We find $L(s)$ for every step.", ""),
        (LONG, "Our note."),
        (EQUATION, "The law is $$L(s) = L_0 + A$$ and no more."),
        (EQUATION, ""),
    ],
    ids=["none on a line of its own", "too long", "in the note", "in the excerpt"],
)
def test_no_equation_stands_there_twice_or_out_of_place(
    tmp_path: Path, abstract: str, note: str
) -> None:
    assert "<figure" not in front_page(tmp_path, abstract, note)
