"""The cite box of a paper's page: choosing a form by keys, copying what shows, and no script."""

from __future__ import annotations

import pytest
from browser.conftest import BuiltSite, OpenPage
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PAPER = "papers/2501.02423/"
ENTRY = "@inproceedings{sun2025-2501.02423,"
TITLE = "Scaling Laws for Floating Point Quantization Training"
REFUSE = """Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) },
});"""


def shown(page: Page) -> str:
    """Return the one citation that shows."""
    (visible,) = [pre for pre in page.locator(".cite pre").all() if pre.is_visible()]
    return str(visible.evaluate("pre => pre.textContent"))


def test_arrow_keys_choose_the_form_and_the_copy_button_follows(
    site: BuiltSite, open_page: OpenPage
) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    page = open_page(site.url + PAPER, permissions=rights)
    page.get_by_role("radio", name="BibTeX").focus()
    citations = []
    for _ in range(3):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Copy")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("[data-copy]")).to_have_text("Copied")
        citations.append(shown(page))
        assert page.evaluate("navigator.clipboard.readText()") == citations[-1]
        expect(page.locator("[data-copy]")).to_have_text("Copy")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowRight")
    bibtex, plain, markdown = citations
    assert bibtex.startswith(ENTRY)
    assert (TITLE in plain, "](" in plain) == (True, False)
    assert f"{TITLE}](" in markdown
    # The arrow leads from the last form to the first again.
    assert shown(page) == bibtex


def test_where_the_browser_refuses_the_clipboard_the_citation_is_selected(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(site.url + PAPER, init_script=REFUSE)
    page.get_by_role("radio", name="Plain text").check()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("[data-copy]")).to_have_text("Selected")
    assert page.evaluate("getSelection().toString()") == shown(page)


def test_what_was_done_is_said_aloud(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(site.url + PAPER, init_script=REFUSE)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Selected")


def test_every_form_can_be_read_without_script(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(site.url + PAPER, java_script_enabled=False)
    expect(page.locator("[data-copy]")).to_be_hidden()
    for name, start in (("BibTeX", ENTRY), ("Plain text", ""), ("Markdown", "")):
        page.get_by_role("radio", name=name).check()
        assert shown(page).startswith(start)
        assert TITLE in shown(page)


def test_every_form_shows_in_a_browser_that_cannot_choose(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(site.url + PAPER)
    page.evaluate("document.querySelectorAll('.cite input').forEach(e => { e.checked = false; })")
    assert all(pre.is_visible() for pre in page.locator(".cite pre").all())
