"""Words that very many papers hold, and the papers that are looked at for them."""

from __future__ import annotations

import pytest

from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.common_words import (
    LEAST_LIBRARY,
    FoundWords,
    find_common_words,
    fold,
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


def test_an_ordinary_library_has_none() -> None:
    assert find_common_words(large_library()[: LEAST_LIBRARY - 1]) == FoundWords()


def test_beginnings_that_the_same_titles_hold_stand_for_each_other() -> None:
    found = find_common_words(large_library())
    starts = ("lan", "langua", "language", "mod", "modelling")
    assert [found.titles[start] for start in starts] == ["lan", "lan", "lan", "mod", "mod"]
    assert not {"wom", "wombat", "dig"} & found.titles.keys()


def test_they_name_the_papers_whose_titles_hold_them() -> None:
    found = find_common_words(large_library())
    assert found.holders == {"lan": list(range(7_000)), "mod": list(range(7_000))}


def test_a_surname_counts_like_a_title() -> None:
    records = [*large_library(), record(WOMBAT, surname="Langer")]
    assert find_common_words(records).holders["lan"][-1] == len(records) - 1


def test_a_word_of_most_papers_is_common_by_itself() -> None:
    found = find_common_words(large_library())
    assert {"this", "to", "model", "language"} <= found.whole.keys()
    assert not {"they", "burrows"} & found.whole.keys()
    assert set(found.whole["to"]) <= set(range(7_000))


@pytest.mark.parametrize(
    ("text", "folded"), [("Schrödinger", "schrodinger"), ("D²-LIO", "d2-lio"), ("GSM8K", "gsm8k")]
)
def test_words_are_folded_as_the_page_folds_them(text: str, folded: str) -> None:
    assert fold(text) == folded
