"""The cache: what was written comes back under its key alone, and damage is a warning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import codes

from broadsheet.effects.caching import FORMAT, read_cached, write_cached
from broadsheet.foundations.diagnostics import Severity
from broadsheet.planning.relations import RelatedPaper

KIND = dict[str, tuple[RelatedPaper, ...]]
VALUE = {"a": (RelatedPaper("b", ("quantization", "β")), RelatedPaper("c", ())), "b": ()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cache's file in a folder that is yet to be made."""
    return tmp_path / "cache" / "related"


def test_a_value_comes_back_under_its_key(path: Path) -> None:
    write_cached(path, "key", VALUE)
    assert read_cached(path, "key", KIND) == (VALUE, ())


def test_another_key_gives_nothing_and_is_no_problem(path: Path) -> None:
    write_cached(path, "key", VALUE)
    assert read_cached(path, "other", KIND) == (None, ())


def test_a_file_that_does_not_exist_gives_nothing_and_is_no_problem(path: Path) -> None:
    assert read_cached(path, "key", KIND) == (None, ())


def test_a_name_holds_the_newest_value_alone(path: Path) -> None:
    write_cached(path, "old", VALUE)
    write_cached(path, "new", {})
    assert read_cached(path, "new", KIND) == ({}, ())
    assert read_cached(path, "old", KIND) == (None, ())
    assert [file.name for file in path.parent.iterdir()] == ["related"]


def test_a_file_of_another_version_s_form_is_not_damaged(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"broadsheet-cache-0 key sum\nbody")
    assert read_cached(path, "key", KIND) == (None, ())


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "zeros": lambda content: bytes(len(content)),
    "foreign": lambda _: b"something else",
    "cut short": lambda content: content[:-1],
    "cut in the head": lambda content: content[: len(FORMAT) + 3],
    "longer": lambda content: content + b"x",
    "one bit": lambda content: content[:-3] + bytes([content[-3] ^ 1]) + content[-2:],
    "not ASCII": lambda content: content.replace(b"key", b"k\xffy").replace(b"a", b"\xff"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_gives_nothing_and_a_warning(path: Path, damage: str) -> None:
    write_cached(path, "key", VALUE)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    value, problems = read_cached(path, "key", KIND)
    assert value is None
    assert codes(problems) == ["cache-damaged"]
    assert problems[0].severity is Severity.WARNING
    assert problems[0].span.path == ".broadsheet/cache/related"


def test_a_value_of_another_type_gives_a_warning(path: Path) -> None:
    write_cached(path, "key", ["not", "a", "mapping"])
    value, problems = read_cached(path, "key", KIND)
    assert (value, codes(problems)) == (None, ["cache-damaged"])


def test_a_folder_in_the_place_of_the_file_gives_a_warning(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "inside").touch()
    value, problems = read_cached(path, "key", KIND)
    assert (value, codes(problems)) == (None, ["cache-damaged"])
    write_cached(path, "key", VALUE)
    assert read_cached(path, "key", KIND) == (VALUE, ())
    assert [file.name for file in path.parent.iterdir()] == ["related"]


def test_a_link_to_a_folder_is_replaced_and_the_folder_stays(path: Path) -> None:
    elsewhere = path.parent.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").touch()
    path.parent.mkdir()
    path.symlink_to(elsewhere, target_is_directory=True)
    write_cached(path, "key", VALUE)
    assert read_cached(path, "key", KIND) == (VALUE, ())
    assert (elsewhere / "mine").exists()


def test_a_write_that_is_cut_off_leaves_the_old_value(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_cached(path, "key", VALUE)

    def fail(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        write_cached(path, "new", {})
    assert read_cached(path, "key", KIND) == (VALUE, ())
    assert [file.name for file in path.parent.iterdir()] == ["related"]


def test_a_value_that_cannot_be_encoded_leaves_the_old_one(path: Path) -> None:
    write_cached(path, "key", VALUE)
    with pytest.raises(TypeError):
        write_cached(path, "new", object())
    assert read_cached(path, "key", KIND) == (VALUE, ())


def test_a_disk_that_refuses_is_an_error(path: Path) -> None:
    # A file where the folder should be: a refusal that root meets too.
    path.parent.write_bytes(b"")
    with pytest.raises(FileExistsError):
        write_cached(path, "key", VALUE)
    assert path.parent.read_bytes() == b""


@given(st.dictionaries(st.text(max_size=9), st.lists(st.text(max_size=9), max_size=3)), st.binary())
def test_any_value_comes_back_and_any_bytes_are_read(
    tmp_path_factory: pytest.TempPathFactory, value: dict[str, list[str]], noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("cache") / "x"
    write_cached(path, "key", value)
    assert read_cached(path, "key", dict[str, list[str]]) == (value, ())
    path.write_bytes(noise)
    assert read_cached(path, "key", dict[str, list[str]])[0] is None
