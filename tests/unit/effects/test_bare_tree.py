"""The tree of bare pages that Pagefind reads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from broadsheet.effects import bare_tree
from broadsheet.effects.bare_tree import write_bare_tree
from broadsheet.planning.search_records import SearchRecord

DATES = ("2025-03-01", "", "2021-07-09", "2024", "2025-01-31", "2019-12-24")


def record(date: str) -> SearchRecord:
    return SearchRecord(
        url=f"papers/of-{date or 'no-day'}/", title="A", text="", metadata={}, filters={}, date=date
    )


def test_each_record_has_a_page_while_it_is_needed(tmp_path: Path) -> None:
    with write_bare_tree([record(date) for date in DATES], "en", tmp_path) as tree:
        found = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
        assert found == {f"papers/of-{date or 'no-day'}.html" for date in DATES}
    assert not tree.exists()


def test_in_memory_files_are_listed_by_date(tmp_path: Path) -> None:
    with write_bare_tree([record(date) for date in DATES], "en", tmp_path) as tree:
        if not tree.is_relative_to(bare_tree.MEMORY):
            pytest.skip("no /dev/shm here with room: mount a tmpfs there")
        listed = [entry.name for entry in os.scandir(tree / "papers")]
    assert listed == [f"of-{date or 'no-day'}.html" for date in sorted(DATES)]


@pytest.mark.parametrize("room", [0, 1_000])
def test_without_room_in_memory_the_tree_lies_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(bare_tree, "MEMORY", tmp_path / "none" if room else bare_tree.MEMORY)
    usage = SimpleNamespace(free=room)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with write_bare_tree([record("2025")], "en", tmp_path) as tree:
        assert tree.parent == tmp_path
        assert (tree / "papers/of-2025.html").is_file()


def test_what_a_killed_build_left_is_cleared_away(tmp_path: Path) -> None:
    with write_bare_tree([record("2025")], "en", tmp_path) as left:
        pass
    left.mkdir()
    (left / "index.html").write_text("left over", encoding="utf-8")
    with write_bare_tree([record("2024")], "en", tmp_path) as tree:
        assert tree == left
        assert not (tree / "index.html").exists()
