"""Where batches run: in this process, in a pool of processes, or on somebody's cluster.

Responsible for making an executor from its specification and for spreading work over it in order.
Not responsible for the work, which is any pure function on a batch.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

BATCH_SIZE = 200
# Below this many items a pool costs more than it saves: a spawned worker takes 0.4 s to begin.
POOL_THRESHOLD = 1_000


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
def open_executor(spec: str, items: int) -> Iterator[Executor]:
    """Open the executor that a specification names, and shut it down at the end.

    Args:
        spec: `auto` (a pool when there is much to do), `serial`, `process:N`, or `module:factory`
            for any callable that returns a `concurrent.futures.Executor`.
        items: How many items there are to work on.

    Raises:
        ExecutorError: The specification names nothing, or a factory that makes no executor.
    """
    executor = _make_executor(spec, items)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def map_batches(
    executor: Executor,
    work: Callable[[tuple[Item, ...]], Sequence[Result]],
    items: Sequence[Item],
    size: int = BATCH_SIZE,
) -> list[Result]:
    """Run a batch function over items, and return its results in the order of the items.

    Args:
        executor: Where to run.
        work: A pure function on a batch that can be pickled.
        items: What to work on.
        size: Items in a batch.
    """
    batches = [tuple(items[start : start + size]) for start in range(0, len(items), size)]
    futures = [executor.submit(work, batch) for batch in batches]
    return [result for future in futures for result in future.result()]


def _make_executor(spec: str, items: int) -> Executor:
    if spec == "auto":
        workers = min(os.cpu_count() or 1, 8)
        spec = f"process:{workers}" if items >= POOL_THRESHOLD and workers > 1 else "serial"
    if spec == "serial":
        return SerialExecutor()
    if problem := explain_executor(spec):
        raise ExecutorError(problem)
    if spec.startswith("process:"):
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
