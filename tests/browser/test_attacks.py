r"""Hostile text in every field and in bodies: nothing runs, loads or leaves.

Every page of a digest of attacks is opened twice in a real browser: with the site's own response
headers, and with none, so that the policy hides no hole. Bodies, those that the build refuses
included, are looked at as fragments too, as they would stand on a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from browser.attack_corpus import (
    ALL_ATTACKS,
    AWAY,
    BODY_ATTACKS,
    REFUSED_BODIES,
    as_line,
    convert_attack,
    group_attacks,
    is_taken,
    write_attacked_digest,
)
from browser.conftest import build_digest
from browser.site_server import SiteServer
from playwright.sync_api import Browser, Page
from scenarios import check, codes, paper, write_digest

from broadsheet.foundations.diagnostics import Severity
from broadsheet.planning.headers import HeaderPolicy
from broadsheet.planning.texts import ROOT_MARK
from broadsheet.workers.tex.lines import convert_line
from broadsheet.workers.tex.parsing import TexReport

pytestmark = pytest.mark.browser

# Runs before a page's own scripts: everything an attack may call is only noted.
WATCH = """
window.attacked = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = (...words) => { window.attacked.push(`${name}(${words})`); };
addEventListener("securitypolicyviolation", event =>
    window.attacked.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
# What no page may hold, however it came there; handlers that are there are run as well.
FIND = """() => {
    const found = [...window.attacked];
    const banned = "iframe, frame, object, embed, applet, base, meta[http-equiv=refresh], portal," +
        " main style, main link, main svg script, main svg animate, main foreignObject," +
        " main form:not(.search)";
    for (const element of document.querySelectorAll(banned)) found.push(element.outerHTML);
    for (const script of document.querySelectorAll("script")) {
        // What programs read of a paper is no script; nothing in it may begin or end a tag.
        const isRead = script.type === "application/ld+json" && !/[<>]/.test(script.textContent);
        const own = script.src ? script.src.startsWith(location.origin + "/") :
            script.parentElement === document.head &&
            (isRead ? JSON.parse(script.textContent) : !script.textContent.includes("alert"));
        if (!own) found.push(script.outerHTML);
    }
    for (const element of document.querySelectorAll("*")) {
        for (const {name, value} of element.attributes) {
            const address = value.replace(/[\\u0000-\\u0020]/g, "").toLowerCase();
            const isAddress = !["alt", "alttext", "content", "title", "value"].includes(name);
            if (/^on/i.test(name) || name === "style" || name === "srcdoc" ||
                (isAddress && /^(javascript|vbscript|data):/.test(address)))
                found.push(`${element.tagName} ${name}=${value}`);
        }
    }
    for (const type of ["mouseover", "click", "focus", "pointerenter", "toggle", "error", "load"])
        for (const element of document.querySelectorAll("main *:not(a, button, input, select)"))
            element.dispatchEvent(new Event(type, {bubbles: false}));
    const words = selector => document.querySelector(selector)?.innerText ?? "";
    return {found: [...new Set([...found, ...window.attacked])], title: document.title,
        heading: words("h1"), text: words("main")};
}"""


class NoPolicy(HeaderPolicy, frozen=True):
    """Response headers without a Content-Security-Policy."""

    def headers_for(self, path: str) -> dict[str, str]:
        """Return the headers without the policy."""
        headers = super().headers_for(path)
        del headers["Content-Security-Policy"]
        return headers


class Seen(NamedTuple):
    """What one page showed: its title, its heading and all text of its main part."""

    title: str
    heading: str
    text: str


class Witness:
    """A page in which many addresses are opened, and what it saw."""

    def __init__(self, browser: Browser, origin: str) -> None:
        """Open a window.

        Args:
            browser: The running Chromium.
            origin: The only origin that may be asked for anything.
        """
        self.complaints: list[str] = []
        self.pages: dict[str, Seen] = {}
        self._origin = origin
        self.context = browser.new_context()
        self.context.add_init_script(WATCH)
        self.context.on("request", lambda request: self._note_request(request.url, origin))
        self.page: Page = self.context.new_page()
        self.page.on("dialog", self._note_dialog)
        self.page.on("popup", lambda popup: self.complaints.append(f"popup {popup.url}"))

    def _note_request(self, url: str, origin: str) -> None:
        if not url.startswith((origin + "/", "data:image/")):
            self.complaints.append(f"request {url}")

    def _note_dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open(self, file: str) -> None:
        """Open a page and note what it shows and everything that is wrong with it."""
        url = f"{self._origin}/{file}"
        self.page.goto(url)
        seen = self.page.evaluate(FIND)
        if self.page.url != url:
            seen["found"].append(f"went to {self.page.url}")
        self.complaints += [f"{file}: {complaint}" for complaint in seen.pop("found")]
        self.pages[file] = Seen(**seen)


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The digest of attacks, built, and beside its pages the fragments of all bodies."""
    root = tmp_path_factory.mktemp("attacked")
    write_attacked_digest(root)
    output = tmp_path_factory.mktemp("built") / "site"
    build_digest(root, output)
    folder = output / "fragments"
    folder.mkdir()
    for number, attacks in enumerate(group_attacks((*BODY_ATTACKS, *REFUSED_BODIES))):
        fragments = (convert_attack(attack).text.html for attack in attacks)
        html = "<hr>".join(fragments).replace(ROOT_MARK, "/")
        page = f'<!doctype html><meta charset="utf-8"><title>F</title><main>{html}</main>'
        (folder / f"{number:03}.html").write_text(page, encoding="utf-8")
    return output


@pytest.fixture(
    scope="module", params=[HeaderPolicy(), NoPolicy()], ids=["with-policy", "without-policy"]
)
def witness(request: pytest.FixtureRequest, chromium: Browser, attacked: Path) -> Iterator[Witness]:
    """All pages, opened with the site's own headers and without a policy."""
    files = sorted(path.relative_to(attacked).as_posix() for path in attacked.rglob("*.html"))
    with SiteServer({"/": attacked}, request.param) as server:
        witness = Witness(chromium, server.origin)
        for file in files:
            if not file.startswith("pagefind/"):
                witness.open(file)
        yield witness
        witness.context.close()


def test_there_are_as_many_attacks_as_promised() -> None:
    assert len(set(ALL_ATTACKS)) == len(ALL_ATTACKS) >= 120


def test_nothing_runs_loads_or_leaves_on_any_page(witness: Witness) -> None:
    assert len(witness.pages) > len(BODY_ATTACKS) + 100
    assert witness.complaints == []


def test_hostile_text_is_read_as_it_was_written(witness: Witness) -> None:
    for number, attack in enumerate(BODY_ATTACKS):
        line, _ = convert_line((), as_line(attack), TexReport(), has_links=True)
        if "<math" in line.html:
            continue
        words = fold(line.plain)
        seen = witness.pages[f"papers/p{number:03}/index.html"]
        assert fold(seen.heading) == words, attack
        assert words in fold(seen.title), attack
        # The heading, the TL;DR and both paragraphs of the abstract.
        assert fold(seen.text).count(words) >= 4, attack


def test_the_witness_sees_what_an_attack_would_do(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("open")
    holes = {
        "script": "<script>alert(1)</script>",
        "handler": "<img src=none onerror=alert(1)>",
        "address": "<a href='java\nscript:alert(1)'>x</a>",
        "away": f"<img src='{AWAY}/x.png'>",
        "frame": "<iframe></iframe>",
        "hover": "<p onmouseover=alert(1)>x</p>",
    }
    for name, hole in holes.items():
        (folder / f"{name}.html").write_text(f"<!doctype html><title>x</title><main>{hole}</main>")
    with SiteServer({"/": folder}, NoPolicy()) as server:
        for name in holes:
            witness = Witness(chromium, server.origin)
            witness.open(f"{name}.html")
            witness.page.wait_for_timeout(50)
            witness.context.close()
            assert witness.complaints, name


def fold(text: str) -> str:
    """Return text as a reader compares it: small letters, without white space."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text).lower()


@pytest.mark.parametrize("attack", REFUSED_BODIES)
def test_bodies_that_lead_somewhere_unsafe_are_errors(attack: str, tmp_path: Path) -> None:
    found = check(write_digest(tmp_path, {"content/papers/a.md": paper("A", attack)})).diagnostics
    assert set(codes(found)) & {"unsafe-url", "broken-link"}
    assert any(diagnostic.severity is Severity.ERROR for diagnostic in found)


@pytest.mark.parametrize(
    "sign", ["\x08", "\x1b", "\x7f", "\x9b", "\\0", "\\x08", "\\x1b", "\\uFEFF"]
)
def test_fields_with_controls_are_errors(sign: str, tmp_path: Path) -> None:
    record = f'---\ntitle: "<scr{sign}ipt>"\n---\n'
    found = check(write_digest(tmp_path, {"content/papers/a.md": record})).diagnostics
    assert codes(found) in (["control-character"], ["yaml-escape"])


def test_most_attacks_are_tried_in_bodies_that_build() -> None:
    assert sum(map(is_taken, BODY_ATTACKS)) >= 120
