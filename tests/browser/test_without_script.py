"""Reading with scripting off: everything but search and saving, and no dead control."""

from __future__ import annotations

import re

import pytest
from browser.conftest import BuiltSite, OpenPage
from browser.page_types import EDITION, PageType
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TEXTS = {
    "front": "The partition function is what makes",
    "papers": "Quantizing Large Language Models for Code Generation",
    "paper": "Abstract",
    "topics": "Quantization and compression",
    "topic": "MathScale: Scaling Instruction Tuning",
    "authors": "Abdullah Mamun",
    "author": "Accurate Computation of the Logarithm",
    "venues": "ICS",
    "venue": "Accurate Computation of the Logarithm",
    "archive": "March",
    "digest-day": "MathScale: Scaling Instruction Tuning",
    "digest-week": "MathScale: Scaling Instruction Tuning",
    "digest-month": "MathScale: Scaling Instruction Tuning",
    "trending": "MathScale: Scaling Instruction Tuning",
    "free-page": "About",
    "search": "Search runs in your browser and needs JavaScript.",
    "reading-list": "The reading list needs JavaScript.",
    "404": "There is no page at this address",
}
PAGES = [kind for kind in EDITION if kind.name in TEXTS]

# Whatever only a script gives a meaning to, what stands in its place apart. The search forms are
# among them: what they lead to cannot answer.
SCRIPTED = (
    "button:not(noscript *), [data-save], [data-theme-toggle], form[role=search], dialog, kbd"
)


@pytest.mark.parametrize("kind", PAGES, ids=[kind.name for kind in PAGES])
def test_page_reads_without_script_and_shows_no_dead_control(
    site: BuiltSite, open_page: OpenPage, kind: PageType
) -> None:
    page = open_page(site.url + kind.address, missing=kind.missing, java_script_enabled=False)
    expect(page.locator("main")).to_contain_text(TEXTS[kind.name], use_inner_text=True)
    shown = [control for control in page.locator(SCRIPTED).all() if control.is_visible()]
    dead = [control.evaluate("e => e.outerHTML.slice(0, 80)") for control in shown]
    assert not dead, "\n".join(dead)


def test_links_work_without_script(sites: dict[str, BuiltSite], open_page: OpenPage) -> None:
    site = sites["/a/b/"]
    page = open_page(site.url, java_script_enabled=False)
    page.locator(".lead h2 a").click()
    expect(page).to_have_url(f"{site.url}papers/2306.07485/")
    page.locator(".authors a").first.click()
    expect(page).to_have_url(f"{site.url}authors/wei-jiang/")
    page.locator("nav.sections a", has_text="Archive").click()
    page.locator(".cal td a").first.click()
    expect(page).to_have_url(f"{site.url}digests/2025-03-19/")
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_role("button", name="By topic").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(site.url)}topics/"))


def test_whole_abstract_is_on_a_papers_page_without_script(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}papers/2409.08729/", java_script_enabled=False)
    abstract = site.library.papers["2409.08729"].abstract
    expect(page.locator("section.prose")).to_contain_text(abstract.split(". ")[-1].strip())
