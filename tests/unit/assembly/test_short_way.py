"""The short way of the preview shows what everything made anew shows, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenarios import paper, record, write_digest

from broadsheet.assembly.project import Project
from broadsheet.assembly.server.known_files import look_again, look_first
from broadsheet.assembly.server.short_way import make_edit, read_edit
from broadsheet.assembly.server.updating import Made, Maker, Reach
from broadsheet.planning.plan import fill_page
from broadsheet.workers.rendering import render_batch

ALPHA = "content/papers/alpha.md"
FILES = {
    ALPHA: paper("Alpha", "Note.", topics="[agents]", featured="2025-03-19", authors="[Ada L]"),
    "content/papers/beta.md": paper("Beta", topics="[agents]", date="2024-01-02", venue="ICML"),
    "content/papers/gamma.md": paper("Gamma", "See [[beta]].", status="draft"),
    "content/topics/agents.md": record("About agents.", name="Agents"),
}


def pages_of(made: Made) -> dict[str, bytes]:
    plans = tuple(fill_page(made.plan, outline) for outline in made.plan.outlines.values())
    pages = {page.path: page.content for page in render_batch(made.spec, plans)}
    # These hold what is worked out once for all papers, so they follow when all is made anew.
    later = ("topics/index.html", "api/")
    return {path: content for path, content in pages.items() if not path.startswith(later)}


def make(root: Path) -> Made:
    return Maker().make(look_first(Project(root)), Reach(project=Project(root), executor="serial"))


EDITS = {
    "title": {"title": "'A $x^2$ title'"},
    "tldr": {"tldr": "One sentence."},
    "abstract": {"abstract": "Another abstract with $y$."},
    "keywords": {"keywords": "[one, two]"},
    "links": {"links": "{project: 'https://example.org/project'}"},
    "curator": {"curator": "Somebody"},
}


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_of_text_gives_the_pages_of_the_whole_way(tmp_path: Path, kind: str) -> None:
    root = write_digest(tmp_path, FILES)
    made = make(root)
    fields = {
        "title": "Alpha",
        "topics": "[agents]",
        "featured": "2025-03-19",
        "authors": "[Ada L]",
    } | EDITS[kind]
    write_digest(root, {ALPHA: record("A new note.", **fields)})

    edit = read_edit(Project(root), made, frozenset((ALPHA,)))
    assert edit is not None
    short = make_edit(made, edit)
    assert short is not None
    assert pages_of(short) == pages_of(make(root))
    assert pages_of(short) != pages_of(made)


OTHER_EDITS = {
    "topics": {"topics": "[]"},
    "featured": {"featured": "2025-03-20"},
    "authors": {"authors": "[Bob M]"},
    "date": {"date": "2020"},
    "venue": {"venue": "NeurIPS"},
    "status": {"status": "draft"},
    "arxiv": {"arxiv": "'2403.02884'"},
    "aliases": {"aliases": "[old-alpha]"},
    "votes": {"votes": "7"},
    "language": {"language": "fr"},
    "code": {"links": "{code: 'https://example.org/code'}"},
}


@pytest.mark.parametrize("kind", OTHER_EDITS)
def test_any_other_edit_goes_the_whole_way(tmp_path: Path, kind: str) -> None:
    root = write_digest(tmp_path, FILES)
    made = make(root)
    fields = {"title": "Alpha", "topics": "[agents]", "featured": "2025-03-19"}
    fields |= {"authors": "[Ada L]"} | OTHER_EDITS[kind]
    write_digest(root, {ALPHA: record("Note.", **fields)})

    edit = read_edit(Project(root), made, frozenset((ALPHA,)))
    assert edit is not None
    assert make_edit(made, edit) is None


@pytest.mark.parametrize("path", ["content/topics/agents.md", "content/papers/new.md", ""])
def test_other_files_go_the_whole_way(tmp_path: Path, path: str) -> None:
    root = write_digest(tmp_path, FILES)
    made = make(root)
    write_digest(root, {"content/papers/new.md": paper("New")})
    assert read_edit(Project(root), made, frozenset((path,))) is None


def test_an_edit_that_breaks_a_record_keeps_its_last_good_page(tmp_path: Path) -> None:
    root = write_digest(tmp_path, FILES)
    project = Project(root)
    maker, reach = Maker(), Reach(project=project, executor="serial")
    made = maker.make(look_first(project), reach)
    for text in (FILES[ALPHA].replace("Alpha", "Good"), FILES[ALPHA].replace("topics", "topcs")):
        write_digest(root, {ALPHA: text})
        edit = read_edit(project, made, frozenset((ALPHA,)))
        assert edit is not None
        edited = make_edit(made, edit)
        assert edited is not None
        made = edited
    broken = pages_of(made)
    assert b"<h1>Good</h1>" in broken["papers/alpha/index.html"]
    assert [d.code for d in made.diagnostics if d.span.path == ALPHA] == ["unknown-field"]

    again = look_again(project, made.files, made.content.short.keys(), made.edited)
    whole = maker.make(again, reach)
    assert pages_of(whole) == broken
    assert whole.diagnostics == made.diagnostics
    # It stays so, however often everything is made anew.
    once_more = look_again(project, whole.files, whole.content.short.keys(), whole.edited)
    assert pages_of(maker.make(once_more, reach)) == broken
