"""Processes beside this one give way while they work, and not when they are to end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from broadsheet.effects.own_processes import end_process

# The kernel takes a session's weight from a user ten times a second at most.
_CHILD = """
import os, signal, sys, time
from pathlib import Path
from broadsheet.effects.own_processes import give_way

def weigh():
    session = Path("/proc/self/autogroup")
    return session.read_text().split()[-1] if session.exists() else ""

def end(number, frame):
    print(weigh(), flush=True)
    raise SystemExit(1)

signal.signal(signal.SIGTERM, end)
give_way()
time.sleep(0.2)
print(os.nice(0), weigh(), flush=True)
signal.pause()
"""


def test_a_process_that_gives_way_is_let_go_first_when_it_is_to_end(tmp_path: Path) -> None:
    has_weights = Path("/proc/self/autogroup").exists()
    process = subprocess.Popen(
        [sys.executable, "-c", _CHILD], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline().split() == ([b"19", b"19"] if has_weights else [b"19"])
        end_process(process, tmp_path)
        assert said.read().split() == ([b"0"] if has_weights else [])
    assert process.returncode == 1


def test_a_process_that_does_not_end_is_killed_and_its_scratch_deleted(tmp_path: Path) -> None:
    ignoring = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(); signal.pause()"
    )
    (tmp_path / "search-scratch" / "bundle").mkdir(parents=True)
    (tmp_path / "search").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-uc", ignoring], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    with process.stdout as said:
        said.readline()
        end_process(process, tmp_path)
    assert process.returncode == -9
    assert [path.name for path in tmp_path.iterdir()] == ["search"]
