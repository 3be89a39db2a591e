"""Related papers: who stands in a list, in which order, who never does, and the words that say why.

Small libraries with made-up subjects; how good the lists are is measured in
`tests/benchmarks/related.py`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.planning.relations import PaperText, PaperTraits, Related, RelatedPaper, Tie
from broadsheet.workers.relating import neighbours
from broadsheet.workers.relating.choosing import find_kin
from broadsheet.workers.relating.likeness import keep_heaviest
from broadsheet.workers.relating.neighbours import NEIGHBOURS
from broadsheet.workers.relating.ranking import relate_papers
from broadsheet.workers.relating.reasons import MOST_REASONS
from broadsheet.workers.relating.streams import read_words
from broadsheet.workers.relating.terms import Floats, Terms, count_terms
from broadsheet.workers.relating.vectors import place_papers, weigh_words

SUBJECTS = (
    "glaciers moraine meltwater crevasse icefall",
    "violins rosin bowing luthier spruce",
    "beehives pollen nectar drone swarming",
    "volcano magma caldera pumice tephra",
    "locomotive boiler piston tender sleepers",
)


class WholePaper(PaperTraits, frozen=True, kw_only=True):
    """All that is compared of a paper."""

    title: str
    text: str


def traits(paper_id: str, title: str = "", text: str = "", **changes: object) -> WholePaper:
    """Return what is compared of a paper; its title is its identity."""
    plain = WholePaper(
        id=paper_id,
        title=title,
        text=text,
        authors=(),
        topics=(),
        links=(),
        identities=(title.lower(),) if title else (),
        is_offered=True,
    )
    return msgspec.structs.replace(plain, **changes)


def make_library(each: int = 8) -> tuple[WholePaper, ...]:
    """Return papers on five subjects, each with a draw of its subject's words."""
    rng = random.Random(7)  # noqa: S311 - the same papers in every run
    papers = []
    for number in range(each * len(SUBJECTS)):
        words = SUBJECTS[number % len(SUBJECTS)].split()
        text = " ".join(rng.choices(words, k=12))
        papers.append(traits(f"p{number:03}", f"Study {number} of {words[0]}", text))
    return tuple(papers)


def ids(related: Related, paper_id: str) -> list[str]:
    """Return the ids of a paper's list."""
    return [near.id for near in related.get(paper_id, ())]


def count(papers: Iterable[WholePaper]) -> Terms:
    """Count the words of papers."""
    return count_terms(read_words(PaperText(paper.title, paper.text) for paper in papers))


def place(papers: Iterable[WholePaper], threads: int = 2) -> Floats:
    """Return the points of papers."""
    terms = count(papers)
    with ThreadPoolExecutor(threads) as pool:
        return place_papers(weigh_words(terms.words), terms.vocabulary.folded, pool)


def relate(*papers: WholePaper, most: int = NEIGHBOURS) -> Related:
    """Relate papers in the order of their ids."""
    ordered = sorted(papers, key=lambda paper: paper.id)
    words = read_words(PaperText(paper.title, paper.text) for paper in ordered)
    return relate_papers(ordered, words, most)


def test_a_library_in_parts_gives_the_same_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    library = make_library(40)
    whole = relate(*library)
    monkeypatch.setattr(neighbours, "_TILE", 80)
    monkeypatch.setattr(neighbours, "_BLOCK", 7)
    assert relate(*library) == whole


def test_papers_on_one_subject_stand_beside_each_other() -> None:
    library = make_library()
    subject_of = {paper.id: number % len(SUBJECTS) for number, paper in enumerate(library)}
    related = relate(*library)
    assert set(related) == set(subject_of)
    assert all(len(nearest) == NEIGHBOURS for nearest in related.values())
    strangers = [
        (paper_id, near.id)
        for paper_id, nearest in related.items()
        for near in nearest
        if subject_of[near.id] != subject_of[paper_id]
    ]
    assert strangers == []


def test_lists_are_the_same_every_time() -> None:
    assert relate(*make_library()) == relate(*make_library())


