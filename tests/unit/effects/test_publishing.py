"""Publishing: what is refused, what is carried over, what vanishes."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from builds import build, litter, names_in, publish, tree
from scenarios import codes, paper, write_digest

from broadsheet.assembly.project import default_theme_folder
from broadsheet.effects import publishing
from broadsheet.effects.manifest import read_manifest
from broadsheet.effects.publishing import check_output


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A digest of two papers, one of them filed in a folder."""
    files = {
        "content/papers/a.md": paper("First paper", featured="2025-01-06"),
        "content/papers/old/b.md": paper("Second paper", featured="2025-01-07"),
    }
    return write_digest(tmp_path / "digest", files)


def refusal(output: Path, root: Path) -> list[tuple[str, str]]:
    found = check_output(output, root, default_theme_folder())
    return [(diagnostic.code.value, diagnostic.message) for diagnostic in found]


REFUSED = {
    "/": "is the root of the file system",
    "~": "is the home folder",
    "{root}": "is the digest's own root",
    "{root}/..": "holds the sources (content/)",
    "{root}/content": "holds the sources (content/)",
    "{root}/content/static/site": "lies inside the sources (content/)",
    "{root}/templates": "holds the sources (templates/)",
    "{root}/templates/site": "lies inside the sources (templates/)",
    "{theme}": "holds the sources (templates/)",
    "{theme}/site": "lies inside the sources (templates/)",
}


@pytest.mark.parametrize("place", REFUSED)
def test_a_place_that_holds_something_else_is_refused(root: Path, place: str) -> None:
    named = place.format(root=root, theme=default_theme_folder())
    output = Path(named).expanduser()
    assert refusal(output, root) == [("output-refused", f"the output folder {REFUSED[place]}")]


@pytest.mark.parametrize("place", ["sub", "papers/a", "new/folder"])
def test_a_place_inside_a_published_site_is_refused(root: Path, place: str) -> None:
    site = publish(root, has_search=False)
    before = tree(site)
    message = f"the output folder lies inside the published site '{site}'"
    assert refusal(site / place, root) == [("output-refused", message)]
    assert build(root, output=site / place, has_search=False).how == ""
    assert tree(site) == before
    assert build(root, has_search=False).diagnostics == ()


def test_only_a_folder_with_files_is_to_be_emptied(root: Path) -> None:
    publish(root, has_search=False)
    (root / "mine").mkdir()
    (root / "mine" / "thesis.tex").write_text("mine")
    (root / "file").write_text("mine")
    (root / "link").symlink_to(root / "mine")
    theme = default_theme_folder()
    places = [Path(place.format(root=root, theme=theme)).expanduser() for place in REFUSED]
    others = [root / "site" / "sub", root / "file", root / "link"]
    hints = {
        diagnostic.hint
        for output in (*places, *others)
        for diagnostic in check_output(output, root, theme)
    }
    assert hints == {"choose a folder of its own with -o"}
    (found,) = check_output(root / "mine", root, theme)
    assert found.hint == "choose a folder of its own with -o, or empty it first"


def test_a_file_is_refused(root: Path) -> None:
    (root / "site").write_text("mine")
    assert refusal(root / "site", root) == [("output-refused", "the output folder is a file")]


def test_a_folder_with_files_and_without_our_manifest_is_refused(root: Path) -> None:
    (root / "site").mkdir()
    (root / "site" / "thesis.tex").write_text("mine")
    message = "the output folder is not empty and has no .broadsheet.json of ours"
    assert refusal(root / "site", root) == [("output-refused", message)]


def test_a_manifest_that_cannot_be_read_is_none(root: Path) -> None:
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text("mine")
    (root / "site" / ".broadsheet.json").write_text("{not json")
    message = "the output folder is not empty and has no .broadsheet.json of ours"
    assert refusal(root / "site", root) == [("output-refused", message)]


@pytest.mark.parametrize("is_dangling", [False, True])
def test_a_symbolic_link_is_refused(root: Path, tmp_path: Path, *, is_dangling: bool) -> None:
    target = tmp_path / "elsewhere"
    if not is_dangling:
        target.mkdir()
    (root / "site").symlink_to(target)
    message = f"the output folder is a symbolic link; name '{target}' itself"
    assert refusal(root / "site", root) == [("output-refused", message)]
    assert build(root, has_search=False).how == ""
    assert (root / "site").is_symlink()


