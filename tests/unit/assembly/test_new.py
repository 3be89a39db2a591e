"""A new digest: complete, sound, and never at the cost of what was there."""

from __future__ import annotations

import os
import shutil
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from builds import publish, tree

from broadsheet import __version__
from broadsheet.assembly.commands import EXIT_CONTENT, EXIT_DONE, EXIT_USAGE, main
from broadsheet.domain.dates import parse_day

FILES = {
    ".gitignore",
    "README.md",
    "requirements.txt",
    "content/site.yaml",
    "content/digests/2025-03-19.md",
    "content/pages/about.md",
    "content/permalinks.txt",
    "content/papers/2306.03078.md",
    "content/papers/2403.02884.md",
    "content/papers/2407.21787.md",
    "content/topics/mathematical-reasoning.md",
    "content/topics/quantization.md",
    "content/topics/test-time-scaling.md",
}


def make(folder: Path, *words: str) -> int:
    return main(["new", str(folder), "--day", "2025-03-19", "--quiet", *words])


def test_a_new_digest_is_complete_and_builds_without_a_word(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "daily-papers"
    address = "https://papers.example/a"
    assert make(root, "--base-url", address, "--curator", "Ada") == EXIT_DONE
    assert set(tree(root)) == FILES
    assert main(["-C", str(root), "check", "--strict", "--quiet"]) == EXIT_DONE
    site = publish(root, has_search=False, is_strict=True)
    front = (site / "index.html").read_text(encoding="utf-8")
    assert "Daily papers" in front
    assert "Three papers to begin with" in front
    assert "https://papers.example/a/" in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert len(list(site.glob("papers/2*/index.html"))) == 3


def test_its_addresses_are_recorded_as_check_would_do_it(tmp_path: Path) -> None:
    for day in ("2025-03-19", "2024-12-30"):
        root = tmp_path / day
        assert main(["new", str(root), "--day", day, "--quiet"]) == EXIT_DONE
        ledger = root / "content" / "permalinks.txt"
        before = ledger.read_bytes()
        ledger.unlink()
        assert main(["-C", str(root), "check", "--fix", "--quiet"]) == EXIT_DONE
        assert ledger.read_bytes() == before


def test_its_requirements_name_the_version_that_made_it(tmp_path: Path) -> None:
    assert make(tmp_path / "new") == EXIT_DONE
    text = (tmp_path / "new" / "requirements.txt").read_text(encoding="utf-8")
    assert f"\nbroadsheet~={__version__}\n" in text


def test_the_first_digest_is_of_today_unless_a_day_is_given(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "new"), "--quiet"]) == EXIT_DONE
    (note,) = (tmp_path / "new" / "content" / "digests").iterdir()
    assert isinstance(parse_day(note.stem), date)
    for paper in (tmp_path / "new" / "content" / "papers").iterdir():
        assert f"\nfeatured: {note.stem}\n" in paper.read_text(encoding="utf-8")


@pytest.mark.parametrize("title", ['A "b" \\ c: #d', "@day@ and @title@", "论文 é", "- x", "no"])
def test_any_title_is_kept_to_the_letter(tmp_path: Path, title: str) -> None:
    assert make(tmp_path / "new", "--title", title, "--curator", title) == EXIT_DONE
    assert main(["-C", str(tmp_path / "new"), "check", "--strict", "--quiet"]) == EXIT_DONE
    site = publish(tmp_path / "new", has_search=False)
    feed = (site / "feed.xml").read_text(encoding="utf-8")
    assert title in unescape(feed)


@pytest.mark.parametrize(
    "words", [["--title", "two\nlines"], ["--title", " "], ["--base-url", "x"], ["--day", "now"]]
)
def test_what_cannot_be_a_setting_is_wrong_usage(tmp_path: Path, words: list[str]) -> None:
    assert make(tmp_path / "new", *words) == EXIT_USAGE
    assert not (tmp_path / "new").exists()


def test_every_file_in_the_way_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "site.yaml").write_text("title: Mine\n")
    (tmp_path / "content" / "papers").write_text("a file where a folder would be")
    (tmp_path / "README.md").symlink_to("nowhere")
    before = tree(tmp_path)
    assert make(tmp_path) == EXIT_CONTENT
    said = capsys.readouterr().err
    assert [line.split(":")[0] for line in said.splitlines() if "error[" in line] == [
        "README.md",
        "content/papers",
        "content/site.yaml",
    ]
    assert tree(tmp_path) == before


def test_a_folder_with_other_files_is_added_to(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("mine")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main")
    assert make(tmp_path) == EXIT_DONE
    assert set(tree(tmp_path)) == FILES | {"LICENSE", ".git/HEAD"}


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    assert make(tmp_path / "taken") == EXIT_CONTENT
    assert tree(tmp_path) == {"taken": b"mine"}


@pytest.mark.parametrize("is_there", [False, True])
def test_a_disk_that_fills_up_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    root = tmp_path / "new"
    if is_there:
        root.mkdir()
        (root / "LICENSE").write_text("mine")
    before = tree(tmp_path)
    placed: list[object] = []
    real = os.link if is_there else Path.write_bytes

    def fail_later(*arguments: object) -> object:
        placed.append(arguments)
        if len(placed) > 5:
            raise OSError(28, "No space left on device")
        return real(*arguments)  # type: ignore[arg-type]

    if is_there:
        monkeypatch.setattr(os, "link", fail_later)
        monkeypatch.setattr(shutil, "copyfileobj", fail_later)
    else:
        monkeypatch.setattr(Path, "write_bytes", fail_later)
    assert make(root) == 3
    monkeypatch.undo()
    assert len(placed) > 5
    assert tree(tmp_path) == before


def test_feeds_begin_with_ids_made_of_the_host_and_the_day(tmp_path: Path) -> None:
    assert make(tmp_path / "new", "--base-url", "https://papers.example:8443/a") == EXIT_DONE
    text = (tmp_path / "new" / "content" / "site.yaml").read_text(encoding="utf-8")
    assert "\nfeed:\n  authority: papers.example,2025-03-19\n" in text
    feed = (publish(tmp_path / "new", has_search=False) / "feed.xml").read_text(encoding="utf-8")
    assert "<id>tag:papers.example,2025-03-19:feed</id>" in feed
    assert "<id>tag:papers.example,2025-03-19:paper:2403.02884</id>" in feed


def test_without_an_address_the_settings_ask_for_the_authority(tmp_path: Path) -> None:
    assert make(tmp_path / "new") == EXIT_DONE
    text = (tmp_path / "new" / "content" / "site.yaml").read_text(encoding="utf-8")
    assert "\n# feed:\n#   authority: papers.example,2025-03-19\n" in text
    asked = text.replace("# feed:", "feed:").replace("#   authority", "  authority")
    (tmp_path / "new" / "content" / "site.yaml").write_text(asked, encoding="utf-8")
    assert main(["-C", str(tmp_path / "new"), "check", "--strict", "--quiet"]) == EXIT_DONE
