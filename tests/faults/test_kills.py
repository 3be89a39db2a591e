"""A build that is killed or interrupted leaves the old site or the new one, never a mixture.

Two kinds of kills: at each single thing that a build does to the disk, which an audit hook in a
forked process counts, and at moments of a real command's run, search index included.
"""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from builds import ROOT, build, publish
from faulty_builds import CHANGES, MOVES, Case, build_and_die, pages_of, readers
from scenarios import write_digest

from broadsheet.effects import publishing
from broadsheet.effects.manifest import MANIFEST_NAME

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A fresh case in a folder of its own."""
    return Case(tmp_path / "digest")


@pytest.fixture
def searched_case(tmp_path: Path) -> Case:
    """A fresh case whose sites have a search index."""
    return Case(tmp_path / "digest", has_search=True)


def kill_at_moments(case: Case, events: frozenset[str], step: int = 1) -> list[str]:
    """Kill one build after another, each a few moments later; return which site each kill left."""
    states: list[str] = []
    for moment in itertools.count(1, step):
        if not build_and_die(case.root, moment, events):
            return states
        states.append(case.state())
        case.expect_recovery()
        case.reset()
    return states


def refuse_exchange(*_: Path) -> bool:
    return False


def refuse_moves(*_: Path) -> str:
    raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


def test_a_kill_around_the_exchange_leaves_one_of_the_two_sites(case: Case) -> None:
    states = kill_at_moments(case, MOVES)
    assert [state for state, _ in itertools.groupby(states)] == ["old", "new"]
    assert len(states) >= 5


def test_a_kill_between_two_renames_is_put_right_by_the_next_build(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_exchange", refuse_exchange)
    states = kill_at_moments(case, MOVES)
    assert [state for state, _ in itertools.groupby(states)] == ["old", "missing", "new"]
    assert states.count("missing") == 1


def test_the_old_site_is_back_before_the_next_build_reads_anything(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_exchange", refuse_exchange)
    # Builds that fork and those that do not take turns, and move another number of files each.
    for moment in range(1, 100):
        build_and_die(case.root, moment, MOVES)
        if case.state() == "missing":
            break
        case.reset()
    assert case.state() == "missing"
    write_digest(case.root, {"content/papers/b.md": "no front matter"})
    assert build(case.root, has_search=False).how == ""
    assert case.state() == "old"


def test_a_kill_at_every_tenth_change_of_the_disk_leaves_one_of_the_two_sites(
    case: Case,
) -> None:
    states = kill_at_moments(case, CHANGES, 10)
    assert set(states) <= {"old", "new"}
    assert len(states) >= 4


@pytest.mark.slow
def test_a_kill_at_any_change_of_the_disk_leaves_one_of_the_two_sites(case: Case) -> None:
    states = kill_at_moments(case, CHANGES)
    assert set(states) == {"old", "new"}
    assert len(states) >= 70


@pytest.mark.parametrize("step", [60, pytest.param(3, marks=pytest.mark.slow)])
def test_a_kill_while_files_are_replaced_one_by_one_tears_none_and_is_put_right(
    case: Case, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(publishing, "_move_in", refuse_moves)
    for moment in itertools.count(45, step):
        if not build_and_die(case.root, moment, CHANGES):
            break
        for path, content in pages_of(case.root / "site").items():
            is_temporary = ".broadsheet-new-" in path
            is_manifest = path == MANIFEST_NAME
            whole = {site.get(path) for site in (case.old, case.new)}
            assert is_temporary or is_manifest or path.endswith("/") or content in whole, path
        case.expect_recovery()
        case.reset()
    assert moment > 100


def start_build(root: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a real command, search index included."""
    command = [sys.executable, "-m", "broadsheet", "-C", str(root), "build", "--quiet", *words]
    return subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE)


def finish(running: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    """Wait for a command; return its exit code and what it said."""
    _, words = running.communicate()
    return running.returncode, words.strip()


def time_of_build(root: Path) -> float:
    start = time.monotonic()
    assert finish(start_build(root)) == (0, b"")
    return time.monotonic() - start


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.slow)])
def test_a_command_killed_at_random_moments_leaves_one_of_the_two_sites(
    searched_case: Case, kills: int
) -> None:
    case = searched_case
    chance = random.Random(kills)  # noqa: S311 - moments, not secrets
    states: Counter[str] = Counter()
    with readers(case.root / "site", case.known()) as reads:
        # Readers slow a build down, and the moments are to reach to its end.
        duration = time_of_build(case.root)
        case.reset()
        for number in range(kills):
            # Small as the digest is, every second build forks processes for its pages.
            running = start_build(case.root, "--executor", ("auto", "process:2")[number % 2])
            time.sleep(chance.uniform(0, 1.1 * duration))
            running.kill()
            finish(running)
            states[case.state()] += 1
            if case.state() == "new":
                case.reset()
        assert finish(start_build(case.root)) == (0, b"")
    print(f"{kills} kills left {dict(states)}; reads: {dict(reads)}")
    assert set(states) <= {"old", "new"}
    assert set(reads) == {"whole"}
    assert reads["whole"] > 100 * kills
    case.expect_recovery()


def wait_until_locked(path: Path) -> None:
    """Return as soon as a build holds its digest's lock: it has begun by then."""
    with path.open("a") as handle:
        for _ in range(6_000):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(handle, fcntl.LOCK_UN)
            time.sleep(0.01)
    raise AssertionError("the build never began")


@pytest.mark.parametrize("executor", ["serial", "process:2"])
def test_an_interrupted_command_exits_with_130_and_leaves_the_old_site(
    case: Case, executor: str
) -> None:
    write_digest(case.root, {"templates/paper.html": ENDLESS})
    running = start_build(case.root, "--executor", executor)
    wait_until_locked(case.root / ".broadsheet" / "lock")
    running.send_signal(signal.SIGINT)
    code, said = finish(running)
    # Looking at the lock may have made the build wait for a moment, which it says.
    assert (code, said.splitlines()[-1]) == (130, b"interrupted")
    assert case.state() == "old"
    (case.root / "templates/paper.html").unlink()
    (case.root / "templates").rmdir()
    case.expect_recovery()


def test_readers_never_miss_a_file_while_builds_run(case: Case) -> None:
    with readers(case.root / "site", case.known()) as reads:
        for _ in range(5):
            publish(case.root, has_search=False)
            case.reset()
    assert set(reads) == {"whole"}
    assert reads["whole"] > 100


def test_two_builds_at_once_wait_for_each_other(case: Case) -> None:
    first, second = start_build(case.root), start_build(case.root)
    assert (finish(first), finish(second)) == ((0, b""), (0, b""))
    case.expect_recovery()
