"""Subscribing: the form posts what each provider takes, under the site's own policy."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from browser.conftest import watched_pages
from browser.site_server import SiteServer
from builds import publish
from playwright.sync_api import Browser, Page, Request, Route
from scenarios import check, paper, record, write_digest

pytestmark = pytest.mark.browser

DAILY, WEEKLY, AGENTS, ALL = (f"0000000{n}-0000-4000-8000-000000000000" for n in range(4))
Fields = list[tuple[str, str]]

# For each provider: its settings, the path its form posts to, and what arrives when a reader writes
# an address on the page of the topic and takes the second frequency.
PROVIDERS: dict[str, tuple[str, str, Fields]] = {
    "mailchimp": (
        """
  address: ORIGIN/subscribe/post?u=0f1e&id=9a8b&f_id=00c1
  frequency_field: MMERGE3
  frequencies: {day: Every day, week: Every week}
  topics: {agents: 'group[8229][4]'}
  hidden: {tags: "4711"}
""",
        "/subscribe/post?u=0f1e&id=9a8b&f_id=00c1",
        [
            ("EMAIL", "ada@example.org"),
            ("MMERGE3", "Every week"),
            ("group[8229][4]", "4"),
            ("tags", "4711"),
            ("b_0f1e_9a8b", ""),
        ],
    ),
    "listmonk": (
        f"""
  address: ORIGIN/lists
  frequencies: {{day: {DAILY}, week: {WEEKLY}}}
  topics: {{agents: {AGENTS}}}
  lists: [{ALL}]
""",
        "/lists/subscription/form",
        [
            ("email", "ada@example.org"),
            ("l", WEEKLY),
            ("l", AGENTS),
            ("l", ALL),
            ("nonce", ""),
        ],
    ),
    "form": (
        """
  address: ORIGIN/join?list=a%26b
  email_field: mail
  frequency_field: every
  frequencies: {day: "1", week: "7"}
  topic_field: about[]
  topics: {agents: Agents & tools}
  honeypot: website
""",
        "/join?list=a%26b",
        [
            ("mail", "ada@example.org"),
            ("every", "7"),
            ("about[]", "Agents & tools"),
            ("website", ""),
        ],
    ),
    "buttondown": (
        """
  address: my-digest
  frequencies: {day: daily, week: weekly}
  topics: {agents: agents}
""",
        "/api/emails/embed-subscribe/my-digest",
        [("email", "ada@example.org"), ("tag", "weekly"), ("tag", "agents"), ("embed", "1")],
    ),
}


THANKS = b"<!doctype html><title>Please confirm</title>"


class Provider:
    """A stand-in for a provider: notes what is posted to it, and answers with a page.

    Attributes:
        origin: Where it listens.
        posts: Path and fields of each form that came.
    """

    def __init__(self) -> None:
        """Bind a free port on this machine."""
        posts: list[tuple[str, Fields]] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                body = self.rfile.read(size).decode()
                assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
                posts.append((self.path, parse_qsl(body, keep_blank_values=True)))
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(THANKS)))
                self.end_headers()
                self.wfile.write(THANKS)

            def do_GET(self) -> None:
                self.send_response(204)  # the browser asks for an icon
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.posts = posts
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def providing() -> Iterator[Provider]:
    """Run a provider for the time of a block."""
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
    thread.join()


@contextmanager
def serving(root: Path, newsletter: str) -> Iterator[SiteServer]:
    """Build a digest with a newsletter and serve it under its own policy."""
    write_digest(
        root,
        {
            "content/site.yaml": f"title: D\nbase_url: https://example.org/\n{newsletter}",
            "content/topics/agents.md": record(name="Agents"),
            "content/papers/a.md": paper("A", topics="[agents]", featured="2025-03-19"),
        },
    )
    policy = check(root).plan.policy
    with SiteServer({"/": publish(root, has_search=False)}, policy) as server:
        yield server


def fill(page: Page) -> None:
    """Write an address as a person would, and take the second frequency."""
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Weekly").check()


def subscribe(page: Page, address: str, path: str) -> list[str]:
    """Subscribe on a page, and return what the browser complained of."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    fill(page)
    page.get_by_role("button", name="Subscribe").click()
    page.wait_for_url("**" + path.split("?", maxsplit=1)[0] + "*")
    assert page.title() == "Please confirm"
    return said


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_form_posts_the_exact_fields_of_the_provider_with_and_without_script(
    name: str, tmp_path: Path, chromium: Browser
) -> None:
    settings, path, fields = PROVIDERS[name]
    told: list[tuple[str, Fields]] = []

    def answer(route: Route, request: Request) -> None:
        where = request.url.removeprefix("https://buttondown.com")
        told.append((where, parse_qsl(request.post_data or "")))
        route.fulfill(content_type="text/html", body=THANKS)

    with providing() as provider:
        settings = settings.replace("ORIGIN", provider.origin)
        with serving(tmp_path, f"newsletter:\n  provider: {name}{settings}") as server:
            for has_script in (True, False):
                context = chromium.new_context(java_script_enabled=has_script)
                # Buttondown's address is not ours to set, so it is answered for here.
                context.route("https://buttondown.com/**", answer)
                page = context.new_page()
                assert subscribe(page, f"{server.origin}/topics/agents/", path) == []
                context.close()
        told += provider.posts
    assert [(where, sorted(what)) for where, what in told] == [(path, sorted(fields))] * 2


