"""Whatever was edited in whatever order, an incremental build gives what a clean one gives."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from builds import ROOT, build, stamps, tree
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from scenarios import SITE_YAML, paper, record, write_digest

from broadsheet.effects.manifest import MANIFEST_NAME
from broadsheet.foundations.diagnostics import has_errors

IDS = ("alpha", "beta", "2403.02884", "delta", "epsilon")
ABSTRACT = "|\n  We show that $x^{n}$ is larger, and {word} is compared with attention."
WORDS = ("retrieval", "reasoning", "alignment", "diffusion", "pruning")


class Desk:
    """A digest that is edited, and how it is built.

    Attributes:
        root: The digest's root.
        options: What the next build is told.
        past: Each file as it was written first, with the time of its last change.
    """

    def __init__(self, root: Path) -> None:
        """Write the first content."""
        self.root = root
        self.options: dict[str, object] = {}
        self.past: dict[Path, tuple[bytes, int]] = {}
        files = {f"content/papers/{name}.md": self.text(n) for n, name in enumerate(IDS[:3])}
        files["content/topics/models.md"] = record("Introduction.", name="Models")
        files["content/static/note.txt"] = "a note"
        write_digest(root, files)
        for path in sorted((root / "content").rglob("*.md")):
            self.past[path] = (path.read_bytes(), path.stat().st_mtime_ns)

    @staticmethod
    def text(number: int, **fields: str) -> str:
        """Return a paper's text, another for each number."""
        word = WORDS[number % len(WORDS)]
        shown = {
            "authors": f"[Ada L, Person {number % 3}]",
            "featured": f"2025-01-{number % 9 + 1:02}",
            "topics": "[models]",
            "abstract": ABSTRACT.replace("{word}", word).replace("{n}", str(number % 10)),
        }
        return paper(f"On {word} and {number}", "See [[alpha]].", **{**shown, **fields})

    def paper(self, number: int) -> Path:
        """Return where a paper lies, or would."""
        return self.root / f"content/papers/{IDS[number % len(IDS)]}.md"


def write_paper(desk: Desk, number: int) -> None:
    desk.paper(number).write_text(desk.text(number))


def retitle_paper(desk: Desk, number: int) -> None:
    """Change nothing but a title and whether there is a TL;DR, or what it says."""
    if desk.paper(number).exists():
        lines = desk.paper(number).read_text().splitlines()
        kept = [line for line in lines if not line.startswith(("title:", "tldr:"))]
        told = [f"title: Retitled {number}", *([f"tldr: Turn {number}."] if number % 3 else [])]
        desk.paper(number).write_text("\n".join(("---", *told, *kept[1:], "")))


def describe_topic(desk: Desk, number: int) -> None:
    topic = record("Introduction.", name="Models", description=f"Described {number} times.")
    (desk.root / "content/topics/models.md").write_text(topic)


def delete_paper(desk: Desk, number: int) -> None:
    desk.paper(number).unlink(missing_ok=True)


def rename_paper(desk: Desk, number: int) -> None:
    if desk.paper(number).exists():
        desk.paper(number).rename(desk.root / f"content/papers/renamed-{number % 2}.md")


def file_elsewhere(desk: Desk, number: int) -> None:
    if desk.paper(number).exists():
        (desk.root / "content/papers/old").mkdir(exist_ok=True)
        desk.paper(number).rename(desk.root / "content/papers/old" / desk.paper(number).name)


def draft_paper(desk: Desk, number: int) -> None:
    desk.paper(number).write_text(desk.text(number, status="draft"))


def change_topic(desk: Desk, number: int) -> None:
    write_digest(
        desk.root,
        {
            "content/site.yaml": (desk.root / "content/site.yaml").read_bytes(),
            "content/topics/models.md": record(f"About {number}.", name=f"Models {number % 2}"),
        },
    )


def delete_topic(desk: Desk, _: int) -> None:
    (desk.root / "content/topics/models.md").unlink(missing_ok=True)


def override_template(desk: Desk, number: int) -> None:
    (desk.root / "templates").mkdir(exist_ok=True)
    text = (ROOT / "templates" / "404.html").read_text().replace("</", f"<!--{number}--></", 1)
    (desk.root / "templates/404.html").write_text(text)


def change_style(desk: Desk, number: int) -> None:
    (desk.root / "templates/static").mkdir(parents=True, exist_ok=True)
    (desk.root / "templates/static/extra.css").write_text(f"p {{ margin: {number}px }}")


def drop_templates(desk: Desk, _: int) -> None:
    shutil.rmtree(desk.root / "templates", ignore_errors=True)


def change_settings(desk: Desk, number: int) -> None:
    sizes = f"tagline: Number {number}\n" if number % 2 else ""
    (desk.root / "content/site.yaml").write_text(SITE_YAML + sizes)


def change_static(desk: Desk, number: int) -> None:
    path = desk.root / "content/static" / ("note.txt", "deep/down/file.bin")[number % 2]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes([number]) * 20)


def delete_static(desk: Desk, _: int) -> None:
    shutil.rmtree(desk.root / "content/static", ignore_errors=True)


