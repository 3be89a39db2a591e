r"""What TeX in titles and abstracts prints, as plain text and as HTML."""

from __future__ import annotations

import re
import unicodedata

import pytest

from broadsheet.workers.tex.lines import convert_line, convert_paragraphs
from broadsheet.workers.tex.parsing import MAX_DEPTH, TexReport, parse_tex
from broadsheet.workers.tex.segments import Code, Link, Math, Styled, Text
from broadsheet.workers.tex.writing import to_bibtex, to_html, to_plain


def plain(text: str) -> str:
    return convert_line((), text, TexReport(), has_links=True)[0].plain


def html(text: str, *, has_links: bool = True) -> str:
    return convert_line((), text, TexReport(), has_links=has_links)[0].html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"Erd\H{o}s", "Erdős"),
        (r"Erd\H os", "Erdős"),
        (r"G\"{o}del and G\"odel", "Gödel and Gödel"),
        (r"Fran\c{c}ois, Fran\c cois", "François, François"),
        (r"Dvo\v{r}\'ak", "Dvořák"),
        (r"na\"{\i}ve and na\"\i ve", "naïve and naïve"),
        (r"\O rsted, {\O}rsted, \O{}rsted", "Ørsted, Ørsted, Ørsted"),
        (r"\L{}\'od\'z", "Łódź"),
        (r"\AA ngstr\"om", "Ångström"),
        (r"Stra\ss e", "Straße"),
        (r"\.Istanbul, \.{I}, \.i", "İstanbul, İ, i"),
        (r"\u{g}\k{a}\r{u}\={o}\b{d}\d{h}", "ğąůōḏḥ"),
        (r"Nguy\~{\^e}n", "Nguyễn"),
        (r"Ho\`ang", "Hoàng"),
        (r"{\'e}t{\'e}", "été"),
        (r"Poincar{\'e}", "Poincaré"),
        (r"don\'t", "don't"),
        (r"\'{1}", "1"),
        (r"a\^{}b \~{}", "a^b ~"),
        (r"\oe uvre, \ae on", "œuvre, æon"),
        (r"\i\j", "ıȷ"),
        (r"\t x", "t x"),
    ],
)
def test_accents_and_letters(text: str, expected: str) -> None:
    assert plain(text) == expected
    assert unicodedata.is_normalized("NFC", plain(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\textbf{a} \emph{b} \textit{c}", "<strong>a</strong> <em>b</em> <em>c</em>"),
        (r"{\bf a} {\it b} {\em c} {\sl d}", "<strong>a</strong> <em>b</em> <em>c</em> <em>d</em>"),
        (r"{\tt GPT-3.5}", "<code>GPT-3.5</code>"),
        (r"{\sc MwpBench}", '<span class="sc">MwpBench</span>'),
        (r"\texttt{a\_b}", "<code>a_b</code>"),
        (r"\textsc{a}", '<span class="sc">a</span>'),
        (r"1\textsuperscript{st} H\textsubscript{2}O", "1<sup>st</sup> H<sub>2</sub>O"),
        (r"\underline{a}", "<u>a</u>"),
        (r"\textbf{a \emph{b}}", "<strong>a <em>b</em></strong>"),
        (r"\bf a", "<strong>a</strong>"),
        (r"{it misaligned}", "<em>misaligned</em>"),
        (r"{tt x} {bf y}", "<code>x</code> <strong>y</strong>"),
        (r"\verb|a_b| \verb+c+", "<code>a_b</code> <code>c</code>"),
        (r"\lstinline{x} \lstinline|y|", "<code>x</code> <code>y</code>"),
        (r"\textbf{}", ""),
        (r"$\textbf{Words}$", "<strong>Words</strong>"),
        (r"\textcolor{red}{a} \textcolor[rgb]{1,0,0}{b}", "a b"),
        (r"\colorbox{red}{a}", "a"),
        (r"a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ],
)
def test_styles(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("``a'' and `b'", "“a” and ‘b’"),
        ("`code` stays", "`code` stays"),
        ("it''s", "it”s"),
        (r"\enquote{a}", "“a”"),
        ("a---b, 1--2, a -- b", "a—b, 1–2, a – b"),
        ('run --help (--all) "--x"', 'run --help (--all) "--x"'),
        ('"universal"--the', '"universal"–the'),
        ("-----", "-----"),
        ("Fig.~1", "Fig.\u00a01"),
        ("about ~5 and ~$x$", "about ~5 and ~x"),
        ("a ~ b", "a ~ b"),
        (r"42.9\% \& \# \_ \$5 \{x\}", "42.9% & # _ $5 {x}"),
        ("50% of A&B, C#, a_b, x^y", "50% of A&B, C#, a_b, x^y"),
        (r"a\,b a\ b a\\b a\-b a\/b", "a\u2009b a b a b ab ab"),
        (r"\ldots{} \dots", "… …"),
        (r"\LaTeX{} and \textbackslash{}x", "LaTeX and \\x"),
        (r"\alpha-stable", "α-stable"),
        ("weights in {-1, 0, 1}", "weights in {-1, 0, 1}"),
        ("{Deep} Learning", "Deep Learning"),
        ("{a, b", "a, b"),
        ("a} b { c", "a b c"),
        (r"\{a, b\}", "{a, b}"),
        (r"\SI{5}{\kilo\gram}", "5\u00a0kg"),
        (r"\num{7} \ang{45} \SIrange{1}{2}{\metre}", "7 45° 1–2\u00a0m"),
        (r"\qty{3}{\milli\second\per\metre}", "3\u00a0ms/m"),
        (r"\frac{1}{2}", "1/2"),
        (r"a\footnote{b}", "a (b)"),
        (r"a\thanks{Equal work}", "a (Equal work)"),
        (r"as shown \cite{x} and~\citep[see][]{y}.", "as shown and."),
        (r"in Section \ref{s}, \label{t}", "in Section,"),
        (r"\begin{itemize}\item a \item b\end{itemize}", "• a • b"),
        (r"\replaced{new}{old} \added{x}", "new x"),
        (r"mathcal O(K^{2/3})", "O(K^(2/3))"),
        (r"in K^{2} and n^{-1}", "in K² and n⁻¹"),
        (r"\mbox{a} \text{b} \textrm{c} \ensuremath{d}", "a b c d"),
        ("tab\tand\nline", "tab and line"),
        ("", ""),
        ("\\", "\\"),
    ],
)
def test_signs_and_commands(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\href{https://a.org}{b}", '<a href="https://a.org" rel="noopener">b</a>'),
        (
            r"\url{https://a.org/x\_y}",
            '<a href="https://a.org/x_y" rel="noopener">https://a.org/x_y</a>',
        ),
        ("at https://a.org/b.", 'at <a href="https://a.org/b" rel="noopener">https://a.org/b</a>.'),
        (
            "(https://a.org/b_(c))",
            '(<a href="https://a.org/b_(c)" rel="noopener">https://a.org/b_(c)</a>)',
        ),
        ("url{https://a.org}", '<a href="https://a.org" rel="noopener">https://a.org</a>'),
        (r"\href{javascript:alert(1)}{b}", "b"),
        (r"\href{mailto:a@b.org}{write}", '<a href="mailto:a@b.org" rel="noopener">write</a>'),
        (r"\url{data:text/html,x}", "data:text/html,x"),
        (
            r"\href{https://a.org}{\emph{b} https://c.org}",
            '<a href="https://a.org" rel="noopener"><em>b</em> https://c.org</a>',
        ),
        (r"\href{https://a.org", '<a href="https://a.org" rel="noopener">https://a.org</a>'),
    ],
)
def test_links(text: str, expected: str) -> None:
    assert html(text) == expected
    assert "<a" not in html(text, has_links=False)


def test_signs_of_an_address_are_not_typography() -> None:
    assert plain("see https://a.org/~me/x--y") == "see https://a.org/~me/x--y"


def test_one_parse_gives_segments() -> None:
    segments = parse_tex(r"a \emph{b $c$} \texttt{d} \url{https://e.org}", TexReport())
    assert segments == (
        Text("a "),
        Styled("em", (Text("b "), Math("c", is_display=False))),
        Text(" "),
        Code("d"),
        Text(" "),
        Link("https://e.org", (Text("https://e.org"),)),
    )
    assert to_html(segments, (), has_links=False).startswith("a <em>b <math")
    assert to_plain(segments, ()) == "a b c d https://e.org"
    assert to_bibtex(segments) == r"a \emph{b $c$} \texttt{d} https://e.org"


def test_unknown_commands_print_their_words_and_are_noted_once() -> None:
    report = TexReport()
    line, _ = convert_line((), r"\ours{} beats \foo{the \ours} and \bar", report, has_links=True)
    assert line.plain == "ours beats the ours and bar"
    assert list(report.unknown) == ["ours", "foo", "bar"]


def test_paragraphs_stand_between_blank_lines() -> None:
    text, _ = convert_paragraphs((), "a\nb\n\n  \nc $x$\n", TexReport())
    assert text.plain == "a b\n\nc x"
    assert text.html.startswith("<p>a b</p><p>c <math")


def test_groups_without_end_and_end_without_group_lose_nothing() -> None:
    words = "x"
    for opening in ("{", r"\emph{", r"{\bf ", r"\textcolor{a}{", r"\bf "):
        many = opening * (3 * MAX_DEPTH) + words
        assert plain(many).endswith(words)
        assert plain(many + "}" * 200 + " end").endswith("x end")


def test_controls_and_private_characters_are_taken_out() -> None:
    assert plain("a\x00b\x07c\ue000d\ue001e\x7ff\ufffeg") == "abcdefg"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100% & more_or #less", r"100\% \& more\_or \#less"),
        (r"$x_1$ costs \$5", r"$x_1$ costs \$5"),
        ("a {b, c} \\^{}", r"a \textbraceleft{}b, c\textbraceright{} \textasciicircum{}"),
        (r"$\frac{a}{b$", None),
        (r"\emph{a} \textsc{b}", r"\emph{a} \textsc{b}"),
    ],
)
def test_bibtex(text: str, expected: str | None) -> None:
    tex = to_bibtex(parse_tex(text, TexReport()))
    bare = re.sub(r"\\.", "", tex)
    assert bare.count("{") == bare.count("}")
    assert expected in (None, tex)


