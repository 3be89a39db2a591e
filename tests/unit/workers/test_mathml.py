r"""Formulas to MathML and to plain text, and what happens to those that cannot be converted."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from broadsheet.workers.tex.mathml import (
    ATTRIBUTES,
    ELEMENTS,
    TEXT_STYLES,
    convert_formula,
    find_bad_macros,
)
from broadsheet.workers.tex.normalising import expand_macros, normalise_tex


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("5%", r"5\%"),
        (r"5\%", r"5\%"),
        (r"a\\%b", r"a\\\%b"),
        ("a # b", r"a \# b"),
        (r"\unicode{x3C}", "<"),
        (r"\unicode{xE001}", ""),
        (r"\unicode{xD800}", ""),
        (r"\href{https://a.org}{x}", r"\text{x}"),
        (r"\Hat{x} \Bar y", r"\hat{x} \bar y"),
        (r"{\bf x}", r"\mathbf{x}"),
        (r"\rm d", r"\mathrm{d}"),
        (r"\text{a $x$ b}", r"\text{a }{x}\text{ b}"),
        (r"\text{a $x$ b $y$ c}", r"\text{a }{x}\text{ b }{y}\text{ c}"),
        (r"\textbf{H$^{\mathbf{3}}$P}", r"\textbf{H}{^{\mathbf{3}}}\textbf{P}"),
        (r"\text{A & B}", r"\text{A \& B}"),
    ],
)
def test_normalisation(tex: str, expected: str) -> None:
    assert normalise_tex(tex) == expected


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"L(P)\geq NK\log_2 K+N^2d^2\log (1/\varepsilon)", "L(P) ≥ NK log₂ K + N²d² log(1/ε)"),
        (r"O(K^{2/3})", "O(K^(2/3))"),
        (r"\frac{a}{b+c}", "a/(b + c)"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"\sqrt[3]{x}", "³√x"),
        (r"x_i^2", "xᵢ²"),
        (r"x_{ij}", "xᵢⱼ"),
        (r"x_{Q}", "x_Q"),
        (r"90^\circ", "90°"),
        (r"f'", "f′"),
        (r"\mathcal{L}^*", "L∗"),
        (r"\mathbf{W}x", "Wx"),
        (r"\mathbb{R}^d", "Rᵈ"),
        (r"\hat{x} + \bar{y}", "x̂ + ȳ"),
        (r"\sum_{i=1}^n x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"-1", "-1"),
        (r"a = -1", "a = −1"),
        (r"\text{if } x", "if x"),
        (r"\binom{n}{k}", None),
        (r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "(a, b; c, d)"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "a = b; c = d"),
        (r"\underbrace{x+1}_{n}", "(x + 1)ₙ"),
        (r"\overline{AB}", "A̅B̅"),
        (r"\widehat{ab}", "âb̂"),
        (r"L = -\log p", "L = −log p"),
        (r"x_1, \ldots, x_n", "x₁, …, xₙ"),
        (r"x_{i_j}", "x_(iⱼ)"),
        (r"\mbox{if} \mathds{1}", "if1"),
        (r"\sim", "∼"),
        (r"\{a, b\}", "{a, b}"),
        (r"100\%", "100%"),
    ],
)
def test_plain_text(tex: str, expected: str | None) -> None:
    plain = convert_formula(tex).plain
    assert expected is None or plain.replace("−", "-") == expected.replace("−", "-")
    assert "\u2061" not in plain


@pytest.mark.parametrize(
    "tex", [r"\foo", r"\def\a{\a\a}\a", "{" * 3000, r"\left(", "a}{", r"\begin{x}", "_", "&"]
)
def test_what_cannot_be_converted_is_its_source(tex: str) -> None:
    formula = convert_formula(tex)
    if formula.failure:
        assert formula.html.startswith('<code class="tex">')
        assert formula.plain == tex
    else:
        assert formula.html.startswith("<math")


def test_source_is_escaped() -> None:
    formula = convert_formula(r"\foo{<script>alert(1)</script>}")
    assert formula.html == ('<code class="tex">\\foo{&lt;script&gt;alert(1)&lt;/script&gt;}</code>')


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\mathrm{<img src=x onerror=alert(1)>}",
        r"\unicode{x3C}script\unicode{x3E}",
        r"\class{a}{x} \style{color:red}{y}",
        r"\href{javascript:alert(1)}{x}",
        r"\begin{aligned}a&=b\\c&=d\end{aligned}",
        r"\color{red} x",
        r'a" onclick="alert(1)',
        r"\operatorname{argmax}_{x} f\!\left(x\right)",
    ],
)
def test_only_the_allow_list_leaves(tex: str) -> None:
    html = convert_formula(tex).html
    if html.startswith("<code"):
        assert re.fullmatch(r'<code class="tex">[^<>]*</code>', html)
        return
    for element in etree.fromstring(html).iter():
        assert element.tag in ELEMENTS | TEXT_STYLES
        assert set(element.attrib) <= ATTRIBUTES


def test_words_in_a_formula_keep_one_style() -> None:
    assert "<mtext><code>True</code></mtext>" in convert_formula(r"c = \texttt{True}").html
    assert "<mtext><b>&lt;i&gt;</b></mtext>" in convert_formula(r"x\textbf{<i>}").html


def test_macros_are_expanded_for_programs_that_do_not_know_them() -> None:
    macros = (("SE", r"\mathrm{SE}"), ("two", r"\frac{#1}{#2}"), ("loop", r"\loop"))
    assert expand_macros(r"\SE(3) + \SEx", macros) == r"{\mathrm{SE}}(3) + \SEx"
    assert expand_macros(r"\two{a}b", macros) == r"{\frac{a}{b}}"
    assert expand_macros(r"\loop", macros).endswith("}")


def test_a_displayed_formula_is_a_block_and_every_formula_names_its_source() -> None:
    assert convert_formula("x").html == '<math alttext="x"><mi>x</mi></math>'
    assert 'display="block"' in convert_formula("x", is_display=True).html


def test_macros_stand_for_their_tex() -> None:
    macros = (("SE", r"\mathrm{SE}"), ("EE", r"\SE[#1]"))
    assert convert_formula(r"\SE(3)", macros).plain == "SE(3)"
    assert convert_formula(r"\EE{x}", macros).plain == "SE[x]"
    assert convert_formula(r"\SE(3)").failure == 'Unknown command "\\SE".'


def test_a_bad_macro_takes_no_other_with_it() -> None:
    macros = (("good", r"\mathrm{G}"), ("bad", r"\nosuch"), ("using", r"\good"))
    assert find_bad_macros(macros) == (("bad", 'Unknown command "\\nosuch".'),)
    assert convert_formula(r"\good", macros).plain == "G"
    assert convert_formula(r"\bad", macros).failure


def test_markup_is_valid_as_xml_too() -> None:
    assert "&" not in convert_formula(r"\sin x \ge \max_i y").html
