"""Getting about: from the front page to every type of page, topics, unknown addresses."""

from __future__ import annotations

import re

import pytest
from browser.conftest import BuiltSite, OpenPage
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# Clicks that lead from the front page to a type of page, and the address they end at.
ROUTES = {
    "front page by its name": (["header .nameplate a"], r""),
    "paper": ([".lead h2 a"], r"papers/2306\.07485/"),
    "its abstract": ([".lead a.more"], r"papers/2306\.07485/"),
    "topic by a label": ([".lead .labels a"], r"topics/[a-z-]+/"),
    "topics": (["nav.sections a >> text=Topics"], r"topics/"),
    "topic": (["nav.sections a >> text=Topics", ".index h2 a"], r"topics/[a-z-]+/"),
    "paper of a topic": ([".topic-list a", ".paper h3 a"], r"papers/[0-9.]+/"),
    "author": ([".lead h2 a", ".authors a"], r"authors/wei-jiang/"),
    "venue": ([".lead h2 a", ".facts dd a[href*=venues]"], r"venues/[a-z-]+/"),
    "digest of a paper": ([".lead h2 a", ".article .meta a"], r"digests/2025-03-19/"),
    "next paper": ([".lead h2 a", ".pn a[rel=next]"], r"papers/[0-9.]+/"),
    "archive": (["nav.sections a >> text=Archive"], r"digests/"),
    "day": (["nav.sections a >> text=Archive", ".cal td a"], r"digests/2025-03-19/"),
    "week": (["nav.sections a >> text=Archive", ".cal th a"], r"digests/2025-W12/"),
    "month": (["nav.sections a >> text=Archive", ".cal caption a"], r"digests/2025-03/"),
    "whole digest": (["a.more >> text=All 90 papers"], r"digests/2025-03-19/"),
    "reading list": (["nav.sections a >> text=Saved"], r"reading-list/"),
    "all papers": (["footer a >> text=All papers"], r"papers/"),
    "later papers": (["footer a >> text=All papers", ".pager .next"], r"papers/page/2/"),
    "trending": (["footer a >> text=Trending"], r"trending/"),
    "authors": (["footer a >> text=Authors"], r"authors/"),
    "venues": (["footer a >> text=Venues"], r"venues/"),
    "about": (["footer a >> text=About"], r"about/"),
    "colophon": (["footer a >> text=Colophon"], r"colophon/"),
}


@pytest.mark.parametrize("route", ROUTES)
def test_links_lead_from_the_front_page_to(
    route: str, sites: dict[str, BuiltSite], open_page: OpenPage
) -> None:
    site = sites["/a/b/"]
    clicks, address = ROUTES[route]
    page = open_page(site.url)
    for selector in clicks:
        page.locator(selector).first.click()
        page.wait_for_load_state()
    expect(page).to_have_url(re.compile(re.escape(site.url) + address + "$"))
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(re.compile(r"\w{3}"))


def test_topic_pages_list_exactly_their_papers(site: BuiltSite, open_page: OpenPage) -> None:
    topics = site.library.topics.papers
    assert len(topics) == 16
    page = open_page(site.url)
    shown = {}
    for slug in topics:
        page.goto(f"{site.url}topics/{slug}/")
        shown[slug] = listed_papers(page)
    assert shown == {slug: sorted(ids) for slug, ids in topics.items()}


def test_topics_of_the_index_are_all_topics_with_their_counts(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}topics/")
    shown = {
        str(entry.locator("h2 a").get_attribute("href")).split("/")[-2]: int(
            entry.locator("data").inner_text()
        )
        for entry in page.locator(".index > li").all()
    }
    assert shown == {slug: len(ids) for slug, ids in site.library.topics.papers.items()}


def test_digest_of_the_day_lists_every_featured_paper_once(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}digests/2025-03-19/")
    assert listed_papers(page) == sorted(site.library.digests["2025-03-19"].papers)


def test_in_page_links_of_a_digest_lead_to_its_sections(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}digests/2025-03-19/")
    last = page.locator("nav.jump a").last
    target = str(last.get_attribute("href"))
    last.click()
    expect(page.locator(target)).to_be_in_viewport()


@pytest.mark.parametrize("address", ["nothing", "papers/no/such/page/", "topics/quantizatoin/"])
def test_unknown_address_shows_a_page_with_styles_and_working_links(
    mounted: BuiltSite, open_page: OpenPage, address: str
) -> None:
    page = open_page(f"{mounted.url}{address}", missing=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no page at this address")
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    hrefs = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
    inside = sorted({href for href in hrefs if "#" not in href})
    assert inside
    assert all(href.startswith((mounted.url, "https://")) for href in inside)
    statuses = {
        href: page.request.get(href).status for href in inside if href.startswith(mounted.url)
    }
    assert {href for href, status in statuses.items() if status != 200} == set()
    page.locator("main .paper h3 a").first.click()
    expect(page).to_have_url(re.compile(re.escape(mounted.url) + r"papers/[0-9.]+/$"))


def test_search_field_of_an_unknown_address_leads_to_results(
    mounted: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{mounted.url}deep/below/nothing", missing=True)
    page.locator("main").get_by_role("searchbox").fill("bessel")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{mounted.url}search/?q=bessel")
    expect(page.locator("main [data-results] h3").first).to_contain_text("Bessel")


def listed_papers(page: Page) -> list[str]:
    """Return the ids of the papers that a page lists, sorted."""
    hrefs = page.locator("main .paper :is(h2, h3) > a").evaluate_all("a => a.map(a => a.href)")
    return sorted(href.split("/")[-2] for href in hrefs)
