"""A build that is killed or interrupted leaves the old site or the new one, never a mixture.

Two kinds of kills: at each single thing that a build does to the disk, which an audit hook in a
forked process counts, and at moments of a real command's run, search index included.
"""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from builds import ROOT, build, litter, names_in, publish, tree
from scenarios import paper, write_digest

from broadsheet.effects import publishing
from broadsheet.effects.manifest import MANIFEST_NAME, read_manifest

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
KEPT = {
    "CNAME": b"papers.example",
    ".git/HEAD": b"ref: main",
    ".gitkeep": b"",
    ".well-known/token": b"host",
}
OLD = {"content/papers/a.md": paper("First paper", featured="2025-01-06")}
NEW = {
    "content/papers/a.md": paper("A better title", featured="2025-01-06"),
    "content/papers/b.md": paper("Second paper", featured="2025-01-07"),
    "content/static/deep/down/file.txt": "x",
    "content/static/.well-known/security.txt": "x",
}
# What a build does to the disk, as audit events; `ctypes.dlsym` comes right before the exchange.
MOVES = frozenset({"os.rename", "ctypes.dlsym"})
CHANGES = MOVES | {"open", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.chmod"}
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
WRITING = os.O_WRONLY | os.O_RDWR


class Case:
    """A published digest whose host keeps files of its own, and the site it is to become.

    Attributes:
        root: The digest's root.
        old: The site as published.
        new: The site after the next build.
        has_search: Whether the sites are searched.
    """

    def __init__(self, root: Path, *, has_search: bool = False) -> None:
        """Publish the old site, after the new one has been seen elsewhere."""
        self.root = root
        self.has_search = has_search
        self.new = self._publish_elsewhere(NEW)
        self.old = self._publish_elsewhere(OLD)
        for name, content in KEPT.items():
            (root / "site" / name).parent.mkdir(parents=True, exist_ok=True)
            (root / "site" / name).write_bytes(content)
        self.reset()

    def reset(self) -> None:
        """Publish the old site again and change the records for the next build."""
        self._write(OLD)
        publish(self.root, has_search=self.has_search)
        self._write(NEW)

    def state(self) -> str:
        """Tell which of the two sites the output folder holds, if there is one."""
        actual = pages_of(self.root / "site")
        known = {"old": self.old, "new": self.new, "missing": {}}
        return next((name for name, site in known.items() if actual == site), "a mixture")

    def expect_recovery(self) -> None:
        """Check that the next build succeeds, loses nothing of the host's and leaves no litter."""
        publish(self.root, has_search=self.has_search)
        built = tree(self.root / "site")
        assert self.state() == "new"
        assert {name: built.get(name) for name in KEPT} == KEPT
        assert names_in(self.root) == [".broadsheet", "content", "site"]
        assert litter(self.root) == []

    def _publish_elsewhere(self, files: dict[str, str]) -> dict[str, bytes]:
        self._write(files)
        output = self.root.parent / f"site-of-{len(files)}"
        return pages_of(publish(self.root, output=output, has_search=self.has_search))

    def _write(self, files: dict[str, str]) -> None:
        for gone in NEW.keys() - files.keys():
            (self.root / gone).unlink(missing_ok=True)
        write_digest(self.root, files)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A fresh case in a folder of its own."""
    return Case(tmp_path / "digest")


@pytest.fixture
def searched_case(tmp_path: Path) -> Case:
    """A fresh case whose sites have a search index."""
    return Case(tmp_path / "digest", has_search=True)


def pages_of(site: Path) -> dict[str, bytes]:
    """Return the site without the search index, its hash, and what the host keeps."""
    pages = {
        path: content
        for path, content in tree(site).items()
        if path not in KEPT and not path.startswith("pagefind/")
    }
    if MANIFEST_NAME in pages and (manifest := read_manifest(site)):
        pages[MANIFEST_NAME] = repr(manifest.files).encode()
    return pages


def die_at(moment: int, events: frozenset[str]) -> None:
    """Have this process killed when it is about to touch the disk for the n-th time."""
    seen = itertools.count(1)

    def look(event: str, arguments: tuple[object, ...]) -> None:
        reads = event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING)
        if event in events and not reads and next(seen) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


def build_and_die(root: Path, moment: int, events: frozenset[str]) -> bool:
    """Build in a forked process that dies at a moment; tell whether it did."""
    child = os.fork()
    if not child:
        die_at(moment, events)
        try:
            os._exit(0 if build(root, has_search=False).how else 1)
        finally:
            os._exit(2)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code != 0


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
    # The moves are of a cached value, the manifest, the tree, the host's folder, and the record.
    assert kill_at_moments(case, MOVES) == ["old", "old", "old", "new", "new"]


def test_a_kill_between_two_renames_is_put_right_by_the_next_build(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_exchange", refuse_exchange)
    assert kill_at_moments(case, MOVES) == ["old", "old", "old", "missing", "new", "new", "new"]


def test_the_old_site_is_back_before_the_next_build_reads_anything(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_exchange", refuse_exchange)
    assert build_and_die(case.root, 4, MOVES)
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


def start_build(root: Path) -> subprocess.Popen[bytes]:
    """Start a real command, search index included."""
    command = [sys.executable, "-m", "broadsheet", "-C", str(root), "build", "--quiet"]
    return subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE)


def finish(running: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    """Wait for a command; return its exit code and what it said."""
    _, words = running.communicate()
    return running.returncode, words.strip()


def time_of_build(root: Path) -> float:
    start = time.monotonic()
    assert finish(start_build(root)) == (0, b"")
    return time.monotonic() - start


@pytest.mark.parametrize("kills", [15, pytest.param(200, marks=pytest.mark.slow)])
def test_a_command_killed_at_spread_moments_leaves_one_of_the_two_sites(
    searched_case: Case, kills: int
) -> None:
    case = searched_case
    duration = time_of_build(case.root)
    case.reset()
    for number in range(kills):
        running = start_build(case.root)
        time.sleep(duration * (number + 1) / kills)
        running.kill()
        finish(running)
        assert case.state() in ("old", "new")
        if case.state() == "new":
            case.reset()
    assert finish(start_build(case.root)) == (0, b"")
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


def test_an_interrupted_command_exits_with_130_and_leaves_the_old_site(case: Case) -> None:
    write_digest(case.root, {"templates/paper.html": ENDLESS})
    running = start_build(case.root)
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
    page = case.root / "site" / "index.html"
    stop = threading.Event()
    reads: Counter[str] = Counter()

    def read() -> None:
        while not stop.is_set():
            try:
                reads["whole" if page.read_bytes().endswith(b"</html>\n") else "torn"] += 1
            except FileNotFoundError:
                reads["missing"] += 1

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            publish(case.root, has_search=False)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert set(reads) == {"whole"}
    assert reads["whole"] > 100


def test_two_builds_at_once_wait_for_each_other(case: Case) -> None:
    first, second = start_build(case.root), start_build(case.root)
    assert (finish(first), finish(second)) == ((0, b""), (0, b""))
    case.expect_recovery()
