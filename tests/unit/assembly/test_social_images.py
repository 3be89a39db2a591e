"""Pictures for cards of social networks: which papers have one, and which are drawn anew."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from builds import build, publish
from scenarios import SITE_YAML, check, codes, paper, write_digest

from broadsheet.planning.file_views import SocialImage
from broadsheet.workers import data_files, drawing

ASKED = SITE_YAML + "social_images: true\n"
FILES = {
    "content/site.yaml": ASKED,
    "content/papers/a.md": paper("Attention", authors="[A. Weil]"),
    "content/papers/b.md": paper("Backpropagation", status="retracted"),
    "content/papers/zh.md": paper("大语言模型综述"),
}


def cards(output: Path) -> dict[str, str]:
    """Return the picture that each paper's page names, within the site."""
    found = {}
    for page in sorted(output.glob("papers/*/index.html")):
        named = re.search(
            r'og:image" content="https://example.org/([^"]+)', page.read_text("utf-8")
        )
        assert named is not None
        assert (output / named[1]).is_file()
        found[page.parent.name] = named[1]
    return found


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the titles that are drawn while a test runs."""
    titles: list[str] = []

    def note(view: SocialImage) -> bytes:
        titles.append(view.title)
        return drawing.draw_social_image(view)

    monkeypatch.setitem(data_files.ENCODED_FORMATS, "social-image", note)
    return titles


def test_a_paper_has_its_own_picture_and_one_that_the_font_cannot_write_the_sites(
    tmp_path: Path, drawn: list[str]
) -> None:
    output = publish(write_digest(tmp_path, FILES), has_search=False)
    found = cards(output)
    assert found.pop("zh").startswith("assets/social.")
    assert found == {"a": "papers/a/social.png", "b": "papers/b/social.png"}
    assert drawn == ["Attention", "Retracted: Backpropagation"]
    assert (output / "papers/a/social.png").read_bytes().startswith(b"\x89PNG")


def test_nobody_who_does_not_ask_gets_pictures(tmp_path: Path, drawn: list[str]) -> None:
    output = publish(write_digest(tmp_path, {**FILES, "content/site.yaml": SITE_YAML}))
    assert drawn == []
    assert all(url.startswith("assets/social.") for url in cards(output).values())


def test_only_new_pictures_are_drawn_and_those_of_papers_that_went_are_deleted(
    tmp_path: Path, drawn: list[str]
) -> None:
    root = write_digest(tmp_path, FILES)
    first = (publish(root, has_search=False) / "papers/b/social.png").read_bytes()
    kept = root / ".broadsheet/cache/social"
    assert len(list(kept.iterdir())) == 2
    drawn.clear()

    # Neither a setting that all pages show nor a lost output has a picture drawn again.
    write_digest(root, {"content/site.yaml": ASKED + "tagline: Daily\n"})
    publish(root, has_search=False)
    shutil.rmtree(root / "site")
    output = publish(root, has_search=False)
    assert drawn == []
    assert (output / "papers/b/social.png").read_bytes() == first

    (root / "content/papers/a.md").write_text(paper("Attention again"), "utf-8")
    publish(root, has_search=False)
    assert drawn == ["Attention again"]

    (root / "content/papers/b.md").unlink()
    publish(root, has_search=False)
    assert drawn == ["Attention again"]
    assert len(list(kept.iterdir())) == 1
    assert not (output / "papers/b/social.png").exists()


def test_a_damaged_picture_in_the_cache_is_drawn_again(tmp_path: Path, drawn: list[str]) -> None:
    root = write_digest(tmp_path, FILES)
    output = publish(root, has_search=False)
    before = (output / "papers/a/social.png").read_bytes()
    for file in (root / ".broadsheet/cache/social").iterdir():
        file.write_bytes(file.read_bytes()[:-5])
    shutil.rmtree(output)
    result = build(root, has_search=False)
    assert codes(result.diagnostics) == ["cache-damaged", "cache-damaged"]
    assert (output / "papers/a/social.png").read_bytes() == before
    assert build(root, has_search=False).diagnostics == ()


def test_missing_packages_are_an_error_at_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "_PACKAGES", ("no_such_package",))
    root = write_digest(tmp_path, FILES)
    (diagnostic,) = check(root).diagnostics
    assert (diagnostic.code, diagnostic.span.path, diagnostic.span.line) == (
        "extra-missing",
        "content/site.yaml",
        3,
    )
    assert not build(root, has_search=False).how
