"""In how many threads numbers are worked on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TASKS = Path("/proc/self/task")
# Prints how many threads a process has after a multiplication, and what its environment asks for.
PROGRAM = """
import os
from pathlib import Path
from broadsheet.effects.linear_algebra import load_linear_algebra
assert load_linear_algebra() >= 1
import numpy as np
np.ones((900, 900)) @ np.ones((900, 900))
print(len(list(Path("/proc/self/task").iterdir())), os.environ.get("OPENBLAS_NUM_THREADS"))
"""


@pytest.mark.skipif(not TASKS.is_dir(), reason="threads are counted in /proc, which Linux has")
@pytest.mark.parametrize("threads", [None, "1", "2"])
def test_linear_algebra_stays_in_the_thread_that_calls_it(threads: str | None) -> None:
    environment = {n: value for n, value in os.environ.items() if n != "OPENBLAS_NUM_THREADS"}
    if threads is not None:
        environment["OPENBLAS_NUM_THREADS"] = threads
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout.split() == ["1", str(threads)]
