"""A browser crawls the site as a real nginx serves it, under three paths, with its own headers.

The configuration is made from the `_headers` that the build wrote, so that it is this file which is
tried, and not the module that it came from.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag, urlsplit

import pytest
from browser.conftest import OpenPage, lack, watched_pages
from lxml import etree
from playwright.sync_api import Browser, Page

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.pipeline import build_site
from broadsheet.assembly.project import Project, theme_fixtures_folder

pytestmark = pytest.mark.browser

BASES = ("/", "/a/", "/a/b/")
QUICK = "/a/b/"
HASHED = re.compile(r"/assets/[^/]+\.[0-9a-f]{10}\.[a-z0-9]+$")
IMMUTABLE = "public, max-age=31536000, immutable"
WAIT_SECONDS = 10
ATOM = "{http://www.w3.org/2005/Atom}"
# What is fetched and shown on a page: every address that it has.
ADDRESSES = """() => [...document.querySelectorAll('[href], [src]')]
    .map(element => element.href?.baseVal ?? element.href ?? element.src)
    .filter(address => typeof address === 'string' && address.startsWith('http'))"""
INLINE_SCRIPT = """() => new Promise(resolve => {
    document.addEventListener('securitypolicyviolation', event => resolve(event.violatedDirective));
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.head.append(script);
    setTimeout(() => resolve(window.ranInline ? 'it ran' : 'nothing was said'), 2000);
})"""


class Served(NamedTuple):
    """A site that nginx serves.

    Attributes:
        url: Complete address of its root.
        folder: The output folder.
    """

    url: str
    folder: Path


def read_headers_file(text: str) -> dict[str, dict[str, str]]:
    """Return the headers of each pattern of `_headers`."""
    rules: dict[str, dict[str, str]] = {}
    pattern = ""
    for line in text.splitlines():
        if line and not line[0].isspace():
            pattern = line.strip()
            rules[pattern] = {}
        elif line.strip():
            name, _, value = line.strip().partition(":")
            rules[pattern][name] = value.strip()
    return rules


def location(base: str, folder: Path) -> str:
    """Return the part of nginx's configuration that serves a site under a path."""
    rules = read_headers_file((folder / "_headers").read_text("utf-8"))
    lines = []
    for pattern, headers in rules.items():
        assert re.fullmatch(r"/(?:[^*]*)\*|/[^*]+", pattern), pattern
        path = pattern.lstrip("/").removesuffix("*")
        # A location of nginx has only its own headers; a host adds up those of every pattern.
        added = {
            name: value
            for other, others in rules.items()
            if pattern.startswith(other.removesuffix("*"))
            for name, value in others.items()
        } | headers
        exact = "" if pattern.endswith("*") else "= "
        lines += [
            f"location {exact}{base}{path} {{",
            f"  alias {folder}/{path};",
            f"  error_page 404 {base}404.html;",
            *(f'  add_header {name} "{value}" always;' for name, value in added.items()),
            "}",
        ]
    return "\n".join(lines)