def test_the_number_of_threads_changes_nothing() -> None:
    library = make_library(60)
    assert np.array_equal(place(library, 1), place(library, 3))
    words = read_words(PaperText(paper.title, paper.text) for paper in library)
    assert relate_papers(library, words, threads=1) == relate_papers(library, words, threads=3)


def test_ties_are_broken_by_id() -> None:
    papers = [traits(f"p{number}", f"T{number}", "glaciers moraine icefall") for number in range(9)]
    related = relate(*papers, traits("z", "Violins", "rosin bowing"), traits("z2", "Bees", "honey"))
    assert ids(related, "p4") == ["p0", "p1", "p2", "p3", "p5"]


def test_a_paper_is_never_beside_itself() -> None:
    related = relate(*make_library())
    assert [paper_id for paper_id in related if paper_id in ids(related, paper_id)] == []


@pytest.mark.parametrize("identity", ["doi", "arxiv", "title"])
def test_another_record_of_the_paper_is_never_beside_it(identity: str) -> None:
    library = make_library()
    twin = msgspec.structs.replace(library[0], id="twin", identities=("other", identity))
    first = msgspec.structs.replace(library[0], identities=("mine", identity))
    related = relate(first, twin, *library[1:])
    assert "twin" not in ids(related, first.id)
    assert first.id not in ids(related, "twin")
    assert len(ids(related, first.id)) == NEIGHBOURS


def test_two_records_of_one_paper_are_not_both_in_a_list() -> None:
    library = make_library()
    twin = msgspec.structs.replace(library[5], id="twin")
    related = relate(*library, twin)
    assert [
        paper_id for paper_id in related if {library[5].id, "twin"} <= set(ids(related, paper_id))
    ] == []


def test_a_paper_that_is_not_offered_has_a_list_and_is_in_none() -> None:
    library = make_library()
    withdrawn = msgspec.structs.replace(library[0], is_offered=False)
    related = relate(withdrawn, *library[1:])
    assert len(ids(related, withdrawn.id)) == NEIGHBOURS
    assert [paper_id for paper_id in related if withdrawn.id in ids(related, paper_id)] == []


def test_many_papers_that_are_not_offered_take_nobody_s_place() -> None:
    library = make_library()
    gone = [msgspec.structs.replace(p, id=f"q{p.id}", is_offered=False) for p in library]
    gone = [msgspec.structs.replace(p, identities=(p.id,)) for p in gone]
    related = relate(*library, *gone)
    assert {len(related[paper.id]) for paper in library} == {NEIGHBOURS}


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=3).map(tuple), max_size=9))
def test_records_that_share_an_identity_or_share_one_with_a_third_are_kin(
    identities: list[tuple[str, ...]],
) -> None:
    papers = [traits(f"p{n}", identities=names) for n, names in enumerate(identities)]
    groups: list[tuple[set[str], set[int]]] = []
    for row, names in enumerate(identities):
        joined = (set(names), {row})
        for group in [group for group in groups if group[0] & joined[0]]:
            groups.remove(group)
            joined = (joined[0] | group[0], joined[1] | group[1])
        groups.append(joined)
    kin = find_kin(papers).tolist()
    assert sorted(map(sorted, (rows for _, rows in groups))) == sorted(
        [row for row, other in enumerate(kin) if other == number] for number in set(kin)
    )


def test_a_library_of_papers_that_are_not_offered_has_no_lists() -> None:
    barred = [msgspec.structs.replace(paper, is_offered=False) for paper in make_library()]
    assert relate(*barred) == {}


def test_a_shared_rare_word_counts_more_than_shared_common_ones() -> None:
    common = "network training gradient layer weights"
    crowd = [traits(f"c{number:02}", f"Common {number}", common) for number in range(40)]
    rare = [traits(f"r{n}", "ABC"[n], f"{common} and wombat") for n in range(3)]
    related = relate(*crowd, *rare)
    assert ids(related, "r1")[:2] == ["r0", "r2"]
    assert related["r1"][0].reasons == ("wombat",)


