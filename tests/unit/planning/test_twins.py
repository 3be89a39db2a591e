"""The Markdown twin of a paper's page: off unless asked for, and readable from anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest
from builds import publish, tree
from scenarios import paper, record, write_digest

NOTE = """\
# First *words*

See [[two]], [[two|our words]], [the topic](/topics/t/ "T"), [below](#s-more), [file](two.md)
and [elsewhere](https://else.example/). $x_1$ is math, `[[two]] [x](/topics/t/)` is code.

![A picture](/pic.png)

```text
# no heading, [x](/topics/t/), [[two]]
```

## More

[by name][t]

[t]: /topics/t/
"""
FILES: dict[str, str | bytes] = {
    "content/topics/t.md": record(name="T & [Co]"),
    "content/static/pic.png": b"png",
    "content/papers/one.md": paper(
        "On $O(n)$ & *more* [Re]",
        NOTE,
        authors="[Ada Lovelace, 'B_en']",
        date="2024-12",
        featured="2025-01-06",
        topics="[t]",
        doi="10.1000/a(1)",
        venue="ICML 2024",
        links="{code: 'https://code.example/x'}",
        curator="Ed",
        tldr="Short & `sweet`.",
        abstract="|\n  First $\\alpha$ \\emph{x}: 5 < 6.\n\n  1. no list\n\n  - nor this",
        status="superseded",
        status_note="See the *new* one.",
        superseded_by="two",
    ),
    "content/papers/two.md": paper(
        "Two: a [second]", "Our `words.\n\n[T](/topics/t/) alone`.", status="retracted"
    ),
}
SITE = "title: T\nbase_url: https://example.org/a/\nexports: [markdown]\n"

TWIN = """\
# Superseded: On O(n) & \\*more\\* \\[Re\\]

Ada Lovelace, B\\_en

> **Superseded.** See the \\*new\\* one. Replaced by [Retracted: Two: a \\[second\\]](https://example.org/a/papers/two/)

- Page: <https://example.org/a/papers/one/>
- Topics: T & \\[Co\\]
- Listed: 2025-01-06
- Digest: [6 January 2025](https://example.org/a/digests/2025-01-06/), paper 1 of 1
- Published: 2024-12
- Venue: [ICML 2024](https://example.org/a/venues/icml/)
- DOI: [10.1000/a(1)](<https://doi.org/10.1000/a(1)>)
- Curated by: Ed
- Links: [Code](https://code.example/x)

## TL;DR

Short & \\`sweet\\`.

## Why it was picked

### First *words*

See [Two: a \\[second\\]](https://example.org/a/papers/two/), \
[our words](https://example.org/a/papers/two/), \
[the topic](https://example.org/a/topics/t/ "T"), \
[below](https://example.org/a/papers/one/#s-more), \
[file](https://example.org/a/papers/two/)
and [elsewhere](https://else.example/). $x_1$ is math, `[[two]] [x](/topics/t/)` is code.

![A picture](https://example.org/a/pic.png)

```text
# no heading, [x](/topics/t/), [[two]]
```

#### More

[by name][t]

[t]: https://example.org/a/topics/t/

— Ed

## Abstract

First α x: 5 \\< 6.

1\\. no list

\\- nor this
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {**FILES, "content/site.yaml": SITE}
    return publish(write_digest(tmp_path_factory.mktemp("twins"), files), has_search=False)


def test_a_twin_says_what_the_page_says(site: Path) -> None:
    assert (site / "papers/one/index.md").read_text(encoding="utf-8") == TWIN


def test_a_record_without_an_abstract_shows_its_words_in_its_place(site: Path) -> None:
    assert (site / "papers/two/index.md").read_text(encoding="utf-8") == (
        "# Retracted: Two: a \\[second\\]\n\n> **Retracted.**\n\n"
        "- Page: <https://example.org/a/papers/two/>\n\n## Abstract\n\nOur `words.\n\n"
        "[T](https://example.org/a/topics/t/) alone`.\n"
    )


def test_signs_of_a_papers_own_text_are_no_markup(site: Path) -> None:
    text = (site / "papers/one/index.md").read_text(encoding="utf-8")
    html = markdown.markdown(text, extensions=["fenced_code"])
    assert "<h1>Superseded: On O(n) &amp; *more* [Re]</h1>" in html
    assert "<p>1. no list</p>" in html
    assert "<p>- nor this</p>" in html
    assert html.count("<ul>") == 1
    assert re.findall(r"<h[123]>(.*?)</h[123]>", html)[1:] == [
        "TL;DR",
        "Why it was picked",
        "First <em>words</em>",
        "Abstract",
    ]


def test_the_page_names_its_twin_and_llms_txt_tells_of_twins(site: Path) -> None:
    page = (site / "papers/one/index.html").read_text(encoding="utf-8")
    assert '<link rel="alternate" type="text/markdown" href="../../papers/one/index.md">' in page
    llms = (site / "llms.txt").read_text(encoding="utf-8")
    assert "- `https://example.org/a/papers/<id>/index.md`: " in llms


@pytest.mark.parametrize("settings", ["", "exports: [bib]\n"])
def test_there_are_no_twins_unless_they_are_asked_for(tmp_path: Path, settings: str) -> None:
    files = {**FILES, "content/site.yaml": f"title: T\n{settings}"}
    site = publish(write_digest(tmp_path, files), has_search=False)
    assert [path for path in tree(site) if path.endswith(".md")] == []
    assert "text/markdown" not in (site / "papers/one/index.html").read_text(encoding="utf-8")
    assert "index.md" not in (site / "llms.txt").read_text(encoding="utf-8")


def test_twins_are_no_citations(tmp_path: Path) -> None:
    files = {**FILES, "content/site.yaml": "title: T\nexports: [markdown, bib]\n"}
    site = publish(write_digest(tmp_path, files), has_search=False)
    beside = [path for path in tree(site) if path.startswith("papers/one/")]
    assert sorted(beside) == ["papers/one/index.html", "papers/one/index.md", "papers/one/one.bib"]
    twin = (site / "papers/one/index.md").read_text(encoding="utf-8")
    assert "[the topic](../../topics/t/ " in twin
