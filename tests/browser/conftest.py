"""What the browser tests share: the built site, a server, Chromium, and a watch on every page.

Every context that `open_page` makes is watched; a test fails when a page reports a script error,
breaks its own policy, asks another host for something, or asks for a file that is not there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from browser.extreme_digest import write_extreme_digest
from browser.site_server import SiteServer
from lacking import lack as lack  # noqa: PLC0414 - the tests of this folder import it from here
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    sync_playwright,
)

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.pipeline import build_site, check_site
from broadsheet.assembly.project import Project
from broadsheet.domain.library import Library

REPOSITORY = Path(__file__).resolve().parents[2]
BASES = ("/", "/a/", "/a/b/")
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_CHROMIUM_ON_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

# Chromium says this for every status from 400 up; `Watch` reads the responses themselves.
_FAILED_RESOURCE = "Failed to load resource"

_REPORT_VIOLATIONS = """addEventListener('securitypolicyviolation', event =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""


class BuiltSite(msgspec.Struct, frozen=True, kw_only=True):
    """A digest that was built and is being served.

    Attributes:
        url: Address of its root, ending in a slash.
        base: Path of its root, ending in a slash.
        folder: The output folder.
        library: What it was built from.
    """

    url: str
    base: str
    folder: Path
    library: Library


class Watch:
    """Notes everything that pages of one context must not do."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        """Begin to watch.

        Args:
            context: The context; its pages are yet to be opened.
            origin: The only origin that may be asked for anything.
        """
        self.complaints: list[str] = []
        self.missing: set[str] = set()
        self._origin = origin
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", self._note_request)
        context.on("requestfailed", self._note_failure)
        context.on("response", self._note_response)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_FAILED_RESOURCE):
            self.complaints.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self._origin + "/", "data:", "blob:")):
            self.complaints.append(f"another host: {request.url}")

    def _note_failure(self, request: Request) -> None:
        # Leaving a page ends what it was still fetching.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"request: {request.url}: {request.failure}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.url not in self.missing:
            self.complaints.append(f"status {response.status}: {response.url}")


OpenPage = Callable[..., Page]


def find_chromium() -> str:
    """Return the path of a Chromium, or nothing."""
    if chosen := os.environ.get("BROADSHEET_CHROMIUM"):
        return chosen
    found = next((path for name in _CHROMIUM_NAMES if (path := shutil.which(name))), "")
    return found or (_CHROMIUM_ON_MAC if Path(_CHROMIUM_ON_MAC).exists() else "")


def launch_chromium(playwright: Playwright, executable: str) -> Browser:
    """Start a Chromium without window.

    Args:
        playwright: The running driver.
        executable: From `find_chromium`.
    """
    return playwright.chromium.launch(executable_path=executable, args=list(_FLAGS))


def build_digest(root: Path, output: Path, base_url: str | None = None) -> Library:
    """Build a digest's folder, and fail the test when it has errors.

    Args:
        root: The folder that holds `content/`.
        output: Where the site goes.
        base_url: Replaces the setting.

    Returns:
        The library of what was built.
    """
    options = BuildOptions(output=output, base_url=base_url, executor="serial")
    project = Project(root)
    result = build_site(project, options)
    assert result.how, "\n".join(f"{d.span.path}: {d.message}" for d in result.diagnostics)
    return check_site(project, options).library


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = find_chromium()
    if not executable:
        lack(
            "no Chromium: install one (apt-get install chromium, or Google Chrome), or name it in "
            "BROADSHEET_CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, executable)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    if not AXE.is_file():
        lack("no axe-core: npm ci --prefix tests/browser")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, BuiltSite]]:
    """The repository's digest, built for a host's root, `/a/` and `/a/b/`, on one origin."""
    root = tmp_path_factory.mktemp("digest")
    shutil.copytree(REPOSITORY / "content", root / "content")
    with serve_builds(dict.fromkeys(BASES, root), tmp_path_factory) as served:
        yield served


@pytest.fixture(scope="session")
def site(sites: dict[str, BuiltSite]) -> BuiltSite:
    """The repository's digest at a host's root."""
    return sites["/"]


@pytest.fixture(params=BASES)
def mounted(request: pytest.FixtureRequest, sites: dict[str, BuiltSite]) -> BuiltSite:
    """The repository's digest, once at a host's root and once under each path."""
    return sites[request.param]


@pytest.fixture(scope="session")
def extreme_sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, BuiltSite]]:
    """The digest of extremes, in English at `/` and as an Arabic site at `/rtl/`."""
    roots = {base: tmp_path_factory.mktemp("extremes") for base in ("/", "/rtl/")}
    write_extreme_digest(roots["/"])
    write_extreme_digest(roots["/rtl/"], language="ar")
    with serve_builds(roots, tmp_path_factory) as served:
        yield served


@contextmanager
def serve_builds(
    roots: Mapping[str, Path], factory: pytest.TempPathFactory
) -> Iterator[dict[str, BuiltSite]]:
    """Build digests and serve them on one origin.

    Args:
        roots: Folders of digests by base path.
        factory: Makes the output folders.
    """
    folders = {base: factory.mktemp("built") / "site" for base in roots}
    libraries = {
        base: build_digest(root, folders[base], f"https://broadsheet.example{base}")
        for base, root in roots.items()
    }
    with SiteServer(folders) as server:
        yield {
            base: BuiltSite(
                url=server.origin + base, base=base, folder=folder, library=libraries[base]
            )
            for base, folder in folders.items()
        }


@contextmanager
def watched_pages(browser: Browser) -> Iterator[OpenPage]:
    """Give a function that opens an address in a watched context of its own.

    The function takes the complete address, `missing=True` when the address itself is to answer
    with 404, `init_script=` for a script that runs before the page's own, and any option of
    Playwright's `new_context`. Complaints are raised at the end.

    Args:
        browser: The running Chromium.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_address(
        url: str, *, missing: bool = False, init_script: str = "", **options: Any
    ) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = browser.new_context(reduced_motion="reduce", **options)
        contexts.append(context)
        watch = Watch(context, url[: url.index("/", len("http://"))])
        watches.append(watch)
        if missing:
            watch.missing.add(url)
        if init_script:
            context.add_init_script(init_script)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_address
    for context in contexts:
        context.close()
    complaints = [complaint for watch in watches for complaint in watch.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Open pages as `watched_pages` says."""
    with watched_pages(chromium) as open_address:
        yield open_address