@pytest.mark.parametrize(
    "changes",
    [
        {"authors": ("ada lovelace",)},
        {"topics": ("engines",)},
        {"links": ("p039",)},
    ],
    ids=["author", "topic", "link"],
)
def test_what_else_two_papers_share_brings_them_together(changes: dict[str, object]) -> None:
    library = [traits(f"p{number:03}", f"N {number}", "alike words here") for number in range(40)]
    changed = list(library)
    changed[20] = msgspec.structs.replace(library[20], **changes)
    if "links" not in changes:
        changed[39] = msgspec.structs.replace(library[39], **changes)
    assert "p039" not in ids(relate(*library), "p020")
    assert ids(relate(*changed), "p020")[0] == "p039"
    assert ids(relate(*changed), "p039")[0] == "p020"


def test_a_link_to_a_paper_that_does_not_exist_is_nothing() -> None:
    library = make_library()
    linked = msgspec.structs.replace(library[0], links=("gone", library[0].id))
    assert relate(linked, *library[1:]) == relate(*library)


@pytest.mark.parametrize("size", [0, 1])
def test_a_library_without_pairs_has_no_lists(size: int) -> None:
    assert relate(*make_library()[:size]) == {}


def test_two_papers_stand_beside_each_other() -> None:
    papers = (traits("a", "On glaciers", "ice"), traits("b", "Glaciers again", "ice"))
    related = relate(*papers, traits("c", "Violins", "rosin"))
    assert (ids(related, "a"), ids(related, "b"), ids(related, "c")) == (["b"], ["a"], [])


@pytest.mark.parametrize("text", ["", " ", "123 456", "?!"])
def test_texts_without_words_give_no_lists(text: str) -> None:
    assert relate(*(traits(f"p{number}", "", text) for number in range(5))) == {}


def test_chinese_papers_are_compared_sign_by_sign() -> None:
    papers = [
        traits("a", "大模型量化", "低比特量化方法"),
        traits("b", "模型量化误差", "量化后的误差"),
        traits("c", "机器人抓取", "抓取物体"),
        traits("d", "机器人行走", "双足行走"),
        traits("e", "Violins", "rosin"),
    ]
    related = relate(*papers)
    assert ids(related, "a")[0] == "b"
    assert ids(related, "c")[0] == "d"
    assert ids(related, "e") == []


def test_a_list_is_as_long_as_was_asked() -> None:
    assert {len(nearest) for nearest in relate(*make_library(), most=2).values()} == {2}


def test_reasons_are_words_that_both_papers_hold() -> None:
    library = make_library()
    texts = {paper.id: f"{paper.title} {paper.text}".lower() for paper in library}
    for paper_id, nearest in relate(*library).items():
        for near in nearest:
            assert 1 <= len(near.reasons) <= MOST_REASONS
            words = " ".join(near.reasons).lower().split()
            assert all(w in texts[paper_id] and w in texts[near.id] for w in words)


def test_a_pair_of_words_is_one_reason_and_its_words_are_not_said_again() -> None:
    crowd = make_library()
    pair = "speculative decoding of drafts"
    papers = (traits("x", "One", pair), traits("y", "Two", pair), traits("z", "Three", pair))
    reasons = relate(*crowd, *papers)["x"][0].reasons
    assert reasons[0] == "speculative decoding"
    assert "decoding" not in reasons[1:]


def test_reasons_are_written_as_the_papers_write_them() -> None:
    papers = [traits(f"x{number}", "One", "GSM8K and QuIP quantization") for number in range(3)]
    papers = [msgspec.structs.replace(p, title=f"{n}", identities=()) for n, p in enumerate(papers)]
    reasons = relate(*make_library(), *papers)["x0"][0].reasons
    assert {"GSM8K", "QuIP quantization"} & set(reasons)


@pytest.mark.parametrize("name", ["text", "value", "systems", "strengths", "employ", "has led"])
def test_commonplaces_are_no_reason(name: str) -> None:
    papers = [traits(f"x{n}", f"{n} {name}, {n}", f"wombat, {name}, wombat") for n in range(3)]
    assert relate(*make_library(), *papers)["x0"][0].reasons == ("wombat",)


