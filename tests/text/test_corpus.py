r"""Real titles and abstracts: nothing of TeX is left, nothing of the text is lost.

The sample in the repository and the repository's 90 papers are checked always, the whole corpus
where the shared folder is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from text import corpus
from text.corpus import Field, read_records, read_repository

from broadsheet.planning.texts import MarkupOptions, TextJob
from broadsheet.workers.markup import convert_batch
from broadsheet.workers.tex.lines import convert_line, convert_paragraphs
from broadsheet.workers.tex.mathml import convert_formula
from broadsheet.workers.tex.parsing import Parser, TexReport, parse_tex
from broadsheet.workers.tex.segments import Segment
from broadsheet.workers.tex.signs import has_tex
from broadsheet.workers.tex.writing import collect_formulas, to_bibtex, to_html, to_plain

LEFT = re.compile(r"\\[A-Za-z]+|\$[\d.,]*\d|[{}$\\]")
PARAGRAPH = re.compile(r"\n[ \t]*\n")

# The reference: what in a source is no text. It knows nothing of groups, formulas or accents.
ARGUMENTS = re.compile(
    r"\\(?:cite\w*|ref|label|begin|end|color|textcolor|vspace|hspace)\*?(?:\[[^\]]*\])*\{[^{}]*\}"
    r"|\\href\s*\{[^{}]*\}"
)
COMMAND = re.compile(r"\\[A-Za-z]+\*?")


class Converted(NamedTuple):
    """A field and what became of it."""

    field: Field
    plain: str
    html: str
    segments: tuple[Segment, ...]


def convert(fields: Iterable[Field]) -> list[Converted]:
    converted = []
    for field in fields:
        text, segments = convert_paragraphs((), field.text, TexReport())
        converted.append(Converted(field, text.plain, text.html, segments))
    return converted


@pytest.fixture(scope="module")
def here() -> list[Converted]:
    """The sample and the repository's own papers."""
    return convert([*read_records(corpus.SAMPLE), *read_repository()])


@pytest.fixture(scope="module")
def everything(shared: Path) -> list[Converted]:
    """The whole corpus and the repository's own papers."""
    fields = [*read_records(shared / "corpus" / "arxiv.jsonl.gz"), *read_repository()]
    assert len({field.paper for field in fields}) > 13_800
    return convert(fields)


@pytest.fixture(params=["here", "everything"])
def texts(request: pytest.FixtureRequest) -> list[Converted]:
    """The texts of a test that is run on both."""
    converted: list[Converted] = request.getfixturevalue(request.param)
    return converted


def is_listed(text: Converted) -> bool:
    """Tell whether what is left of TeX in a text is listed, sign for sign."""
    paper = text.field.paper
    left = [match[0] for match in LEFT.finditer(text.plain)]
    if paper in corpus.CURRENCY:
        return left == corpus.CURRENCY[paper].split()
    if paper in corpus.BRACES:
        meant = corpus.BRACES[paper]
        return len(left) == 2 * text.plain.count(meant)
    if paper in corpus.OTHER:
        return left == ["$", "$"]
    if paper in corpus.FALLBACKS:
        return text.plain.count("\\") == len(left) == len(corpus.FALLBACKS[paper])
    return False


def test_nothing_of_tex_is_left_but_what_is_listed(texts: list[Converted]) -> None:
    left = [text for text in texts if LEFT.search(text.plain)]
    wrong = [(text.field.paper, LEFT.findall(text.plain)) for text in left if not is_listed(text)]
    assert wrong == []


def test_every_exception_is_needed(everything: list[Converted]) -> None:
    listed = {*corpus.CURRENCY, *corpus.BRACES, *corpus.OTHER, *corpus.FALLBACKS}
    assert {text.field.paper for text in everything if LEFT.search(text.plain)} == listed


def test_few_formulas_fall_back_and_each_is_listed(everything: list[Converted]) -> None:
    count = 0
    failed: dict[str, tuple[str, ...]] = {}
    for text in everything:
        formulas = collect_formulas(text.segments)
        count += len(formulas)
        for formula in formulas:
            if convert_formula(formula.tex, is_display=formula.is_display).failure:
                failed[text.field.paper] = (*failed.get(text.field.paper, ()), formula.tex)
    assert failed == corpus.FALLBACKS
    assert count > 1_800
    assert sum(map(len, failed.values())) <= 0.003 * count


def letters(text: str) -> list[str]:
    """Return the letters a to z of a text, without their accents and styles."""
    return [c for c in unicodedata.normalize("NFKD", text).lower() if "a" <= c <= "z"]


def is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(letter in rest for letter in part)


def shrinks(text: Converted) -> bool:
    """Tell whether a text lost letters, or their order where there is no formula."""
    source = text.field.text
    expected = letters(COMMAND.sub("", ARGUMENTS.sub("", source)))
    actual = letters(text.plain)
    if Counter(expected) - Counter(actual):
        return True
    has_formula = "$" in source or "\\(" in source
    return not has_formula and not is_subsequence(expected, actual)


def test_no_text_shrinks_by_more_than_its_markup(texts: list[Converted]) -> None:
    lost = {text.field.paper for text in texts if shrinks(text)}
    assert lost <= set(corpus.LETTERS)


def test_a_text_that_shrinks_would_be_seen() -> None:
    field = Field("x", "abstract", r"some \emph{words} here")
    assert shrinks(Converted(field, "some words her", "", ()))
    assert shrinks(Converted(field, "some here words", "", ()))
    assert not shrinks(Converted(field, "some words here", "", ()))


def test_every_exception_of_letters_is_needed(everything: list[Converted]) -> None:
    assert {text.field.paper for text in everything if shrinks(text)} == set(corpus.LETTERS)


def test_the_short_way_gives_what_the_long_way_gives(texts: list[Converted]) -> None:
    short = 0
    for text in texts:
        for paragraph in PARAGRAPH.split(text.field.text):
            if has_tex(paragraph):
                continue
            short += 1
            line, segments = convert_line((), paragraph, TexReport(), has_links=True)
            assert segments == ()
            long = Parser(" ".join(paragraph.split()), TexReport()).parse()
            assert to_html(long, (), has_links=True) == line.html
            assert to_plain(long, ()) == line.plain
    assert short > len(texts) / 2


def is_balanced(tex: str) -> bool:
    depth = 0
    for sign in re.sub(r"\\.", "", tex, flags=re.DOTALL):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def test_bibtex_is_balanced_and_reads_back_as_the_same_text(texts: list[Converted]) -> None:
    for text in texts:
        for paragraph in PARAGRAPH.split(text.field.text):
            if not has_tex(paragraph):
                continue
            segments = parse_tex(paragraph, TexReport())
            tex = to_bibtex(segments)
            assert is_balanced(tex), text.field.paper
            again = to_plain(parse_tex(tex, TexReport()), ())
            assert again.split() == to_plain(segments, ()).split(), text.field.paper


def test_batches_tell_what_is_wrong_and_raise_nothing(everything: list[Converted]) -> None:
    jobs = tuple(
        TextJob(text.field.paper, (("title", text.field.text),), text.field.text)
        for text in everything
    )
    converted = convert_batch(MarkupOptions(), jobs)
    warned = {job.source for job, text in zip(jobs, converted, strict=True) if text.findings}
    assert warned == set(corpus.FALLBACKS)
    assert [text.abstract is None for text in converted].count(True) == 0
