"""What becomes of memory that was freed, where the C library is glibc.

Responsible for giving it back to the system, so that neither this process nor those that it forks
count it. Not responsible for what is allocated. Elsewhere nothing is done, which costs memory only.
"""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3
# Bytes; much below that a block of its own costs more time than it saves.
_LARGE = 1 << 20


def return_freed_memory() -> None:
    """Give back whole pages of memory that hold nothing any more.

    The allocator keeps those between others that do; of a stage that has masses of values come and
    go they are a fifth of the process.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def return_large_blocks() -> None:
    """Have each large block given back as soon as it is freed, for as long as this process runs.

    The allocator does so at first, but takes one of 30 MB that is freed as a sign that it had
    better keep what is smaller.
    """
    settle = getattr(ctypes.CDLL(None), "mallopt", None)
    if settle is not None:
        settle(_M_MMAP_THRESHOLD, _LARGE)
