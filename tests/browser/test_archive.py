"""The archive of `build --zip`, unpacked and opened from a folder, without any server."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from broadsheet.assembly.commands import EXIT_DONE, main

pytestmark = pytest.mark.browser

# Browsers take no module script from a file; everything else has to come.
_REFUSED = "net::ERR_FAILED"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new digest's archive, unpacked where the path has a space and an accent."""
    root, archive = tmp_path / "digest", tmp_path / "site.zip"
    assert main(["new", str(root), "--day", "2025-03-19", "--quiet"]) == EXIT_DONE
    assert main(["-C", str(root), "build", "--zip", str(archive), "--quiet"]) == EXIT_DONE
    unpacked = tmp_path / "an archivé"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(unpacked)
    (inside,) = unpacked.iterdir()
    return inside


@pytest.fixture
def page(chromium: Browser, lost: list[str]) -> Iterator[Page]:
    with chromium.new_context() as context:
        page = context.new_page()
        page.on("requestfailed", lambda request: lost.append(f"{request.url} {request.failure}"))
        yield page


@pytest.fixture
def lost() -> list[str]:
    """What a page asked for and did not get."""
    return []


def expect_styled(page: Page) -> None:
    """Expect that the stylesheet came: a browser's own has a margin of 8 pixels."""
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"


def test_an_unpacked_archive_is_read_from_the_front_page_on(
    folder: Path, page: Page, lost: list[str]
) -> None:
    page.goto((folder / "index.html").as_uri())
    expect_styled(page)
    page.locator("main a", has_text="MathScale").first.click()
    expect(page).to_have_url((folder / "papers/2403.02884/index.html").as_uri())
    expect(page.locator("h1")).to_contain_text("MathScale")
    expect_styled(page)
    page.locator("main a[href*='topics/mathematical-reasoning/']").first.click()
    expect(page).to_have_url((folder / "topics/mathematical-reasoning/index.html").as_uri())
    expect_styled(page)
    page.locator("main a[href*='papers/2403.02884/']").first.click()
    expect(page.locator("h1")).to_contain_text("MathScale")
    page.locator("header a").first.click()
    expect(page).to_have_url((folder / "index.html").as_uri())
    assert [one for one in lost if ".js " not in one or not one.endswith(_REFUSED)] == []
