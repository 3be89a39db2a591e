"""The same content gives the same bytes, wherever, however often and by whom it is built."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from builds import ROOT, copy_repository, publish, tree

from broadsheet.assembly import making, making_pages, reading
from broadsheet.effects import executors
from broadsheet.effects.manifest import MANIFEST_NAME, read_manifest

# Pagefind writes some parts of its index in the order of hash maps, which differs from run to run:
# the values of a filter that has several. Such a file is named by the hash of its bytes; the
# metadata holds the names of these files, and the entry file the metadata's. All else below
# pagefind/
# is the same each time.
ENTRY = "pagefind/pagefind-entry.json"
METADATA = "pagefind/pagefind.en_*.pf_meta"
FILTERS = "pagefind/filter/en_*.pf_filter"
FILTERS_WITH_SEVERAL_VALUES = {b"topic", b"year", b"venue"}
SMALL_BATCH = 7


class Surroundings(NamedTuple):
    """What a build must not depend on."""

    hash_seed: str
    zone: str
    locale: str
    umask: int
    folder: str


HERE = Surroundings("0", "UTC", "C.UTF-8", 0o022, "plain")
THERE = Surroundings("4242", "Pacific/Kiritimati", "tr_TR.UTF-8", 0o077, "with a späce/and/depth")


def make_threads() -> Executor:
    """Make the executor that `test_determinism:make_threads` names on a command line."""
    return ThreadPoolExecutor(3)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut the work so small that every stage hands out many batches."""
    small = partial(executors.map_batches, size=SMALL_BATCH)
    for module in (making, making_pages):
        monkeypatch.setattr(module, "map_batches", small)
    afar = partial(executors.iterate_batches, size=SMALL_BATCH)
    for module in (reading, making_pages):
        monkeypatch.setattr(module, "iterate_batches", afar)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The repository's site as one process builds it in whole batches."""
    root = copy_repository(tmp_path_factory.mktemp("expected"))
    return tree(publish(root, has_search=False))


@pytest.mark.parametrize("spec", ["serial", "process:2", "test_determinism:make_threads"])
def test_every_executor_gives_the_same_bytes(
    tmp_path: Path, expected: dict[str, bytes], small_batches: None, spec: str
) -> None:
    sys.modules.setdefault("test_determinism", sys.modules[__name__])
    output = publish(copy_repository(tmp_path), has_search=False, executor=spec)
    assert tree(output) == expected


def test_forked_processes_give_the_same_bytes(tmp_path: Path, expected: dict[str, bytes]) -> None:
    root = copy_repository(tmp_path)
    words = ("build", "--quiet", "--no-search", "--executor", "process:2")
    # In a process of its own, in which no other test has left a thread that forbids to fork.
    command = [sys.executable, "-m", "broadsheet", "-C", str(root), *words]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert tree(root / "site") == expected


def build_in(root: Path, around: Surroundings) -> Path:
    """Build the repository's digest in a process of its own and return the output folder."""
    digest = copy_repository(root / around.folder)
    environment = {
        **os.environ,
        "PYTHONHASHSEED": around.hash_seed,
        "TZ": around.zone,
        "LC_ALL": around.locale,
        "PYTHONUTF8": "0",
        "PYTHONPATH": str(ROOT),
    }
    working = root / "elsewhere"
    working.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "broadsheet", "-C", str(digest), "build", "--quiet"]
    subprocess.run(command, env=environment, cwd=working, umask=around.umask, check=True)
    return digest / "site"


@pytest.fixture(scope="module")
def two_builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same digest built in two surroundings that differ in everything."""
    root = tmp_path_factory.mktemp("two")
    return build_in(root / "one", HERE), build_in(root / "two", THERE)


def exception_of(path: str, content: bytes) -> str:
    """Return under which name a file may differ, or nothing."""
    if path == ENTRY:
        return "entry"
    if Path(path).match(METADATA):
        return "metadata"
    if Path(path).match(FILTERS):
        name = next(
            n for n in (b"topic", b"year", b"code", b"venue") if n in gzip.decompress(content)[:20]
        )
        return f"filter {name.decode()}" if name in FILTERS_WITH_SEVERAL_VALUES else ""
    return ""


def test_surroundings_change_nothing_but_the_named_files_of_the_search_index(
    two_builds: tuple[Path, Path],
) -> None:
    same, excepted = [], []
    for folder in two_builds:
        files = tree(folder)
        names = {path: exception_of(path, content) for path, content in files.items()}
        same.append({path: content for path, content in files.items() if not names[path]})
        excepted.append(sorted(name for name in names.values() if name))
    assert same[0] == same[1]
    assert len(same[0]) > 750
    assert excepted == [["entry", "filter topic", "filter venue", "filter year", "metadata"]] * 2


def test_filters_differ_in_the_order_of_their_values_only(
    two_builds: tuple[Path, Path],
) -> None:
    contents = []
    for folder in two_builds:
        files = [gzip.decompress(path.read_bytes()) for path in folder.glob(FILTERS)]
        assert len(files) == 4
        contents.append(sorted(bytes(sorted(content)) for content in files))
    assert contents[0] == contents[1]


def test_the_search_index_is_identified_by_its_input(two_builds: tuple[Path, Path]) -> None:
    one, two = (read_manifest(folder) for folder in two_builds)
    assert one is not None
    assert one == two
    assert len(one.search) == 32
    assert not [path for path in one.files if path.startswith("pagefind/")]


def test_no_page_knows_where_it_was_built(two_builds: tuple[Path, Path]) -> None:
    for folder in two_builds:
        inside = str(folder.parent).encode()
        assert [path for path, content in tree(folder).items() if inside in content] == []


def test_a_second_build_changes_nothing(tmp_path: Path) -> None:
    root = copy_repository(tmp_path)
    first = tree(publish(root, has_search=False))
    assert tree(publish(root, has_search=False)) == first


def test_the_order_and_age_of_files_does_not_matter(
    tmp_path: Path, expected: dict[str, bytes]
) -> None:
    source = copy_repository(tmp_path / "source")
    target = tmp_path / "target"
    paths = sorted((p for p in (source / "content").rglob("*") if p.is_file()), reverse=True)
    for age, path in enumerate(paths):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        os.utime(copy, (age * 86_400, age * 86_400))
    assert tree(publish(target, has_search=False)) == expected


def test_the_folder_that_a_paper_is_filed_in_does_not_matter(
    tmp_path: Path, expected: dict[str, bytes]
) -> None:
    root = copy_repository(tmp_path)
    papers = root / "content" / "papers"
    for path in sorted(papers.rglob("*.md")):
        path.rename(papers / path.name)
    built = tree(publish(root, has_search=False))
    # The manifest's keys cover the record's path, which a page may link.
    assert {**built, MANIFEST_NAME: b""} == {**expected, MANIFEST_NAME: b""}


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
def test_line_endings_and_a_byte_order_mark_do_not_matter(
    tmp_path: Path, expected: dict[str, bytes], ending: bytes
) -> None:
    root = copy_repository(tmp_path)
    for path in sorted((root / "content").rglob("*.*")):
        if path.suffix in (".md", ".yaml"):
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", ending))
    assert tree(publish(root, has_search=False)) == expected


def test_the_clock_does_not_matter(
    tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 4_102_444_800.0)
    assert tree(publish(copy_repository(tmp_path), has_search=False)) == expected
