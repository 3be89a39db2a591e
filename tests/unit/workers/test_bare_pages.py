"""What Pagefind reads in the place of a page."""

from __future__ import annotations

from lxml import html

from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.bare_pages import bare_page

RECORD = SearchRecord(
    url="papers/x/",
    title='A "quoted" <title> & more',
    text="First line.\nSecond < third.",
    metadata={"authors": "O'Neil, Ann", "arxiv": "2403.02884"},
    filters={"topic": ("agents", "long-context"), "year": ("2024",)},
    date="2024-03-05",
)


def test_a_bare_page_says_what_pagefind_is_to_index() -> None:
    page = html.fromstring(bare_page(RECORD, "en"))
    assert page.get("lang") == "en"
    assert [one.text for one in page.iterfind(".//h1")] == [RECORD.title]
    assert [one.text for one in page.iterfind(".//p")] == ["First line.", "Second < third."]
    hidden = [dict(one.attrib) for one in page.iterfind(".//i")]
    assert hidden == [
        {
            "hidden": "",
            "data-pagefind-meta": "arxiv[data-0],authors[data-1]",
            "data-0": "2403.02884",
            "data-1": "O'Neil, Ann",
        },
        {
            "hidden": "",
            "data-pagefind-filter": "topic[data-0],topic[data-1],year[data-2]",
            "data-0": "agents",
            "data-1": "long-context",
            "data-2": "2024",
        },
        {"hidden": "", "data-pagefind-sort": "date[data-0]", "data-0": "2024-03-05"},
    ]


def test_what_a_record_lacks_is_left_out() -> None:
    bare = SearchRecord(url="papers/x/", title="T", text="", metadata={}, filters={}, date="")
    assert list(html.fromstring(bare_page(bare, "de")).iterfind(".//i")) == []
