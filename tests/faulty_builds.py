"""Builds that are killed, refused or watched: what the tests of faults share.

Responsible for a digest that is published and about to change, for killing a build or refusing it
at each single thing that it does to the disk, and for readers that look meanwhile.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from builds import build, litter, names_in, publish, tree
from scenarios import paper, write_digest

from broadsheet.effects.manifest import MANIFEST_NAME, read_manifest

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

    def known(self) -> dict[str, set[bytes]]:
        """Return the pages that both sites have, with the bytes of either."""
        both = [path for path in self.old.keys() & self.new.keys() if path.endswith(".html")]
        return {path: {self.old[path], self.new[path]} for path in both}

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


def meet(on_change: Callable[[int], None], events: frozenset[str]) -> None:
    """Call something whenever this process is about to touch the disk, with how often it did."""
    seen = itertools.count(1)

    def look(event: str, arguments: tuple[object, ...]) -> None:
        reads = event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING)
        if event in events and not reads:
            on_change(next(seen))

    sys.addaudithook(look)


def build_and_meet(root: Path, on_change: Callable[[int], None], events: frozenset[str]) -> int:
    """Build in a forked process whose changes of the disk meet something; return its exit code.

    It is 0 when the build published or found nothing to do, and 3 when the disk refused.
    """
    child = os.fork()
    if not child:
        code = 2
        meet(on_change, events)
        try:
            code = 0 if build(root, has_search=False).how else 1
        except OSError:
            code = 3
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def build_and_die(root: Path, moment: int, events: frozenset[str]) -> bool:
    """Build in a process that dies at a moment; tell whether it did."""
    tests = os.getpid()

    def die(count: int) -> None:
        if count == moment:
            # Processes that the build has forked end with it.
            builds = os.getpid() if os.getppid() == tests else os.getppid()
            os.kill(builds, signal.SIGKILL)

    code = build_and_meet(root, die, events)
    assert code in (0, -signal.SIGKILL)
    return code != 0


@contextlib.contextmanager
def readers(site: Path, known: dict[str, set[bytes]]) -> Iterator[Counter[str]]:
    """Read pages in a loop while a block runs, and count how they were found.

    Args:
        site: The published site.
        known: Pages that every version of it has, with the bytes that each may have.

    Yields:
        Counts of `whole`, `torn` and `missing`, complete when the block has ended.
    """
    stop = threading.Event()
    found: Counter[str] = Counter()

    def read() -> None:
        while not stop.is_set():
            for path, contents in known.items():
                try:
                    found["whole" if (site / path).read_bytes() in contents else "torn"] += 1
                except FileNotFoundError:
                    found["missing"] += 1

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()
