"""The process that makes what takes seconds: `python -m broadsheet.assembly.server.catching_up`.

Responsible for reading the digest, for the lists of related papers and for the search index, both
left in the cache, where a build finds them too. Its job comes by the standard input, its result goes
to the standard output. Not responsible for when it runs (`background`).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import msgspec

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.project import Project


class CaughtUpJob(msgspec.Struct, frozen=True):
    """What is to be done.

    Attributes:
        root: The digest's root.
    """

    root: str


class CaughtUp(msgspec.Struct, frozen=True, kw_only=True):
    """What has been done.

    Attributes:
        bundle: Folder of the index; empty when there is none.
        search_key: What the index was made from.
        related: File of the cache that holds the related papers.
        related_key: What they were made from.
        failure: Why it was not done, or empty.
    """

    bundle: str = ""
    search_key: str = ""
    related: str = ""
    related_key: str = ""
    failure: str = ""


def main() -> int:
    """Do one job."""
    if hasattr(os, "nice"):
        os.nice(19)
    signal.signal(signal.SIGTERM, _end)
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=CaughtUpJob)
    result = catch_up(Project(Path(job.root)))
    sys.stdout.buffer.write(msgspec.json.encode(result))
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)