def test_a_long_formula_scrolls_in_text_and_is_plain_in_a_title() -> None:
    source = "$" + " + ".join(f"x_{n} < y" for n in range(9)) + "$"
    text, _ = convert_line((), source, TexReport(), has_links=True)
    title, _ = convert_line((), source, TexReport(), has_links=False)
    assert text.html.startswith('<span class="mx" tabindex="0"><math')
    assert title.html == text.plain.replace("<", "&lt;")
    short, _ = convert_line((), "$$x < y$$", TexReport(), has_links=False)
    assert short.html.startswith('<math alttext="x &lt; y"><mi>x</mi>')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("CO$_2$ is", '<span class="nb">CO∎</span> is'),
        (
            r"$\sim$2x, $\times$1,912;",
            '<span class="nb">∎2x,</span> <span class="nb">∎1,912;</span>',
        ),
        (r"$\ell_2$-norm", '<span class="nb">∎-</span>norm'),
        ("in $x$, ($y$) and $z$.", "in ∎, (∎) and ∎."),
        ("so $$x$$-y", "so ∎-y"),
        ("incomprehensible$x$", "incomprehensible∎"),
    ],
)
def test_a_line_does_not_break_within_a_word_that_holds_a_formula(
    source: str, expected: str
) -> None:
    text, _ = convert_line((), source, TexReport(), has_links=True)
    assert re.sub("<math.*?</math>", "∎", text.html) == expected
