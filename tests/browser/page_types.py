"""Every type of page and every state of one, by name.

Responsible for addresses within a site and for the steps that lead to a state which has no address
of its own. Not responsible for what is checked there.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from playwright.sync_api import Page, expect


def _type_into_dialog(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("counting model")
    expect(page.locator("dialog [data-results] h3 a").first).to_be_visible()


def _save_the_lead(page: Page) -> None:
    page.locator(".lead .save").click()
    page.locator("nav.sections a[href$='reading-list/']").click()
    expect(page.locator("[data-reading-list] a").first).to_be_visible()


def _wait_for_results(page: Page) -> None:
    expect(page.locator("main [data-results] h3 a").first).to_be_visible()


def _wait_for_none(page: Page) -> None:
    expect(page.locator("[data-ways] a").first).to_be_visible()


def _open_all_authors(page: Page) -> None:
    page.locator("details.authors summary").click()


class PageType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of page, or a state of one.

    Attributes:
        name: What it is called in reports.
        site: Which digest: `edition`, `extremes` or `rtl`.
        address: Within the site, without a leading slash.
        reach: Steps from the address to the state; None when the address shows it.
        by_hand: Whether the steps are a reader's, rather than waiting for what the page does alone.
        missing: Whether the address answers with 404.
    """

    name: str
    address: str
    site: str = "edition"
    reach: Callable[[Page], None] | None = None
    by_hand: bool = False
    missing: bool = False


EDITION = (
    PageType(name="front", address=""),
    PageType(name="papers", address="papers/"),
    PageType(name="papers-2", address="papers/page/2/"),
    PageType(name="paper", address="papers/2403.02884/"),
    PageType(name="paper-with-code", address="papers/2402.04051/"),
    PageType(name="topics", address="topics/"),
    PageType(name="topic", address="topics/mathematical-reasoning/"),
    PageType(name="authors", address="authors/"),
    PageType(name="author", address="authors/hans-henrik-brandenborg-sorensen/"),
    PageType(name="venues", address="venues/"),
    PageType(name="venue", address="venues/ics/"),
    PageType(name="archive", address="digests/"),
    PageType(name="digest-day", address="digests/2025-03-19/"),
    PageType(name="digest-week", address="digests/2025-W12/"),
    PageType(name="digest-month", address="digests/2025-03/"),
    PageType(name="trending", address="trending/"),
    PageType(name="free-page", address="about/"),
    PageType(name="search", address="search/"),
    PageType(name="reading-list", address="reading-list/"),
    PageType(name="404", address="papers/no/such/page/", missing=True),
)
STATES = (
    PageType(name="search-results", address="search/?q=models", reach=_wait_for_results),
    PageType(name="search-none", address="search/?q=zzyzxqv&year=2021", reach=_wait_for_none),
    PageType(name="search-dialog", address="", reach=_type_into_dialog, by_hand=True),
    PageType(name="reading-list-filled", address="", reach=_save_the_lead, by_hand=True),
)
EXTREMES = tuple(
    msgspec.structs.replace(page, site="extremes")
    for page in (
        PageType(name="front", address=""),
        PageType(name="papers-2", address="papers/page/2/"),
        PageType(name="paper-long-words", address="papers/long-words/"),
        PageType(
            name="paper-170-authors",
            address="papers/many-authors/",
            reach=_open_all_authors,
            by_hand=True,
        ),
        PageType(name="paper-title-only", address="papers/bare/"),
        PageType(name="paper-arabic", address="papers/arabic/"),
        PageType(name="paper-hostile", address="papers/hostile/"),
        PageType(name="paper-retracted", address="papers/retracted/"),
        PageType(name="topics", address="topics/"),
        PageType(name="topic-long", address="topics/long/"),
        PageType(name="topic-hostile", address="topics/attacks/"),
        PageType(name="topic-empty", address="topics/empty/"),
        PageType(name="authors", address="authors/"),
        PageType(name="venues", address="venues/"),
        PageType(name="archive", address="digests/"),
        PageType(name="digest-hostile", address="digests/2025-03-19/"),
        PageType(name="digest-day-2", address="digests/2025-03-19/page/2/"),
        PageType(name="digest-month", address="digests/2025-03/"),
        PageType(name="trending", address="trending/"),
        PageType(name="free-page", address="about/"),
        PageType(name="search-results", address="search/?q=owned", reach=_wait_for_results),
        PageType(name="search-dialog", address="", reach=_type_into_dialog, by_hand=True),
        PageType(name="reading-list-filled", address="", reach=_save_the_lead, by_hand=True),
        PageType(name="404", address="no/such/page/", missing=True),
    )
)
RIGHT_TO_LEFT = tuple(
    msgspec.structs.replace(page, site="rtl")
    for page in (
        PageType(name="front", address=""),
        PageType(name="paper", address="papers/arabic/"),
        PageType(name="topic", address="topics/long/"),
        PageType(name="digest-month", address="digests/2025-03/"),
        PageType(name="archive", address="digests/"),
        PageType(name="search-results", address="search/?q=owned", reach=_wait_for_results),
        PageType(name="search-dialog", address="", reach=_type_into_dialog, by_hand=True),
    )
)
EVERY_TYPE = (*EDITION, *STATES, *EXTREMES, *RIGHT_TO_LEFT)
