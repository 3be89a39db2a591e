"""A site's own search, driven in Chromium.

Responsible for asking the module that the pages themselves load, by the address that they name,
and for what an answer cost: time, bytes on the wire, requests. Not responsible for what is asked
or for judging the answers.

An answer is what a reader sees first: up to ten results with their cards, the exact ones before
the near ones. Its time runs from the question until those cards are loaded.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page

BATCH = 50
PATIENCE_SECONDS = 30
# A request is told by the server a moment after the browser has it.
_SETTLING_SECONDS = 0.15

_FIND = """
const { module } = document.querySelector('dialog[data-module]').dataset;
const { find } = await import(new URL(module, location.href));
"""
_ASK = (
    "async ({ queries, patience }) => {"
    + _FIND
    + """
const ask = async q => {
    const { exact, near } = await find(q);
    const first = [...exact, ...near].slice(0, 10);
    const cards = await Promise.all(first.map(entry => entry.data()));
    return { urls: cards.map(card => new URL(card.url, location.href).pathname), exact: exact.length };
};
const answers = [];
for (const q of queries) {
    const start = performance.now();
    let timer;
    const late = new Promise((_, no) => { timer = setTimeout(() => no(new Error('no answer')), patience); });
    const answer = await Promise.race([ask(q), late]).catch(error => ({ urls: [], exact: 0, error: String(error) }));
    clearTimeout(timer);
    answers.push({ error: '', ...answer, milliseconds: performance.now() - start });
}
return answers;
}"""
)
_COMPARE = (
    "async queries => {"
    + _FIND
    + """
const root = new URL(document.documentElement.dataset.root, location.href);
const timed = async work => { const start = performance.now(); return [await work(), performance.now() - start]; };
const own = [];
for (const q of queries) own.push(await timed(() => find(q)));
const pagefind = await import(new URL('pagefind/pagefind.js', root));
const compared = [];
for (const [number, q] of queries.entries()) {
    const [{ results }, milliseconds] = await timed(() => pagefind.search(q));
    const [{ exact }, ownMilliseconds] = own[number];
    const score = new Map(results.map(result => [result.id, result.score]));
    const plain = results.slice(0, 10).map(result => result.id), shown = exact.slice(0, 10).map(entry => entry.id);
    compared.push({
        query: q, milliseconds: ownMilliseconds, plain_milliseconds: milliseconds, papers: results.length,
        is_same: shown.length === plain.length && shown.every((id, place) => score.get(id) === score.get(plain[place])),
        shared: shown.filter(id => plain.includes(id)).length,
    });
}
return compared;
}"""
)


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
        answer: Its results.
        bytes: On the wire, headers included.
        paths: What was requested.
    """

    answer: Answer
    bytes: int
    paths: tuple[str, ...]


class Comparison(msgspec.Struct, frozen=True):
    """The first ten of a query beside those of Pagefind alone.

    Attributes:
        query: What was asked.
        milliseconds: Time of the site's search, without cards.
        plain_milliseconds: Time of `pagefind.search`.
        papers: How many papers match.
        is_same: Whether the first ten are those of Pagefind, but for the order of equal scores.
        shared: How many of the ten are among Pagefind's ten.
    """

    query: str
    milliseconds: float
    plain_milliseconds: float
    papers: int
    is_same: bool
    shared: int


def ask_all(browser: Browser, address: str, queries: Sequence[str]) -> Iterator[Answer]:
    """Yield the answers to queries, asked one after the other on one page.

    Args:
        browser: The running Chromium.
        address: A page of the site.
        queries: What to ask.
    """
    page = browser.new_page()
    page.goto(address, wait_until="networkidle")
    for start in range(0, len(queries), BATCH):
        yield from _ask(page, queries[start : start + BATCH])
    page.context.close()


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
    page = browser.new_page()
    page.goto(address, wait_until="networkidle")
    time.sleep(_SETTLING_SECONDS)
    before = len(served)
    (answer,) = _ask(page, [query])
    time.sleep(_SETTLING_SECONDS)
    requests = served[before:]
    page.context.close()
    return ColdAnswer(
        answer=answer,
        bytes=sum(size for _, size in requests),
        paths=tuple(path for path, _ in requests),
    )


def compare_with_pagefind(
    browser: Browser, address: str, queries: Sequence[str]
) -> list[Comparison]:
    """Return the first ten of queries beside those of Pagefind alone, with its options.

    Args:
        browser: The running Chromium.
        address: A page of the site.
        queries: What to ask.
    """
    page = browser.new_page()
    page.goto(address, wait_until="networkidle")
    compared = page.evaluate(_COMPARE, list(queries))
    page.context.close()
    return msgspec.convert(compared, list[Comparison])


def read_search_page(browser: Browser, address: str) -> list[str]:
    """Return the paths of the first ten results that the search page shows.

    Args:
        browser: The running Chromium.
        address: Of the search page with its query.
    """
    page = browser.new_page()
    page.goto(address)
    heading = page.locator("[data-count] h2")
    heading.filter(has_not_text="Searching").wait_for(timeout=PATIENCE_SECONDS * 1_000)
    shown: list[str] = page.locator("[data-found] h3 a").evaluate_all(
        "links => links.map(link => new URL(link.href).pathname)"
    )
    page.context.close()
    return shown[:10]


def _ask(page: Page, queries: Sequence[str]) -> list[Answer]:
    wanted: dict[str, Any] = {"queries": list(queries), "patience": PATIENCE_SECONDS * 1_000}
    return msgspec.convert(page.evaluate(_ASK, wanted), list[Answer])
