"""The preview in a real browser: what an editor sees while files are saved, broken and mended."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import OpenPage
from playwright.sync_api import Browser, Page, expect
from preview_server import PreviewServer
from scenarios import paper, record, write_digest

from broadsheet.assembly.project import default_theme_folder

pytestmark = pytest.mark.browser

# A change is on the screen in a fraction of a second, unless the machine has much else to do.
expect.set_options(timeout=20_000)

LONG = "\n\n".join(f"Paragraph {n} of a long note that is scrolled through." for n in range(80))
FILES = {
    "content/papers/alpha.md": paper(
        "The alpha paper", LONG, topics="[agents]", featured="2025-03-19", authors="[Ada Lovelace]"
    ),
    "content/papers/beta.md": paper("The beta paper", topics="[agents]", featured="2025-03-19"),
    "content/papers/secret.md": paper("The secret paper", status="draft", featured="2025-03-19"),
    "content/topics/agents.md": record(name="Agents"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_digest(tmp_path / "digest", FILES)


@pytest.fixture
def preview(root: Path) -> Iterator[PreviewServer]:
    with PreviewServer(root) as server:
        yield server


def save(root: Path, path: str, text: str) -> None:
    """Save a file as most editors do: beside it, and then over it."""
    target = root / path
    beside = target.with_name(f".{target.name}.tmp-save")
    beside.write_text(text, encoding="utf-8")
    beside.replace(target)


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    save(root, path, text.replace(old, new))


def mark(page: Page) -> None:
    """Leave something in the page that does not outlive a reload."""
    page.evaluate("window.wasHere = true")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("window.wasHere === true"))


def overlay(page: Page) -> str:
    """Return the text of the overlay, once it is there."""
    dialog = page.locator("broadsheet-preview dialog[open]")
    expect(dialog).to_be_visible()
    return dialog.inner_text()


def test_a_save_changes_the_page_and_keeps_its_place(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(f"{preview.url}papers/alpha/")
    page.evaluate("scrollTo({top: 700, behavior: 'instant'})")
    edit(root, "content/papers/alpha.md", "The alpha paper", "A better title")

    expect(page.locator("h1")).to_have_text("A better title")
    page.wait_for_function("scrollY === 700")


def test_a_reload_fetches_nothing_but_the_page(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(f"{preview.url}papers/alpha/")
    expect(page.locator("broadsheet-preview .source")).not_to_be_empty()
    edit(root, "content/papers/alpha.md", "The alpha paper", "A better title")

    expect(page.locator("h1")).to_have_text("A better title")
    expect(page.locator("broadsheet-preview .source")).not_to_be_empty()
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').map(({ name, transferSize }) =>"
        " [new URL(name).pathname, transferSize])"
    )
    names = {re.sub(r"\.[0-9a-f]{10}\.", ".", name) for name, _ in loaded}
    assert names > {"/assets/broadsheet.css", "/_broadsheet/assets/preview.js"}
    assert [name for name, size in loaded if size] == []


def test_only_tabs_whose_page_has_changed_reload(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    alpha = open_page(f"{preview.url}papers/alpha/")
    beta = open_page(f"{preview.url}papers/beta/")
    expect(beta.locator("broadsheet-preview .source")).to_have_text("content/papers/beta.md")
    for page in (alpha, beta):
        # Whatever is caught up with in the background has been, so that it changes nothing later.
        expect(page.locator("broadsheet-preview .status")).to_be_empty(timeout=60_000)
        mark(page)
    edit(root, "content/papers/alpha.md", "Paragraph 3 of", "Paragraph three of")

    expect(alpha.locator("main")).to_contain_text("Paragraph three of")
    assert not is_marked(alpha)
    assert is_marked(beta)


def test_a_stylesheet_is_swapped_without_a_reload(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    own = root / "templates" / "static" / "broadsheet.css"
    page = open_page(f"{preview.url}papers/alpha/")
    own.parent.mkdir(parents=True)
    shutil.copyfile(default_theme_folder() / "static" / "broadsheet.css", own)
    with own.open("a") as sheet:
        sheet.write("\nh1 { outline: 3px solid rgb(1, 2, 3) }\n")
    expect(page.locator("h1")).to_have_css("outline-color", "rgb(1, 2, 3)")
    expect(page.locator("broadsheet-preview .status")).to_be_empty(timeout=60_000)
    mark(page)
    save(root, "templates/static/broadsheet.css", own.read_text().replace("(1, 2, 3)", "(4, 5, 6)"))

    expect(page.locator("h1")).to_have_css("outline-color", "rgb(4, 5, 6)")
    assert is_marked(page)
    expect(page.locator("head link[rel=stylesheet]")).to_have_count(1)

    edit(root, "content/papers/alpha.md", "The alpha paper", "After the swap")
    expect(page.locator("h1")).to_have_text("After the swap")


def test_an_error_lies_over_the_last_good_page_until_it_is_mended(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(f"{preview.url}papers/alpha/")
    other = open_page(f"{preview.url}papers/beta/")
    # What is put off until the files are quiet has been done before the error.
    expect(page.locator("broadsheet-preview .status")).to_be_empty(timeout=60_000)
    edit(root, "content/papers/alpha.md", "featured: 2025-03-19", "featured: 19/03/2025")

    text = overlay(page)
    assert "Front matter" in text
    assert "content/papers/alpha.md:4:11" in text
    assert re.search(r"4 │ featured: 19/03/2025\n +│ +\^{10}\n", text), text
    assert "Hint" in text
    assert page.locator("h1").inner_text() == "The alpha paper"
    page.mouse.click(640, 880)
    assert page.evaluate("document.activeElement.localName") == "broadsheet-preview"

    # The last good page is whole, also when everything has been made anew.
    edit(root, "content/papers/beta.md", "topics: [agents]", "topics: []")
    expect(other.locator(".labels")).to_have_count(0)
    page.reload()
    expect(page.locator("main")).to_contain_text("Paragraph 79 of")
    assert "19/03/2025" in overlay(page)

    edit(root, "content/papers/alpha.md", "19/03/2025", "2025-03-19")
    expect(page.locator("broadsheet-preview dialog[open]")).to_have_count(0)


def test_one_bad_record_costs_the_others_nothing(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    edit(root, "content/papers/alpha.md", "topics:", "topcs:")
    preview.wait_for("unknown-field")
    page = open_page(f"{preview.url}papers/beta/")

    assert "did you mean 'topics'" in overlay(page).lower().replace("’", "'")
    page.keyboard.press("Escape")
    expect(page.locator("broadsheet-preview dialog[open]")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("The beta paper")
    page.goto(f"{preview.url}papers/alpha/")
    expect(page.locator("h1")).to_have_text("The alpha paper")
    # What was hidden stays hidden until something else is wrong, and can be asked for.
    expect(page.locator("broadsheet-preview .count")).to_have_text("1 error")
    expect(page.locator("broadsheet-preview dialog[open]")).to_have_count(0)
    page.locator("broadsheet-preview .count").click()
    overlay(page)


def test_a_broken_template_lies_over_the_last_good_page(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(f"{preview.url}papers/alpha/")
    template = '{% extends "default/paper.html" %}\n{% block main %}\n<h1>{{ view.titel }}</h1>\n'
    write_digest(root, {"templates/paper.html": template + "{% endblock %}\n"})

    text = overlay(page)
    assert "Template" in text
    assert "templates/paper.html:3:" in text
    assert "titel" in text
    assert page.locator("h1").inner_text() == "The alpha paper"

    save(root, "templates/paper.html", template)
    expect(page.locator("broadsheet-preview h2")).to_contain_text("block")
    edit(root, "templates/paper.html", "titel", "title")
    (root / "templates/paper.html").write_text(
        template.replace("titel", "title") + "<p id=own>mine</p>{% endblock %}\n"
    )
    expect(page.locator("#own")).to_have_text("mine")
    expect(page.locator("broadsheet-preview dialog[open]")).to_have_count(0)


def test_drafts_are_shown_and_marked(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(preview.url)
    expect(page.get_by_role("link", name="The secret paper").first).to_be_visible()
    page.goto(f"{preview.url}papers/secret/")
    expect(page.locator(".badge.draft")).to_have_text("Draft")
    edit(root, "content/papers/secret.md", "status: draft", "status: published")
    expect(page.locator(".badge.draft")).to_have_count(0)


@pytest.mark.slow
def test_search_finds_what_was_saved_and_says_when_it_is_behind(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(f"{preview.url}papers/beta/")
    note = page.locator("broadsheet-preview .status")
    # Before the first message there is no note either, and perhaps no index.
    expect(page.locator("broadsheet-preview .source")).not_to_be_empty()
    expect(note).to_be_empty(timeout=60_000)
    page.goto(f"{preview.url}search/?q=lovelace")
    expect(page.locator("main [data-results] > li")).to_have_count(1)
    edit(root, "content/papers/beta.md", "The beta paper", "Wombats at large")
    expect(note).to_have_text("Catching up: search and related papers")
    expect(note).to_be_empty(timeout=60_000)

    page.goto(f"{preview.url}search/?q=wombats")
    expect(page.locator("main [data-results] a").first).to_have_text("Wombats at large")


def test_a_renamed_paper_takes_its_tab_along(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(f"{preview.url}papers/beta/")
    expect(page.locator("broadsheet-preview .source")).to_have_text("content/papers/beta.md")
    (root / "content/papers/beta.md").rename(root / "content/papers/gamma.md")

    page.wait_for_url(f"{preview.url}papers/gamma/")
    expect(page.locator("h1")).to_have_text("The beta paper")


@pytest.mark.slow
def test_a_deleted_paper_leaves_the_page_for_what_is_missing(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(f"{preview.url}papers/beta/", missing=True)
    text = (root / "content/papers/beta.md").read_text()
    (root / "content/papers/beta.md").unlink()
    expect(page.locator("h1")).not_to_have_text("The beta paper")
    save(root, "content/papers/beta.md", text)
    expect(page.locator("h1")).to_have_text("The beta paper")


@pytest.mark.slow
def test_a_deleted_topic_is_an_error_at_each_paper_that_names_it(
    root: Path, preview: PreviewServer, open_page: OpenPage
) -> None:
    page = open_page(f"{preview.url}papers/alpha/")
    (root / "content/topics/agents.md").unlink()
    text = overlay(page)
    assert "1 of 2 problems" in text
    assert "content/papers/alpha.md:3:10" in text
    assert "content/papers/beta.md:3:10" in text

    write_digest(root, {"content/topics/agents.md": FILES["content/topics/agents.md"]})
    expect(page.locator("broadsheet-preview dialog[open]")).to_have_count(0)


@pytest.mark.slow
def test_a_folder_that_is_moved_in_brings_its_papers(
    root: Path, preview: PreviewServer, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(f"{preview.url}papers/")
    write_digest(tmp_path / "other", {"2025/deep/new.md": paper("The paper in a folder")})
    (tmp_path / "other" / "2025").rename(root / "content" / "papers" / "2025")
    expect(page.get_by_role("link", name="The paper in a folder")).to_be_visible()
    # The folder is followed from now on.
    edit(root, "content/papers/2025/deep/new.md", "in a folder", "in a followed folder")
    expect(page.get_by_role("link", name="The paper in a followed folder")).to_be_visible()
    shutil.rmtree(root / "content" / "papers" / "2025")
    expect(page.get_by_role("link", name="The paper in a followed folder")).to_have_count(0)


def test_errors_at_the_start_are_served_too(tmp_path: Path, open_page: OpenPage) -> None:
    root = write_digest(tmp_path, FILES | {"content/site.yaml": "title: [\n"})
    with PreviewServer(root) as server:
        page = open_page(server.url)
        assert "content/site.yaml:" in overlay(page)
        save(root, "content/site.yaml", "title: Mended at last\n")
        expect(page.locator(".nameplate")).to_have_text("Mended at last")
        expect(page.locator("broadsheet-preview dialog[open]")).to_have_count(0)
        page.close()


def test_below_a_path_the_addresses_are_those_of_production(
    tmp_path: Path, open_page: OpenPage
) -> None:
    site = "title: Below\nbase_url: https://example.org/a/b/\n"
    root = write_digest(tmp_path, FILES | {"content/site.yaml": site})
    with PreviewServer(root) as server:
        assert server.url.endswith("/a/b/")
        page = open_page(f"{server.origin}/")
        assert page.url == server.url
        page.get_by_role("link", name="The beta paper").first.click()
        assert page.url == f"{server.url}papers/beta/"
        edit(root, "content/papers/beta.md", "The beta paper", "Below the path")
        expect(page.locator("h1")).to_have_text("Below the path")
        page.close()


def test_a_page_opens_its_source_in_the_editor(
    root: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    editor = tmp_path / "code"
    editor.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/opened.part"\n'
        f'mv "{tmp_path}/opened.part" "{tmp_path}/opened"\n'
    )
    editor.chmod(0o755)
    with PreviewServer(root, "--editor", environment={"VISUAL": str(editor)}) as server:
        page = open_page(f"{server.url}papers/beta/")
        page.get_by_role("button", name="content/papers/beta.md").click()
        while not (tmp_path / "opened").exists():
            page.wait_for_timeout(20)
        page.close()
        opened = (tmp_path / "opened").read_text()
    assert opened == f"-g\n{root}/content/papers/beta.md:1:1\n"


@pytest.mark.slow
def test_polling_follows_files_without_events(root: Path, open_page: OpenPage) -> None:
    with PreviewServer(root, "--poll") as server:
        page = open_page(f"{server.url}papers/beta/")
        edit(root, "content/papers/beta.md", "The beta paper", "Seen by looking")
        expect(page.locator("h1")).to_have_text("Seen by looking")
        page.close()


@pytest.mark.slow
def test_a_tab_finds_its_server_again(root: Path, chromium: Browser) -> None:
    # Requests fail here, so the page is not one that is watched.
    page = chromium.new_page()
    with PreviewServer(root) as server:
        page.goto(f"{server.url}papers/beta/")
        port = str(server.port)
    edit(root, "content/papers/beta.md", "The beta paper", "Saved meanwhile")
    expect(page.locator("broadsheet-preview .status")).to_have_text(
        "The preview server has stopped"
    )
    with PreviewServer(root, "--port", port):
        expect(page.locator("h1")).to_have_text("Saved meanwhile")
    page.close()
