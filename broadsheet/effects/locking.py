"""One build at a time in one digest.

Responsible for a lock that the system releases by itself when its holder dies. Not responsible for
what is done under it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, where two builds at once are not kept apart
    fcntl = None  # type: ignore[assignment] # typeshed knows the module on POSIX only


@contextlib.contextmanager
def hold_lock(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock file for the time of a block.

    Args:
        path: The lock file; it is made, and stays.
        on_wait: Called once when somebody else holds the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                on_wait()
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
