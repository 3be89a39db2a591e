r"""Bodies: Markdown with formulas, links between records, and an allow-list over the result."""

from __future__ import annotations

import re

import pytest

from broadsheet.domain.records import Body
from broadsheet.foundations.codes import Code
from broadsheet.planning.texts import ROOT_MARK, MarkupOptions, RecordLink, TextJob
from broadsheet.workers.bodies import ConvertedBody, convert_body

LINKS = (
    ("2403.02884", RecordLink("papers/2403.02884/", "On $n$-body {\\it systems}")),
    ("2101.00001", RecordLink("papers/2101.00001/", "A & B")),
)


def convert(text: str, *, base: int = 2, options: MarkupOptions | None = None) -> ConvertedBody:
    job = TextJob("content/papers/2024/a.md", body=Body(text=text), heading_base=base, links=LINKS)
    return convert_body(options or MarkupOptions(), job)


def html(text: str) -> str:
    return convert(text).text.html.replace(ROOT_MARK, "/")


def findings(text: str) -> list[tuple[str, str]]:
    return [(finding.code.value, finding.quote) for finding in convert(text).findings]


def test_formulas_stand_beside_markdown() -> None:
    made = html("*a* $x_1 * y_1 * z$ and **b** \\(c\\)")
    assert "<em>a</em> <math" in made
    assert made.count("<math") == 2
    assert made.count("<em>") == 1


def test_displayed_formulas_keep_their_lines_from_markdown() -> None:
    made = html("Before\n\n$$\n# a\n- b\n= c\n$$\n\n\\[\nd\n\\]\n\nAfter")
    assert made.count('display="block"') == 2
    assert "<h" not in made.replace("<hr", "")
    assert "<li" not in made


@pytest.mark.parametrize(
    "text",
    [
        "`$HOME` and `$PATH`",
        "`` a `$x$` b ``",
        "    indented $x$ code",
        "```\nfenced $x$\n```",
        "costs $5 and $10",
        "costs \\$5 and $x",
        "`\\(a\\)`",
    ],
)
def test_code_and_currency_are_no_formulas(text: str) -> None:
    made = convert(text)
    assert "<math" not in made.text.html
    assert made.text.plain.count("$") == text.count("$")
    assert not made.findings


def test_a_bar_in_a_formula_ends_no_cell() -> None:
    made = html("| a | b |\n|:--|--:|\n| $|x|$ | `c` |")
    assert made.count("<td") == 2
    assert '<th class="align-left">a</th>' in made
    assert '<td class="align-right"><code>c</code></td>' in made


def test_a_bar_in_a_record_link_ends_no_cell() -> None:
    made = convert(
        "| [[2101.00001]] | [[2101.00001|our *words*]] | c |\n|--|--|--|\n| [[nope|x]]|b|c |"
    )
    assert re.findall(r"<t[dh]>(.*)</t", made.text.html.replace(ROOT_MARK, "/")) == [
        '<a href="/papers/2101.00001/" rel="noopener">A &amp; B</a>',
        '<a href="/papers/2101.00001/" rel="noopener">our *words*</a>',
        "c",
        "[[nope|x]]",
        "b",
        "c",
    ]
    assert [finding.quote for finding in made.findings] == ["[[nope|x]]"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("`[[nope|x]]`", "<p><code>[[nope|x]]</code></p>"),
        (
            "    [[2101.00001|a $x$ b]]",
            '<pre><code class="hl">[[2101.00001|a $x$ b]]\n</code></pre>',
        ),
        ("`a [[b` c]]", "<p><code>a [[b</code> c]]</p>"),
    ],
)
def test_in_code_a_record_link_is_what_was_written(text: str, code: str) -> None:
    assert html(text) == code
    assert findings(text) == []


@pytest.mark.parametrize(
    "written", ["../../../etc/passwd", "/../b", "../../b/c.md", "../../../../a.md"]
)
def test_a_link_that_leads_nowhere_is_broken_and_not_unsafe(written: str) -> None:
    assert findings(f"[a]({written})") == [("broken-link", written)]
    assert html(f"[a]({written})") == '<p><a rel="noopener">a</a></p>'


