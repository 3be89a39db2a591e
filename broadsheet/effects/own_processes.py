"""This program once more, as a process beside the one that runs.

Responsible for starting a module in a process of its own and for ending it with everything that it
started. Not responsible for what it does (`effects.indexing`, `assembly.server.catching_up`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import IO

_END_SECONDS = 3.0


def start_module(
    module: str, job: IO[bytes] | int = subprocess.PIPE, result: IO[bytes] | int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """Start a module of this package.

    Args:
        module: Its name, with dots.
        job: What it reads its job from; by default a pipe.
        result: What it writes its result to; by default a pipe.
    """
    package = Path(__file__).parents[2]
    path = os.pathsep.join(filter(None, (str(package), os.environ.get("PYTHONPATH", ""))))
    # In a session of its own a Ctrl-C of the terminal does not reach it before we do.
    return subprocess.Popen(  # noqa: S603 - this program itself, no shell
        [sys.executable, "-m", module],
        stdin=job,
        stdout=result,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )


def end_process(process: subprocess.Popen[bytes], cache: Path) -> None:
    """End a process of `start_module` and all that it started, and leave no scratch of an index.

    Args:
        process: What is to end; it is asked first, and killed when it takes long.
        cache: The folder in which it may have made an index.
    """
    _signal_group(process, signal.SIGTERM)
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        _signal_group(process, signal.SIGKILL)
        process.wait()
        for scratch in cache.glob("search-*"):
            if scratch.is_dir():
                shutil.rmtree(scratch, ignore_errors=True)


def end_when_asked() -> None:
    """Let a `SIGTERM` end this process by an exception, so that its blocks clean up."""
    signal.signal(signal.SIGTERM, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
