"""Content at its worst: attacks do nothing, long and missing parts still make a page."""

from __future__ import annotations

import pytest
from browser.conftest import BuiltSite, OpenPage
from browser.extreme_digest import ATTACK, SHORT_ATTACK, UNBROKEN
from browser.page_types import EXTREMES, PageType
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", EXTREMES, ids=[kind.name for kind in EXTREMES])
def test_nothing_in_hostile_content_runs_or_loads_even_without_the_policy(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage, kind: PageType
) -> None:
    # With the policy the same pages are opened in `test_every_page`, where a violation fails.
    site = extreme_sites["/"]
    page = open_page(site.url + kind.address, missing=kind.missing, bypass_csp=True)
    if kind.reach is not None:
        kind.reach(page)
    for summary in page.locator("details:not([open]) > summary").all():
        summary.click()
    assert page.evaluate("window.owned") is None
    assert page.locator("iframe, object, embed, base, meta[http-equiv], main style").count() == 0
    assert (
        page.locator("main [onerror], main [onload], main [onfocus], main [ontoggle]").count() == 0
    )
    hrefs = page.locator("a[href]").evaluate_all("a => a.map(a => new URL(a.href).protocol)")
    assert set(hrefs) <= {"http:", "https:", "mailto:"}


def test_hostile_text_is_shown_as_it_was_written(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    page = open_page(f"{extreme_sites['/'].url}papers/hostile/")
    expect(page.locator(".authors > a, .authors > span").first).to_have_text(ATTACK)
    expect(page.locator("h1")).to_contain_text("<script>owned=1</script>")
    page.goto(f"{extreme_sites['/'].url}topics/attacks/")
    expect(page.locator("h1")).to_have_text(SHORT_ATTACK)


def test_hostile_text_is_text_in_search_results_and_reading_list(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    site = extreme_sites["/"]
    page = open_page(f"{site.url}search/?q=stolen", bypass_csp=True)
    row = page.locator("main [data-results] li", has=page.locator("[data-save=hostile]"))
    expect(row.locator("h3")).to_contain_text("<script>owned=1</script>")
    row.locator(".save").click()
    page.goto(f"{site.url}reading-list/")
    expect(page.locator("[data-reading-list] h2")).to_contain_text("<script>owned=1</script>")
    assert page.evaluate("window.owned") is None


def test_all_of_170_authors_can_be_read(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    page = open_page(f"{extreme_sites['/'].url}papers/many-authors/", java_script_enabled=False)
    expect(page.locator("summary")).to_have_text("and 150 others")
    expect(page.get_by_text("Last Author")).to_be_hidden()
    page.locator("summary").click()
    expect(page.get_by_text("Last Author")).to_be_visible()
    expect(page.locator(".authors a, .authors span")).to_have_count(170)


def test_paper_with_nothing_but_a_title_has_no_empty_parts(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    page = open_page(f"{extreme_sites['/'].url}papers/bare/")
    expect(page.locator("h1")).to_have_text("Only a title")
    expect(page.locator(".authors, .tl, .note, section.prose, main .labels")).to_have_count(0)
    empty = page.locator("main :is(p, ul, ol, dl, dd, section, h2):not(:has(*)):empty")
    expect(empty).to_have_count(0)


def test_arabic_paper_runs_from_right_to_left_within_its_page(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    page = open_page(f"{extreme_sites['/'].url}papers/arabic/")
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.locator("article.article")).to_have_attribute("lang", "ar")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).direction") == "ltr"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    heading = page.locator("h1").bounding_box()
    assert heading is not None
    assert heading["x"] + heading["width"] > 1200


def test_retraction_is_said_before_anything_else(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    page = open_page(f"{extreme_sites['/'].url}papers/retracted/")
    expect(page.locator("h1")).to_contain_text("Retracted: A claim")
    expect(page.locator(".cols > div > :first-child")).to_have_class("notice")
    expect(page.locator(".notice")).to_contain_text("The proof of Lemma 2 is wrong.")
    page.locator(".notice").get_by_role("link", name="Only a title").click()
    expect(page.locator("h1")).to_have_text("Only a title")


@pytest.mark.parametrize("address", ["old/claims.html", "papers/retracted-v1/"])
def test_an_old_address_leads_on_without_script(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage, address: str
) -> None:
    site = extreme_sites["/rtl/"]
    page = open_page(site.url + address, java_script_enabled=False)
    expect(page).to_have_url(f"{site.url}papers/retracted/")


def test_long_words_are_broken_and_not_cut(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    page = open_page(
        f"{extreme_sites['/'].url}papers/long-words/", viewport={"width": 320, "height": 700}
    )
    expect(page.locator("h1")).to_contain_text(UNBROKEN)
    box = page.locator("h1").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


@pytest.mark.parametrize("base", ["/", "/rtl/"])
def test_a_result_says_that_a_paper_was_retracted(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage, base: str
) -> None:
    page = open_page(f"{extreme_sites[base].url}search/?q=claim+hold")
    heading = page.locator("main [data-results] h3").first
    expect(heading).to_contain_text("Retracted: A claim that did not hold")
    expect(heading.locator("s")).to_contain_text("A claim")


def test_the_dialog_of_a_page_from_right_to_left_is_led_by_the_same_keys(
    extreme_sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    site = extreme_sites["/rtl/"]
    page = open_page(site.url)
    page.keyboard.press("/")
    page.keyboard.type("claim hold")
    expect(page.locator("dialog [data-results] h3").first).to_contain_text("Retracted")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}papers/retracted/")