@pytest.mark.parametrize(
    ("mine", "theirs", "tie"),
    [
        ({"links": ("y",)}, {}, "linked"),
        ({}, {"links": ("x",)}, "links"),
        ({"authors": ("ada",)}, {"authors": ("ada",)}, "author"),
        ({"topics": ("ice",)}, {"topics": ("ice",)}, "topic"),
        (
            {"topics": ("ice",), "authors": ("a",)},
            {"topics": ("ice",), "authors": ("a",)},
            "author",
        ),
    ],
)
def test_what_else_joins_two_papers_is_told(
    mine: dict[str, Any], theirs: dict[str, Any], tie: Tie
) -> None:
    papers = (traits("x", "Sourdough", **mine), traits("y", "Teapots", **theirs))
    assert relate(*make_library(), *papers)["x"] == (RelatedPaper("y", (), tie),)


def test_a_topic_is_not_told_beside_a_reason() -> None:
    papers = [traits(f"x{n}", f"{n} wombat", topics=("ice",)) for n in range(2)]
    assert relate(*make_library(), *papers)["x0"][0] == RelatedPaper("x1", ("wombat",))


def test_a_paper_on_a_subject_of_its_own_has_no_neighbours() -> None:
    crowd = [
        msgspec.structs.replace(paper, text=f"{paper.text} {'temperature' * (number % 2)}")
        for number, paper in enumerate(make_library())
    ]
    stray = "starters of flour and yeast in bakeries: how does temperature act on lactic acid"
    assert ids(relate(*crowd, traits("stray", "Sourdough starters", stray)), "stray") == []


def test_papers_without_words_among_some_that_are_not_offered_have_no_lists() -> None:
    gone = traits("gone", "Violins", is_offered=False)
    assert relate(gone, *(traits(f"p{number}") for number in range(3))) == {}


def test_a_list_may_be_short() -> None:
    papers = [traits(f"x{n}", f"{n} wombat", "wombat burrows") for n in range(2)]
    assert ids(relate(*make_library(), *papers), "x0") == ["x1"]


TEXTS = st.text(max_size=60) | st.lists(st.sampled_from(SUBJECTS[0].split())).map(" ".join)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=12))
@example([("", ""), ("", ""), ("", ""), ("", "E"), ("", "À"), ("", "A:B:C:D")])
def test_any_texts_can_be_related(texts: Sequence[tuple[str, str]]) -> None:
    papers = [traits(f"p{n:02}", title, text) for n, (title, text) in enumerate(texts)]
    related = relate(*papers)
    identities = {paper.id: set(paper.identities) for paper in papers}
    for paper_id, nearest in related.items():
        assert 0 < len(nearest) <= NEIGHBOURS
        assert len({near.id for near in nearest}) == len(nearest)
        assert all(near.id != paper_id for near in nearest)
        assert all(identities[near.id].isdisjoint(identities[paper_id]) for near in nearest)
    assert relate(*papers) == related


@pytest.mark.parametrize("most", [1, 3, 50])
def test_the_heaviest_words_are_kept_and_scaled(most: int) -> None:
    weighted = weigh_words(count(make_library()).words)
    kept = keep_heaviest(weighted, most)
    assert kept.shape == weighted.shape
    assert max(np.diff(kept.indptr)) <= most
    assert np.allclose(kept.multiply(kept).sum(axis=1), 1, atol=1e-5)
    heaviest = weighted.toarray().argmax(axis=1)
    assert (kept.toarray()[np.arange(len(heaviest)), heaviest] > 0).all()


def test_points_have_length_one_and_few_papers_few_dimensions() -> None:
    points = place(make_library())
    assert points.shape[0] == 40
    assert points.shape[1] <= 40 // 3
    assert np.allclose(np.linalg.norm(points, axis=1), 1, atol=1e-4)


def test_a_paper_without_words_has_the_point_of_nothing() -> None:
    points = place((*make_library(), traits("z")))
    assert np.isfinite(points).all()
    assert np.abs(points[-1]).max() < 1e-3


def test_a_new_word_in_one_paper_leaves_the_neighbours_of_the_others() -> None:
    papers = list(make_library())
    before = relate(*papers)
    changed = msgspec.structs.replace(papers[0], text=f"Zyzzyva first. {papers[0].text}")
    after = relate(changed, *papers[1:])
    assert [p.id for p in papers[1:] if before.get(p.id) != after.get(p.id)] == []
