"""A site's own search, driven in Chromium.

Responsible for asking the module that the pages themselves load, by the address that they name,
and for what an answer cost: time, bytes on the wire, requests. Not responsible for what is asked
or for judging the answers.

An answer is what a reader sees first: up to ten results with their cards, the exact ones before
the near ones. Its time runs from the question until those cards are loaded.

What Pagefind finds depends a little on what it was asked before: it takes the beginnings of words
for the words that they begin, but only in the parts of the index that it has loaded. So queries are
asked ten to a page, like a reader's, and what is compared is asked of a page of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from playwright.sync_api import Browser, Page

SESSION = 10
PATIENCE_SECONDS = 30
# A request is told by the server a moment after the browser has it.
_SETTLING_SECONDS = 0.15

# An identifier that no paper has: it loads the engine and next to nothing of the index.
_WARM = "0000.00000"
# Of Pagefind's own results, how many are looked at.
_DEPTH = 20

_DRIVER = Path(__file__).with_name("driver.js")


class Answer(msgspec.Struct, frozen=True):
    """The first results of a query.

    Attributes:
        urls: Paths of at most ten papers' pages, the best first.
        exact: How many papers match every word.
        milliseconds: From the question until the cards are there.
        error: Why there is no answer, or nothing.
    """

    urls: list[str]
    exact: int
    milliseconds: float
    error: str


class ColdAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A first query: nothing of search had been fetched before.

    Attributes:
        query: What was asked.
        answer: Its results.
        requests: Paths that were asked for, with their bytes on the wire, headers included.
    """

    query: str
    answer: Answer
    requests: tuple[tuple[str, int], ...]

    @property
    def bytes(self) -> int:
        """All bytes on the wire."""
        return sum(size for _, size in self.requests)


class PlainAnswer(msgspec.Struct, frozen=True):
    """What Pagefind finds by itself: the first twenty results.

    Attributes:
        urls: Paths of papers' pages, the best first.
        scores: Of those.
        papers: How many papers match.
        milliseconds: Without loading cards.
    """

    urls: list[str]
    scores: list[float]
    papers: int
    milliseconds: float


class Comparison(msgspec.Struct, frozen=True):
    """The first ten of a query beside those of Pagefind alone, each on a page of its own."""

    query: str
    own: Answer
    plain: PlainAnswer

    @property
    def is_same(self) -> bool:
        """Whether the first ten are the same, but for the order of equal scores."""
        scores = dict(zip(self.plain.urls, self.plain.scores, strict=True))
        return [scores.get(url) for url in self.own.urls] == self.plain.scores[:10]

    @property
    def shared(self) -> int:
        """How many of the first ten are among Pagefind's."""
        return len(set(self.own.urls) & set(self.plain.urls[:10]))


def ask_all(browser: Browser, address: str, queries: Sequence[str]) -> Iterator[Answer]:
    """Yield the answers to queries, asked ten to a page.

    Args:
        browser: The running Chromium.
        address: A page of the site.
        queries: What to ask.
    """
    for start in range(0, len(queries), SESSION):
        with _opened(browser, address) as page:
            answers = _drive(page, "ask", queries[start : start + SESSION], _WARM)
        yield from msgspec.convert(answers, list[Answer])


def ask_cold(
    browser: Browser, address: str, query: str, served: list[tuple[str, int]]
) -> ColdAnswer:
    """Ask one query in a browser that has only the page itself.

    Args:
        browser: The running Chromium.
        address: A page of the site.
        query: What to ask.
        served: Where the server notes paths and bytes.
    """
    with _opened(browser, address) as page:
        time.sleep(_SETTLING_SECONDS)
        before = len(served)
        (answer,) = msgspec.convert(_drive(page, "ask", [query]), list[Answer])
        time.sleep(_SETTLING_SECONDS)
        requests = tuple(served[before:])
    return ColdAnswer(query=query, answer=answer, requests=requests)


def compare_with_pagefind(browser: Browser, address: str, query: str) -> Comparison:
    """Return the first ten of a query beside those of Pagefind alone, with the site's options.

    Args:
        browser: The running Chromium.
        address: A page of the site.
        query: What to ask.
    """
    with _opened(browser, address) as page:
        (own,) = msgspec.convert(_drive(page, "ask", [query], _WARM), list[Answer])
    with _opened(browser, address) as page:
        (plain,) = msgspec.convert(_drive(page, "pagefind", [query], _WARM), list[PlainAnswer])
    return Comparison(query, own, plain)


def read_search_page(browser: Browser, base: str, query: str) -> list[str]:
    """Return the paths of the first ten results that the search page shows.

    Args:
        browser: The running Chromium.
        base: Address of the site's root, ending in a slash.
        query: What the search page is asked.
    """
    page = browser.new_page()
    page.goto(f"{base}search/?{urlencode({'q': query})}")
    heading = page.locator("[data-count] h2")
    heading.filter(has_not_text="Searching").wait_for(timeout=PATIENCE_SECONDS * 1_000)
    shown: list[str] = page.locator("[data-found] h3 a").evaluate_all(
        "links => links.map(link => new URL(link.href).pathname)"
    )
    page.context.close()
    return shown[:10]


@contextmanager
def _opened(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page in a context of its own, with an empty cache."""
    page = browser.new_page()
    page.goto(address, wait_until="load")
    yield page
    page.context.close()


def _drive(
    page: Page, task: Literal["ask", "pagefind"], queries: Sequence[str], warm: str = ""
) -> Any:
    asked = {
        "task": task,
        "queries": list(queries),
        "patience": PATIENCE_SECONDS * 1_000,
        "warm": warm,
        "depth": _DEPTH,
    }
    return page.evaluate(_DRIVER.read_text(encoding="utf-8"), asked)
