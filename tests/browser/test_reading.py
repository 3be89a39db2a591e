"""Behaviour that a reader's browser remembers or their keys cause: saving, the theme, moving."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browser.conftest import BuiltSite, OpenPage
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

LEAD = "2306.07485"
LEAD_TITLE = "Learning Unnormalized Statistical Models via Compositional Optimization"


def save_lead(page: Page) -> None:
    """Save the lead story with its bookmark."""
    button = page.locator(".lead .save")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def saved_links(page: Page) -> list[tuple[str, str]]:
    """Return the words and targets of the reading list."""
    links = page.locator("[data-reading-list] h2 a")
    return [(link.inner_text(), str(link.evaluate("a => a.href"))) for link in links.all()]


def test_saved_paper_is_on_the_reading_list_and_survives_a_reload(
    mounted: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(mounted.url)
    save_lead(page)
    expect(page.locator("[data-saved-count]")).to_have_text("1")
    page.goto(f"{mounted.url}reading-list/")
    expected = [(LEAD_TITLE, f"{mounted.url}papers/{LEAD}/")]
    assert saved_links(page) == expected
    expect(page.locator("[data-reading-list] .by")).to_contain_text("Wei Jiang")
    page.reload()
    assert saved_links(page) == expected
    page.locator("[data-reading-list] h2 a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LEAD_TITLE)
    expect(page.get_by_role("button", name="Save")).to_have_attribute("aria-pressed", "true")


def test_saving_on_a_papers_page_keeps_title_and_authors(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}papers/2501.02423/")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{site.url}reading-list/")
    expect(page.locator("[data-reading-list] h2")).to_have_text(
        "Scaling Laws for Floating Point Quantization Training"
    )
    expect(page.locator("[data-reading-list] .by")).to_have_text(
        "Xingwu Sun, Shuaipeng Li, Ruobing Xie and 13 others"
    )


def test_newest_saved_paper_comes_first_and_removing_moves_focus(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    save_lead(page)
    page.locator(".story .save").first.click()
    page.goto(f"{site.url}reading-list/")
    assert [title for title, _ in saved_links(page)][1] == LEAD_TITLE
    page.locator("[data-reading-list] .save").first.click()
    assert [title for title, _ in saved_links(page)] == [LEAD_TITLE]
    expect(page.locator("[data-reading-list] .save")).to_be_focused()
    page.locator("[data-reading-list] .save").click()
    expect(page.get_by_text("Nothing saved yet.")).to_be_visible()
    expect(page.locator("[data-status]")).to_have_text("Removed from the reading list")


@pytest.mark.parametrize(
    "stored",
    [
        "{",
        "null",
        "7",
        '{"length": 3}',
        '[null, 1, "x", {}, {"id": 3, "title": "t"}, {"id": "../x", "title": "t"}]',
        '[{"id": "javascript:alert(1)", "title": "t", "by": {}}, {"id": "a", "title": ""}]',
    ],
)
def test_damaged_storage_reads_as_an_empty_list_that_can_be_filled(
    site: BuiltSite, open_page: OpenPage, stored: str
) -> None:
    page = open_page(f"{site.url}reading-list/")
    page.evaluate("text => localStorage.setItem('reading-list:/', text)", stored)
    page.reload()
    expect(page.get_by_text("Nothing saved yet.")).to_be_visible()
    assert saved_links(page) == []
    page.goto(site.url)
    save_lead(page)
    page.goto(f"{site.url}reading-list/")
    assert [title for title, _ in saved_links(page)] == [LEAD_TITLE]


def test_sound_entries_survive_beside_damaged_ones_and_stay_text(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}reading-list/")
    title = "<img src=stolen.png onerror=owned=1>"
    entries = [{"id": "no/good", "title": "t"}, {"id": LEAD, "title": title, "by": 7}]
    page.evaluate("text => localStorage.setItem('reading-list:/', text)", json.dumps(entries))
    page.reload()
    assert saved_links(page) == [(title, f"{site.url}papers/{LEAD}/")]
    assert page.evaluate("window.owned") is None


def test_two_sites_on_one_origin_keep_their_own_lists(
    sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    page = open_page(sites["/"].url)
    save_lead(page)
    page.goto(f"{sites['/a/b/'].url}reading-list/")
    expect(page.get_by_text("Nothing saved yet.")).to_be_visible()
    page.goto(f"{sites['/'].url}reading-list/")
    assert len(saved_links(page)) == 1


def test_refused_storage_leaves_the_page_working(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(
        site.url,
        init_script="Object.defineProperty(window, 'localStorage', "
        "{ get() { throw new DOMException('refused', 'SecurityError'); } });",
    )
    save_lead(page)
    page.get_by_role("button", name="Dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def background(page: Page) -> int:
    """Return how light the page is, from 0 to 765."""
    channels = page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).slice(0, 3)"
    )
    return sum(int(channel) for channel in channels)


@pytest.mark.parametrize(("system", "pressed"), [("light", "true"), ("dark", "false")])
def test_theme_button_turns_the_scheme_and_the_choice_persists(
    site: BuiltSite, open_page: OpenPage, system: str, pressed: str
) -> None:
    page = open_page(site.url, color_scheme=system)
    was_light = background(page) > 400
    assert was_light == (system == "light")
    button = page.get_by_role("button", name="Dark theme")
    button.click()
    expect(button).to_have_attribute("aria-pressed", pressed)
    assert (background(page) > 400) != was_light
    page.goto(f"{site.url}topics/")
    expect(page.get_by_role("button", name="Dark theme")).to_have_attribute("aria-pressed", pressed)
    assert (background(page) > 400) != was_light
    page.get_by_role("button", name="Dark theme").click()
    assert (background(page) > 400) == was_light
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_stored_theme_is_there_at_the_first_paint_without_the_script(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(site.url, color_scheme="light")
    page.evaluate("localStorage.setItem('theme', 'dark')")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/assets/broadsheet.*.js", hold)
    page.goto(f"{site.url}topics/", wait_until="commit")
    page.evaluate(
        "() => new Promise(painted => new PerformanceObserver(painted)"
        ".observe({ type: 'paint', buffered: true }))"
    )
    assert background(page) < 150
    assert held
    held[0].continue_()
    expect(page.get_by_role("button", name="Dark theme")).to_have_attribute("aria-pressed", "true")


def test_j_and_k_move_focus_from_paper_to_paper(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(site.url)
    stops = page.locator("main :is(.lead h2, .story h3, .paper h3) > a")
    page.keyboard.press("j")
    expect(stops.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(stops.nth(1)).to_be_focused()
    expect(stops.nth(1)).to_be_in_viewport()
    page.keyboard.press("k")
    expect(stops.nth(0)).to_be_focused()
    for _ in range(6):
        page.keyboard.press("j")
    expect(stops.nth(6)).to_be_focused()
    expect(stops.nth(6)).to_be_in_viewport()


def test_j_and_k_follow_the_digest_on_a_papers_page(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}papers/2409.08729/")
    following = page.locator("a[rel=next]").evaluate("a => a.href")
    page.keyboard.press("j")
    expect(page).to_have_url(following)
    page.keyboard.press("k")
    expect(page).to_have_url(f"{site.url}papers/2409.08729/")


def test_s_saves_the_paper_in_focus(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}topics/quantization/")
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator(".paper .save").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-status]")).to_have_text("Saved to the reading list")
    page.keyboard.press("s")
    expect(page.locator(".paper .save").first).to_have_attribute("aria-pressed", "false")


def test_keys_are_left_alone_while_typing_and_with_modifiers(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}search/")
    field = page.get_by_label("Search papers")
    field.focus()
    page.keyboard.type("j/s k")
    expect(field).to_have_value("j/s k")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.goto(site.url)
    page.keyboard.press("Control+j")
    page.keyboard.press("Alt+/")
    expect(page.locator("body")).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_skip_link_is_the_first_stop_and_leads_to_the_text(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}papers/{LEAD}/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_theme_line_of_the_page_is_the_one_the_policy_allows(site: BuiltSite) -> None:
    # The policy is also written for hosts that read `_headers`; the server sends the same value.
    policy = (site.folder / "_headers").read_text(encoding="utf-8")
    assert "sha256-MsLiCjYS/oBus5Nt/Lgn5Ul2JU3TybiP8AmULcTR/ig=" in policy
    assert Path(site.folder / "index.html").read_text(encoding="utf-8").count("<script>") == 1
