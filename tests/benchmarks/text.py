r"""How long the text model takes on real records; a report, never a test.

Responsible for the figures in `docs/benchmarks.md`: milliseconds of processor time, the best of
several rounds, each of which forgets the formulas of the one before.

    python tests/benchmarks/text.py CORPUS.jsonl.gz [--profile]
"""

from __future__ import annotations

import cProfile
import gzip
import json
import pstats
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from broadsheet.domain.records import Body  # noqa: E402 - the checkout comes first
from broadsheet.planning.texts import MarkupOptions, TextJob  # noqa: E402
from broadsheet.workers.markup import convert_batch  # noqa: E402
from broadsheet.workers.tex.mathml import convert_formula  # noqa: E402
from broadsheet.workers.tex.signs import has_tex  # noqa: E402

ROUNDS = 9
BODIES = 1_500
BUDGET_PAPER = 0.10
BUDGET_BODY = 0.60
RICH = """{abstract}

## What it shows

- one *thing* and **another**
- `code` and [a link](https://code.example/x)

> A quotation with $x^2 + y^2$.
"""


def read_papers(path: Path) -> tuple[TextJob, ...]:
    """Return titles, TL;DRs and abstracts; where there is no TL;DR, the abstract's first sentence.

    Args:
        path: Records, one in JSON a line.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return tuple(
        TextJob(
            record["arxiv_id"],
            (("title", record["title"]), ("tldr", record["abstract"].split(". ")[0])),
            record["abstract"],
        )
        for record in records
    )


def measure(work: Callable[[], object], count: int) -> float:
    """Return the milliseconds that one of several things takes, as a first parse.

    Args:
        work: Does all of them.
        count: How many they are.
    """
    times = []
    for _ in range(ROUNDS):
        convert_formula.cache_clear()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) / count * 1_000


def report(name: str, jobs: tuple[TextJob, ...], budget: float | None = None) -> None:
    """Measure records and print a row."""
    options = MarkupOptions()
    took = measure(lambda: convert_batch(options, jobs), len(jobs))
    limit = f"budget {budget:.2f}" if budget is not None else ""
    print(f"{name:<46} {len(jobs):>7,} {took:>8.3f} ms   {limit}")


def main(arguments: list[str]) -> int:
    """Print the report."""
    papers = read_papers(Path(arguments[0]))
    plain = tuple(job for job in papers if not has_tex(f"{job.lines[0][1]} {job.abstract}"))
    other = tuple(job for job in papers if has_tex(f"{job.lines[0][1]} {job.abstract}"))
    texts = [job.abstract for job in papers[:BODIES]]
    bodies = tuple(TextJob("a.md", body=Body(text=text)) for text in texts)
    rich = tuple(
        TextJob("a.md", body=Body(text=RICH.format(abstract=text[:1_150]))) for text in texts
    )
    report("title, TL;DR and abstract, all papers", papers, BUDGET_PAPER)
    report("  papers without TeX, quotes, dashes, links", plain)
    report("  papers with", other)
    size = sum(map(len, texts)) / len(texts)
    report(f"body, an abstract of {size:,.0f} characters", bodies, BUDGET_BODY)
    size = sum(len(job.body.text) for job in rich) / len(rich)
    report(f"body of {size:,.0f} with six kinds of block", rich)
    if "--profile" in arguments:
        convert_formula.cache_clear()
        with cProfile.Profile() as profile:
            convert_batch(MarkupOptions(), papers)
        pstats.Stats(profile).sort_stats("tottime").print_stats(20)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
