"""Searching with the site's real index: on the search page, in the dialog, by keyboard."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from browser.conftest import BuiltSite, OpenPage
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

BESSEL = "Accurate Computation of the Logarithm of Modified Bessel Functions on GPUs"
BESSEL_QUERY = "logarithm of Bessel functions"


def found_titles(page: Page) -> list[str]:
    """Return the titles in the order of the results, once there are some."""
    titles = page.locator("main [data-results] h3")
    expect(titles.first).to_be_visible()
    return titles.all_inner_texts()


def test_search_page_finds_a_paper_by_words_of_its_title(
    mounted: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{mounted.url}search/")
    page.get_by_label("Search papers").fill(BESSEL_QUERY)
    expect(page.locator("main [data-results] h3").first).to_have_text(BESSEL)
    page.locator("main [data-results] h3 a").first.click()
    expect(page).to_have_url(f"{mounted.url}papers/2409.08729/")
    expect(page.get_by_role("heading", level=1)).to_have_text(BESSEL)


def test_dialog_finds_a_paper_by_words_of_its_title(
    mounted: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{mounted.url}topics/quantization/")
    page.get_by_role("link", name="Search", exact=True).click()
    page.keyboard.type(BESSEL_QUERY)
    first = page.locator("dialog [data-results] h3 a").first
    expect(first).to_have_text(BESSEL)
    first.click()
    expect(page).to_have_url(f"{mounted.url}papers/2409.08729/")


def test_shared_address_shows_its_results(mounted: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{mounted.url}search/?{urlencode({'q': BESSEL_QUERY})}")
    assert found_titles(page)[0] == BESSEL
    expect(page.get_by_label("Search papers")).to_have_value(BESSEL_QUERY)


def test_typing_puts_the_query_into_the_address(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/")
    page.get_by_label("Search papers").fill("quantization")
    expect(page).to_have_url(f"{site.url}search/?q=quantization")
    titles = found_titles(page)
    page.reload()
    assert found_titles(page) == titles


def test_enter_in_the_dialog_opens_the_search_page(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(site.url)
    page.keyboard.press("/")
    page.keyboard.type(BESSEL_QUERY)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}search/?q=logarithm+of+Bessel+functions")
    assert found_titles(page)[0] == BESSEL


def test_topic_filter_leaves_only_papers_of_the_topic(site: BuiltSite, open_page: OpenPage) -> None:
    slug = "quantization"
    page = open_page(f"{site.url}search/?q=model")
    before = page.locator("[data-count] h2")
    expect(before).to_have_text(re.compile(r"papers for “model”$"))
    page.get_by_label("Topic").select_option(slug)
    expect(page).to_have_url(f"{site.url}search/?q=model&topic={slug}")
    expect(page.locator("[data-count] h2")).to_contain_text("in Quantization")
    assert set(result_ids(page)) <= set(site.library.topics.papers[slug])


def test_topic_filter_alone_lists_the_whole_topic(site: BuiltSite, open_page: OpenPage) -> None:
    ids = site.library.topics.papers["multilingual"]
    page = open_page(f"{site.url}search/?topic=multilingual")
    expect(page.locator("[data-count] h2")).to_have_text(f"{len(ids)} papers in Multilingual")
    assert sorted(result_ids(page)) == sorted(ids)


def test_year_filter_leaves_only_papers_of_the_year(site: BuiltSite, open_page: OpenPage) -> None:
    expected = sorted(
        paper.id
        for paper in site.library.papers.values()
        if paper.date is not None and paper.date.year == 2021
    )
    page = open_page(f"{site.url}search/")
    page.get_by_label("Year").select_option("2021")
    expect(page.locator("main [data-results] > li")).to_have_count(len(expected))
    assert sorted(result_ids(page)) == expected


def test_code_filter_leaves_only_papers_with_code(site: BuiltSite, open_page: OpenPage) -> None:
    coded = {
        paper.id
        for paper in site.library.papers.values()
        if any(link.kind == "code" for link in paper.links)
    }
    page = open_page(f"{site.url}search/")
    page.get_by_label("Has code").check()
    expect(page.locator("[data-count] h2")).to_contain_text(f"{len(coded)} paper")
    shown = result_ids(page)
    assert shown
    assert set(shown) <= coded


def test_newest_order_sorts_results_by_date(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?q=language+model")
    by_match = result_ids(page)
    page.get_by_label("Order").select_option("Newest")
    expect(page).to_have_url(re.compile(r"sort=newest"))
    expect(page.locator("main [data-results] [data-save]").first).not_to_have_attribute(
        "data-save", by_match[0]
    )
    dates = [str(site.library.papers[i].date) for i in result_ids(page)]
    assert dates == sorted(dates, reverse=True)


def test_more_results_follow_the_first_ten(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?q=model")
    first = result_ids(page)
    assert len(first) == 10
    page.get_by_role("button", name="More results").click()
    expect(page.locator("main [data-results] > li")).to_have_count(20)
    ids = result_ids(page)
    assert ids[:10] == first
    assert len(set(ids)) == 20
    expect(page.locator("main [data-results] > li").nth(10).locator("h3 a")).to_be_focused()


def test_before_a_query_the_page_says_what_to_type(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/")
    expect(page.locator("[data-start]")).to_contain_text("Type a word from a title")
    expect(page.locator("main [data-results] li")).to_have_count(0)
    examples = page.locator("[data-start] a")
    words = examples.first.inner_text()
    examples.first.click()
    expect(page.get_by_label("Search papers")).to_have_value(words)
    assert found_titles(page)


def test_a_query_without_results_offers_ways_on(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?q=zzyzxqv&year=2021")
    expect(page.locator("[data-count]")).to_have_text("No papers for “zzyzxqv” in 2021")
    page.get_by_role("link", name="Drop the filters").click()
    expect(page).to_have_url(f"{site.url}search/?q=zzyzxqv")
    page.locator("[data-ways]").get_by_role("link", name="Browse topics").click()
    expect(page).to_have_url(f"{site.url}topics/")


def test_a_slip_of_the_pen_still_finds_the_paper(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?{urlencode({'q': 'logarithm Besel functions'})}")
    near = page.locator("[data-near-results] h3")
    expect(near.first).to_be_visible()
    assert BESSEL in near.all_inner_texts()


def test_found_words_are_marked(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?q=bessel")
    expect(page.locator("main [data-results] h3 mark").first).to_have_text("Bessel")


def test_a_result_can_be_saved(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?q=bessel")
    page.get_by_role("button", name=f"Save {BESSEL}").click()
    page.goto(f"{site.url}reading-list/")
    expect(page.locator("[data-reading-list] a")).to_have_text(BESSEL)


def test_slash_opens_the_dialog_and_escape_returns_focus(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    link = page.locator(".lead h2 a")
    link.focus()
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("bessel")
    expect(dialog.get_by_role("searchbox")).to_have_value("bessel")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_arrows_move_through_the_dialogs_results(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(site.url)
    page.keyboard.press("/")
    page.keyboard.type("quantization")
    links = page.locator("dialog [data-results] h3 a")
    expect(links).to_have_count(5)
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("dialog input")).to_be_focused()
    page.keyboard.press("ArrowDown")
    target = links.nth(0).evaluate("link => link.href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(target)


def test_a_click_beside_the_dialog_closes_it(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(site.url)
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_failed_index_is_said_and_leaves_ways_on(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/")
    page.context.route("**/pagefind/**", lambda route: route.abort("aborted"))
    page.get_by_label("Search papers").fill("bessel")
    expect(page.locator("[data-count]")).to_have_text("Search could not be loaded.")
    page.context.unroute("**/pagefind/**")
    page.get_by_role("link", name="Try again").click()
    assert found_titles(page)[0] == BESSEL


@pytest.mark.parametrize("query", ["bessel", "zzyzxqv"])
def test_a_slow_index_moves_nothing_when_it_answers(
    site: BuiltSite, open_page: OpenPage, query: str
) -> None:
    page = open_page(f"{site.url}search/", viewport={"width": 390, "height": 844})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/pagefind/pagefind.js", hold)
    page.goto(f"{site.url}search/?q={query}")
    count = page.locator("[data-count]")
    expect(count).to_have_text("Searching…")
    page.evaluate(
        "() => { window.shifts = []; new PerformanceObserver(list => "
        "window.shifts.push(...list.getEntries())).observe({ type: 'layout-shift' }); }"
    )
    held[0].continue_()
    expect(count).to_contain_text(f"“{query}”")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert (
        page.evaluate(
            "window.shifts.flatMap(s => s.sources.map(e => e.node?.outerHTML ?? String(e.node)))"
        )
        == []
    )


def test_nothing_of_the_index_is_fetched_before_a_search(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.reload(wait_until="networkidle")
    assert fetched
    assert not [url for url in fetched if "/pagefind/" in url or "/search." in url]


def result_ids(page: Page) -> list[str]:
    """Return the ids of the results in their order, once there are some."""
    buttons = page.locator("main [data-results] [data-save]")
    expect(buttons.first).to_be_visible()
    return [str(button.get_attribute("data-save")) for button in buttons.all()]