def test_links_back_from_a_footnote_have_names_of_their_own() -> None:
    made = html("a[^1] b[^1]\n\n[^1]: c")
    assert re.findall('aria-label="([^"]*)"', made) == [
        "Back to footnote 1 in the text",
        "Back to footnote 1 in the text, place 2",
    ]
    assert "title=" not in made


def test_macros_reach_bodies_and_titles() -> None:
    options = MarkupOptions(macros=(("SE", r"\mathrm{SE}"),))
    assert convert("in $\\SE(3)$", options=options).text.plain == "in SE(3)"
    assert [f.code for f in convert("in $\\SE(3)$").findings] == [Code.MATH_NOT_CONVERTED]


def test_a_record_is_linked_by_its_id() -> None:
    made = html("see [[2403.02884]] and [[2101.00001|the *first*\n$x$ one]]")
    assert '<a href="/papers/2403.02884/" rel="noopener">On <span class="nb"><math' in made
    assert "-</span>body <em>systems</em></a>" in made
    assert '<a href="/papers/2101.00001/" rel="noopener">the *first* <math' in made
    assert convert("[[2101.00001]]").text.plain == "A & B"
    assert [t for t, _ in convert("[[2101.00001]]").targets] == ["papers/2101.00001/"]


def test_an_unknown_record_is_an_error_once() -> None:
    assert findings("[[nope]] and [[nope]]") == [("unknown-paper", "[[nope]]")]
    assert html("[[nope]]") == "<p>[[nope]]</p>"
    assert findings("`[[nope]]`") == []


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/papers/a/", "papers/a/"),
        ("papers/a/#s-x", "papers/a/#s-x"),
        ("./papers/a/", "papers/a/"),
        ("../b/", "papers/b/"),
        ("../b/#s-x", "papers/b/#s-x"),
        ("../../about/", "about/"),
        ("../..", ""),
        ("/a/../b", "b"),
        ("?x=1", "papers/a/?x=1"),
        ("b.md", "papers/b/"),
        ("b.md#x", "papers/b/#s-x"),
        ("../2023/b.md", "papers/b/"),
        ("../../topics/t.md#s-x", "topics/t/#s-x"),
        ("/content/digests/2025-03-19.md", "digests/2025-03-19/"),
    ],
)
def test_links_within_the_site(written: str, address: str) -> None:
    made = convert(f"[a]({written})")
    assert made.targets == ((address, written),)
    assert f'href="{ROOT_MARK}{address}"' in made.text.html


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "//evil.example/",
        "ftp://a.org/",
        "file:///etc/passwd",
        "https://user@a.org/",
    ],
)
def test_links_that_are_refused(written: str) -> None:
    made = convert(f"[words]({written})")
    assert "href" not in made.text.html
    assert made.text.plain == "words"
    assert [(f.code, f.quote) for f in made.findings] == [(Code.UNSAFE_URL, written)]


def test_images_come_from_the_site_itself() -> None:
    made = convert("![words](/figures/a.png 'title')")
    assert f'<img alt="words" src="{ROOT_MARK}figures/a.png" title="title">' in made.text.html
    assert made.targets == (("figures/a.png", "/figures/a.png"),)
    assert findings("![a](https://b.org/c.png)") == [("unsafe-url", "https://b.org/c.png")]


def test_images_without_words_have_none_and_images_without_address_are_gone() -> None:
    assert html('<img src="/a.png">') == '<p><img alt="" src="/a.png"></p>'
    assert html('a <img alt="x > y" onerror=alert(1)> b') == "<p>a  b</p>"


def test_links_out_are_as_the_policy_says() -> None:
    text = "[a](https://b.org) <https://c.org>"
    assert convert(text).text.html.count('rel="noopener"') == 2
    made = convert(text, options=MarkupOptions(link_policy="nofollow"))
    assert made.text.html.count('rel="noopener nofollow"') == 2


