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
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice, repeat, takewhile
from typing import TypeVar

from broadsheet.effects.forking import can_fork, fork_pool, run_inherited, spawn_pool

Item = TypeVar("Item")
Result = TypeVar("Result")

Work = Callable[[tuple[Item, ...]], Sequence[Result]]

BATCH_SIZE = 100
# Below this many items a pool costs more than it saves.
POOL_THRESHOLD = 400
_TICK_SECONDS = 0.1
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


class PoolExecutor(Executor):
    """Runs little work at once, in this process, and much of it in processes made for it.

    Where the system can fork and no thread is running, a process is forked when there is work, and
    has in memory all that this one has: nothing but positions and results passes between them.
    Elsewhere processes are spawned once, and work and items must be what can be pickled.
    """

    def __init__(self, workers: int, threshold: int) -> None:
        """Begin without a process.

        Args:
            workers: How many processes share the work; with one, all of it is done here.
            threshold: Items below which there is little work.
        """
        self._workers = workers
        self._threshold = threshold
        self._serial = SerialExecutor()
        self._spawned: Executor | None = None

    @property
    def shares_memory(self) -> bool:
        """Whether work may use anything that this process has, pickled or not."""
        return self._workers < 2 or can_fork()

    def submit(
        self, fn: Callable[..., Result], /, *args: object, **kwargs: object
    ) -> Future[Result]:
        """Run a function at once and return its result as a future that is done."""
        return self._serial.submit(fn, *args, **kwargs)

    @contextmanager
    def share(
        self, work: Work[Item, Result], waiting: Iterator[Item], sizes: Iterable[int]
    ) -> Iterator[Iterator[Future[Sequence[Result]]]]:
        """Spread work, for the time of a block.

        Args:
            work: A pure function on a batch.
            waiting: What to work on.
            sizes: Items in each batch.

        Yields:
            A future for each batch, in order; a batch begins when its future is asked for.
        """
        first = list(islice(waiting, self._threshold))
        items = chain(first, waiting)
        if self._workers < 2 or len(first) < self._threshold:
            yield (self._serial.submit(work, batch) for batch in _cut(items, sizes))
        elif can_fork():
            held = tuple(items)
            with fork_pool(self._workers, partial(_work_on, work, held)) as pool:
                positions = _cut(iter(range(len(held))), sizes)
                parts = (slice(batch[0], batch[-1] + 1) for batch in positions)
                yield (pool.submit(run_inherited, part) for part in parts)
        else:
            pool = self._spawned = self._spawned or spawn_pool(self._workers)
            yield (pool.submit(work, batch) for batch in _cut(items, sizes))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as `Executor` has it
        """Shut the spawned processes down, where there are some."""
        if self._spawned is not None:
            self._spawned.shutdown(wait=wait, cancel_futures=cancel_futures)


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


def shares_memory(executor: Executor) -> bool:
    """Tell whether work may use anything that this process has, pickled or not."""
    return isinstance(executor, SerialExecutor) or (
        isinstance(executor, PoolExecutor) and executor.shares_memory
    )


def map_batches(
    executor: Executor,
    work: Work[Item, Result],
    items: Iterable[Item],
    size: int = BATCH_SIZE,
    on_done: Callable[[int], None] = lambda _: None,
    first: tuple[int, ...] = (),
) -> list[Result]:
    """Run a batch function over items, and return its results in the order of the items.

    Args:
        executor: Where to run.
        work: A pure function on a batch that can be pickled, or any where memory is shared
            (`shares_memory`).
        items: What to work on; they are taken while earlier batches are worked on, and no more of
            them than are needed to keep everybody busy, but all at once where processes are forked.
        size: Items in a batch.
        on_done: Called after each batch with the number of items that are done.
        first: Items in each of the first batches, where these are of another size.
    """
    return list(iterate_batches(executor, work, items, size, on_done, first))


def iterate_batches(
    executor: Executor,
    work: Work[Item, Result],
    items: Iterable[Item],
    size: int = BATCH_SIZE,
    on_done: Callable[[int], None] = lambda _: None,
    first: tuple[int, ...] = (),
) -> Iterator[Result]:
    """Run a batch function over items, and yield its results as they come, in the items' order.

    Args:
        executor: Where to run.
        work: As for `map_batches`.
        items: As for `map_batches`.
        size: Items in a batch.
        on_done: Called after each batch with the number of items that are done.
        first: As for `map_batches`.
    """
    done = 0
    with _share(executor, work, iter(items), chain(first, repeat(size))) as futures:
        pending: deque[Future[Sequence[Result]]] = deque()
        for future in futures:
            pending.append(future)
            while pending and (pending[0].done() or len(pending) > MOST_PENDING):
                results = pending.popleft().result()
                yield from results
                done += len(results)
                on_done(done)
        while pending:
            results = pending.popleft().result()
            yield from results
            done += len(results)
            on_done(done)


def run_apart(
    executor: Executor,
    here: Callable[[], Result],
    apart: Callable[[], Result],
    on_wait: Callable[[], None] = lambda: None,
) -> Result:
    """Run a function in a process of its own where one can be forked, else here.

    What the function imports and allocates then ends with it.

    Args:
        executor: Where batches run; nothing is forked for one that runs all in this process.
        here: The function as it runs here.
        apart: The same where it may let go of all that this process has; its result can be pickled.
        on_wait: Called ten times a second until it is done.
    """
    if not (isinstance(executor, PoolExecutor) and can_fork()):
        return here()
    with fork_pool(1, lambda _: apart()) as pool:
        future: Future[Result] = pool.submit(run_inherited, None)
        while not wait((future,), _TICK_SECONDS).done:
            on_wait()
    return future.result()


@contextmanager
def _share(
    executor: Executor, work: Work[Item, Result], waiting: Iterator[Item], sizes: Iterable[int]
) -> Iterator[Iterator[Future[Sequence[Result]]]]:
    if isinstance(executor, PoolExecutor):
        with executor.share(work, waiting, sizes) as futures:
            yield futures
    else:
        yield (executor.submit(work, batch) for batch in _cut(waiting, sizes))


def _cut(items: Iterator[Item], sizes: Iterable[int]) -> Iterator[tuple[Item, ...]]:
    cut = (tuple(islice(items, size)) for size in sizes)
    return takewhile(len, cut)


def _work_on(work: Work[Item, Result], items: tuple[Item, ...], part: slice) -> Sequence[Result]:
    return work(items[part])


def _make_executor(spec: str) -> Executor:
    if spec == "auto":
        return PoolExecutor(min(os.cpu_count() or 1, 8), POOL_THRESHOLD)
    if spec == "serial":
        return SerialExecutor()
    if problem := explain_executor(spec):
        raise ExecutorError(problem)
    if spec.startswith("process:"):
        return PoolExecutor(int(spec.removeprefix("process:")), 1)
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
