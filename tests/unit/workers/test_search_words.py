"""The words that searching has to know beforehand."""

from __future__ import annotations

import pytest

from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.search_words import (
    LEAST_LIBRARY,
    TITLE_FILTER,
    collect_search_words,
    find_slow_words,
    fold,
    mark_titles,
)


def record(title: str, text: str = "", date: str = "2025-01-01") -> SearchRecord:
    return SearchRecord(
        url="papers/x/", title=title, text=text, metadata={}, filters={"year": ("2025",)}, date=date
    )


@pytest.mark.parametrize(
    ("text", "folded"), [("Schrödinger", "schrodinger"), ("D²-LIO", "d2-lio"), ("GSM8K", "gsm8k")]
)
def test_words_are_folded_as_the_page_folds_them(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_the_vocabulary_holds_words_of_titles_and_what_several_papers_use() -> None:
    records = [record("Burrowing wombats", "slipt once")]
    records += [record("Wombats", "marsupial diggers") for _ in range(4)]
    words = collect_search_words(records, {})
    assert words.vocabulary == ("wombats", "diggers", "marsupial", "burrowing")


def test_the_newest_years_are_those_of_a_thousand_papers() -> None:
    records = [record("A", date=f"{year}-05") for year in (2022, 2023, 2024) for _ in range(600)]
    assert collect_search_words(records, {}).years == ("2024", "2023")


def test_a_small_library_has_no_slow_words() -> None:
    assert find_slow_words([record("Language models", "models")] * (LEAST_LIBRARY - 1)) == {}


def large_library() -> list[SearchRecord]:
    common = [record("Language modelling", "large language models") for _ in range(6_000)]
    return common + [record(f"Wombat {number}", "burrows") for number in range(100)]


def test_slow_words_stand_for_all_their_beginnings() -> None:
    slow = find_slow_words(large_library())
    assert {slow[start] for start in ("lan", "langua", "language")} == {"lan"}
    assert slow["modelling"] == slow["modelli"] != slow["mod"]
    assert "wombat" not in slow
    assert "burrows" not in slow


def test_titles_that_hold_slow_words_say_so_and_others_stay_as_they_are() -> None:
    records = large_library()
    slow = find_slow_words(records)
    marked = mark_titles(records, slow)
    assert marked[0].filters == {
        "year": ("2025",),
        TITLE_FILTER: tuple(sorted({slow["lan"], slow["mod"], slow["modelling"]})),
    }
    assert marked[-1] is records[-1]