def test_a_link_on_the_way_to_the_output_is_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    output = publish(root, output=tmp_path / "link" / "site", has_search=False)
    assert tree(output) == tree(tmp_path / "real" / "site")


def test_content_reached_through_a_link_is_refused_too(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root / "content")
    message = "the output folder lies inside the sources (content/)"
    assert refusal(tmp_path / "link" / "site", root) == [("output-refused", message)]


@pytest.mark.parametrize("stray", ["notes.txt", "papers/notes.txt", "new/folder/.hidden"])
def test_a_file_that_no_build_wrote_stops_the_build(root: Path, stray: str) -> None:
    output = publish(root, has_search=False)
    (output / stray).parent.mkdir(parents=True, exist_ok=True)
    (output / stray).write_text("mine")
    before = tree(output)
    result = build(root, has_search=False)
    assert codes(result.diagnostics) == ["output-changed"]
    message = f"the output folder holds '{stray}', which no build wrote"
    assert result.diagnostics[0].message == message
    assert result.how == ""
    assert tree(output) == before


def test_a_link_that_no_build_wrote_stops_the_build(root: Path, tmp_path: Path) -> None:
    output = publish(root, has_search=False)
    (output / "papers" / "mine").symlink_to(tmp_path)
    result = build(root, has_search=False)
    message = "the output folder holds 'papers/mine', which no build wrote"
    assert [diagnostic.message for diagnostic in result.diagnostics] == [message]


def test_what_a_host_keeps_at_the_root_survives(root: Path, tmp_path: Path) -> None:
    output = root / "site"
    kept = {
        ".gitkeep": b"",
        ".env": b"SECRET=1",
        "CNAME": b"papers.example",
        ".git/HEAD": b"ref: refs/heads/main",
        ".git/objects/ab/cd": b"\x00",
        ".well-known/security.txt": b"Contact: x",
    }
    for name, content in kept.items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(content)
    (output / ".link").symlink_to("CNAME")
    kept[".link"] = b"CNAME"
    inode = (output / ".git").stat().st_ino
    for number in range(4):
        write_digest(root, {"content/papers/a.md": paper(f"Title {number}")})
        assert build(root, has_search=False).how == "exchanged"
        built = tree(output)
        assert {name: built.get(name) for name in kept} == kept
    assert (output / ".git").stat().st_ino == inode
    assert "index.html" in built


def test_an_output_with_nothing_but_dotfiles_is_taken(root: Path) -> None:
    (root / "site").mkdir()
    (root / "site" / ".gitkeep").touch()
    result = build(root, has_search=False)
    assert result.how == "exchanged"
    assert (root / "site" / ".gitkeep").is_file()


def test_a_cname_among_the_static_files_stands_above_the_host_s(root: Path) -> None:
    output = root / "site"
    output.mkdir()
    (output / "CNAME").write_text("host.example")
    write_digest(root, {"content/static/CNAME": "ours.example"})
    publish(root, has_search=False)
    assert (output / "CNAME").read_text() == "ours.example"
    (root / "content" / "static" / "CNAME").unlink()
    publish(root, has_search=False)
    assert not (output / "CNAME").exists()


OURS = {
    ".htaccess": "ErrorDocument 404 /404.html",
    ".well-known/security.txt": "Contact: ours",
    ".well-known/deep/er.txt": "ours",
}
THEIRS = {
    ".htaccess": b"host",
    ".well-known/security.txt": b"Contact: host",
    ".well-known/acme-challenge/token": b"host",
    ".well-known/deep": b"host",
    ".git/HEAD": b"ref",
}


def write_host_files(output: Path, names: Iterable[str] = THEIRS) -> None:
    for name in names:
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(THEIRS[name])


def dotted(output: Path) -> dict[str, bytes]:
    """Return what stands at a site's root under dots, without what every build writes."""
    known = (".broadsheet.json", ".nojekyll")
    built = tree(output).items()
    return {name: text for name, text in built if name.startswith(".") and name not in known}


