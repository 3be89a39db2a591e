"""Every guard stops a site that is really so, says why, and lets it pass when told exactly."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from builds import publish
from scenarios import write_digest

from broadsheet.assembly.commands import EXIT_CONTENT, EXIT_DONE, EXIT_USAGE, main

PAPERS = 12
FEATURED = (
    "---\ntitle: 'Paper {n}'\nauthors: [Ada {n} Lovelace, Bo {n} Hu, Cy {n} Oz, Di {n} Ek]\n---\n"
)


def write_papers(root: Path, count: int) -> None:
    papers = {f"content/papers/p{n}.md": FEATURED.format(n=n) for n in range(count)}
    write_digest(root, papers)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A digest of twelve papers, built, guarded once, and so remembered."""
    root = tmp_path_factory.mktemp("deployed")
    write_papers(root, PAPERS)
    publish(root)
    assert guard(root) == EXIT_DONE
    return root


@pytest.fixture
def digest(deployed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(deployed, tmp_path / "digest"))


def guard(root: Path, *words: str) -> int:
    return main(["-C", str(root), "deploy", "guard", *words])


def lose_papers(root: Path) -> None:
    for n in range(3, PAPERS):
        (root / "content" / "papers" / f"p{n}.md").unlink()
    publish(root)


def lose_all_papers(root: Path) -> None:
    shutil.rmtree(root / "content" / "papers")
    publish(root)


def lose_pages(root: Path) -> None:
    site = (root / "content" / "site.yaml").read_text()
    (root / "content" / "site.yaml").write_text(site + "authors:\n  min_papers: 0\n")
    publish(root)


def lose_search(root: Path) -> None:
    publish(root, has_search=False)


def lose_part_of_the_index(root: Path) -> None:
    fragments = sorted((root / "site" / "pagefind" / "fragment").iterdir())
    fragments[0].unlink()


def break_a_link(root: Path) -> None:
    base = '{% extends "default/base.html" %}\n{% block head_extra %}'
    link = '<link rel="help" href="{{ root }}gone/">{% endblock %}'
    (root / "templates").mkdir()
    (root / "templates" / "base.html").write_text(base + link)
    publish(root)


def promise_an_address(root: Path) -> None:
    ledger = root / "content" / "permalinks.txt"
    ledger.write_text("# every address that was ever published\n/papers/p1/\n/papers/gone/\n")


