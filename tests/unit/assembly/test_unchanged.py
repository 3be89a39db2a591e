"""A build that has nothing to do: what it does not import, what it still tells and notices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT, build
from scenarios import codes, paper, write_digest

HEAVY = ("jinja2", "numpy", "scipy", "nh3", "pygments", "markdown", "yaml", "math_core")
CACHES = ("signatures", "last-build", "theme", "records/*", "texts/*", "related")
LIST_HEAVY = f"""
import sys
from broadsheet.assembly.commands import main
code = main(sys.argv[1:])
print("imported", [name for name in {HEAVY!r} if name in sys.modules])
raise SystemExit(code)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {f"content/papers/{name}.md": paper(name, abstract="An \\ours.") for name in "ab"}
    return write_digest(tmp_path / "digest", files)


def imported_by(*words: str) -> str:
    command = [sys.executable, "-c", LIST_HEAVY, *words]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return run.stdout.splitlines()[-1]


def test_a_build_that_has_nothing_to_do_imports_nothing_heavy(root: Path) -> None:
    words = ("-C", str(root), "build", "--no-search")
    assert imported_by(*words) != "imported []"
    assert imported_by(*words) == "imported []"


def test_the_version_is_told_without_importing_anything_heavy() -> None:
    script = LIST_HEAVY.replace("code = main", "code = 0\ntry: main").replace(
        "(sys.argv[1:])", "(sys.argv[1:])\nexcept SystemExit: pass"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, "--version"], check=True, capture_output=True, text=True
    )
    assert run.stdout.splitlines()[-1] == "imported []"


def test_warnings_are_told_again(root: Path) -> None:
    first = build(root, has_search=False)
    again = build(root, has_search=False)

    assert codes(first.diagnostics) == ["tex-unknown-command"]
    assert again.how == "unchanged"
    assert "render" not in again.seconds
    assert again.diagnostics == first.diagnostics
    assert (again.papers, again.pages) == (first.papers, first.pages)


def test_a_page_that_is_gone_or_was_changed_is_made_again(root: Path) -> None:
    site = build(root, has_search=False).output
    page = site / "papers/a/index.html"
    sound = page.read_bytes()

    page.unlink()
    build(root, has_search=False)
    assert page.read_bytes() == sound

    page.write_bytes(b"tampered")
    build(root, has_search=False)
    assert page.read_bytes() == sound


@pytest.mark.parametrize("option", [{"has_drafts": True}, {"base_url": "https://y.example/"}])
def test_another_option_is_another_build(root: Path, option: dict[str, object]) -> None:
    build(root, has_search=False)
    assert "render" in build(root, has_search=False, **option).seconds


@pytest.mark.parametrize(
    "name", ["signatures", "last-build", "theme", "records/*", "texts/*", "related"]
)
@pytest.mark.parametrize("damage", [b"", b"rubbish\n", None])
def test_a_damaged_cache_is_a_warning_and_a_right_page(
    root: Path, name: str, damage: bytes | None
) -> None:
    site = build(root, has_search=False).output
    page = site / "papers/a/index.html"
    sound = page.read_bytes()
    for path in (root / ".broadsheet/cache").glob(name):
        content = path.read_bytes()
        path.write_bytes(content[:-1] + b"\xc1" if damage is None else damage)
    page.unlink()

    result = build(root, has_search=False)

    assert page.read_bytes() == sound
    assert {code for code in codes(result.diagnostics) if code.startswith("cache")} == {
        "cache-damaged"
    }
    page.unlink()
    assert "cache-damaged" not in codes(build(root, has_search=False).diagnostics)
    assert page.read_bytes() == sound