def find_nginx() -> str:
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not found:
        lack("no nginx: apt-get install nginx-light")
    return str(found)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """The digest of examples, built for three addresses, and served by nginx at these."""
    nginx = find_nginx()
    root = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    shutil.copytree(theme_fixtures_folder() / "complete" / "content", root / "content")
    sites: dict[str, Served] = {}
    for number, base in enumerate(BASES):
        url, folder = f"http://127.0.0.1:{port}{base}", root / f"site{number}"
        options = BuildOptions(output=folder, base_url=url, executor="serial")
        assert build_site(Project(root), options).how
        sites[base] = Served(url, folder)
    root.chmod(0o755)
    locations = "\n".join(location(base, site.folder) for base, site in sites.items())
    configuration = f"""
        daemon off; pid {root}/pid; error_log {root}/error.log; worker_processes 1;
        user {"root" if shutil.which("id") and Path("/root").is_dir() else "nobody"};
        events {{ }}
        http {{
          include /etc/nginx/mime.types; types {{ application/octet-stream pf_meta; }}
          default_type application/octet-stream; access_log off; charset utf-8;
          client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
          uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
          server {{ listen 127.0.0.1:{port}; absolute_redirect off; index index.html;
            {locations}
          }}
        }}
    """
    (root / "nginx.conf").write_text(configuration)
    log = root / "error.log"
    process = subprocess.Popen([nginx, "-c", str(root / "nginx.conf"), "-e", str(log)])
    try:
        wait_for(port, log)
        yield sites
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def wait_for(port: int, log: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(log.read_text() if log.is_file() else "nginx did not begin to serve")


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    with watched_pages(chromium) as open_address:
        yield open_address


@pytest.fixture(
    params=[pytest.param(base, marks=() if base == QUICK else pytest.mark.slow) for base in BASES]
)
def site(request: pytest.FixtureRequest, served: dict[str, Served]) -> Served:
    """The site under each of the three paths."""
    return served[request.param]


def crawl(page: Page, site: Served) -> dict[str, int]:
    """Visit every page that can be reached from the front page; return each address's status."""
    seen: dict[str, int] = {}
    waiting = [site.url]
    for address in waiting:
        if address in seen:
            continue
        # A browser context keeps what may be kept, as a reader's does.
        answer = page.request.get(address)
        seen[address] = answer.status
        path = urlsplit(address).path
        check_headers(path, answer.headers)
        if "text/html" not in answer.headers["content-type"] or answer.status != 200:
            continue
        page.goto(address)
        if page.url == address:
            check_canonical(page, site)
        found = (urldefrag(other)[0].split("?")[0] for other in page.evaluate(ADDRESSES))
        waiting += sorted({other for other in found if other.startswith(site.url)} - seen.keys())
    return seen


def check_headers(path: str, headers: dict[str, str]) -> None:
    assert headers["content-security-policy"].startswith("default-src 'none'"), path
    assert headers["x-content-type-options"] == "nosniff", path
    kept = headers.get("cache-control", "")
    assert (kept == IMMUTABLE) == bool(HASHED.search(path)), f"{path}: {kept}"


def check_canonical(page: Page, site: Served) -> None:
    canonical = page.locator("link[rel=canonical]")
    if canonical.count():
        address = canonical.get_attribute("href") or ""
        assert address.startswith(site.url)
        if not page.locator("meta[http-equiv=refresh]").count():
            assert address == page.url


def test_every_address_that_a_browser_finds_is_answered(site: Served, open_page: OpenPage) -> None:
    statuses = crawl(open_page(site.url), site)
    assert {address: status for address, status in statuses.items() if status != 200} == {}
    paths = {address.removeprefix(site.url) for address in statuses}
    assert {"", "papers/", "papers/complete/", "topics/example-topic/", "about/"} <= paths
    assert len(paths) > 60
    assert any(HASHED.search(f"/{path}") for path in paths)


def test_the_policy_is_in_force(site: Served, open_page: OpenPage, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(site.url)
    assert page.evaluate(INLINE_SCRIPT) == "script-src-elem"
    page.close()


def test_search_finds_a_paper_whose_page_is_there(site: Served, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?q=sorting+networks")
    result = page.locator("main [data-results] h3 a").first
    result.wait_for(timeout=WAIT_SECONDS * 1_000)
    result.click()
    page.wait_for_url(re.compile(re.escape(f"{site.url}papers/related-")))
    assert "sorting networks" in page.locator("h1").inner_text()


def test_feeds_and_the_sitemap_name_the_site_they_are_of(site: Served, open_page: OpenPage) -> None:
    page = open_page(site.url)
    offered = page.locator("link[rel=alternate][type='application/atom+xml']")
    addresses = [str(link.get_attribute("href")) for link in offered.all()]
    assert addresses
    for address in addresses:
        absolute = page.evaluate("address => new URL(address, document.baseURI).href", address)
        feed = etree.fromstring(page.request.get(absolute).body())
        (own,) = feed.findall(f"{ATOM}link[@rel='self']")
        assert own.get("href") == absolute
        links = [str(link.get("href")) for link in feed.iter(f"{ATOM}link")]
        assert [link for link in links if not link.startswith(site.url)] == []
    sitemap = etree.fromstring(page.request.get(f"{site.url}sitemap.xml").body())
    places = [str(place.text) for place in sitemap.iter("{*}loc")]
    assert [place for place in places if not place.startswith(site.url)] == []
    assert all(page.request.get(place).status == 200 for place in places)


def test_an_address_without_a_page_is_answered_with_the_sites_own(
    site: Served, open_page: OpenPage
) -> None:
    address = f"{site.url}papers/gone/"
    page = open_page(address, missing=True)
    home = page.locator("header a").first
    assert home.evaluate("link => link.href") == site.url
    home.click()
    page.wait_for_url(site.url)
