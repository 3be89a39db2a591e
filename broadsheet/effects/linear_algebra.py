"""In how many threads numbers are worked on.

Responsible for loading numpy so that its linear algebra stays in the thread that calls it: work is
shared among threads of our own (`workers.relating`), two layers of them get in each other's way,
and OpenBLAS adds up in another order for each number of threads, by which a few of 14,000 lists of
related papers come out otherwise. Not responsible for the work.
"""

from __future__ import annotations

import importlib
import os

_ASKED_FOR = "OPENBLAS_NUM_THREADS"
_MOST_THREADS = 4  # each holds some 30 MB


def load_linear_algebra() -> int:
    """Load numpy and scipy, which ask for the number of their threads when they are loaded.

    Returns:
        How many threads of our own may call them: one in a process that gives way to others, as
        the preview's background does, so that a core stays free for the browser.
    """
    before = os.environ.get(_ASKED_FOR)
    os.environ[_ASKED_FOR] = "1"
    try:
        for name in ("numpy", "scipy.sparse"):
            importlib.import_module(name)
    finally:
        if before is None:
            del os.environ[_ASKED_FOR]
        else:
            os.environ[_ASKED_FOR] = before
    gives_way = hasattr(os, "nice") and os.nice(0) > 0
    return 1 if gives_way else min(os.cpu_count() or 1, _MOST_THREADS)
