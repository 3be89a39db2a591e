"""What publishing costs beside making pages: `python tests/benchmarks/publishing.py [--pages N]`.

A site of made-up pages is published through the real effects: whole, then with nothing changed,
then with one page changed, several times. Planning and rendering are not part of it.
With `--cpu` it counts the processor's time, for a machine that others use too.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from broadsheet.effects.fresh_files import hold_fresh, write_fresh
from broadsheet.effects.generations import Places, find_places, recover_output
from broadsheet.effects.manifest import Manifest
from broadsheet.effects.publishing import confirm, examine_output, publish
from broadsheet.effects.staging import NextSite, compose_manifest, stage_site

PAGE = b"<!doctype html><title>A page</title>" + b"<p>Words of an abstract.</p>" * 400
ROUNDS = 9
BAR_MILLISECONDS = 60


def main() -> int:
    """Measure, print a table, and return 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--cpu", action="store_true")
    arguments = parser.parse_args()
    pages = arguments.pages
    clock = time.process_time if arguments.cpu else time.perf_counter
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / ".broadsheet").mkdir()
        places = find_places(root / "site", root)
        paths = [f"papers/{number:06}/index.html" for number in range(pages)]
        cold = publish_change(clock, places, paths, dict.fromkeys(paths, PAGE))
        first = publish_change(clock, places, paths, {paths[0]: PAGE + b"first"})
        nothing = repeat(lambda _: publish_change(clock, places, paths, {}))
        one = repeat(lambda n: publish_change(clock, places, paths, {paths[n]: PAGE + bytes([n])}))
    print(f"| {pages:,} pages | examine, ms | stage, ms | publish, ms | together, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    rows = {
        "whole site": cold,
        "first change, which makes the back tree": first,
        f"nothing changed, median of {ROUNDS}": nothing,
        f"one page changed, median of {ROUNDS}": one,
    }
    for name, times in rows.items():
        print(f"| {name} | {' | '.join(f'{value:.1f}' for value in (*times, sum(times)))} |")
    return int(sum(one) > BAR_MILLISECONDS)


def repeat(measure: Callable[[int], tuple[float, ...]]) -> tuple[float, ...]:
    """Return the median of each column over several rounds."""
    rounds = [measure(number) for number in range(ROUNDS)]
    return tuple(statistics.median(column) for column in zip(*rounds, strict=True))


def publish_change(
    clock: Callable[[], float], places: Places, paths: list[str], fresh: dict[str, bytes]
) -> tuple[float, float, float]:
    """Publish a site of which some pages were made; return milliseconds of each step."""
    marks = [clock()]
    recover_output(places)
    published, strays = examine_output(places)
    assert not strays
    marks.append(clock())
    keys = dict.fromkeys(paths, "0" * 32)
    kept = frozenset(path for path in paths if path not in fresh)
    marks.append(clock())
    with hold_fresh(places):
        hashes = {
            path: write_fresh(places.fresh, path, content, published.manifest.files.get(path))
            for path, content in fresh.items()
        }
        site = NextSite(fresh=hashes, kept=kept, about=Manifest(keys=keys), index=None)
        manifest = compose_manifest(site, published.manifest)
        is_same = manifest == published.manifest
        if is_same:
            confirm(places, published)
        else:
            stage_site(places, published, site, manifest)
    marks.append(clock())
    if not is_same:
        publish(places, published, manifest)
    marks.append(clock())
    begin, examined, planned, staged, ended = (1_000 * mark for mark in marks)
    return examined - begin, staged - planned, ended - staged


if __name__ == "__main__":
    sys.exit(main())
