"""What must hold on every type of page: accessibility, no sideways scroll, a still layout, print.

Each page is opened once and looked at by all tests of this module in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from browser.conftest import BuiltSite, watched_pages
from browser.page_types import EVERY_TYPE, PageType
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# Notes what moves from the beginning; what a reader causes by a key or a click does not count.
_COUNT_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries()))
    .observe({ type: 'layout-shift', buffered: true });
"""
_READ_SHIFTS = """async () => {
    await document.fonts.ready;
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return window.shifts.filter(entry => !entry.hadRecentInput).map(entry => `${entry.value}: `
        + entry.sources.map(({ node }) => (node?.outerHTML ?? node?.data ?? '').slice(0, 80)));
}"""

_RUN_AXE = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const { violations } = await axe.run(document, {
        resultTypes: ['violations'],
        rules: { 'target-size': { enabled: true } },
    });
    return violations.map(v => v.id + ': ' + v.help + '\\n' + v.nodes.slice(0, 3)
        .map(n => '    ' + n.target.join(' ') + '\\n    ' + n.failureSummary.replaceAll('\\n', ' '))
        .join('\\n'));
}"""

# How far the page can be scrolled sideways, and texts that lie outside of the window although
# nothing around them scrolls or says by an ellipsis that something is cut.
_FIND_OVERFLOW = """() => {
    const found = [];
    for (const x of [9999, -9999]) {
        scrollTo(x, 0);
        if (scrollX) found.push(`the page scrolls to ${scrollX}`);
    }
    scrollTo(0, 0);
    const hides = style => style.overflowX === 'auto' || style.overflowX === 'scroll'
        || style.textOverflow === 'ellipsis' || style.clipPath !== 'none';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node; node = walker.nextNode();) {
        if (!node.data.trim()) continue;
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        if (!box.width || box.right <= innerWidth + 1 && box.left >= -1) continue;
        let around = node.parentElement;
        while (around !== document.body && !hides(getComputedStyle(around))) {
            around = around.parentElement;
        }
        if (around !== document.body) continue;
        const parent = node.parentElement;
        const edges = `from ${box.left | 0} to ${box.right | 0}`;
        found.push(`${parent.localName}.${parent.className} ${edges}: `
            + node.data.trim().slice(0, 40));
    }
    return found.slice(0, 8);
}"""


LOOKS = [("light", 1280), ("dark", 390), ("dark", 1280), ("light", 390)]


class Visit(msgspec.Struct):
    """A page that is open.

    Attributes:
        kind: Which page it is.
        page: The page, in the state that was asked for.
        shifts: What moved while it loaded, at 390 pixels.
    """

    kind: PageType
    page: Page
    shifts: list[str]


@pytest.fixture(
    scope="module", params=EVERY_TYPE, ids=[f"{kind.site}-{kind.name}" for kind in EVERY_TYPE]
)
def visit(
    request: pytest.FixtureRequest,
    chromium: Browser,
    sites: dict[str, BuiltSite],
    extreme_sites: dict[str, BuiltSite],
) -> Iterator[Visit]:
    """Each type of page in turn, on a phone's screen."""
    kind: PageType = request.param
    found = {"edition": sites["/"], "extremes": extreme_sites["/"], "rtl": extreme_sites["/rtl/"]}
    with watched_pages(chromium) as open_address:
        page = open_address(
            found[kind.site].url + kind.address,
            missing=kind.missing,
            init_script=_COUNT_SHIFTS,
            viewport={"width": 390, "height": 844},
        )
        shifts = page.evaluate(_READ_SHIFTS) if kind.by_hand else []
        if kind.reach is not None:
            kind.reach(page)
        yield Visit(kind, page, shifts if kind.by_hand else page.evaluate(_READ_SHIFTS))


def test_layout_does_not_move_while_the_page_loads(visit: Visit) -> None:
    assert not visit.shifts, "\n".join(visit.shifts)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_or_sticks_out_sideways(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 700})
    overflow = visit.page.evaluate(_FIND_OVERFLOW)
    assert not overflow, "\n".join(overflow)


@pytest.mark.parametrize(("scheme", "width"), LOOKS, ids=[f"{s}-{w}" for s, w in LOOKS])
def test_accessibility_rules_find_no_violation(
    visit: Visit, axe_source: str, scheme: Any, width: int
) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.page.emulate_media(color_scheme=scheme)
    if not visit.page.evaluate("'axe' in window"):
        visit.page.evaluate(axe_source)
    violations = visit.page.evaluate(_RUN_AXE)
    assert not violations, "\n".join(violations)


def test_print_shows_dark_text_on_white_without_controls(visit: Visit) -> None:
    if visit.kind.name == "search-dialog":
        visit.page.keyboard.press("Escape")
    visit.page.emulate_media(media="print", color_scheme="dark")
    controls = visit.page.locator("button, input, select, nav, form, summary + a, .skip, .tools")
    shown = [
        control.evaluate("e => e.outerHTML.slice(0, 80)")
        for control in controls.all()
        if control.is_visible()
    ]
    assert not shown, "\n".join(shown)
    assert visit.page.locator("main").inner_text().strip() or visit.kind.name.startswith("search")
    ink, paper = (
        sum(int(part) for part in channels)
        for channels in visit.page.evaluate(
            "() => { const { color, backgroundColor } = getComputedStyle(document.documentElement);"
            "return [color, backgroundColor].map(c => c.match(/\\d+/g).slice(0, 3)); }"
        )
    )
    visit.page.emulate_media(media="screen")
    assert ink < 150
    assert paper > 600
