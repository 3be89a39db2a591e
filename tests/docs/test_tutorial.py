"""The tutorial works as it is written, from nothing to a served site and a commit for CI."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from docs.tutorial_steps import ADDRESS, PAGE, Reader, follow, read_steps

COMMANDS = Path(sys.executable).parent


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A reader who has installed the program already."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["PATH"] = f"{COMMANDS}{os.pathsep}{environment['PATH']}"
    return Reader(tmp_path, environment)


def test_a_reader_of_the_tutorial_gets_to_a_served_site_and_a_commit(reader: Reader) -> None:
    steps = read_steps()
    names = [step.path or step.text.split()[0] for step in steps]
    assert names == [
        "python3",
        "broadsheet",
        "broadsheet",
        "content/papers/2310.20246.md",
        "broadsheet",
        "broadsheet",
        "broadsheet",
        "git",
    ]
    assert ADDRESS in PAGE.read_text(encoding="utf-8")
    follow(reader, steps[1:2])

    preview, record, check, fix, build, commit = steps[2:]
    with reader.leave_running(preview.text):
        assert reader.wait_for("Graph papers")
        reader.save(record.path, record.text)
        assert reader.wait_for("ten languages at once", "papers/2310.20246/")

        reader.save(record.path, record.text.replace("title:", "titel:", 1))
        said = reader.type_in(check.text)
        assert said.returncode == 1
        assert "did you mean 'title'?" in said.stderr
        reader.save(record.path, record.text)

        follow(reader, [check, fix, build, commit])
        assert reader.type_in(f"{check.text} --strict").returncode == 0
    digest = reader.here / "graph-papers"
    assert (digest / "site" / "papers" / "2310.20246" / "index.html").is_file()
    assert reader.type_in("git log --format=%s").stdout == "Our first digest\n"
    tracked = reader.type_in("git ls-files").stdout.split()
    assert "content/papers/2310.20246.md" in tracked
    assert "content/permalinks.txt" in tracked
    assert ".github/workflows/" in "".join(tracked)
    assert [path for path in tracked if path.startswith(("site/", ".broadsheet/"))] == []
