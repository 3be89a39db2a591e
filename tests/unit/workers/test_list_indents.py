"""Lists as most tools write them, with two or three spaces for a level."""

from __future__ import annotations

import pytest

from broadsheet.domain.records import Body
from broadsheet.planning.texts import MarkupOptions, TextJob
from broadsheet.workers.bodies import convert_body


def html(text: str) -> str:
    job = TextJob("content/papers/2024/a.md", body=Body(text=text))
    return convert_body(MarkupOptions(), job).text.html


def squeezed(text: str) -> str:
    """Return the HTML on one line, where it holds no code."""
    return html(text).replace("\n", "")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            "1. one\n   - nested\n2. two",
            "<ol><li>one<ul><li>nested</li></ul></li><li>two</li></ol>",
        ),
        (
            "- a\n  - b\n    - c\n  - d\n- e",
            "<ul><li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li><li>e</li></ul>",
        ),
        ("- a\n    - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("- a\n\n  b\n- c", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>"),
        (
            "- a\n\n  > b\n\n  - c\n  - d",
            (
                "<ul><li><p>a</p><blockquote><p>b</p></blockquote>"
                "<ul><li>c</li><li>d</li></ul></li></ul>"
            ),
        ),
        (
            " 9. a\n10. b\n    - c",
            "<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>".replace("<ol>", '<ol start="9">'),
        ),
        (
            "- a\n- b\n  - c\n\n- d\n  - e",
            (
                "<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li><li><p>d</p><ul><li>e</li></ul>"
                "</li></ul>"
            ),
        ),
        ("- a\n\nb\n\n* * *", "<ul><li>a</li></ul><p>b</p><hr>"),
        ("so\n- no list", "<p>so- no list</p>"),
    ],
)
def test_lists_nest_by_two_spaces_or_more(text: str, made: str) -> None:
    assert squeezed(text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            "1. one\n\n   ```python\n   if x:\n       pass\n   ```\n\n   after\n2. two",
            (
                '<ol>\n<li>\n<p>one</p>\n<pre><code class="hl"><span class="k">if</span>'
                ' <span class="n">x</span><span class="p">:</span>\n'
                '    <span class="k">pass</span>\n</code></pre>\n<p>after</p>\n</li>\n'
                "<li>\n<p>two</p>\n</li>\n</ol>"
            ),
        ),
        (
            "- a\n  ~~~\n  - <x> $y$\n\n  z\n  ~~~\n- b",
            (
                '<ul>\n<li>\n<p>a</p>\n<pre><code class="hl">- &lt;x&gt; $y$\n\nz\n</code></pre>\n'
                "</li>\n<li>\n<p>b</p>\n</li>\n</ul>"
            ),
        ),
        (
            "- ```\n  a\n  ```",
            '<ul>\n<li><pre><code class="hl">a\n</code></pre></li>\n</ul>',
        ),
        (
            "- a\n  ```\n  never closed\n\nb",
            (
                '<ul>\n<li>\n<p>a</p>\n<pre><code class="hl">never closed\n</code></pre>\n</li>\n'
                "</ul>\n<p>b</p>"
            ),
        ),
        (
            "- a\n\n      code\n        deeper",
            '<ul>\n<li>a<pre><code class="hl">code\n  deeper\n</code></pre>\n</li>\n</ul>',
        ),
    ],
)
def test_code_in_an_item_is_a_block(text: str, made: str) -> None:
    assert html(text) == made


@pytest.mark.parametrize("code", ["- a\n  - b\n", "1. a\n   - b\n\n   ```\n", "- a\n\n  b\n   c\n"])
def test_code_at_top_level_is_left_as_it_is(code: str) -> None:
    shown = f'<pre><code class="hl">{code}</code></pre>'
    assert html(f"~~~\n{code}~~~") == shown
    indented = "".join(f"    {line}\n" if line else "\n" for line in code.splitlines())
    assert html(f"a\n\n{indented}") == f"<p>a</p>\n{shown}"


def test_thousands_of_fences_that_never_close_lose_no_line() -> None:
    made = html("- a\n  ```\n" * 2_000 + "\n\n" + "```\n- x\n" * 2_001)
    assert made.count("<li>") >= 2_000
