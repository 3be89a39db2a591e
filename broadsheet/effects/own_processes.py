"""This program once more, as a process beside the one that runs.

Responsible for starting a module in a process of its own, for how much of the machine it takes, and
for ending it with everything that it started. Not responsible for what it does (`effects.indexing`,
`assembly.server.catching_up`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO

_END_SECONDS = 3.0
_SECONDS_BETWEEN_LOOKS = 0.1


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
        # Without -P what lies in the user's folder would be imported before anything of ours.
        [sys.executable, "-P", "-m", module],
        stdin=job,
        stdout=result,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )


def give_way() -> None:
    """Let this process, one of `start_module`, run at the lowest priority.

    Linux weighs sessions against each other by a number of their own (`sched_autogroup`), within
    which `nice` counts among the session's processes alone.
    """
    if hasattr(os, "nice"):
        os.nice(19)
    _weigh_session(os.getpid(), 19)


def _weigh_session(number: int, nice: int) -> None:
    with contextlib.suppress(OSError):
        Path(f"/proc/{number}/autogroup").write_text(str(nice), encoding="ascii")


def has_ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Tell whether a process has ended, or does within some seconds."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def end_process(process: subprocess.Popen[bytes], cache: Path) -> None:
    """End a process of `start_module` and all that it started, and leave no scratch of an index.

    Args:
        process: What is to end; it is asked first, and killed when it takes long.
        cache: The folder in which it may have made an index.
    """
    # To end takes a processor too: at the lowest priority, beside others that have much to do, it
    # would take many seconds.
    _weigh_session(process.pid, 0)
    _signal_group(process, signal.SIGTERM)
    if not has_ended(process, _END_SECONDS):
        _signal_group(process, signal.SIGKILL)
        # From here on nothing of its own runs any more, however long the system takes to clear up.
        has_ended(process, _END_SECONDS)
        for scratch in cache.glob("search-*"):
            if scratch.is_dir():
                shutil.rmtree(scratch, ignore_errors=True)


def end_with(parent: int) -> None:
    """Let this process end soon after the one that started it is no more.

    Args:
        parent: The number of that one, as it was known before this one began.
    """
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)


def end_when_asked() -> None:
    """Let a `SIGTERM` end this process by an exception, so that its blocks clean up."""
    signal.signal(signal.SIGTERM, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
