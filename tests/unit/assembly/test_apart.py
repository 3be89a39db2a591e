"""`build --verify` proves a site, and `build --zip` packs one for readers without a server."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from builds import publish, tree
from scenarios import paper, write_digest

from broadsheet.assembly.commands import EXIT_BUG, EXIT_CONTENT, EXIT_DONE, EXIT_USAGE, main
from broadsheet.workers.html_links import PageLinks

PAPERS = {
    f"content/papers/p{n}.md": paper(f"Paper {n}", f"See [[p{1 - n}]].", featured="2025-03-19")
    for n in range(2)
}
ABOUT = {"content/pages/about.md": "---\ntitle: About\n---\nSee [the papers](/papers/#top).\n"}
OWN = {"templates/page.html": '{% extends "default/page.html" %}', "templates/static/x.css": "a{}"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_digest(tmp_path_factory.mktemp("built"), {**PAPERS, **ABOUT, **OWN})
    root.joinpath("content/pages/about.md").write_text("---\ntitle: About\n---\n[P](/papers/)\n")
    publish(root, base_url="https://papers.example/a/")
    return root


@pytest.fixture
def digest(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "digest"))


def verify(root: Path, *words: str) -> int:
    address = ("--base-url", "https://papers.example/a/")
    return main(["-C", str(root), "build", "--verify", *address, *words])


def test_a_site_is_proved_in_another_folder_and_nothing_is_written(
    digest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(digest)
    assert verify(digest) == EXIT_DONE
    assert "a build from nothing gives the same bytes" in capsys.readouterr().out
    assert tree(digest) == before


def change_page(root: Path) -> None:
    (root / "site" / "papers" / "p0" / "index.html").write_text("mine")


def lose_page(root: Path) -> None:
    (root / "site" / "papers" / "p0" / "index.html").unlink()


def add_page(root: Path) -> None:
    (root / "site" / "notes.html").write_text("mine")


def lose_fragment(root: Path) -> None:
    next((root / "site" / "pagefind" / "fragment").iterdir()).unlink()


def damage_index(root: Path) -> None:
    next((root / "site" / "pagefind").glob("*.pf_meta")).write_bytes(b"mine")


def change_content(root: Path) -> None:
    about = root / "content" / "pages" / "about.md"
    about.write_text(about.read_text().replace("About", "Colophon"))


def change_template(root: Path) -> None:
    (root / "templates" / "page.html").write_text("{{ view.title }}")


def add_paper(root: Path) -> None:
    (root / "content" / "papers" / "p9.md").write_text(paper("Paper 9"))


FAULTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a page was changed": (change_page, ["papers/p0/index.html: error", "the manifest's"]),
    "a page was lost": (lose_page, ["papers/p0/index.html: error", "is missing"]),
    "a page was added": (add_page, ["notes.html: error", "not in the manifest"]),
    "a part of the index was lost": (lose_fragment, ["pagefind: error", "files are missing"]),
    "the index was damaged": (damage_index, ["pagefind: error", "missing or damaged"]),
    "the content has changed": (change_content, ["about/index.html: error", "other bytes"]),
    "a template has changed": (change_template, ["about/index.html: error", "other bytes"]),
    "a paper is new": (add_paper, ["papers/p9/index.html: error", "indexes other papers"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_not_as_it_should_be_is_named(
    digest: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    spoil, messages = FAULTS[fault]
    spoil(digest)
    assert verify(digest) == EXIT_CONTENT
    said = capsys.readouterr().err
    assert [message for message in messages if message not in said] == []


def test_other_options_give_other_bytes(digest: Path) -> None:
    assert main(["-C", str(digest), "build", "--verify"]) == EXIT_CONTENT
    assert verify(digest, "--as-of", "2025-03-18") == EXIT_CONTENT


def test_what_a_host_keeps_is_nobodys_fault(digest: Path) -> None:
    (digest / "site" / "CNAME").write_text("papers.example")
    (digest / "site" / ".git").mkdir()
    (digest / "site" / ".git" / "HEAD").write_text("ref")
    assert verify(digest) == EXIT_DONE


def test_without_a_site_there_is_nothing_to_prove(digest: Path) -> None:
    shutil.rmtree(digest / "site")
    assert verify(digest) == EXIT_USAGE


def pack(root: Path, target: Path) -> int:
    return main(["-C", str(root), "build", "--zip", str(target), "--quiet"])


def test_the_pages_of_an_archive_lead_to_files(digest: Path, tmp_path: Path) -> None:
    before = tree(digest)
    assert pack(digest, tmp_path / "papers.zip") == EXIT_DONE
    assert tree(digest) == before
    with zipfile.ZipFile(tmp_path / "papers.zip") as archive:
        names = archive.namelist()
        pages = {name: archive.read(name).decode() for name in names if name.endswith(".html")}
    assert names == sorted(names)
    assert all(name.startswith("papers/") for name in names)
    assert not [name for name in names if "pagefind" in name or "404" in name or "/." in name]
    assert len(pages) > 10
    followed = 0
    for name, page in pages.items():
        for address in PageLinks(page).addresses:
            target, _ = urldefrag(urljoin(f"file:///{name}", address.partition("?")[0]))
            # Roots that a script puts names behind stay as they are.
            if target.startswith("file:") and f'data-root="{address}"' not in page:
                followed += 1
                assert target.removeprefix("file:///") in names, (name, address)
    assert followed > 100


def test_an_archive_is_the_same_each_time(digest: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert pack(digest, tmp_path / name / "papers.zip") == EXIT_DONE
    one, two = ((tmp_path / name / "papers.zip").read_bytes() for name in ("one", "two"))
    assert one == two
    assert pack(digest, tmp_path / "one" / "papers.zip") == EXIT_DONE


def test_an_archive_is_written_over_nothing_else(digest: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    assert pack(digest, tmp_path / "thesis.tex") == EXIT_BUG
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_errors_in_content_make_no_archive(digest: Path, tmp_path: Path) -> None:
    (digest / "content" / "papers" / "p0.md").write_text("no front matter")
    assert pack(digest, tmp_path / "papers.zip") == EXIT_CONTENT
    assert not (tmp_path / "papers.zip").exists()