def test_a_form_of_another_origin_is_blocked_by_the_policy(
    tmp_path: Path, chromium: Browser
) -> None:
    with providing() as provider, providing() as other:
        settings = f"newsletter: {{provider: form, address: '{provider.origin}/join'}}\n"
        with serving(tmp_path, settings) as server:
            page = chromium.new_page()
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.goto(server.origin)
            page.evaluate(f"document.querySelector('.subscribe form').action = '{other.origin}/x'")
            page.get_by_label("Email address").fill("ada@example.org")
            page.get_by_role("button", name="Subscribe").click(no_wait_after=True)
            page.wait_for_timeout(300)
            page.close()
        assert other.posts == []
        assert any("form-action" in line for line in said)


def test_without_an_address_nothing_is_posted(tmp_path: Path, chromium: Browser) -> None:
    with providing() as provider:
        settings = f"newsletter: {{provider: form, address: '{provider.origin}/join'}}\n"
        with serving(tmp_path, settings) as server, watched_pages(chromium) as open_page:
            page = open_page(server.origin + "/")
            page.get_by_role("button", name="Subscribe").click()
            page.wait_for_timeout(200)
            assert page.url == server.origin + "/"
        assert provider.posts == []


def test_without_a_provider_there_are_feeds_and_an_address_and_no_form(
    tmp_path: Path, chromium: Browser
) -> None:
    newsletter = "newsletter: {contact: digest@example.org}\n"
    with serving(tmp_path, newsletter) as server, watched_pages(chromium) as open_page:
        for path in ("/", "/topics/agents/", "/digests/2025-03-19/"):
            block = open_page(server.origin + path).locator(".subscribe")
            assert block.locator("form").count() == 0
            links = block.locator("a").evaluate_all("all => all.map(a => a.href)")
            assert "mailto:digest@example.org" in links
            assert f"{server.origin}/feed.xml" in links


def run_axe(page: Page, source: str) -> list[str]:
    page.evaluate(source)
    found = page.evaluate("axe.run()")
    return [violation["id"] for violation in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_is_accessible(
    scheme: Any, tmp_path: Path, axe_source: str, chromium: Browser
) -> None:
    settings, _, _ = PROVIDERS["mailchimp"]
    settings = settings.replace("ORIGIN", "https://a.us1.list-manage.com")
    with serving(tmp_path, f"newsletter:\n  provider: mailchimp{settings}") as server:
        context = chromium.new_context(
            color_scheme=scheme, bypass_csp=True, viewport={"width": 320, "height": 800}
        )
        page = context.new_page()
        for path in ("/", "/topics/agents/"):
            page.goto(server.origin + path)
            assert run_axe(page, axe_source) == []
            overflow = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(overflow) <= 0
        context.close()