@pytest.mark.parametrize("how", ["exchanged", "renamed", "replaced"])
def test_static_dotfiles_stand_above_the_host_s_which_stand_beside_them(
    root: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    output = root / "site"
    write_host_files(output)
    prevent_exchange(monkeypatch, how)
    write_digest(root, {f"content/static/{name}": text for name, text in OURS.items()})
    for number in range(3):
        write_digest(root, {"content/papers/a.md": paper(f"Title {number}")})
        result = build(root, has_search=False)
        assert (result.how, result.diagnostics) == (how, ())
        assert dotted(output) == {
            **{name: text.encode() for name, text in OURS.items()},
            ".well-known/acme-challenge/token": b"host",
            ".git/HEAD": b"ref",
        }
        assert litter(root) == []
    listed = read_manifest(output)
    assert listed is not None
    assert {name for name in listed.files if name.startswith(".")} == {".nojekyll", *OURS}


@pytest.mark.parametrize("how", ["exchanged", "renamed", "replaced"])
def test_static_dotfiles_that_are_gone_vanish_and_the_host_s_stay(
    root: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    write_digest(root, {f"content/static/{name}": text for name, text in OURS.items()})
    output = publish(root, has_search=False)
    write_host_files(output, [".well-known/acme-challenge/token", ".git/HEAD"])
    prevent_exchange(monkeypatch, how)
    shutil.rmtree(root / "content" / "static")
    for number in range(2):
        write_digest(root, {"content/papers/a.md": paper(f"Title {number}")})
        assert build(root, has_search=False).how == how
        assert dotted(output) == {
            ".well-known/acme-challenge/token": b"host",
            ".git/HEAD": b"ref",
        }
        assert litter(root) == []


def prevent_exchange(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    def refuse(*_: Path) -> str:
        raise OSError(errno.EBUSY, "Device or resource busy")

    if how == "renamed":
        monkeypatch.setattr(publishing, "_exchange", lambda *_: False)
    if how == "replaced":
        monkeypatch.setattr(publishing, "_move_in", refuse)


def test_a_static_file_that_every_build_writes_is_to_be_deleted(root: Path) -> None:
    write_digest(root, {"content/static/.nojekyll": ""})
    (found,) = build(root, has_search=False).diagnostics
    assert (found.code.value, found.span.path, found.hint) == (
        "address-conflict",
        "content/static/.nojekyll",
        "delete or rename the file",
    )


def test_pages_of_records_that_are_gone_vanish_with_their_folders(root: Path) -> None:
    output = publish(root)
    assert (output / "papers" / "b" / "index.html").is_file()
    fragments = set((output / "pagefind" / "fragment").iterdir())
    (root / "content" / "papers" / "old" / "b.md").unlink()
    publish(root)
    assert not (output / "papers" / "b").exists()
    assert not (output / "digests" / "2025-01-07").exists()
    assert len(set((output / "pagefind" / "fragment").iterdir())) == len(fragments) - 1


def test_a_build_leaves_nothing_beside_the_output(root: Path) -> None:
    for _ in range(2):
        publish(root)
    assert names_in(root) == [".broadsheet", "content", "site"]
    assert litter(root) == []


def test_an_output_elsewhere_is_made_with_its_parents(root: Path, tmp_path: Path) -> None:
    result = build(root, output=tmp_path / "a" / "b" / "c", has_search=False)
    assert result.how == "new"
    assert names_in(tmp_path / "a" / "b") == ["c"]


ERRORS = {
    "a record": {"content/papers/c.md": "---\ntitel: x\n---\n"},
    "a setting": {"content/site.yaml": "title: x\nbase_url: nowhere\n"},
    "a template's syntax": {"templates/paper.html": "{% if %}"},
    "a template's failure": {"templates/paper.html": "{{ view.nothing }}"},
    "a template's absence": {"templates/paper.html": "{% extends 'gone.html' %}"},
    "two outputs at one address": {"content/static/papers/a/index.html": "mine"},
    "a link that leads nowhere": {"content/pages/x.md": "---\ntitle: X\n---\n[a](/gone/)"},
}


@pytest.mark.parametrize("what", ERRORS)
def test_an_error_leaves_the_published_site_byte_for_byte(root: Path, what: str) -> None:
    output = publish(root)
    (output / ".gitkeep").touch()
    before = tree(output)
    stamps = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    write_digest(root, {"content/site.yaml": (root / "content/site.yaml").read_bytes()})
    for path, text in ERRORS[what].items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    result = build(root)
    assert [diagnostic.severity.value for diagnostic in result.diagnostics] == ["error"]
    assert result.how == ""
    assert tree(output) == before
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == stamps
    assert litter(root) == []
