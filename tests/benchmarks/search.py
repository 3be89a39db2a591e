"""How well and how fast the site's search finds papers: `python tests/benchmarks/search.py`.

Responsible for the measures and bars of search: known-item queries over all distinct records of
the shared folder in real Chromium, against the built site with its real headers and compressed as
hosts do; and sizes and times over 15,000, of which the last thousand are copies. Not responsible
for the queries (`known_items`), for the browser (`in_chromium`) or for builds (`built_digest`).

An answer is right at the first place that shows the paper, or another record of the same title.
Reciprocal ranks are taken over the ten results that are shown first, so that they are lower bounds.

A quick run: `--records 2000 --queries 100`. `--work DIR` keeps the digests and uses them again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "sources")]

from benchmarks.all_records import (  # noqa: E402 - after the path is set
    KnownPaper,
    read_all,
    shared_folder,
)
from benchmarks.built_digest import BuiltDigest, build_digest  # noqa: E402
from benchmarks.conditions import compile_modules, describe_python  # noqa: E402
from benchmarks.in_chromium import (  # noqa: E402
    ColdAnswer,
    ask_all,
    ask_cold,
    compare_with_pagefind,
    read_search_page,
)
from benchmarks.known_items import (  # noqa: E402
    KINDS,
    Query,
    common_pairs,
    common_subjects,
    common_words,
    make_queries,
    whole_titles,
)
from benchmarks.search_report import (  # noqa: E402
    Asked,
    Bar,
    judge_cold,
    judge_index,
    judge_kinds,
    judge_titles,
    print_bars,
    print_cold,
    print_common,
    print_index,
    print_kinds,
    print_misses,
)
from browser.conftest import find_chromium, launch_chromium  # noqa: E402
from browser.site_server import SiteServer  # noqa: E402

SIZES = 15_000
INDEX_SIZE = 10_000
COMMON = 20
PAGE_SAMPLE = 20


def ask_known_items(
    browser: Browser, base: str, queries: Sequence[Query], papers: Sequence[KnownPaper]
) -> list[Asked]:
    """Return the queries with their answers and the places of the papers that were meant."""
    titles = {paper.id: paper.title.casefold() for paper in papers}
    answers = ask_all(browser, base, [query.text for query in queries])
    return [
        Asked(query, answer, _find_place(query, answer.urls, titles))
        for query, answer in zip(queries, answers, strict=True)
    ]


def _find_place(query: Query, urls: Sequence[str], titles: dict[str, str]) -> int:
    """Return the place of the paper that was meant, from 1; 0 where it is not shown."""
    meant = titles[query.paper_id]
    places = (place for place, url in enumerate(urls, 1) if titles[url.split("/")[-2]] == meant)
    return next(places, 0)


def count_page_differences(browser: Browser, base: str, cold: Sequence[ColdAnswer]) -> int:
    """Return for how many queries the search page shows other papers than the module gave.

    The page asks the same module; that it shows the same proves that readers get what is measured.
    """
    return sum(read_search_page(browser, base, one.query) != one.answer.urls for one in cold)


def sample_kinds(queries: Sequence[Query], count: int) -> list[Query]:
    """Return some queries, equally many of each kind."""
    each = count // len(KINDS)
    lists = [[query for query in queries if query.kind == kind][:each] for kind in KINDS]
    return [query for some in zip(*lists, strict=True) for query in some]


def measure_quality(
    browser: Browser, base: str, papers: Sequence[KnownPaper], options: argparse.Namespace
) -> list[Bar]:
    """Ask the known items and the whole titles; print what came, and return what it is held to."""
    queries = make_queries(papers, options.queries)
    asked = ask_known_items(browser, base, queries, papers)
    titles = ask_known_items(browser, base, whole_titles(papers, options.titles), papers)
    print_kinds(asked, titles)
    if options.misses:
        print_misses((*asked, *titles))
    return [*judge_kinds(asked), judge_titles(titles)]


def measure_costs(
    browser: Browser,
    server: SiteServer,
    served: list[tuple[str, int]],
    papers: Sequence[KnownPaper],
    options: argparse.Namespace,
) -> list[Bar]:
    """Ask cold queries and common words of the large site; print and return the same."""
    base = f"{server.origin}/sizes/"
    queries = sample_kinds(make_queries(papers, options.queries), options.cold)
    cold = [ask_cold(browser, base, query.text, served) for query in queries]
    print_cold(cold)
    groups = {
        "words": common_words(papers, COMMON),
        "subjects": common_subjects(papers, COMMON),
        "pairs": common_pairs(papers, COMMON),
    }
    compared = {
        name: [compare_with_pagefind(browser, base, word) for word in words]
        for name, words in groups.items()
    }
    print_common(compared)
    slowest = max(one.own.milliseconds for group in compared.values() for one in group)
    differences = count_page_differences(browser, base, cold[:PAGE_SAMPLE])
    return [
        *judge_cold(cold),
        Bar("pages that show other papers", differences, 0, is_least=False),
        Bar("slowest common word or pair, ms", slowest, 1_000, is_least=False),
    ]


def build_all(
    papers: Sequence[KnownPaper], work: Path, *, is_quick: bool
) -> tuple[BuiltDigest, BuiltDigest, list[Bar]]:
    """Build what is asked, and what sizes are measured on; print and judge what the index cost."""
    quality = build_digest(papers, work / "quality")
    if is_quick:
        print_index([quality])
        return quality, quality, []
    sizes = build_digest(papers, work / "sizes", SIZES)
    smaller = build_digest(papers[:INDEX_SIZE], work / "index", is_compared=True)
    print_index([smaller, quality, sizes])
    return quality, sizes, judge_index(smaller)


def run(options: argparse.Namespace, work: Path) -> bool:
    """Run everything; return whether all bars hold."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    papers = read_all(options.shared, options.records)
    print(f"{len(papers):,} distinct records")
    quality, sizes, bars = build_all(papers, work, is_quick=options.records < SIZES)
    served: list[tuple[str, int]] = []
    mounts = {"/quality/": quality.site, "/sizes/": sizes.site}
    with (
        SiteServer(mounts, compresses=True, on_served=lambda *one: served.append(one)) as server,
        sync_playwright() as playwright,
    ):
        browser = launch_chromium(playwright, find_chromium())
        try:
            bars += measure_quality(browser, f"{server.origin}/quality/", papers, options)
            if options.cold:
                bars += measure_costs(browser, server, served, papers, options)
        finally:
            browser.close()
    print_bars(bars)
    return all(bar.holds for bar in bars)


def main() -> int:
    """Run the command line; 1 where a bar does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--records", type=int, default=1_000_000, help="a quick run on fewer")
    parser.add_argument("--queries", type=int, default=2_500, help="of the five kinds together")
    parser.add_argument("--titles", type=int, default=600, help="whole titles")
    parser.add_argument(
        "--cold", type=int, default=100, help="queries with nothing cached; 0: no costs"
    )
    parser.add_argument("--misses", action="store_true", help="print what is not among the ten")
    parser.add_argument("--work", type=Path, help="keep the digests here and use them again")
    options = parser.parse_args()
    compile_modules()
    print(describe_python())
    if options.work is not None:
        return 0 if run(options, options.work.resolve()) else 1
    with tempfile.TemporaryDirectory(prefix="broadsheet-search-") as work:
        return 0 if run(options, Path(work)) else 1


if __name__ == "__main__":
    sys.exit(main())
