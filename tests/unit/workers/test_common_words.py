"""Words that very many papers hold, and the papers that are looked at for them."""

from __future__ import annotations

import pytest

from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.common_words import (
    LEAST_LIBRARY,
    MOST_BEST,
    CommonWords,
    fold,
    mark_common_words,
)

WOMBAT = "Wombat burrows"


def record(title: str, text: str = "", surname: str = "Smith") -> SearchRecord:
    return SearchRecord(
        url="papers/x/",
        title=title,
        text=text,
        metadata={"surname": surname},
        filters={"year": ("2025",)},
        date="2025-01-01",
    )


def large_library() -> list[SearchRecord]:
    """Return 7,000 papers with a common subject, and a hundred on something else."""
    common = [record("Language modelling", f"to model this {n}") for n in range(7_000)]
    return common + [record(WOMBAT, "they dig") for _ in range(100)]


def test_an_ordinary_library_has_no_filters() -> None:
    records = large_library()[: LEAST_LIBRARY - 1]
    assert mark_common_words(records) == (tuple(records), CommonWords())


def test_beginnings_that_the_same_titles_hold_share_a_filter() -> None:
    _, common = mark_common_words(large_library())
    filters = {common.titles[start] for start in ("lan", "langua", "language", "mod", "modelling")}
    assert filters == {"title-lan", "title-mod"}
    assert not {"wom", "wombat", "dig"} & common.titles.keys()


def test_a_filter_names_the_papers_whose_titles_hold_the_word_and_leaves_others_alone() -> None:
    records = large_library()
    marked, _ = mark_common_words(records)
    named = [name for name in marked[0].filters if name.startswith("title-")]
    assert named == ["title-lan", "title-mod"]
    assert marked[0].filters["year"] == ("2025",)
    assert marked[-1] is records[-1]


def test_a_surname_is_found_like_a_title() -> None:
    records = [*large_library(), record(WOMBAT, surname="Langer")]
    assert "title-lan" in mark_common_words(records)[0][-1].filters


def test_a_word_that_no_title_holds_has_the_papers_that_use_it_most() -> None:
    keen = record(WOMBAT, "this " * 9)
    marked, common = mark_common_words([*large_library(), keen])
    assert {"this", "to"} <= common.alone.keys()
    best = [one for one in marked if "best-this" in one.filters]
    assert len(best) == MOST_BEST
    assert marked[-1] in best


@pytest.mark.parametrize(
    ("text", "folded"), [("Schrödinger", "schrodinger"), ("D²-LIO", "d2-lio"), ("GSM8K", "gsm8k")]
)
def test_words_are_folded_as_the_page_folds_them(text: str, folded: str) -> None:
    assert fold(text) == folded
