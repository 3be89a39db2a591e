"""`broadsheet clean`: what it deletes, what it leaves, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import build, tree
from scenarios import paper, write_digest

from broadsheet.assembly.commands import main


def test_the_cache_and_the_previous_tree_go_and_the_site_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_digest(tmp_path / "digest", {"content/papers/a.md": paper("A")})
    build(root, has_search=False)
    write_digest(root, {"content/papers/a.md": paper("B")})
    site = build(root, has_search=False).output
    kept = root / ".broadsheet/deployed.json"
    kept.write_text("{}")
    before = tree(site)

    assert main(["-C", str(root), "clean"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert [line.split(" (")[0] for line in said] == [
        "deleted the cache",
        "deleted the previous tree",
    ]
    assert all(" MB): " in line for line in said)
    assert tree(site) == before
    assert sorted(path.name for path in (root / ".broadsheet").iterdir()) == [
        "deployed.json",
        "lock",
    ]
    assert build(root, has_search=False).how == "unchanged"
    assert tree(site) == before


def test_there_may_be_nothing_to_delete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_digest(tmp_path / "digest", {})
    assert main(["-C", str(root), "clean"]) == 0
    assert capsys.readouterr().out == ""
