"""What the benchmark of search prints, and the bars it is held to.

Responsible for the arithmetic over answers and for the tables. Not responsible for asking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import msgspec
from benchmarks.built_digest import BuiltDigest
from benchmarks.in_chromium import Answer, ColdAnswer, Comparison
from benchmarks.known_items import KINDS, Query

# Recall at one and at ten, by kind; DESIGN, section 9.
FIRST_BARS = {"title": 0.97}
TEN_BARS = {"title": 0.995, "acronym": 0.97, "abstract": 0.99, "typo": 0.95, "author": 0.90}
FILTER_FILE = ".pf_filter"


class Asked(msgspec.Struct, frozen=True):
    """A query, its answer, and the place of the paper that was meant: 1 to 10, or 0."""

    query: Query
    answer: Answer
    place: int


class Bar(msgspec.Struct, frozen=True):
    """A measure, and what it must reach or must not exceed."""

    name: str
    measured: float
    limit: float
    is_least: bool = True

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return self.measured >= self.limit if self.is_least else self.measured <= self.limit


def recall(asked: Sequence[Asked], most: int) -> float:
    """Return the share of queries whose paper is among the first results."""
    return sum(0 < one.place <= most for one in asked) / max(len(asked), 1)


def mean_reciprocal_rank(asked: Sequence[Asked]) -> float:
    """Return the mean of one over the place, 0 where the paper is not shown."""
    return sum(1 / one.place for one in asked if one.place) / max(len(asked), 1)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least value that a share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-round(len(ordered) * share * 1_000) // 1_000) - 1)] if ordered else 0.0


def by_kind(asked: Sequence[Asked]) -> dict[str, list[Asked]]:
    """Return the queries of each of the five kinds."""
    return {kind: [one for one in asked if one.query.kind == kind] for kind in KINDS}


def overall_rank(asked: Sequence[Asked]) -> float:
    """Return the mean reciprocal rank over the five kinds, each with the same weight."""
    return sum(map(mean_reciprocal_rank, by_kind(asked).values())) / len(KINDS)


def judge_kinds(asked: Sequence[Asked]) -> list[Bar]:
    """Return the bars of the five kinds."""
    kinds = by_kind(asked)
    return [
        *(Bar(f"{kind} R@1", recall(kinds[kind], 1), bar) for kind, bar in FIRST_BARS.items()),
        *(Bar(f"{kind} R@10", recall(kinds[kind], 10), bar) for kind, bar in TEN_BARS.items()),
        Bar("MRR over the five kinds", overall_rank(asked), 0.90),
    ]


def judge_titles(asked: Sequence[Asked]) -> Bar:
    """Return the bar of whole titles."""
    return Bar("whole title comes first", recall(asked, 1), 0.995)


def judge_cold(cold: Sequence[ColdAnswer]) -> list[Bar]:
    """Return the bars of first queries."""
    filters = sum(FILTER_FILE in path for one in cold for path, _ in one.requests)
    return [
        Bar("cold query, p90, kB", percentile([c.bytes / 1_000 for c in cold], 0.9), 350, False),
        Bar(
            "cold query, p90, requests", percentile([len(c.requests) for c in cold], 0.9), 24, False
        ),
        Bar("cold queries, filter files", filters, 0, is_least=False),
    ]


def judge_index(built: BuiltDigest) -> list[Bar]:
    """Return the bars of the index, where it has been built."""
    if not built.cold:
        return []
    size = f"{built.papers:,} papers"
    return [
        Bar(f"what the index of {size} adds to a build, s", built.added, 8, is_least=False),
        Bar(f"index of {size}, MB", built.peak_memory, 1_300, is_least=False),
        Bar("index, nothing changed, s", built.unchanged.get("index", 0.0), 0.5, is_least=False),
    ]


def print_index(digests: Sequence[BuiltDigest]) -> None:
    """Print what indices cost."""
    print("\n| papers | alone, s | build, s | without, s | peak, MB | unchanged, s | files | MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for built in digests:
        files, size = built.index_files()
        build, without = (
            f"{times['total']:.1f}" if times else "" for times in (built.cold, built.without)
        )
        print(
            f"| {built.papers:,} | {built.alone:.1f} | {build} | {without} "
            f"| {built.peak_memory:,.0f} | {built.unchanged.get('total', 0):.2f} "
            f"| {files:,} | {size / 1e6:.1f} |"
        )


def print_kinds(asked: Sequence[Asked], titles: Sequence[Asked]) -> None:
    """Print recall, ranks and times of each kind, and of all."""
    print("\n| kind | queries | R@1 | R@10 | MRR | empty | p50, ms | p95, ms | max, ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind, some in (*by_kind(asked).items(), ("all five", asked), ("whole title", titles)):
        times = [one.answer.milliseconds for one in some]
        empty = sum(not one.answer.urls for one in some)
        print(
            f"| {kind} | {len(some):,} | {recall(some, 1):.3f} | {recall(some, 10):.3f} "
            f"| {mean_reciprocal_rank(some):.3f} | {empty} | {percentile(times, 0.5):.0f} "
            f"| {percentile(times, 0.95):.0f} | {max(times, default=0):.0f} |"
        )
    failed = [one for one in (*asked, *titles) if one.answer.error]
    print(f"failed: {len(failed)}", *{one.answer.error for one in failed})


def print_cold(cold: Sequence[ColdAnswer]) -> None:
    """Print what first queries cost."""
    print(f"\n| {len(cold)} cold queries | p50 | p90 | max |\n| --- | ---: | ---: | ---: |")
    for name, values in (
        ("kB on the wire", [one.bytes / 1_000 for one in cold]),
        ("requests", [float(len(one.requests)) for one in cold]),
        ("ms", [one.answer.milliseconds for one in cold]),
    ):
        shown = (percentile(values, share) for share in (0.5, 0.9, 1.0))
        print(f"| {name} |", " | ".join(f"{value:.0f}" for value in shown), "|")
    spent: Counter[str] = Counter()
    for one in cold:
        for path, size in one.requests:
            spent[PurePosixPath(urlsplit(path).path).suffix] += size
    means = (f"{suffix} {size / 1_000 / len(cold):.0f}" for suffix, size in spent.most_common())
    print("kB by kind of file, on average:", ", ".join(means))


def print_common(compared: Mapping[str, Sequence[Comparison]]) -> None:
    """Print the times of common words beside those of Pagefind alone."""
    print("\n| the commonest | papers | p50, ms | max, ms | Pagefind's max, ms | same ten |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, group in compared.items():
        times = [one.own.milliseconds for one in group]
        plain = max(one.plain.milliseconds for one in group)
        papers = [one.plain.papers for one in group]
        print(
            f"| {len(group)} {name} | {min(papers):,} to {max(papers):,} "
            f"| {percentile(times, 0.5):.0f} | {max(times):.0f} | {plain:.0f} "
            f"| {sum(one.is_same for one in group)} |"
        )
    for one in (one for group in compared.values() for one in group if not one.is_same):
        counts = f"{one.own.exact:,} of {one.plain.papers:,}"
        print(f"  another ten: {one.query!r} shares {one.shared}; counted {counts}")


def print_misses(asked: Sequence[Asked]) -> None:
    """Print the queries whose paper is not shown."""
    print()
    for one in asked:
        if not one.place:
            print(f"  missed: {one.query.kind}: {one.query.text!r} for {one.query.paper_id}")


def print_bars(bars: Sequence[Bar]) -> None:
    """Print every bar, and whether it holds."""
    print()
    for bar in bars:
        sign = ">=" if bar.is_least else "<="
        state = "holds" if bar.holds else "FAILS"
        print(f"{state}  {bar.name}: {bar.measured:.4g} (bar {sign} {bar.limit:g})")
