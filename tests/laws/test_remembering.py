"""What builds remember: whatever is edited, the tree is what a build from nothing gives."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from builds import build, tree
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import paper, record, write_digest

from broadsheet.effects.manifest import MANIFEST_NAME

SITE = "title: T\nbase_url: https://x.example/\ntopics: open\n"
SITES = [
    SITE,
    SITE.replace("title: T", "title: Another"),
    f"{SITE}page_sizes: {{papers: 2, topic: 1, digest: 1}}\n",
    f"{SITE}authors: {{min_papers: 0}}\n",
]
WORDS = ("agents", "diffusion", "pruning", "retrieval", "speech", "vision", "proofs", "robots")
NAMES = ("a", "b", "c", "d")
TEMPLATE = '{% extends "default/paper.html" %}{% block title %}SIGN{% endblock %}'


def _papers() -> st.SearchStrategy[str]:
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
    fields = st.fixed_dictionaries(
        {"abstract": words.map(lambda text: f'"On {text} and $x^2$."')},
        optional={
            "tldr": words,
            "topics": st.sampled_from(["agents", "[agents, speech]", "vision"]),
            "featured": st.sampled_from(["2025-01-06", "2025-01-07", "2025-02-01"]),
            "date": st.sampled_from(["2024", "2024-12-01"]),
            "authors": st.sampled_from(["Ada", "[Ada, Bob]"]),
            "venue": st.sampled_from(["ICML 2024", "NeurIPS"]),
            "status": st.sampled_from(["draft", "retracted", "published"]),
            "votes": st.sampled_from(["1", "7"]),
            "aliases": st.just("[old-name]"),
        },
    )
    bodies = st.sampled_from(["", "A note.", "See [[b]].", "# Part\n\nSee [[a]] and $y$."])
    return st.builds(lambda title, body, own: paper(title, body, **own), words, bodies, fields)


def _edits() -> st.SearchStrategy[tuple[str, str | None]]:
    """Return edits: a path with its new text, or None where it is deleted."""
    return st.one_of(
        st.tuples(st.sampled_from([f"content/papers/{name}.md" for name in NAMES]), _papers()),
        st.tuples(st.sampled_from([f"content/papers/{name}.md" for name in NAMES]), st.none()),
        st.tuples(
            st.just("content/topics/agents.md"),
            st.sampled_from([record("x", name="Agents"), record("y", name="Agency"), None]),
        ),
        st.tuples(
            st.just("content/digests/2025-01-06.md"),
            st.sampled_from([record("Words.", title="An issue"), record("Other.", lead="b"), None]),
        ),
        st.tuples(
            st.just("content/pages/about.md"), st.sampled_from([record("See.", title="A"), None])
        ),
        st.tuples(st.just("content/people.yaml"), st.sampled_from(["ada: {name: Ada}\n", None])),
        st.tuples(st.just("content/site.yaml"), st.sampled_from(SITES)),
        st.tuples(st.just("content/static/x.txt"), st.sampled_from(["one", "two", None])),
        st.tuples(
            st.just("templates/paper.html"), st.sampled_from([TEMPLATE, f"{TEMPLATE}\n", None])
        ),
    )


def _apply(root: Path, path: str, text: str | None) -> None:
    target = root / path
    if text is None:
        target.unlink(missing_ok=True)
    else:
        write_digest(root, {"content/site.yaml": (root / "content/site.yaml").read_bytes()})
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())


def _build_clean(root: Path, folder: Path) -> tuple[dict[str, bytes], str]:
    """Build a copy of a digest without anything that earlier builds left."""
    clean = folder / "clean"
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns(".broadsheet", "site"))
    result = build(clean, has_search=False)
    found = tree(clean / "site") if result.how else {}
    shutil.rmtree(clean)
    return found, _told(result.diagnostics)


def _told(diagnostics: object) -> str:
    return repr(diagnostics)


_EDITS = st.lists(st.lists(_edits(), min_size=1, max_size=3), min_size=1, max_size=6)


@settings(max_examples=3)
@given(edits=_EDITS)
def test_after_some_edits_the_tree_is_what_a_clean_build_gives(
    edits: list[list[tuple[str, str | None]]],
) -> None:
    _check_against_clean_builds(edits)


@pytest.mark.slow
@settings(max_examples=60)
@given(edits=_EDITS)
def test_after_any_edits_the_tree_is_what_a_clean_build_gives(
    edits: list[list[tuple[str, str | None]]],
) -> None:
    _check_against_clean_builds(edits)


def _check_against_clean_builds(edits: list[list[tuple[str, str | None]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        first = {f"content/papers/{n}.md": paper(n, abstract=f"'On {n}.'") for n in NAMES[:2]}
        root = write_digest(folder / "digest", {"content/site.yaml": SITE, **first})
        build(root, has_search=False)
        for step in edits:
            before = tree(root / "site")
            for path, text in step:
                _apply(root, path, text)
            result = build(root, has_search=False)
            expected, told = _build_clean(root, folder)
            assert _told(result.diagnostics) == told
            assert tree(root / "site") == (expected or before)
            again = build(root, has_search=False)
            assert (again.written, again.removed) == ((), ())
            assert _told(again.diagnostics) == told


def test_old_times_hide_no_change_of_content(tmp_path: Path) -> None:
    source = "content/papers/a.md"
    root = write_digest(tmp_path, {source: paper("A", abstract="One two.")})
    site = build(root, has_search=False).output
    about = (root / source).stat()

    write_digest(root, {source: paper("A", abstract="Two one.")})
    os.utime(root / source, ns=(about.st_atime_ns, about.st_mtime_ns))

    result = build(root, has_search=False)
    assert "papers/a/index.html" in result.written
    assert "Two one." in (site / "papers/a/index.html").read_text(encoding="utf-8")


def test_new_times_alone_change_nothing(tmp_path: Path) -> None:
    source = "content/papers/a.md"
    root = write_digest(tmp_path, {source: paper("A", abstract="One two.")})
    site = build(root, has_search=False).output
    manifest = (site / MANIFEST_NAME).stat()

    os.utime(root / source, ns=(1, 1))
    result = build(root, has_search=False)

    assert result.how == "unchanged"
    assert "parse" not in result.seconds
    assert (site / MANIFEST_NAME).stat() == manifest


def test_only_pages_that_show_an_abstract_are_written_when_it_changes(tmp_path: Path) -> None:
    files = {
        f"content/papers/{name}.md": paper(name, abstract=f"On {name}.", featured="2025-01-06")
        for name in ("one", "two", "three")
    }
    root = write_digest(tmp_path, files)
    build(root, has_search=False)

    text = paper("two", abstract="On two, again.", featured="2025-01-06")
    write_digest(root, {"content/papers/two.md": text})
    written = build(root, has_search=False).written

    assert "papers/two/index.html" in written
    assert [path for path in written if path.endswith(".html")] == ["papers/two/index.html"]
