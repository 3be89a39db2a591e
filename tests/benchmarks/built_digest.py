"""A digest built by the real program, with what the search index cost.

Responsible for running `build.py`, for the time of its stages as it prints them, for the peak
memory of the indexer, which is read from `/proc`, and for what the index takes by itself. Not
responsible for the digest's records (`all_records`).

An index is made beside other stages, so the stage `index` is what a build waits for at its end.
What it costs is told in two ways: the seconds that it takes alone, and by how many a build with it
is longer than the same build without.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from benchmarks.all_records import ROOT, KnownPaper, write_content

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project
from broadsheet.effects.indexing import Indexing
from broadsheet.planning.search_records import plan_search_records

_STAGE = re.compile(r"^(\w+) +([\d.]+) s$", re.MULTILINE)
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
_INDEXER = "pagefind"
_SECONDS_BETWEEN_LOOKS = 0.02
_PATIENCE_SECONDS = 1_800


class BuiltDigest(msgspec.Struct, frozen=True, kw_only=True):
    """A built digest.

    Attributes:
        site: The output folder.
        papers: How many papers it holds.
        cold: Seconds of each stage of the first build; empty where there was a site before.
        unchanged: The same of a second build, of which nothing had changed.
        peak_memory: Of the indexer in the first build, in MB (millions of bytes).
        alone: Seconds that the index takes with nothing beside it; 0 where it was not measured.
        without: Seconds of each stage of a first build without search, where that was measured.
    """

    site: Path
    papers: int
    cold: dict[str, float] = {}
    unchanged: dict[str, float] = {}
    peak_memory: float = 0.0
    alone: float = 0.0
    without: dict[str, float] = {}

    @property
    def added(self) -> float:
        """By how many seconds search makes a first build longer; 0 where it was not measured."""
        return self.cold["total"] - self.without["total"] if self.without else 0.0

    def index_files(self) -> tuple[int, int]:
        """Return how many files the index has, and their bytes."""
        sizes = [p.stat().st_size for p in (self.site / "pagefind").rglob("*") if p.is_file()]
        return len(sizes), sum(sizes)


def build_digest(
    papers: Sequence[KnownPaper], root: Path, size: int = 0, *, is_compared: bool = False
) -> BuiltDigest:
    """Write and build a digest twice, or bring the one that is there up to date.

    Args:
        papers: Its records.
        root: Its folder.
        size: Records that there are to be, by copies where papers are too few.
        is_compared: Whether the same is built without search, too.

    Raises:
        RuntimeError: The build failed.
    """
    site, count = root / "site", max(len(papers), size)
    if (site / "pagefind").is_dir():
        _run_build(root, lambda _: None)
        return BuiltDigest(site=site, papers=count)
    write_content(papers, root, size)
    peaks: list[float] = []
    cold = _run_build(root, peaks.append)
    unchanged = _run_build(root, lambda _: None)
    without: dict[str, float] = {}
    if is_compared:
        bare = root.with_name(f"{root.name}-without-search")
        write_content(papers, bare, size)
        without = _run_build(bare, lambda _: None, "--no-search")
    return BuiltDigest(
        site=site,
        papers=count,
        cold=cold,
        unchanged=unchanged,
        peak_memory=max(peaks, default=0),
        alone=_index_alone(root),
        without=without,
    )


def _index_alone(root: Path) -> float:
    """Make the index of a digest once more, with nothing beside it; return the seconds."""
    site = check_site(Project(root), BuildOptions())
    records = plan_search_records(site.plan.edition)
    with tempfile.TemporaryDirectory(dir=root) as cache, Indexing(Path(cache)) as indexing:
        start = time.perf_counter()
        indexing.begin(records, site.settings.language, "")
        bundle, problems = indexing.collect()
        seconds = time.perf_counter() - start
    if bundle is None:
        raise RuntimeError(problems[0].message)
    return seconds


def _run_build(root: Path, note_peak: Callable[[float], None], *options: str) -> dict[str, float]:
    """Build and return the seconds of each stage."""
    command = [sys.executable, str(ROOT / "build.py"), "-C", str(root), "build", "--timings"]
    command += options
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        done = threading.Event()
        watch = threading.Thread(target=_watch_indexer, args=(process.pid, note_peak, done))
        watch.start()
        try:
            output, _ = process.communicate(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            done.set()
            watch.join()
    if process.returncode:
        raise RuntimeError(f"the build failed:\n{output[-2_000:]}")
    return {name: float(seconds) for name, seconds in _STAGE.findall(output)}


def _watch_indexer(build: int, note_peak: Callable[[float], None], done: threading.Event) -> None:
    """Note the peak memory of a build's indexer in MB, as often as there is one to look at."""
    while not done.wait(_SECONDS_BETWEEN_LOOKS):
        for process in _descendants(build):
            try:
                if _INDEXER in Path(f"/proc/{process}/comm").read_text(encoding="utf-8"):
                    peak = _PEAK.search(Path(f"/proc/{process}/status").read_text(encoding="utf-8"))
                    note_peak(int(peak[1]) * 1_024 / 1e6 if peak else 0)
            except OSError:
                continue


def _descendants(process: int) -> Iterator[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(word) for t in tasks for word in (t / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield child
        yield from _descendants(child)