CASES: dict[str, tuple[Callable[[Path], None], list[str], str]] = {
    "papers": (
        lose_papers,
        ["papers-drop=9", "pages-drop=45"],
        "3 papers, 9 fewer than the 12 deployed before",
    ),
    "no papers": (lose_all_papers, ["no-papers", "pages-drop=61"], "the site has no papers"),
    "pages": (lose_pages, ["pages-drop=49"], "49 fewer than the"),
    "search": (lose_search, ["no-search"], "the search index is not whole: there is none"),
    "part of the index": (lose_part_of_the_index, ["no-search"], "more files are missing"),
    "link": (break_a_link, ["broken-links={}"], "'../../gone/' in authors/"),
    "address": (promise_an_address, ["lost-addresses=1"], "1 promised address is gone"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_loss_stops_a_deploy_until_it_is_allowed_to_the_letter(
    digest: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    lose, overrides, message = CASES[name]
    lose(digest)
    before = (digest / ".broadsheet" / "deployed.json").read_bytes()
    capsys.readouterr()
    assert guard(digest) == EXIT_CONTENT
    said = capsys.readouterr().err
    assert message in said
    pages = len(list((digest / "site").rglob("*.html")))
    typed = [override.format(pages) for override in overrides]
    offered = [line.rsplit(" ", 1)[1] for line in said.splitlines() if "--allow" in line]
    assert sorted(offered) == sorted(typed)
    # What was remembered stays until a site passes.
    assert (digest / ".broadsheet" / "deployed.json").read_bytes() == before

    wrong = [text.replace("=", "=1") for text in typed if "=" in text]
    for text in wrong:
        assert guard(digest, "--allow", text) == EXIT_CONTENT
    assert guard(digest, *(word for text in typed for word in ("--allow", text))) == EXIT_DONE
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.startswith("allowed by ")] != []


def test_an_override_can_stand_in_the_environment(
    digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_papers(digest)
    monkeypatch.setenv("BROADSHEET_ALLOW", "papers-drop=9 pages-drop=45")
    assert guard(digest) == EXIT_DONE
    monkeypatch.delenv("BROADSHEET_ALLOW")
    assert guard(digest) == EXIT_DONE


@pytest.mark.parametrize("text", ["all", "papers-drop", "papers-drop=x", "no-search=1", "*", ""])
def test_an_override_names_what_it_allows(digest: Path, text: str) -> None:
    assert guard(digest, "--allow", text) == EXIT_USAGE


def test_a_small_change_passes(digest: Path) -> None:
    (digest / "content" / "papers" / "p0.md").unlink()
    publish(digest)
    assert guard(digest) == EXIT_DONE


def test_the_share_that_may_go_can_be_set(digest: Path) -> None:
    lose_papers(digest)
    assert guard(digest, "--percent", "80") == EXIT_DONE


def test_a_preview_is_measured_and_not_remembered(digest: Path) -> None:
    lose_papers(digest)
    assert guard(digest, "--preview") == EXIT_CONTENT
    allowed = ("--allow", "papers-drop=9", "--allow", "pages-drop=45")
    assert guard(digest, "--preview", *allowed) == EXIT_DONE
    assert guard(digest) == EXIT_CONTENT


def test_what_is_remembered_and_cannot_be_read_stops_a_deploy(digest: Path) -> None:
    (digest / ".broadsheet" / "deployed.json").write_text('{"papers": 1')
    assert guard(digest) == EXIT_USAGE


def test_without_a_built_site_there_is_nothing_to_guard(digest: Path) -> None:
    shutil.rmtree(digest / "site")
    assert guard(digest) == EXIT_USAGE


@pytest.mark.parametrize(
    ("base_url", "rules", "code"),
    [
        ("", "/papers/gone/ /papers/p1/ 301\n", EXIT_DONE),
        ("https://a.example/a/b/", "/a/b/papers/gone/ /a/b/papers/p1/ 301\n", EXIT_DONE),
        ("https://a.example/a/b/", "/papers/gone/ /papers/p1/ 301\n", EXIT_CONTENT),
        ("", "/papers/gone/ /papers/gone/index.html 410!\n", EXIT_DONE),
    ],
)
def test_an_address_that_leads_on_keeps_its_promise(
    digest: Path, base_url: str, rules: str, code: int
) -> None:
    if base_url:
        publish(digest, base_url=base_url)
    promise_an_address(digest)
    (digest / "site" / "_redirects").write_text(rules)
    assert guard(digest) == code


def test_what_is_below_a_removed_address_is_not_missed(digest: Path) -> None:
    (digest / "content" / "permalinks.txt").write_text("/topics/gone/feed.xml\n")
    assert guard(digest) == EXIT_CONTENT
    (digest / "content" / "removed.yaml").write_text("/topics/gone/: We no longer follow it.\n")
    publish(digest)
    assert guard(digest) == EXIT_DONE


def test_what_is_queued_is_not_missed_before_its_day(digest: Path) -> None:
    queued = {
        "content/people.yaml": "eve:\n  name: Eve\n",
        "content/papers/later.md": (
            "---\ntitle: Later\nauthors: [Eve]\nfeatured: 2025-03-06\naliases: [soon]\n---\n"
        ),
    }
    write_digest(digest, queued)
    assert main(["-C", str(digest), "check", "--fix", "--quiet"]) == EXIT_DONE
    assert "/authors/eve/\n" in (digest / "content" / "permalinks.txt").read_text()
    publish(digest, as_of=date(2025, 3, 5))
    assert guard(digest) == EXIT_CONTENT
    assert guard(digest, "--as-of", "2025-03-06") == EXIT_CONTENT
    assert guard(digest, "--as-of", "2025-03-05") == EXIT_DONE
