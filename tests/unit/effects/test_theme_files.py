"""Reading a theme from disk: layers, what is passed over, and what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from broadsheet.effects.theme_files import read_theme
from broadsheet.foundations.diagnostics import Diagnostic


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A digest's own templates: one template and one asset."""
    folder = tmp_path / "templates"
    (folder / "static").mkdir(parents=True)
    (folder / "paper.html").write_text("mine")
    (folder / "static" / "house.css").write_text("a {}")
    return folder


@pytest.fixture
def default(tmp_path: Path) -> Path:
    """A default theme of two templates and two assets."""
    folder = tmp_path / "theme"
    (folder / "static").mkdir(parents=True)
    for name in ("paper.html", "page.html", "static/house.css", "static/theme.css"):
        (folder / name).write_text(f"default {name}")
    return folder


def found(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str, int]]:
    return [(d.code.value, d.span.path, d.span.line) for d in diagnostics]


def test_own_files_stand_above_the_default_ones_and_are_told_apart(
    default: Path, own: Path
) -> None:
    files = read_theme(default, own)
    paths = {name: source.path for name, source in files.theme.templates.items()}
    assert paths == {
        "paper.html": "templates/paper.html",
        "page.html": "default/page.html",
        "default/paper.html": "default/paper.html",
        "default/page.html": "default/page.html",
    }
    assert files.theme.own == ("paper.html",)
    assert [(asset.name, asset.content) for asset in files.assets] == [
        ("house.css", b"a {}"),
        ("theme.css", b"default static/theme.css"),
    ]
    assert files.diagnostics == ()


def test_a_digest_whose_folder_is_the_default_theme_overrides_nothing(default: Path) -> None:
    files = read_theme(default, default)
    assert files.theme.own == ()
    assert files.theme.templates["paper.html"].path == "templates/paper.html"


def test_what_editors_and_systems_leave_is_passed_over(default: Path, own: Path) -> None:
    clean = read_theme(default, own)
    (own / ".#paper.html").symlink_to("me@host.1")
    for name in ("#paper.html#", "paper.html~", ".paper.html.swp", ".DS_Store", "x.html.orig"):
        (own / name).write_bytes(b"\xff")
        (own / "static" / name).write_bytes(b"\xff")
    (own / ".git").mkdir()
    (own / ".git" / "x.html").write_bytes(b"\xff")
    assert read_theme(default, own) == clean


def test_a_template_that_is_not_utf8_is_located(default: Path, own: Path) -> None:
    (own / "paper.html").write_bytes(b"one\n\xff")
    assert found(read_theme(default, own).diagnostics) == [("encoding", "templates/paper.html", 2)]


@pytest.mark.parametrize("name", ["page.html", "static/house.svg"])
def test_a_link_that_leads_nowhere_is_reported(default: Path, own: Path, name: str) -> None:
    (own / name).symlink_to("nowhere")
    files = read_theme(default, own)
    assert found(files.diagnostics) == [("unreadable-file", f"templates/{name}", 0)]


def test_a_link_to_a_template_is_followed(default: Path, own: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.html").write_text("shared")
    (own / "page.html").symlink_to(tmp_path / "elsewhere.html")
    assert read_theme(default, own).theme.templates["page.html"].text == "shared"


def test_a_pipe_is_reported_and_not_opened(default: Path, own: Path) -> None:
    os.mkfifo(own / "page.html")
    files = read_theme(default, own)
    assert found(files.diagnostics) == [("unreadable-file", "templates/page.html", 0)]


def test_a_file_that_the_disk_refuses_is_reported(
    default: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == own / "paper.html":
            raise OSError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = read_theme(default, own).diagnostics
    assert problem.message == "the file cannot be read: Permission denied"


def test_a_name_that_is_not_utf8_is_reported(default: Path, own: Path) -> None:
    with open(os.fsencode(own) + b"/\xff.html", "wb"):  # noqa: PTH123 - a name of bytes
        pass
    files = read_theme(default, own)
    assert found(files.diagnostics) == [("invalid-id", "templates/\ufffd.html", 0)]
