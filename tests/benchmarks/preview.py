"""The preview's two figures: from the command to the first page, and from a save to the new page.

python tests/benchmarks/preview.py [DIGEST] [--records N] [--saves N] [--no-saves]

Real files are saved in a real digest, beside the file and then over it as most editors do, while a
real Chromium has the paper's page open. A save's time runs from before the new bytes are put in
place to the first frame of the page that shows them: the page notes it by the clock that this
script reads too. Saves are half a second to one and a half apart, so that some meet the work that
the preview puts off until the files are quiet, and all meet the index that is made behind them.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "sources")]

from benchmarks.all_records import (  # noqa: E402 - after the path is set
    read_all,
    shared_folder,
    write_content,
)
from benchmarks.conditions import compile_modules, describe_python  # noqa: E402
from browser.conftest import find_chromium, launch_chromium  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from preview_server import PreviewServer  # noqa: E402

# Notes when the page has been painted for the first time after its words were there.
_NOTE_PAINT = """addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
        window.paintedAt = performance.timeOrigin + performance.now();
    };
    channel.port2.postMessage(0);
}))"""
_SHOWS = "marker => window.paintedAt && document.querySelector('main').textContent.includes(marker)"


class Saved(msgspec.Struct, frozen=True):
    """One save.

    Attributes:
        kind: What was edited.
        milliseconds: From the save to the page.
    """

    kind: str
    milliseconds: float


def time_start(root: Path) -> float:
    """Return the seconds from the command to the whole front page."""
    start = time.perf_counter()
    with PreviewServer(root) as server, urllib.request.urlopen(server.url) as answer:  # noqa: S310 - our own server
        answer.read()
        return time.perf_counter() - start


def keep_what_is_known(root: Path) -> None:
    """Let a preview run until it has caught up, so that its cache is what later ones find."""
    with PreviewServer(root) as server:
        while not any((root / ".broadsheet/cache").glob("search/*")):
            assert server.process.poll() is None
            time.sleep(0.5)


def edit_papers(server: PreviewServer, browser: Browser, root: Path, saves: int) -> Iterator[Saved]:
    """Save papers one after the other, abstracts and titles by turns."""
    chance = random.Random(8)  # noqa: S311 - the same papers and pauses every time
    paths = sorted((root / "content" / "papers").rglob("*.md"))
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(_NOTE_PAINT)
    for number in range(saves):
        path = chance.choice(paths)
        original = path.read_text(encoding="utf-8")
        kind = ("abstract", "title")[number % 2]
        page.goto(f"{server.url}papers/{path.stem}/")
        page.wait_for_selector("broadsheet-preview .source :is(code, button)")
        time.sleep(chance.uniform(0.5, 1.5))
        try:
            yield Saved(kind, _time_save(page, path, original, kind, f"marker{number:04}"))
        finally:
            page.goto("about:blank")
            path.write_text(original, encoding="utf-8", newline="\n")
    page.close()


def _time_save(page: Page, path: Path, original: str, kind: str, marker: str) -> float:
    if kind == "title":
        edited = re.sub(r"(?m)^(title: [\"']?)", rf"\g<1>{marker} ", original, count=1)
    else:
        edited = re.sub(r"(?m)^(abstract: [|>].*\n +)", rf"\g<1>{marker} ", original, count=1)
    assert marker in edited, f"{path} has no {kind} that could be edited"
    beside = path.with_name(f".{path.name}.saving")
    beside.write_text(edited, encoding="utf-8", newline="\n")
    start = time.time()
    beside.replace(path)
    page.wait_for_function(_SHOWS, arg=marker, timeout=30_000)
    return float(page.evaluate("window.paintedAt")) - start * 1000


def report_saves(saved: list[Saved]) -> None:
    """Print the table of the saves."""
    print("| save to screen | saves | p50, ms | p95, ms | max, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind in ("abstract", "title", "all"):
        times = sorted(s.milliseconds for s in saved if kind in (s.kind, "all"))
        p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]
        print(f"| {kind} | {len(times)} | {p50:.0f} | {p95:.0f} | {times[-1]:.0f} |")


@contextmanager
def digest_of(given: Path | None, records: int) -> Iterator[Path]:
    """Give a copy of a digest, or one that is written for the purpose, and delete it."""
    with tempfile.TemporaryDirectory(prefix="preview-benchmark-") as folder:
        root = Path(folder, "digest")
        if given is not None:
            shutil.copytree(given / "content", root / "content")
        else:
            write_content(read_all(shared_folder(), records), root, records)
        yield root


def main() -> int:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("digest", nargs="?", type=Path, help="a digest to copy; else one is made")
    parser.add_argument(
        "--records", type=int, default=10_000, help="papers of a digest that is made"
    )
    parser.add_argument("--saves", type=int, default=40, help="how many saves are timed")
    options = parser.parse_args()
    compile_modules()
    print(describe_python())
    with digest_of(options.digest, options.records) as root:
        papers = sum(1 for _ in (root / "content" / "papers").rglob("*.md"))
        print(f"{papers:,} papers")
        print(f"first start, no cache: {time_start(root):.2f} s")
        keep_what_is_known(root)
        later = sorted(time_start(root) for _ in range(3))
        print(f"later starts: {', '.join(f'{seconds:.2f}' for seconds in later)} s")
        if not options.saves:
            return 0
        with sync_playwright() as playwright, PreviewServer(root) as server:
            browser = launch_chromium(playwright, find_chromium())
            saved = list(edit_papers(server, browser, root, options.saves))
            report_saves(saved)
            browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
