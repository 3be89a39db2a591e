"""A theme of one's own: begun with a copy or a block, and checked on every kind of page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from builds import publish, tree
from scenarios import write_digest

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.commands import EXIT_CONTENT, EXIT_DONE, EXIT_USAGE, main
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project, default_theme_folder, theme_fixtures_folder
from broadsheet.workers.page_faults import find_page_faults

GOOD = {"content/papers/a.md": "---\ntitle: A paper\n---\n"}


def theme(root: Path, *words: str) -> int:
    return main(["-C", str(root), "theme", *words])


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    return write_digest(tmp_path, GOOD)


def test_the_default_theme_holds_on_every_page(
    digest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(digest)
    assert theme(digest, "check", "--strict") == EXIT_DONE
    assert "templates rendered, nothing to report" in capsys.readouterr().out
    assert tree(digest) == before


def test_the_fixtures_render_every_template_that_makes_a_page() -> None:
    rendered: set[str] = set()
    for fixture in theme_fixtures_folder().iterdir():
        site = check_site(Project(fixture), BuildOptions(executor="serial", has_drafts=True))
        assert site.diagnostics == ()
        rendered |= {outline.template for outline in site.plan.outlines.values()}
    # Parts of pages, and the email edition, which is no page.
    parts = {"base.html", "parts.html", "email.html", "email.txt"}
    assert {path.name for path in default_theme_folder().glob("*.*")} - parts <= rendered


FAULTS = {
    "unknown field": ("page.html", "{{ view.titel }}", "no attribute 'titel'"),
    "syntax": ("topic.html", "{% if %}", "error[template-syntax]"),
    "missing parent": ("digest.html", '{% extends "gone.html" %}', "error[template-missing]"),
    "broken link": (
        "base.html",
        '{% extends "default/base.html" %}{% block after %}<a href="gone/">x</a>{% endblock %}',
        "the link 'gone/' leads to no file",
    ),
    "no heading": (
        "archive.html",
        '{% extends "base.html" %}{% block main %}{% endblock %}',
        "0 main headings",
    ),
    "only where there is nothing": (
        "paper.html",
        '{% extends "base.html" %}{% block main %}<h1>{{ view.abstract.plain }}</h1>{% endblock %}',
        "error[template-failed]",
    ),
    "a value instead of its text": (
        "page.html",
        '{% extends "base.html" %}{% block main %}<h1>{{ view }}</h1>{% endblock %}',
        "shows a value of the program",
    ),
    "bare page": ("404.html", "<p>gone</p>", "names no language"),
}


QUICK = ("broken link", "only where there is nothing")


@pytest.mark.parametrize(
    "fault", [pytest.param(f, marks=[] if f in QUICK else pytest.mark.slow) for f in FAULTS]
)
def test_a_template_that_fails_somewhere_is_named(
    digest: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    name, text, message = FAULTS[fault]
    write_digest(digest, {f"templates/{name}": text})
    assert theme(digest, "check") == EXIT_CONTENT
    said = capsys.readouterr().err
    assert message in said
    # A block of the shell is on every page, so that those pages' own templates are named.
    assert f"templates/{name}:" in said or name == "base.html"


def test_a_template_that_nothing_asks_for_is_mentioned(
    digest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {"templates/papers.html": "x", "templates/base.html": '{% extends "default/base.html" %}'}
    write_digest(digest, own)
    assert theme(digest, "check") == EXIT_DONE
    said = capsys.readouterr().out
    assert "templates/papers.html was not rendered" in said
    assert "templates/base.html" not in said


def test_a_copy_changes_nothing_until_it_is_edited(
    digest: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(publish(digest, has_search=False))
    for name in ("paper.html", "base.html", "parts.html", "static/broadsheet.css"):
        assert theme(digest, "eject", name) == EXIT_DONE
        assert (digest / "templates" / name).read_bytes() == (
            default_theme_folder() / name
        ).read_bytes()
    said = capsys.readouterr().out
    assert re.search(r"--block \([^)]*\bhead_extra\b[^)]*\bmain\b", said)
    after = tree(publish(digest, has_search=False))
    assert {**after, ".broadsheet.json": b""} == {**before, ".broadsheet.json": b""}


def test_a_block_is_the_smaller_change(digest: Path) -> None:
    assert theme(digest, "eject", "paper.html", "--block", "head_extra") == EXIT_DONE
    path = digest / "templates" / "paper.html"
    path.write_text(path.read_text().replace("{{ super() }}", "{{ super() }}<!-- ours -->"))
    site = publish(digest, has_search=False)
    page = (site / "papers" / "a" / "index.html").read_text()
    assert "<!-- ours -->" in page
    assert "citation_title" in page


@pytest.mark.slow
def test_a_block_that_a_template_has_from_its_parent_can_be_changed(digest: Path) -> None:
    assert theme(digest, "eject", "page.html", "--block", "after") == EXIT_DONE
    assert theme(digest, "check") == EXIT_DONE


def test_nothing_of_ones_own_is_written_over(digest: Path) -> None:
    write_digest(digest, {"templates/paper.html": "mine"})
    assert theme(digest, "eject", "paper.html") == EXIT_CONTENT
    assert (digest / "templates" / "paper.html").read_text() == "mine"


@pytest.mark.parametrize(
    "words", [["papper.html"], ["../pyproject.toml"], ["paper.html", "--block", "mane"]]
)
def test_what_the_default_theme_does_not_have_is_wrong_usage(
    digest: Path, words: list[str]
) -> None:
    assert theme(digest, "eject", *words) == EXIT_USAGE
    assert not (digest / "templates").exists()


def test_a_page_is_looked_over_by_what_it_says() -> None:
    page = (
        "<!doctype html><html lang=en><head><title>T</title><meta name=viewport content=x></head>"
        "<body><main><h1>T</h1></main></body></html>"
    )
    assert find_page_faults(page) == []
    assert find_page_faults(page.replace("<title>T", "<title>")) == [
        "the page has no title (<title>)"
    ]
    assert find_page_faults(page.replace("main>", "div>")) == ["the page has no main part (<main>)"]
    assert len(find_page_faults("")) == 5


def test_the_fixtures_of_a_digest_copy_are_its_own(digest: Path) -> None:
    copy = Path(shutil.copytree(theme_fixtures_folder() / "bare", digest / "bare"))
    assert publish(copy, has_search=False).is_dir()
