r"""The math font of the theme: every sign of the corpus's formulas is in it, and it stays small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from builds import ROOT
from fontTools.ttLib import TTFont
from lxml import etree
from text import corpus
from text.corpus import Field

from broadsheet.workers.tex.lines import convert_paragraphs
from broadsheet.workers.tex.mathml import convert_formula
from broadsheet.workers.tex.parsing import TexReport
from broadsheet.workers.tex.writing import collect_formulas

FONT = ROOT / "templates" / "static" / "math.woff2"
MAX_BYTES = 45_000
# Signs that are not drawn, so that no font needs them.
INVISIBLE = {
    "\u2061": "the application of a function, as in `sin x`",
    "\ufe00": "asks for the roundhand form of a script letter",
}
# First letter, and where its italic stands (MathML Core, text-transform: math-auto).
ITALICS = (
    (ord("a"), 26, 0x1D44E),
    (ord("A"), 26, 0x1D434),
    (0x3B1, 25, 0x1D6FC),
    (0x391, 25, 0x1D6E2),
)


@pytest.fixture(scope="module")
def covered() -> set[str]:
    """The characters that the font draws."""
    table = TTFont(FONT).getBestCmap()
    assert table
    return {chr(point) for point in table}


def slant(letter: str) -> str:
    """Return the character that a browser shows for an `<mi>` of one letter."""
    if letter == "h":
        return "ℎ"
    for first, count, italic in ITALICS:
        if first <= ord(letter) < first + count:
            return chr(italic + ord(letter) - first)
    return letter


def shown_signs(html: str) -> Iterator[str]:
    """Yield the characters that a formula is drawn with; words stand in the text's own font."""
    for element in etree.fromstring(html).iter():
        text = element.text or ""
        if element.tag == "mi" and len(text) == 1 and element.get("mathvariant") != "normal":
            text = slant(text)
        yield from text


def missing_signs(fields: Iterable[Field], covered: set[str]) -> set[str]:
    """Return the characters of all formulas that the font does not draw."""
    signs: set[str] = set()
    for field in fields:
        _, segments = convert_paragraphs((), field.text, TexReport())
        for formula in collect_formulas(segments):
            converted = convert_formula(formula.tex, is_display=formula.is_display)
            if not converted.failure:
                signs.update(shown_signs(converted.html))
    return signs - covered


def test_every_sign_of_the_sample_is_in_the_font(covered: set[str]) -> None:
    fields = [*corpus.read_records(corpus.SAMPLE), *corpus.read_repository()]
    assert missing_signs(fields, covered) <= set(INVISIBLE)


def test_every_sign_of_the_corpus_is_in_the_font(shared: Path, covered: set[str]) -> None:
    fields = corpus.read_records(shared / "corpus" / "arxiv.jsonl.gz")
    assert missing_signs(fields, covered) == set(INVISIBLE)


def test_a_sign_that_is_missing_would_be_seen(covered: set[str]) -> None:
    assert missing_signs([Field("x", "title", r"$\mathfrak{g} + \beth + x$")], covered) == {
        "𝔤",
        "ℶ",
    }


def test_the_font_is_small_and_has_a_table_for_math() -> None:
    assert FONT.stat().st_size <= MAX_BYTES
    assert "MATH" in TTFont(FONT)
