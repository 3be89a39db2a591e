"""Processes that work for this one: forked with all that it has in memory, or spawned with nothing.

Responsible for when a fork is safe, for handing work to forked processes without pickling it, and
for processes that end with the one they work for, however that ends. Not responsible for what is
worth a process (`executors`).
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

_PR_SET_PDEATHSIG = 1


def can_fork() -> bool:
    """Tell whether a forked process is as sound as this one.

    A fork copies the locks of threads that it does not copy, also of those that are not Python's;
    on macOS the system's own libraries do not stand it.
    """
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names are all that is asked
    except OSError:
        return True


@contextmanager
def fork_pool(workers: int, work: Callable[[Any], object]) -> Iterator[Executor]:
    """Fork processes that have a function in memory, which `run_inherited` calls there.

    Whoever leaves the block by an exception, as by an interrupt, does not wait for what they are
    doing.

    Args:
        workers: How many.
        work: What they do with each argument; anything that it uses is there too.
    """
    others = frozenset(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_inherit,
        initargs=(work, os.getpid()),
    )
    with ExitStack() as stack:
        stack.callback(_end_at_once, pool, others)
        # An interrupt that comes while a process is forked would be lost; one that waits is not.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            pool.submit(int)  # the first work forks them all
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield pool
        stack.pop_all()
    pool.shutdown()


def _end_at_once(pool: Executor, others: frozenset[BaseProcess]) -> None:
    """Kill the processes of a pool, and no others that this one has started."""
    pool.shutdown(wait=False, cancel_futures=True)
    for process in frozenset(multiprocessing.active_children()) - others:
        process.kill()
        process.join()


def spawn_pool(workers: int) -> Executor:
    """Return a pool of processes that have nothing in memory; work for them is pickled.

    Args:
        workers: How many.
    """
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


class _Inherited:
    """What a forked process was given; there is one in each, and none where nothing was forked."""

    work: Callable[[Any], Any]


def run_inherited(argument: object) -> Any:
    """Call the function that this process was forked with."""
    return _Inherited.work(argument)


def _inherit(work: Callable[[Any], object], parent: int) -> None:
    """Begin in a forked process.

    An interrupt goes to every process of a terminal: the parent hears it and ends the others. A
    parent that is killed cannot, so the system does.
    """
    _Inherited.work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
