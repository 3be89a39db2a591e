"""How good related papers are and how long they take: `python tests/benchmarks/related.py`.

Responsible for three measures over all records of the shared folder: the overlap of arXiv
categories between a paper and its ten nearest, the same for plain TF-IDF in the same run, and how
many of a seed paper's five nearest among the seed share a topic with it. Topics are taken from the
papers before they are compared, so that no label is seen; no category ever is. Not responsible for
the ranking itself (`broadsheet.workers.relating`).

The bars: Jaccard@10 at least 0.50 within 6 s; precision@5 at least 0.6.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "sources")]

from broadsheet.effects.linear_algebra import load_linear_algebra  # noqa: E402 - as above

THREADS = load_linear_algebra()  # as a build does, before anything else loads numpy

import numpy as np  # noqa: E402
from benchmarks.all_records import KnownPaper, read_all, shared_folder  # noqa: E402
from scipy import sparse  # noqa: E402

from broadsheet.domain.identifiers import normalise_name  # noqa: E402
from broadsheet.planning.relations import PaperText, PaperTraits, Related  # noqa: E402
from broadsheet.workers.relating.ranking import relate_papers  # noqa: E402
from broadsheet.workers.relating.streams import read_words  # noqa: E402

NEAREST = 10
LABELLED = 5
RARE = ("Bessel", "Unnormalized", "MMSearch")
_WORD = re.compile(r"[a-z0-9]+")
_BLOCK = 1_000

Lists = Mapping[str, Sequence[str]]
T = TypeVar("T")


class Compared(msgspec.Struct, frozen=True):
    """What is compared of papers, without their topics, in the order of their ids."""

    traits: tuple[PaperTraits, ...]
    texts: tuple[PaperText, ...]

    def relate(self, most: int) -> Related:
        """Return the papers beside each, from their texts on."""
        return relate_papers(self.traits, read_words(self.texts), most, THREADS)


def gather(papers: Sequence[KnownPaper]) -> Compared:
    """Return what is compared of papers."""
    ordered = sorted(papers, key=lambda paper: paper.id)
    texts = (
        PaperText(paper.title, "\n\n".join(filter(None, (paper.record.tldr, paper.abstract))))
        for paper in ordered
    )
    return Compared(make_traits(ordered), tuple(texts))


def make_traits(ordered: Sequence[KnownPaper]) -> tuple[PaperTraits, ...]:
    """Return what is compared of papers besides their words, without their topics."""
    return tuple(
        PaperTraits(
            id=paper.id,
            authors=tuple(dict.fromkeys(normalise_name(name) for name in paper.record.authors)),
            topics=(),
            links=(),
            identities=tuple(
                filter(None, (normalise_name(paper.title), paper.record.doi, paper.record.arxiv))
            ),
            is_offered=True,
        )
        for paper in ordered
    )


def rank_by_tf_idf(compared: Compared, most: int) -> dict[str, list[str]]:
    """Return the nearest papers by the cosine of TF-IDF vectors, every paper with every other."""
    papers = compared.traits
    texts = [Counter(_WORD.findall(f"{t.title} {t.text}".lower())) for t in compared.texts]
    numbers: dict[str, int] = {}
    columns = [numbers.setdefault(word, len(numbers)) for text in texts for word in text]
    counts = np.array([times for text in texts for times in text.values()], dtype=np.float32)
    ends = np.cumsum([0, *(len(text) for text in texts)])
    held_by = np.bincount(columns, minlength=len(numbers))
    weights = (1 + np.log(counts)) * np.log(len(papers) / held_by)[columns]
    rows = np.repeat(np.arange(len(papers)), np.diff(ends))
    weights /= np.sqrt(np.bincount(rows, weights**2))[rows]
    matrix: Any = sparse.csr_matrix(
        (weights.astype(np.float32), columns, ends), shape=(len(papers), len(numbers))
    )
    transposed = matrix.T.tocsr()
    ranked: dict[str, list[str]] = {}
    for start in range(0, len(papers), _BLOCK):
        scores = (matrix[start : start + _BLOCK] @ transposed).toarray()
        scores[np.arange(len(scores)), np.arange(start, start + len(scores))] = -1
        nearest = np.argsort(-scores, axis=1, kind="stable")[:, :most]
        ranked |= {
            papers[start + row].id: [papers[other].id for other in others]
            for row, others in enumerate(nearest.tolist())
        }
    return ranked


def overlap_of_categories(papers: Sequence[KnownPaper], lists: Lists, most: int) -> float:
    """Return the mean Jaccard index of the categories of papers and their neighbours.

    A paper whose categories are unknown is left out, on either side; a place in a list that nobody
    has counts as no overlap.
    """
    categories = {p.id: set(p.record.categories) for p in papers if p.record.categories}
    means = []
    for paper_id, own in categories.items():
        near = lists.get(paper_id, ())
        known = [categories[other] for other in near if other in categories]
        places = len(known) + most - len(near)
        means.append(sum(len(own & other) / len(own | other) for other in known) / max(places, 1))
    return sum(means) / len(means)


def precision_of_topics(papers: Sequence[KnownPaper], lists: Lists, most: int) -> float:
    """Return how many of the nearest share a topic, out of `most` places each."""
    topics = {paper.id: set(paper.record.topics) for paper in papers}
    shared = [bool(topics[p.id] & topics[near]) for p in papers for near in lists.get(p.id, ())]
    return sum(shared) / (most * len(papers))


def chance_of_topics(papers: Sequence[KnownPaper]) -> float:
    """Return how many of all pairs share a topic: the precision of a list at random."""
    topics = [set(paper.record.topics) for paper in papers]
    pairs = [bool(a & b) for number, a in enumerate(topics) for b in topics[:number]]
    return sum(pairs) / len(pairs)


def count_wrong(papers: Sequence[PaperTraits], lists: Lists) -> int:
    """Return how many neighbours are the paper itself or another record of it."""
    identities = {paper.id: set(paper.identities) for paper in papers}
    return sum(
        near == paper.id or bool(identities[paper.id] & identities[near])
        for paper in papers
        for near in lists.get(paper.id, ())
    )


def name_lists(related: Related) -> dict[str, list[str]]:
    """Return lists of ids."""
    return {paper_id: [near.id for near in nearest] for paper_id, nearest in related.items()}


def print_rare(papers: Sequence[KnownPaper], related: Related) -> None:
    """Print the neighbours of seed papers on rare subjects, with the reasons."""
    titles = {paper.id: paper.title for paper in papers}
    for paper in papers:
        if paper.is_seed and any(word in paper.title for word in RARE):
            print(f"\n{paper.title}")
            for near in related.get(paper.id, ())[:LABELLED]:
                print(f"  {titles[near.id][:70]:70}  ({', '.join(near.reasons)})")


def _measure(work: Callable[[], T]) -> tuple[T, tuple[float, float]]:
    """Return what work gives, with the seconds that went by and those of the processor."""
    begin = (time.perf_counter(), time.process_time())
    result = work()
    return result, (time.perf_counter() - begin[0], time.process_time() - begin[1])


def _print_row(
    name: str,
    papers: Sequence[KnownPaper],
    traits: Sequence[PaperTraits],
    lists: Lists,
    spent: tuple[float, float],
) -> None:
    overlap = overlap_of_categories(papers, lists, NEAREST)
    wrong = count_wrong(traits, lists)
    print(f"{name:16}{overlap:12.3f}{spent[0]:9.1f}{spent[1]:14.1f}{wrong:7}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--records", type=int, default=1_000_000, help="a quick run on fewer")
    options = parser.parse_args()
    papers = read_all(options.shared, options.records)
    compared = gather(papers)
    gather(papers[:50]).relate(
        NEAREST
    )  # what is imported and compiled on first use is not measured
    print(f"{len(papers):,} records, {NEAREST} nearest of each")
    print(f"{'':16}{'Jaccard@10':>12}{'seconds':>9}{'of processor':>14}{'wrong':>7}")
    related, spent = _measure(lambda: compared.relate(NEAREST))
    _print_row("related papers", papers, compared.traits, name_lists(related), spent)
    plain, spent = _measure(lambda: rank_by_tf_idf(compared, NEAREST))
    _print_row("TF-IDF cosine", papers, compared.traits, plain, spent)
    seed = [paper for paper in papers if paper.is_seed]
    labelled = name_lists(gather(seed).relate(LABELLED))
    precision = precision_of_topics(seed, labelled, LABELLED)
    print(f"seed: precision@5 {precision:.3f}, by chance {chance_of_topics(seed):.3f}")
    print_rare(papers, related)


if __name__ == "__main__":
    main()