def test_headings_begin_at_their_level_skip_none_and_have_anchors() -> None:
    made = convert("# A & B\n\n### C $x$\n\n# A & B\n\n#### Über 王", base=3).text.html
    assert re.findall(r'<(h\d) id="([^"]*)"', made) == [
        ("h3", "s-a-b"),
        ("h4", "s-c-x"),
        ("h3", "s-a-b-2"),
        ("h4", "s-über-王"),
    ]


def test_links_to_headings_are_checked() -> None:
    assert 'href="#s-method"' in html("# Method\n\n[a](#method)")
    assert 'href="#s-method"' in html("# Method\n\n[a](#s-method)")
    assert findings("[a](#method)") == [("broken-link", "#method")]


def test_footnotes() -> None:
    made = convert("a[^n] b\n\n[^n]: The note, $x$.")
    assert '<sup id="fnref:n"><a class="footnote-ref" href="#fn:n"' in made.text.html
    assert '<li id="fn:n">' in made.text.html
    assert made.text.plain == "a b\nThe note, x."


def test_code_is_marked_with_classes() -> None:
    made = html("```python\nimport x  # <b>\n```\n\n```nosuchlanguage\n<i>\n```")
    assert '<span class="kn">import</span>' in made
    assert "&lt;b&gt;" in made
    assert '<pre><code class="hl">&lt;i&gt;\n</code></pre>' in made
    assert "style=" not in made


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a\n: b", "<dt>a</dt>"),
        ("*[HTML]: Hyper\n\nHTML", '<abbr title="Hyper">HTML</abbr>'),
        ("1. a\n2. b", "<ol>"),
        ("> a", "<blockquote>"),
        ("a  \nb", "<br>"),
        ("---", "<hr>"),
        ("H<sub>2</sub>O <kbd>x</kbd>", "<sub>2</sub>"),
        ("a \\* \\$ \\_", "a * $ _"),
    ],
)
def test_the_rest_of_markdown(text: str, part: str) -> None:
    assert part in html(text)


@pytest.mark.parametrize(
    "text",
    [
        '[x](https://a.org "$\\text{a onmouseover=alert(1) x}$")',
        "[x]($a onmouseover=alert(1)$)",
        '![$\\text{" onerror="alert(1)}$](/a.png)',
        '<a href="/x/" title="$a$">b</a>',
        '*[ABC]: $\\text{" onclick="alert(1)}$\n\nABC',
    ],
)
def test_a_formula_in_an_attribute_is_its_words(text: str) -> None:
    made = html(text)
    assert "<math" not in re.sub(r">[^<]*<", "><", made)
    for tag in re.findall(r"<[^>]*>", made):
        assert re.fullmatch(r'</?\w+(?: [\w-]+="[^"<>]*")*>', tag), tag


def test_tokens_cannot_be_forged() -> None:
    real = convert("$x$").text.html
    for text in ("\ue0010123456789abcdefx0\ue002", "&#xE001;0123456789abcdefx0&#xE002;"):
        made = convert(f"{text} $x$").text
        assert "\ue001" not in made.html + made.plain
        assert made.html.count("<math") == real.count("<math")
    assert ROOT_MARK not in convert("\ue000 &#xE000; &#57344;").text.html


def test_an_abbreviation_cannot_break_a_token() -> None:
    assert "<math" in html("*[0]: zero\n\n*[x0]: zero\n\n$a$")


def test_a_body_too_deep_for_markdown_is_shown_as_written() -> None:
    made = convert("- " * 3_000 + "end")
    assert [finding.code for finding in made.findings] == [Code.BODY_TOO_DEEP]
    assert made.text.plain.endswith("end")
    assert "<em>x</em>" in html("*x*")
    assert findings("[[nope]]") == [("unknown-paper", "[[nope]]")]


def test_one_converter_serves_many_bodies() -> None:
    text = "a[^1] $x$ [b][c]\n\n[^1]: n\n\n[c]: https://d.org"
    first = convert(text)
    convert("[b][c] [^1]")
    assert convert(text) == first
    assert "<a" not in html("[b][c] [^1]")
