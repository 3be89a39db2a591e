r"""Laws of the text model: who converts in what company does not matter; work is linear in length.

The work is counted in calls, not in seconds: each loop of ours calls something on every turn, and
what regular expressions look at is bounded by their windows (`math_finding.WINDOW`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text import cases, corpus

from broadsheet.domain.records import Body
from broadsheet.effects.executors import map_batches, open_executor
from broadsheet.planning.texts import ConvertedText, MarkupOptions, TextJob
from broadsheet.workers.markup import convert_batch
from broadsheet.workers.tex.mathml import ATTRIBUTES, ELEMENTS, TEXT_STYLES, convert_formula

OPTIONS = MarkupOptions(macros=cases.SITE_MACROS)
SHORT = 2_000


def make_jobs() -> tuple[TextJob, ...]:
    """Return records full of TeX, formulas and Markdown: the golden cases and the real sample."""
    lines = [source for group in cases.LINES.values() for source in group]
    lines += [source[:SHORT] for _, source in cases.HOSTILE]
    lines += [field.text for field in corpus.read_records(corpus.SAMPLE)]
    bodies = [*cases.BODIES, *lines]
    return tuple(
        TextJob(f"{n}.md", (("title", line), ("tldr", line)), line, Body(text=bodies[n]))
        for n, line in enumerate(lines)
    )


def convert_with(spec: str, jobs: tuple[TextJob, ...], size: int) -> list[ConvertedText]:
    work = partial(convert_batch, OPTIONS)
    with open_executor(spec) as executor:
        return map_batches(executor, work, jobs, size)


def test_one_process_and_workers_give_the_same_text_in_any_company() -> None:
    jobs = make_jobs()
    assert len(jobs) > 450
    expected = convert_with("serial", jobs, len(jobs))
    assert sum("<math" in text.lines["title"].html for text in expected) > 100
    assert convert_with("process:2", jobs, 37) == expected
    convert_formula.cache_clear()
    assert convert_with("serial", jobs[::-1], 11)[::-1] == expected


def count_calls(work: Callable[[], object]) -> int:
    """Return how many functions, Python's and C's, are called while something works."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "source", [pytest.param(s, id=name) for name, s in cases.HOSTILE if len(s) > 50_000]
)
def test_work_on_hostile_text_grows_no_faster_than_its_length(source: str) -> None:
    def work(length: int) -> int:
        text = source[:length]
        job = TextJob("a.md", (("title", text),), text)
        convert_formula.cache_clear()
        return count_calls(lambda: convert_batch(MarkupOptions(), (job,)))

    work(100)
    once, twice = work(5_000), work(10_000)
    assert twice <= 2.1 * once + 200
    assert once <= 50 * 5_000


SIGNS = st.sampled_from(
    [
        *("$", "$$", "{", "}", "\\", "\\(", "\\)", "\\[", "\\]", "~", "``", "''", "--", "---", "`"),
        *("^{", "_{", "&", "%", "#", "<", ">", '"', " ", "\n", "\n\n", "x", "word ", "1", "5 and "),
        *(
            "\\textbf{",
            "\\emph{",
            "\\text{",
            "\\frac{",
            "\\href{https://a.org}{",
            "\\cite{",
            "\\verb|",
        ),
        *(
            "\\'e",
            "\\bf ",
            "{it ",
            "\\begin{align}",
            "\\end{align}",
            "https://a.org/",
            "é",
            "中",
            "ع",
        ),
        *(
            "[",
            "]",
            "](",
            ")",
            "[[",
            "]]",
            "*",
            "_",
            "# ",
            "- ",
            "> ",
            "|",
            "<b>",
            "<script>",
            "&lt;",
        ),
        *("\x00", "\ue000", "\ue001", "\u202e", "\ufffe"),
    ]
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r'\s([a-z]+)="[^"<>]*"')
ALLOWED = {
    *ELEMENTS,
    *TEXT_STYLES,
    *("p", "a", "strong", "em", "span", "u", "sup", "sub", "code"),
}


@given(st.lists(SIGNS, max_size=40).map("".join))
def test_no_text_raises_and_only_known_elements_leave(text: str) -> None:
    job = TextJob("a.md", (("title", text), ("tldr", text)), text, Body(text=text))
    (converted,) = convert_batch(MarkupOptions(), (job,))
    abstract = converted.abstract.html if converted.abstract is not None else ""
    for html in (converted.lines["title"].html, converted.lines["tldr"].html, abstract):
        opened: list[str] = []
        for closing, name, attributes in _TAG.findall(html):
            assert name in ALLOWED
            assert _ATTRIBUTE.sub("", attributes) == ""
            names = set(_ATTRIBUTE.findall(attributes))
            assert names <= ATTRIBUTES | {"href", "rel", "class", "tabindex"}
            if closing:
                assert opened.pop() == name
            else:
                opened.append(name)
        assert opened == []
        assert "<" not in _TAG.sub("", html)
    assert converted.body is not None or not text
    texts = [*converted.lines.values(), *filter(None, (converted.abstract, converted.body))]
    every = "".join((*(rich.html + rich.plain for rich in texts), converted.title_tex))
    assert re.search("[\x00\ue001\u202e\ufffe]", every) is None
