"""What the disk, the system or another program may refuse, and what stands afterwards."""

from __future__ import annotations

import errno
import gzip
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from builds import build, litter, names_in, publish, tree
from scenarios import codes, paper, write_digest

from broadsheet.effects import publishing, replacing, searching, staging
from broadsheet.effects.fresh_files import write_fresh

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A published digest whose records have changed since."""
    files = {
        "content/papers/a.md": paper("First paper"),
        "content/papers/gone.md": paper("Second paper"),
        "content/static/word": "a file that becomes a folder",
        "content/static/dir/x": "a folder that becomes a file",
    }
    root = write_digest(tmp_path / "digest", files)
    publish(root)
    for path in ("papers/gone.md", "static/word", "static/dir/x"):
        (root / "content" / path).unlink()
    (root / "content/static/dir").rmdir()
    changed = {
        "content/papers/a.md": paper("A better title"),
        "content/static/word/x": "now a folder",
        "content/static/dir": "now a file",
    }
    return write_digest(root, changed)


@pytest.fixture
def fresh(root: Path, tmp_path: Path) -> dict[str, bytes]:
    """The site that the changed records make."""
    return tree(publish(root, output=tmp_path / "fresh", has_search=False))


@pytest.mark.parametrize("after", [0, 1, 5])
def test_a_full_disk_while_pages_are_written_leaves_the_old_site(
    root: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    before = tree(root / "site")
    written: list[str] = []

    def fill_up(folder: Path, path: str, content: bytes, published: str | None) -> str:
        if len(written) == after:
            raise FULL
        written.append(path)
        return write_fresh(folder, path, content, published)

    monkeypatch.setattr("broadsheet.assembly.making_pages.write_fresh", fill_up)
    with pytest.raises(OSError, match="No space left"):
        build(root)
    assert tree(root / "site") == before
    assert names_in(root) == [".broadsheet", "content", "site"]


def test_a_full_disk_while_staging_leaves_the_old_site(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(root / "site")

    def fill_up(_: Path, content: bytes) -> None:
        assert content
        raise FULL

    monkeypatch.setattr(staging, "_write_new", fill_up)
    with pytest.raises(OSError, match="No space left"):
        build(root)
    assert tree(root / "site") == before
    assert names_in(root / ".broadsheet") == ["cache", "lock"]
    assert names_in(root) == [".broadsheet", "content", "site"]


def test_a_full_disk_while_copying_the_host_s_files_leaves_the_old_site(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "site" / "CNAME").write_text("papers.example")
    before = tree(root / "site")

    def fill_up(*_: object, **__: object) -> None:
        raise FULL

    monkeypatch.setattr("shutil.copy2", fill_up)
    with pytest.raises(OSError, match="No space left"):
        build(root, has_search=False)
    assert tree(root / "site") == before


def test_an_exchange_that_fails_otherwise_leaves_the_old_site(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(root / "site")

    def fail(*_: Path) -> bool:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(publishing, "_exchange", fail)
    with pytest.raises(OSError, match="Input/output"):
        build(root, has_search=False)
    assert tree(root / "site") == before
    assert litter(root) == []


def test_without_an_exchange_two_renames_give_the_same_site(
    root: Path, fresh: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "site" / ".git").mkdir()
    (root / "site" / ".git" / "HEAD").write_text("ref")
    monkeypatch.setattr(publishing, "_exchange", lambda *_: False)
    assert build(root, has_search=False).how == "renamed"
    assert tree(root / "site") == {**fresh, ".git/HEAD": b"ref"}
    assert litter(root) == []


def test_a_second_rename_that_fails_puts_the_old_site_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(root / "site")
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target == root / "site" and not path.name.endswith(".old"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(publishing, "_exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="Input/output"):
        build(root, has_search=False)
    assert tree(root / "site") == before


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EBUSY, errno.EACCES, errno.EPERM])
def test_a_folder_that_cannot_be_moved_gets_its_files_replaced(
    root: Path, fresh: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    site = root / "site"
    (site / ".git").mkdir()
    (site / ".git" / "HEAD").write_text("ref")
    inode = site.stat().st_ino

    def refuse(*_: Path) -> str:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(publishing, "_move_in", refuse)
    assert build(root, has_search=False).how == "replaced"
    assert tree(site) == {**fresh, ".git/HEAD": b"ref"}
    assert site.stat().st_ino == inode
    assert litter(root) == []


def test_a_missing_folder_on_another_file_system_is_filled(
    root: Path, fresh: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Path) -> str:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(publishing, "_move_in", refuse)
    result = build(root, output=tmp_path / "far" / "site", has_search=False)
    assert (result.how, tree(result.output)) == ("replaced", fresh)


def test_pages_are_replaced_after_everything_that_they_load(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    replace = replacing._replace

    def note(output: Path, relative: str, content: bytes) -> None:
        order.append(relative)
        replace(output, relative, content)

    def refuse(*_: Path) -> str:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(publishing, "_move_in", refuse)
    monkeypatch.setattr(replacing, "_replace", note)
    publish(root)
    pages = [name.endswith(".html") for name in order[1:-1]]
    assert order[0] == order[-1] == ".broadsheet.json"
    assert pages == sorted(pages)
    assert True in pages
    assert False in pages


def refused_search(root: Path) -> list[str]:
    before = tree(root / "site")
    result = build(root)
    assert codes(result.diagnostics) == ["search-failed"]
    assert result.how == ""
    assert tree(root / "site") == before
    assert litter(root) == []
    return [diagnostic.message for diagnostic in result.diagnostics]


def test_a_failing_search_binary_leaves_the_old_site(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 3, "", "out of memory\n")

    monkeypatch.setattr(subprocess, "run", run)
    message = "the search index could not be made: exit status 3: out of memory"
    assert refused_search(root) == [message]


def test_a_search_binary_that_never_ends_leaves_the_old_site(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired(["pagefind"], 1800)

    monkeypatch.setattr(subprocess, "run", run)
    message = (
        "the search index could not be made: Command '['pagefind']' timed out after 1800 seconds"
    )
    assert refused_search(root) == [message]


DAMAGE = {
    "pagefind-entry.json is missing": ("pagefind-entry.json", None),
    "pagefind.js is missing": ("pagefind.js", b""),
    "1 of 2 papers were indexed": (
        "pagefind-entry.json",
        b'{"languages": {"en": {"page_count": 1}}}',
    ),
    "wasm.en.pagefind is empty": ("wasm.en.pagefind", b""),
    "wasm.en.pagefind cannot be read: Compressed file ended before the end-of-stream marker was "
    "reached": ("wasm.en.pagefind", gzip.compress(b"cut off")[:12]),
}


@pytest.mark.parametrize("message", DAMAGE)
def test_an_index_that_is_not_whole_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    write_digest(root, {"content/papers/b.md": paper("Another paper")})
    name, content = DAMAGE[message]
    run = searching._run_pagefind

    def damage(pages: Path, destination: Path) -> str:
        said = run(pages, destination)
        if content is None:
            (destination / name).unlink()
        else:
            (destination / name).write_bytes(content)
        return said

    monkeypatch.setattr(searching, "_run_pagefind", damage)
    assert refused_search(root) == [f"the search index could not be made: {message}"]


@pytest.mark.parametrize("content", [b"{not json", b"{}", b'{"languages": []}'])
def test_an_entry_file_that_cannot_be_read_is_refused_too(
    root: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    run: Any = searching._run_pagefind

    def damage(pages: Path, destination: Path) -> str:
        said = str(run(pages, destination))
        (destination / "pagefind-entry.json").write_bytes(content)
        return said

    monkeypatch.setattr(searching, "_run_pagefind", damage)
    message = "the search index could not be made: pagefind-entry.json cannot be read"
    assert refused_search(root) == [message]
