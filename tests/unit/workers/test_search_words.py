"""The words that searching has to know beforehand."""

from __future__ import annotations

from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.search_words import collect_search_words


def record(title: str, text: str = "", date: str = "2025-01-01") -> SearchRecord:
    return SearchRecord(url="papers/x/", title=title, text=text, metadata={}, filters={}, date=date)


def test_the_vocabulary_holds_words_of_titles_and_what_several_papers_use() -> None:
    records = [record("Burrowing wombats", "slipt once")]
    records += [record("Wombats", "marsupial diggers") for _ in range(4)]
    words = collect_search_words(records)
    assert words.vocabulary == ("wombats", "diggers", "marsupial", "burrowing")


def test_the_newest_years_are_those_of_a_thousand_papers() -> None:
    records = [record("A", date=f"{year}-05") for year in (2022, 2023, 2024) for _ in range(600)]
    assert collect_search_words(records).years == ("2024", "2023")
