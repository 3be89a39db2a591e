"""Reading a content folder: what is found, in which order, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from scenarios import codes, write_digest

from broadsheet.effects.scanning import Scan, scan_content

RECORD = "---\ntitle: x\n---\n"


def scan(root: Path, files: dict[str, str | bytes]) -> Scan:
    return scan_content(write_digest(root, files))


def problems_of(found: Scan) -> list[tuple[str, str]]:
    return [(diagnostic.span.path, diagnostic.message) for diagnostic in found.diagnostics]


def test_files_come_in_the_order_of_their_paths_folder_by_folder(tmp_path: Path) -> None:
    names = ["papers/b.md", "papers/a/z.md", "papers/a.md", "topics/t.md", "pages/p.md"]
    found = scan(tmp_path, {f"content/{name}": RECORD for name in names})
    assert [raw.path for raw in found.records] == [
        "content/papers/a.md",
        "content/papers/a/z.md",
        "content/papers/b.md",
        "content/topics/t.md",
        "content/pages/p.md",
    ]
    assert {raw.content for raw in found.records} == {RECORD.encode()}
    assert found.site is not None
    assert found.people is None
    assert found.diagnostics == ()


def test_a_digest_without_any_folder_has_no_records(tmp_path: Path) -> None:
    found = scan(tmp_path, {})
    assert (found.records, found.static, found.diagnostics) == ((), (), ())


def test_what_editors_and_systems_leave_is_passed_over(tmp_path: Path) -> None:
    left = [".a.md.swp", "a.md~", "a.md.bak", "a.md.orig", "b.tmp", ".DS_Store", ".git/c.md"]
    found = scan(tmp_path, {f"content/papers/{name}": "x" for name in left})
    assert (found.records, found.diagnostics) == ((), ())


def test_static_dotfiles_are_published_and_only_litter_is_passed_over(tmp_path: Path) -> None:
    kept = [".htaccess", ".well-known/security.txt", "a.bak", "b.tmp", "c.orig", "d/.hidden", "#e"]
    left = [".DS_Store", "Thumbs.db", "a~", ".a.swp", "b.swo", ".#c", "#d#", ".git/HEAD", "x/.git"]
    ours = [".broadsheet.json", ".broadsheet-new-x", ".broadsheet/lock"]
    found = scan(tmp_path, {f"content/static/{name}": "x" for name in (*kept, *left, *ours)})
    assert (found.static, found.diagnostics) == (tuple(sorted(kept)), ())


def test_what_an_editor_has_not_saved_yet_is_passed_over(tmp_path: Path) -> None:
    root = write_digest(tmp_path, {"content/papers/#a.md#": "x"})
    (root / "content" / "papers" / ".#a.md").symlink_to("me@host.1")
    found = scan_content(root)
    assert (found.records, found.diagnostics) == ((), ())


def test_a_file_that_is_no_record_is_left_out_with_a_warning(tmp_path: Path) -> None:
    found = scan(tmp_path, {"content/papers/a.txt": "x", "content/papers/b.MD": RECORD})
    assert codes(found.diagnostics) == ["unexpected-file", "unexpected-file"]
    assert {diagnostic.severity.value for diagnostic in found.diagnostics} == {"warning"}
    assert found.records == ()


def test_static_files_keep_their_folders(tmp_path: Path) -> None:
    found = scan(tmp_path, {"content/static/b/c.png": b"\x00", "content/static/a.txt": "x"})
    assert found.static == ("a.txt", "b/c.png")


@pytest.mark.parametrize("folder", ["papers", "static"])
@pytest.mark.parametrize("target", ["secret.txt", "secrets", "nothing"])
def test_a_link_out_of_the_digest_is_not_followed(tmp_path: Path, folder: str, target: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "secrets").mkdir()
    root = write_digest(tmp_path / "digest", {f"content/{folder}/a.md": RECORD})
    (root / "content" / folder / "x.md").symlink_to(tmp_path / target)
    found = scan_content(root)
    message = "the link leads out of the digest"
    assert problems_of(found) == [(f"content/{folder}/x.md", message)]
    assert codes(found.diagnostics) == ["unreadable-file"]


def test_a_link_within_the_digest_is_followed(tmp_path: Path) -> None:
    root = write_digest(tmp_path, {"content/static/a.txt": "x"})
    (root / "content" / "static" / "b.txt").symlink_to("a.txt")
    assert scan_content(root).static == ("a.txt", "b.txt")


def test_what_is_neither_a_file_nor_a_folder_is_refused_and_not_opened(tmp_path: Path) -> None:
    root = write_digest(tmp_path, {"content/papers/a.md": RECORD})
    os.mkfifo(root / "content" / "papers" / "pipe.md")
    message = "this is neither a file nor a folder"
    assert problems_of(scan_content(root)) == [("content/papers/pipe.md", message)]


@pytest.mark.parametrize("folder", ["papers", "static"])
def test_a_name_that_is_not_utf8_is_refused_in_words_that_can_be_printed(
    tmp_path: Path, folder: str
) -> None:
    root = write_digest(tmp_path, {f"content/{folder}/a.md": RECORD})
    name = os.fsencode(root / "content" / folder) + b"/\xff.md"
    with open(name, "wb") as stream:  # noqa: PTH123 - a name of bytes
        stream.write(RECORD.encode())
    message = "the file's name is not UTF-8 text"
    assert problems_of(scan_content(root)) == [(f"content/{folder}/\ufffd.md", message)]


@pytest.mark.parametrize(
    ("number", "words"), [(5, "Input/output error"), (13, "Permission denied")]
)
def test_a_file_that_the_disk_refuses_is_a_diagnostic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    root = write_digest(tmp_path, {"content/papers/a.md": RECORD, "content/papers/b.md": RECORD})
    read = open

    def refuse(file: os.PathLike[str], *options: Any, **others: Any) -> Any:
        if os.fspath(file).endswith("a.md"):
            raise OSError(number, words)
        return read(file, *options, **others)

    monkeypatch.setattr("builtins.open", refuse)
    found = scan_content(root)
    message = f"the file cannot be read: {words}"
    assert problems_of(found) == [("content/papers/a.md", message)]
    assert [raw.path for raw in found.records] == ["content/papers/b.md"]
