"""An index that is made beside a build, and what becomes of it when the build ends otherwise."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
import pytest

from broadsheet.effects import indexing
from broadsheet.effects.bare_tree import MEMORY
from broadsheet.effects.indexing import Indexing
from broadsheet.effects.searching import hash_search_input
from broadsheet.planning.search_records import SearchRecord

PATIENCE_SECONDS = 60
# A build that has begun an index of many papers and says where it is made.
BUILD = """
import sys, time
from pathlib import Path
import msgspec
from broadsheet.effects import indexing
from broadsheet.planning.search_records import SearchRecord
records = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=tuple[SearchRecord, ...])
with indexing.Indexing(Path(sys.argv[1])) as making:
    making.begin(records, "en", "")
    print(making._process.pid, flush=True)
    time.sleep(600)
"""


def records(count: int) -> tuple[SearchRecord, ...]:
    return tuple(
        SearchRecord(
            url=f"papers/{number}/",
            title=f"Paper {number}",
            text="We learn. " * 200,
            metadata={},
            filters={},
            date=f"2025-01-{number % 28 + 1:02}",
        )
        for number in range(count)
    )


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def in_memory(tmp_path: Path) -> set[Path]:
    return set(MEMORY.glob("broadsheet-*")) if MEMORY.is_dir() else set()


def expect_nothing_left(cache: Path, before: set[Path]) -> None:
    assert [path for path in cache.glob("*") if path.is_dir()] == []
    assert set(MEMORY.glob("broadsheet-*")) <= before


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)


def test_a_large_index_is_made_in_a_process_of_its_own_and_found_in_the_cache(cache: Path) -> None:
    some = records(indexing.LEAST_APART)
    with Indexing(cache) as making:
        making.begin(some, "en", "")
        bundle, problems = making.collect()
    assert (making.key, problems) == (hash_search_input(some, "en"), ())
    assert bundle is not None
    entry = msgspec.json.decode((bundle / "pagefind-entry.json").read_bytes())
    assert entry["languages"]["en"]["page_count"] == len(some)
    with Indexing(cache) as again:
        again.begin(some, "en", "")
        assert again.collect() == (bundle, ())


def test_what_is_published_is_not_indexed_again(cache: Path) -> None:
    some = records(3)
    with Indexing(cache) as making:
        making.begin(some, "en", hash_search_input(some, "en"))
        assert making.collect() == (None, ())
    assert not cache.exists()


def test_a_build_that_gives_up_ends_the_index_and_leaves_nothing(
    cache: Path, in_memory: set[Path]
) -> None:
    with Indexing(cache) as making:
        making.begin(records(3_000), "en", "")
        process = making._process
    assert process is not None
    assert process.returncode != 0
    expect_nothing_left(cache, in_memory)


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_build_that_is_killed_leaves_no_index_in_the_making(
    cache: Path, in_memory: set[Path], *, has_begun: bool
) -> None:
    command = [sys.executable, "-c", BUILD, str(cache)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as build:
        assert build.stdin is not None
        assert build.stdout is not None
        build.stdin.write(msgspec.msgpack.encode(records(6_000)))
        build.stdin.close()
        process = int(build.stdout.readline())
        if has_begun:
            wait_until(lambda: any(cache.glob("search-*")))
        build.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_running(process))
    expect_nothing_left(cache, in_memory)


def test_a_process_that_dies_is_a_located_error(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: str, job: IO[bytes], result: IO[bytes]) -> subprocess.Popen[bytes]:
        dying = [sys.executable, "-c", "import sys; sys.stdin.buffer.read(); sys.exit(3)"]
        return subprocess.Popen(dying, stdin=job, stdout=result, start_new_session=True)

    monkeypatch.setattr(indexing, "start_module", start)
    with Indexing(cache) as making:
        making.begin(records(indexing.LEAST_APART), "en", "")
        bundle, (problem,) = making.collect()
    assert bundle is None
    assert problem.message == "the search index could not be made: exit status 3"


def test_a_disk_that_refuses_is_told_as_such(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")
    with Indexing(place / "cache") as making:
        making.begin(records(indexing.LEAST_APART), "en", "")
        with pytest.raises(NotADirectoryError):
            making.collect()