def change_day(desk: Desk, number: int) -> None:
    desk.options["as_of"] = date(2025, 1, number % 9 + 1) if number % 3 else None


def change_drafts(desk: Desk, number: int) -> None:
    desk.options["has_drafts"] = bool(number % 2)


def check_out_the_past(desk: Desk, _: int) -> None:
    """Restore old bytes with their old times, as some tools do that unpack or check out."""
    for path, (content, changed) in desk.past.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(changed, changed))


def edit_within_a_tick(desk: Desk, number: int) -> None:
    """Change one letter and neither the size nor the time."""
    if desk.paper(number).exists():
        changed = desk.paper(number).stat().st_mtime_ns
        text = desk.paper(number).read_text()
        desk.paper(number).write_text(
            text.replace("larger", "l" + "abcdefghij"[number % 10] + "rger")
        )
        os.utime(desk.paper(number), ns=(changed, changed))


def break_paper(desk: Desk, number: int) -> None:
    desk.paper(number).write_text("---\ntitel: x\n---\n")


def break_template(desk: Desk, _: int) -> None:
    (desk.root / "templates").mkdir(exist_ok=True)
    (desk.root / "templates/paper.html").write_text("{{ view.nothing }}")


def spoil_page(desk: Desk, number: int) -> None:
    """Write into a published page in place."""
    page = desk.root / "site" / ("index.html", "papers/index.html")[number % 2]
    if page.exists():
        page.write_text("spoilt")


def lose_pages(desk: Desk, _: int) -> None:
    shutil.rmtree(desk.root / "site/papers", ignore_errors=True)


def lose_workspace(desk: Desk, _: int) -> None:
    shutil.rmtree(desk.root / ".broadsheet", ignore_errors=True)


def spoil_back_tree(desk: Desk, number: int) -> None:
    """Delete something from the back tree."""
    for back in (desk.root / ".broadsheet").glob(".broadsheet-back-*"):
        pages = sorted(back.rglob("*.html"))
        pages[number % len(pages)].unlink()


Edit = Callable[[Desk, int], None]
EDITS: tuple[Edit, ...] = (
    write_paper,
    retitle_paper,
    describe_topic,
    edit_within_a_tick,
    delete_paper,
    rename_paper,
    file_elsewhere,
    draft_paper,
    change_topic,
    delete_topic,
    override_template,
    change_style,
    drop_templates,
    change_settings,
    change_static,
    delete_static,
    change_day,
    change_drafts,
    check_out_the_past,
    break_paper,
    break_template,
    spoil_page,
    lose_pages,
    lose_workspace,
    spoil_back_tree,
)
SEQUENCES = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 30)), min_size=3, max_size=6)
# A sequence takes seconds; the shortest that fails would take an hour to find.
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
EVERY_EDIT = [(edit, 3 * number + 1) for number, edit in enumerate(EDITS)]


def clean_site(desk: Desk, folder: Path) -> dict[str, bytes] | None:
    """Return the site of a clean build somewhere else, or None where there are errors."""
    for name in ("content", "templates"):
        if (desk.root / name).exists():
            shutil.copytree(desk.root / name, folder / name)
    result = build(folder, has_search=False, **desk.options)
    return tree(result.output) if result.how else None


def check_laws(desk: Desk, folder: Path) -> None:
    """Build, and compare with a clean build, with the site before, and with a second build."""
    site = desk.root / "site"
    old_bytes, old_stamps = tree(site), stamps(site) if site.exists() else {}
    expected = clean_site(desk, folder)
    result = build(desk.root, has_search=False, **desk.options)
    if expected is None:
        assert has_errors(result.diagnostics)
        assert (tree(site), stamps(site) if site.exists() else {}) == (old_bytes, old_stamps)
        return
    assert tree(site) == expected
    built = stamps(site)
    pages = expected.keys() - {MANIFEST_NAME}
    same = [path for path in pages if old_bytes.get(path) == expected[path]]
    assert {path: built[path] for path in same} == {path: old_stamps[path] for path in same}
    second = build(desk.root, has_search=False, **desk.options)
    assert (second.how, second.written, second.removed) == ("unchanged", (), ())
    assert stamps(site) == built


def check_edits(edits: list[tuple[Edit, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder, "digest"))
        check_laws(desk, Path(folder, "clean"))
        for turn, (edit, number) in enumerate(edits):
            edit(desk, number)
            check_laws(desk, Path(folder, f"clean-{turn}"))


@settings(max_examples=1, phases=WITHOUT_SHRINKING)
@given(SEQUENCES)
def test_an_incremental_build_is_a_clean_build(edits: list[tuple[Edit, int]]) -> None:
    check_edits(edits)


@pytest.mark.parametrize("first", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_every_second_kind_of_edit_gives_a_clean_build(first: int) -> None:
    check_edits(EVERY_EDIT[first::2])


@pytest.mark.slow
@settings(max_examples=60, phases=WITHOUT_SHRINKING)
@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 30)), min_size=4, max_size=12))
@example(EVERY_EDIT)
def test_any_sequence_of_edits_gives_a_clean_build(edits: list[tuple[Edit, int]]) -> None:
    check_edits(edits)
