r"""The text model end to end: macros, links between records and findings with their places."""

from __future__ import annotations

from html import unescape
from pathlib import Path

from builds import publish
from scenarios import SITE_YAML, check, codes, paper, record, write_digest

FEATURED = {"featured": "2025-03-19"}


def test_macros_from_site_yaml_reach_every_text(tmp_path: Path) -> None:
    settings = SITE_YAML + "macros:\n  SE: '\\mathrm{SE}'\n  EE: '\\mathbb{E}\\left[#1\\right]'\n"
    root = write_digest(
        tmp_path,
        {
            "content/site.yaml": settings,
            "content/papers/a.md": paper(
                r"On $\SE(3)$", r"Notes on $\EE{x}$.", abstract=r"'In $\SE(3)$.'", **FEATURED
            ),
        },
    )
    assert check(root).diagnostics == ()
    page = (publish(root, has_search=False) / "papers/a/index.html").read_text(encoding="utf-8")
    assert "<title>On SE(3)" in page
    assert page.count("<mi>SE</mi>") + page.count(">SE<") >= 2
    assert '<code class="tex">' not in page


def test_a_bad_macro_is_a_warning_at_its_place(tmp_path: Path) -> None:
    settings = SITE_YAML + "macros:\n  good: 'x'\n  bad: '\\nosuch'\n"
    root = write_digest(
        tmp_path,
        {"content/site.yaml": settings, "content/papers/a.md": paper("$\\good$", **FEATURED)},
    )
    (found,) = check(root).diagnostics
    assert (found.code.value, found.severity.value) == ("math-not-converted", "warning")
    assert (found.span.path, found.span.line) == ("content/site.yaml", 5)


def test_a_formula_that_fails_is_a_warning_with_record_formula_and_place(tmp_path: Path) -> None:
    root = write_digest(
        tmp_path, {"content/papers/a.md": paper(r"On $\myalgo$", r"Body $\other$.", **FEATURED)}
    )
    found = check(root).diagnostics
    assert codes(found) == ["math-not-converted"] * 2
    assert {d.severity.value for d in found} == {"warning"}
    assert [(d.span.path, d.span.line, d.span.column) for d in found] == [
        ("content/papers/a.md", 2, 13),
        ("content/papers/a.md", 5, 7),
    ]
    assert r"\myalgo" in found[0].message
    page = (publish(root, has_search=False) / "papers/a/index.html").read_text(encoding="utf-8")
    assert r'<code class="tex">\myalgo</code>' in page


def test_unknown_commands_are_listed_once_for_the_whole_digest(tmp_path: Path) -> None:
    files = {f"content/papers/{n}.md": paper(rf"The \ours{{}} {n}", **FEATURED) for n in "abc"}
    (found,) = check(write_digest(tmp_path, files)).diagnostics
    assert found.code.value == "tex-unknown-command"
    assert "3 records" in found.message
    assert (found.span.path, found.span.line, found.span.column) == ("content/papers/a.md", 2, 13)


def test_an_unknown_record_is_an_error_at_its_line_and_column(tmp_path: Path) -> None:
    body = "First.\n\nSee [[b]] and [[nope]].\n"
    files = {
        "content/papers/a.md": paper("A", body, **FEATURED),
        "content/papers/b.md": paper("B $x$", **FEATURED),
    }
    (found,) = check(write_digest(tmp_path, files)).diagnostics
    assert (found.code.value, found.severity.value) == ("unknown-paper", "error")
    assert (found.span.line, found.span.column) == (7, 15)


def test_links_between_kinds_of_records_are_checked(tmp_path: Path) -> None:
    topic = record("See [a](../papers/a.md), [[a]] and [gone](/papers/gone/).\n", name="T")
    files: dict[str, str | bytes] = {
        "content/papers/a.md": paper("A", "![f](/f.png) ![g](/g.png)\n", topics="[t]", **FEATURED),
        "content/topics/t.md": topic,
        "content/static/f.png": b"png",
    }
    found = check(write_digest(tmp_path, files)).diagnostics
    assert [(d.code.value, d.span.path, d.span.column) for d in found] == [
        ("broken-link", "content/papers/a.md", 19),
        ("broken-link", "content/topics/t.md", 43),
    ]


def test_the_heading_that_a_link_to_another_record_names_is_looked_for(tmp_path: Path) -> None:
    body = (
        "[1](b.md#the-way) [2](../b/#s-the-way) [3](/papers/b/#cite-h) [4](c.md)\n\n"
        "[5](b.md#gone) [6](../b/#the-way) [7](../c/#s-x)\n"
    )
    files = {
        "content/papers/a.md": paper("A", body, **FEATURED),
        "content/papers/b.md": paper("B", "## The way\n", **FEATURED),
        "content/papers/c.md": paper("C", **FEATURED),
    }
    root = write_digest(tmp_path, files)
    found = check(root).diagnostics
    assert codes(found) == ["broken-link"] * 3
    assert {d.span.line for d in found} == {7}
    assert "'/papers/b/#s-gone' names no heading of that page" in found[0].message


def test_a_feed_keeps_links_and_tables_beside_formulas(tmp_path: Path) -> None:
    body = (
        "See [[b]], $x^2$[^1] and a-$\\ell_2$-norm of $a<b$.\n\n## Way\n\n"
        "| a | b |\n|---|---|\n| $N^2$ | `c` |\n\n[^1]: Note.\n"
    )
    files = {
        "content/papers/a.md": paper("A", body, abstract="'Of $O(n^2)$ \\emph{steps}'", **FEATURED),
        "content/papers/b.md": paper("B $y$", **FEATURED),
    }
    feed = (publish(write_digest(tmp_path, files), has_search=False) / "feed.xml").read_text(
        "utf-8"
    )
    shown = unescape(feed)
    page = "https://example.org/papers/a/"
    assert 'See <a href="https://example.org/papers/b/" rel="noopener">B y</a>, x²' in shown
    assert "norm of a &lt; b." in shown
    assert "<td>N²</td>" in shown
    assert "<code>c</code>" in shown
    assert "Of O(n²) <em>steps</em>" in shown
    assert f'href="{page}#fn:1"' in shown
    assert f'href="{page}#fnref:1"' in shown
    assert not any(sign in shown for sign in ("<math", "<span", ' id="', 'href="#', "$"))


def test_only_pages_with_formulas_load_the_math_stylesheet(tmp_path: Path) -> None:
    files = {
        "content/papers/a.md": paper("A", "No formula.", featured="2025-03-19"),
        "content/papers/b.md": paper("B", "With $x$.", featured="2025-03-20"),
    }
    output = publish(write_digest(tmp_path, files), has_search=False)
    pages = {path: path.read_text(encoding="utf-8") for path in output.rglob("*.html")}
    with_math = {path for path, page in pages.items() if "<math" in page}
    assert {path for path, page in pages.items() if "/math." in page} == with_math
    assert 0 < len(with_math) < len(pages)
