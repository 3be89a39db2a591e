"""The search index made beside a build: `python -m broadsheet.effects.indexing`.

Responsible for the process that makes an index while pages are made, for its result, and for
leaving nothing of it when the build ends without asking for it. Its job comes by the standard
input, its result goes to the standard output; it ends by itself when the build is killed. Not
responsible for how an index is made (`effects.searching`).

Pagefind needs one core for much of its time and Python needs one for much of its own, so that both
together take little longer than the longer of them.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from broadsheet.effects.own_processes import (
    end_process,
    end_when_asked,
    end_with,
    has_ended,
    start_module,
)
from broadsheet.effects.searching import failed_search, hash_search_input, make_search_index
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.planning.search_records import SearchRecord

# An index of fewer papers takes less time than a process to begin.
LEAST_APART = 1_000
_SECONDS_BETWEEN_LOOKS = 0.1


class IndexJob(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done.

    Attributes:
        records: What is to be indexed.
        language: BCP 47.
        cache: Folder of the cache.
        parent: The process that wants the index.
    """

    records: tuple[SearchRecord, ...]
    language: str
    cache: str
    parent: int


class IndexMade(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        bundle: The folder of the index; empty where there is none.
        problems: What went wrong.
        refused: Number, text and file of the error with which the disk refused.
    """

    bundle: str = ""
    problems: tuple[Diagnostic, ...] = ()
    refused: tuple[int, str, str] | None = None


class Indexing:
    """An index in the making; whoever leaves its block without it ends the making."""

    def __init__(self, cache: Path) -> None:
        """Begin with nothing to index.

        Args:
            cache: Folder of the cache.
        """
        self._cache = cache
        self._job: IndexJob | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._result: IO[bytes] | None = None
        self.key = ""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what is still running."""
        process = self._process
        if process is not None and process.returncode != 0:
            end_process(process, self._cache)
        if self._result is not None:
            self._result.close()

    def begin(self, records: tuple[SearchRecord, ...], language: str, known: str) -> None:
        """Begin to make an index, unless it is already published.

        Args:
            records: What to index.
            language: BCP 47.
            known: The key of the published index, or nothing.
        """
        if not records:
            return
        self.key = hash_search_input(records, language)
        if self.key == known:
            return
        self._job = IndexJob(
            records=records, language=language, cache=str(self._cache), parent=os.getpid()
        )
        if len(records) >= LEAST_APART:
            # Files need nobody to feed and empty them, as pipes do: beside a thread no process
            # could be forked (`effects.forking`).
            with tempfile.TemporaryFile() as job:
                job.write(msgspec.msgpack.encode(self._job))
                job.seek(0)
                self._result = tempfile.TemporaryFile()  # noqa: SIM115 - `__exit__` closes it
                self._process = start_module("broadsheet.effects.indexing", job, self._result)

    def collect(
        self, on_wait: Callable[[], None] = lambda: None
    ) -> tuple[Path | None, tuple[Diagnostic, ...]]:
        """Return the folder of the new index, if there is one, and what went wrong.

        Args:
            on_wait: Called ten times a second until there is one.

        Raises:
            OSError: The disk refused.
        """
        if self._job is None:
            return None, ()
        if self._process is None or self._result is None:
            return make_search_index(self._job.records, self._job.language, self._cache)
        while not has_ended(self._process, _SECONDS_BETWEEN_LOOKS):
            on_wait()
        self._result.seek(0)
        try:
            made = msgspec.msgpack.decode(self._result.read(), type=IndexMade)
        except msgspec.DecodeError:
            return None, (failed_search(f"exit status {self._process.returncode}"),)
        if made.refused is not None:
            raise OSError(*made.refused)
        return (Path(made.bundle) if made.bundle else None), made.problems


def main() -> int:
    """Do one job."""
    # The process ends with it; looking for cycles would take a fifth of our own time.
    gc.disable()
    end_when_asked()
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=IndexJob)
    end_with(job.parent)
    try:
        bundle, problems = make_search_index(job.records, job.language, Path(job.cache))
        made = IndexMade(bundle=str(bundle or ""), problems=problems)
    except OSError as error:
        named = error.errno or 0, error.strerror or str(error), str(error.filename or "")
        made = IndexMade(refused=named)
    sys.stdout.buffer.write(msgspec.msgpack.encode(made))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
