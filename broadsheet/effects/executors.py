"""Where batches run: in this process, in a pool of processes, or on somebody's cluster.

Responsible for making an executor from its specification and for spreading work over it in order.
Not responsible for the work, which is any pure function on a batch.
"""

from __future__ import annotations

import importlib
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from itertools import chain, islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

BATCH_SIZE = 200
# Below this many items a pool costs more than it saves: a spawned worker takes 0.4 s to begin.
POOL_THRESHOLD = 1_000
# Batches that are worked on or wait for it; what they hold is in memory.
MOST_PENDING = 32


class ExecutorError(ValueError):
    """A specification that names no executor, or a factory that makes none."""


class SerialExecutor(Executor):
    """Runs everything at once, in this process."""

    def submit(
        self, fn: Callable[..., Result], /, *args: object, **kwargs: object
    ) -> Future[Result]:
        """Run a function and return its result as a future that is done."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is handed on, as every executor does
            future.set_exception(error)
        return future


class AutoExecutor(Executor):
    """Runs little work at once, in this process, and much of it in a pool that is opened then."""

    def __init__(self) -> None:
        """Begin without a pool."""
        self._serial = SerialExecutor()
        self._pool: Executor | None = None

    def choose(self, items: int) -> Executor:
        """Return where a number of items are to be worked on.

        Args:
            items: How many there are, or how many there are at least.
        """
        workers = min(os.cpu_count() or 1, 8)
        if items < POOL_THRESHOLD or workers < 2:
            return self._serial
        if self._pool is None:
            self._pool = _make_executor(f"process:{workers}")
        return self._pool

    def submit(
        self, fn: Callable[..., Result], /, *args: object, **kwargs: object
    ) -> Future[Result]:
        """Run a function at once and return its result as a future that is done."""
        return self._serial.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as `Executor` has it
        """Shut the pool down, where there is one."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)


def explain_executor(spec: str) -> str:
    """Return why text names no executor, or nothing.

    Args:
        spec: `auto`, `serial`, `process:N`, or `module:factory` for a factory that can be imported.
    """
    if spec in ("auto", "serial") or re.fullmatch(r"process:[1-9]\d?", spec):
        return ""
    if not re.fullmatch(r"[\w.]+:\w+", spec) or spec.startswith("process:"):
        return f"'{spec}' is none of auto, serial, process:N, module:factory"
    try:
        factory = _find_factory(spec)
    except Exception as error:  # noqa: BLE001 - a module of the user's may raise anything
        return f"'{spec}' cannot be imported: {error}"
    return "" if callable(factory) else f"'{spec}' is no factory: it cannot be called"


@contextmanager
def open_executor(spec: str) -> Iterator[Executor]:
    """Open the executor that a specification names, and shut it down at the end.

    Args:
        spec: `auto` (a pool once there is much to do), `serial`, `process:N`, or `module:factory`
            for any callable that returns a `concurrent.futures.Executor`.

    Raises:
        ExecutorError: The specification names nothing, or a factory that makes no executor.
    """
    executor = _make_executor(spec)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def map_batches(
    executor: Executor,
    work: Callable[[tuple[Item, ...]], Sequence[Result]],
    items: Iterable[Item],
    size: int = BATCH_SIZE,
    on_done: Callable[[int], None] = lambda _: None,
) -> list[Result]:
    """Run a batch function over items, and return its results in the order of the items.

    Items are taken while earlier batches are worked on, and no more of them than are needed to keep
    everybody busy.

    Args:
        executor: Where to run.
        work: A pure function on a batch that can be pickled.
        items: What to work on.
        size: Items in a batch.
        on_done: Called after each batch with the number of items that are done.
    """
    waiting = iter(items)
    if isinstance(executor, AutoExecutor):
        first = list(islice(waiting, POOL_THRESHOLD))
        executor = executor.choose(len(first))
        waiting = chain(first, waiting)
    pending: deque[Future[Sequence[Result]]] = deque()
    results: list[Result] = []
    while batch := tuple(islice(waiting, size)):
        pending.append(executor.submit(work, batch))
        while pending and (pending[0].done() or len(pending) > MOST_PENDING):
            results += pending.popleft().result()
            on_done(len(results))
    for future in pending:
        results += future.result()
        on_done(len(results))
    return results


def _make_executor(spec: str) -> Executor:
    if spec == "auto":
        return AutoExecutor()
    if spec == "serial":
        return SerialExecutor()
    if problem := explain_executor(spec):
        raise ExecutorError(problem)
    if spec.startswith("process:"):
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # Spawn, because a fork copies threads' locks and is not to be had on macOS and Windows.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(int(spec.removeprefix("process:")), mp_context=context)
    return _call_factory(spec)


def _call_factory(spec: str) -> Executor:
    try:
        executor = _find_factory(spec)()
    except Exception as error:
        raise ExecutorError(f"'{spec}' makes no executor: {error}") from error
    if not isinstance(executor, Executor):
        raise ExecutorError(f"'{spec}' makes no concurrent.futures.Executor")
    return executor


def _find_factory(spec: str) -> Callable[[], object]:
    module, _, name = spec.partition(":")
    factory: Callable[[], object] = getattr(importlib.import_module(module), name)
    return factory
