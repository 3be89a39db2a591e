r"""Which dollars are formulas: currency, shell variables and prose stay text."""

from __future__ import annotations

import pytest

from broadsheet.workers.tex.math_finding import MAX_FORMULA, WINDOW, find_math, is_formula


def formulas(text: str) -> list[str]:
    return [span.tex for span in find_math(text)]


@pytest.mark.parametrize(
    "text",
    [
        "it costs $5 and $10",
        "$5-$10 a month",
        "$20k vs $30k",
        "AI ($0.08) cost less than ($4.2) of experts",
        "`$HOME` and `$PATH`",
        "$HOME: a folder; $PATH: a list",
        r"\$5 and \$10",
        "under $1,900",
        "a loss of $30.009 per run",
        "$$",
        "$ $",
        "a $ b",
        r"from $5 to \$10 and $20",
        "US$5 and US$ 7",
        "the price is $3; then it is $4; nothing else",
        r"\(no formula here\)",
        r"\[see the paper\]",
        "$x\n\n",
        "$",
        r"\$",
    ],
)
def test_no_formula(text: str) -> None:
    assert formulas(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an $N$-body problem", ["N"]),
        (r"$100\times$ faster at $2", [r"100\times"]),
        (r"\$5 and $x$", ["x"]),
        (r"$\sim$2x and $\times$1,912", [r"\sim", r"\times"]),
        ("$5$ of $10$", ["5", "10"]),
        ("$3D$", ["3D"]),
        ("$3$D", ["3"]),
        (r"\(a\) and \[b\]", ["a", "b"]),
        ("$$E = mc^2$$", ["E = mc^2"]),
        ("a$b$c", ["b"]),
        ("$(x, y)$", ["(x, y)"]),
        (r"$\text{a long name here}$", [r"\text{a long name here}"]),
        (r"$\textbf{$\times$ 2}$", [r"\textbf{$\times$ 2}"]),
        ("$x$ costs $5", ["x"]),
        ("$x + y", []),
        ("$x{$", []),
        ("{$x$} and }$y$", ["x", "y"]),
        ("$a$$b$", ["a", "b"]),
        ("$p<0.05$", ["p<0.05"]),
        (r"\begin{equation}a\end{equation}", ["a"]),
        (r"\begin{align*}a\end{align*}", [r"\begin{aligned}a\end{aligned}"]),
        (r"\begin{gather}a\end{gather}", [r"\begin{gathered}a\end{gathered}"]),
        (r"\begin{align}a", []),
    ],
)
def test_formulas(text: str, found: list[str]) -> None:
    assert formulas(text) == found


def test_a_span_holds_its_delimiters_and_whether_it_is_displayed() -> None:
    text = r"a $x$ b $$y$$ c \(z\) d \[w\]"
    spans = find_math(text)
    assert [text[span.start : span.end] for span in spans] == ["$x$", "$$y$$", r"\(z\)", r"\[w\]"]
    assert [span.is_display for span in spans] == [False, True, False, True]


def test_an_inline_environment_is_not_displayed() -> None:
    (span,) = find_math(r"\begin{math}x\end{math}")
    assert not span.is_display


@pytest.mark.parametrize(("length", "found"), [(MAX_FORMULA, True), (MAX_FORMULA + 1, False)])
def test_a_formula_between_dollars_has_an_end(length: int, *, found: bool) -> None:
    assert is_formula("x" * length) is found


@pytest.mark.parametrize(("length", "found"), [(WINDOW - 2, 1), (WINDOW - 1, 0)])
def test_a_formula_ends_within_the_window(length: int, found: int) -> None:
    assert len(formulas("\\(" + "x" * length + "\\)")) == found


def test_the_words_of_text_commands_are_no_prose() -> None:
    assert is_formula(r"x = \text{if the sun shines}")
    assert not is_formula(r"x = if the sun shines")
