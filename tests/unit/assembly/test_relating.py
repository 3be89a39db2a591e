"""Related papers through whole builds: made once, taken from the cache, made anew when damaged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT, build, copy_repository, fingerprint, publish
from scenarios import codes, paper, record, write_digest

from broadsheet.assembly import relating
from broadsheet.domain.records import Paper
from broadsheet.planning.relations import PaperText, collect_text
from broadsheet.planning.texts import ConvertedText

CACHE = ".broadsheet/cache/related"
WORDS = f"{CACHE}-words"
HEAVY = {"numpy", "scipy"}

# Builds the digest of the first argument and prints which heavy modules that took.
BUILD = """
import sys
from pathlib import Path
from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.pipeline import build_site
from broadsheet.assembly.project import Project
result = build_site(Project(Path(sys.argv[1])), BuildOptions(executor="serial", has_search=False))
assert result.how, result.diagnostics
print(*sorted({"numpy", "scipy"} & set(sys.modules)))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A digest of three papers on one subject, and one that was withdrawn."""
    text = "Glaciers carve valleys with moraine and meltwater."
    papers = {
        f"content/papers/{name}.md": paper(f"Paper {name}", abstract=text, featured="2025-01-06")
        for name in "abc"
    }
    gone = paper("Withdrawn", abstract=text, status="withdrawn", featured="2025-01-06")
    return write_digest(tmp_path / "digest", {**papers, "content/papers/gone.md": gone})


def heavy_imports(root: Path) -> set[str]:
    """Build in a process of its own and return the heavy modules that were imported."""
    command = [sys.executable, "-c", BUILD, str(root)]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return set(finished.stdout.split())


def test_an_unchanged_library_is_built_without_numpy(root: Path) -> None:
    assert heavy_imports(root) == HEAVY
    assert heavy_imports(root) == set()
    changed = root / "content/papers/a.md"
    changed.write_text(changed.read_text(encoding="utf-8").replace("carve", "grind"), "utf-8")
    assert heavy_imports(root) == HEAVY


def change(root: Path, old: str, new: str, name: str = "a") -> None:
    """Change the file of a paper."""
    path = root / f"content/papers/{name}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_was_counted_before_leaves_no_trace(root: Path, tmp_path: Path) -> None:
    build(root, has_search=False)
    change(root, "carve", "grind")
    change(root, "Paper b", "Violins", "b")
    (root / "content/papers/c.md").unlink()
    (root / "content/papers/d.md").write_text(paper("Paper d", abstract="Moraine."), "utf-8")
    site = publish(root, has_search=False)
    clean = tmp_path / "clean"
    shutil.copytree(root / "content", clean / "content")
    assert fingerprint(publish(clean, has_search=False)) == fingerprint(site)
    for name in (CACHE, WORDS):
        assert (root / name).read_bytes() == (clean / name).read_bytes()


def test_only_texts_that_changed_are_looked_at(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    collect = collect_text

    def note(known: Paper, text: ConvertedText) -> PaperText:
        looked_at.append(known.id)
        return collect(known, text)

    monkeypatch.setattr(relating, "collect_text", note)
    publish(root, has_search=False)
    # Once to know what is compared, and once to compare it.
    assert looked_at == ["a", "b", "c", "gone"] * 2
    looked_at.clear()
    change(root, "carve", "grind", "b")
    publish(root, has_search=False)
    assert looked_at == ["b"] * 2


def test_another_program_relates_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(root, has_search=False)
    before = (root / CACHE).read_bytes()
    monkeypatch.setattr(relating, "identify_program", lambda: "another")
    forget_last_build(root)
    publish(root, has_search=False)
    assert (root / CACHE).read_bytes() != before


def test_what_is_not_compared_leaves_the_cache_as_it_is(root: Path) -> None:
    publish(root, has_search=False)
    before = (root / CACHE).read_bytes()
    changed = root / "content/papers/a.md"
    changed.write_text(changed.read_text(encoding="utf-8").replace("---\n", "---\nvotes: 3\n", 1))
    publish(root, has_search=False)
    assert (root / CACHE).read_bytes() == before


def test_a_paper_s_page_shows_related_papers_and_none_that_was_withdrawn(root: Path) -> None:
    site = publish(root, has_search=False)
    page = (site / "papers/a/index.html").read_text(encoding="utf-8")
    shown = page[page.index("<h2>Related</h2>") :]
    assert "papers/b/" in shown
    assert "papers/c/" in shown
    assert "papers/gone/" not in shown
    assert "Both on " in shown


def test_a_page_says_what_joins_papers_without_a_word_in_common(tmp_path: Path) -> None:
    subjects = {
        "a": paper("Glaciers", "See [[b]].\n", authors="[Ada Lovelace]", featured="2025-01-06"),
        "b": paper("Violins", topics="[crafts]", featured="2025-01-06"),
        "c": paper("Teapots", topics="[crafts]", featured="2025-01-06"),
        "d": paper("Locomotives", authors="[ada lovelace]", featured="2025-01-06"),
    }
    files = {f"content/papers/{name}.md": text for name, text in subjects.items()}
    files["content/topics/crafts.md"] = record(name="Crafts & trades")
    site = publish(write_digest(tmp_path / "digest", files), has_search=False)
    pages = {name: (site / f"papers/{name}/index.html").read_text("utf-8") for name in subjects}
    assert "Linked from this paper<" in pages["a"]
    assert "Both by Ada Lovelace<" in pages["a"]
    assert "Links to this paper<" in pages["b"]
    assert "Same topic: Crafts &amp; trades<" in pages["b"]
    assert "Both by ada lovelace<" in pages["d"]


def forget_last_build(root: Path) -> None:
    """Have the next build look at everything, as one after a change of the program does."""
    (root / ".broadsheet/cache/last-build").unlink()


@pytest.mark.parametrize("name", ["", "-key", "-words"])
@pytest.mark.parametrize("damage", [b"", b"\0" * 100, b"broadsheet-cache-2 key sum\nbody"])
def test_a_damaged_cache_is_a_warning_and_the_site_is_the_same(
    root: Path, damage: bytes, name: str
) -> None:
    before = fingerprint(publish(root, has_search=False))
    (root / f"{CACHE}{name}").write_bytes(damage)
    if name == "-words":
        # It is looked at when something has changed.
        (root / f"{CACHE}-key").unlink()
    forget_last_build(root)
    result = build(root, has_search=False)
    assert codes(result.diagnostics) == ["cache-damaged"]
    assert fingerprint(result.output) == before
    if name != "-words":
        assert build(root, has_search=False).diagnostics == ()


def test_a_folder_in_the_cache_s_place_is_a_warning_and_the_site_is_the_same(root: Path) -> None:
    before = fingerprint(publish(root, has_search=False))
    (root / CACHE).unlink()
    (root / CACHE / "inside").mkdir(parents=True)
    forget_last_build(root)
    result = build(root, has_search=False)
    assert codes(result.diagnostics) == ["cache-damaged"]
    assert fingerprint(result.output) == before
    assert build(root, has_search=False).diagnostics == ()


def test_the_cache_changes_nothing_about_the_site(tmp_path: Path) -> None:
    root = copy_repository(tmp_path / "digest")
    first = fingerprint(publish(root, has_search=False))
    assert fingerprint(publish(root, has_search=False)) == first
    (root / CACHE).unlink()
    assert fingerprint(publish(root, has_search=False)) == first


def test_checking_a_digest_relates_nothing(root: Path) -> None:
    command = [sys.executable, str(ROOT / "build.py"), "-C", str(root), "check"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert not (root / CACHE).exists()
