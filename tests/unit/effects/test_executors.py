"""Executors: how they are named, and that batches come back in order whatever runs them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from broadsheet.effects.executors import (
    POOL_THRESHOLD,
    ExecutorError,
    SerialExecutor,
    explain_executor,
    map_batches,
    open_executor,
    shares_memory,
)


def count_batch(batch: tuple[int, ...]) -> list[int]:
    return [len(batch)] * len(batch)


def negate(batch: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(-item for item in batch)


def negate_slowly(batch: tuple[int, ...]) -> tuple[int, ...]:
    time.sleep(0.02 if batch[0] == 0 else 0)
    return negate(batch)


@pytest.mark.parametrize("spec", ["auto", "serial", "process:2", "concurrent.futures:Executor"])
def test_a_specification_that_can_be_opened_is_not_explained(spec: str) -> None:
    assert explain_executor(spec) == ""


@pytest.mark.parametrize("spec", ["", "many", "process", "process:0", "process:x", "a b:c", "os:"])
def test_other_words_are_explained(spec: str) -> None:
    assert explain_executor(spec) == f"'{spec}' is none of auto, serial, process:N, module:factory"


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("kind", [SerialExecutor, ThreadPoolExecutor])
def test_results_come_in_the_order_of_the_items(kind: type[Executor], size: int) -> None:
    with kind() as executor:
        assert map_batches(executor, negate_slowly, range(50), size) == [-n for n in range(50)]


@pytest.mark.parametrize("spec", ["serial", "process:2"])
def test_the_first_batches_may_have_sizes_of_their_own(spec: str) -> None:
    with open_executor(spec) as executor:
        sizes = map_batches(executor, count_batch, range(12), 3, first=(5, 1))
    assert sizes == [5] * 5 + [1] + [3] * 6


def test_nothing_gives_nothing() -> None:
    assert map_batches(SerialExecutor(), negate, ()) == []


def test_processes_give_the_same() -> None:
    with open_executor("process:2") as executor:
        assert map_batches(executor, negate, range(10), 3) == [-n for n in range(10)]


@pytest.mark.parametrize("kind", [SerialExecutor, ThreadPoolExecutor])
def test_an_error_in_a_batch_reaches_the_caller(kind: type[Executor]) -> None:
    def fail(batch: tuple[int, ...]) -> tuple[int, ...]:
        raise KeyError(batch[0])

    with kind() as executor, pytest.raises(KeyError):
        map_batches(executor, fail, range(3))


def test_an_executor_is_shut_down_at_the_end() -> None:
    with open_executor("concurrent.futures:ThreadPoolExecutor") as executor:
        map_batches(executor, negate, range(3))
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(negate, (1,))


def test_a_factory_that_makes_something_else_is_refused() -> None:
    with pytest.raises(ExecutorError, match="makes no"), open_executor("builtins:dict"):
        pass


@pytest.mark.parametrize("spec", ["os:system", "operator:truediv"])
def test_a_factory_that_fails_is_refused_with_its_reason(spec: str) -> None:
    with pytest.raises(ExecutorError, match=r"makes no executor: .+"), open_executor(spec):
        pass


def test_what_cannot_be_called_is_explained() -> None:
    assert explain_executor("os:sep") == "'os:sep' is no factory: it cannot be called"


def test_a_module_that_fails_while_it_is_imported_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "failing_module.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    message = "'failing_module:x' cannot be imported: division by zero"
    assert explain_executor("failing_module:x") == message


def find_process(batch: tuple[int, ...]) -> list[int]:
    return [os.getpid()] * len(batch)


def test_little_work_stays_in_this_process_and_much_of_it_leaves() -> None:
    with open_executor("auto") as executor:
        little = map_batches(executor, find_process, range(POOL_THRESHOLD - 1))
        much = map_batches(executor, find_process, range(POOL_THRESHOLD))
    assert set(little) == {os.getpid()}
    assert len(much) == POOL_THRESHOLD
    assert (os.getpid() in much) == (os.cpu_count() == 1)


LINUX_ONLY = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="processes are forked on Linux only"
)


def run_alone(script: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, in which no other test has left a thread."""
    path = tmp_path / "alone.py"
    path.write_text(script)
    return subprocess.run(
        [sys.executable, path], capture_output=True, text=True, timeout=60, check=False
    )


@LINUX_ONLY
def test_forked_work_uses_what_cannot_be_pickled(tmp_path: Path) -> None:
    done = run_alone(
        """
from broadsheet.effects.executors import map_batches, open_executor, shares_memory

unlike = {number: lambda number=number: -number for number in range(20)}
with open_executor("process:2") as executor:
    assert shares_memory(executor)
    work = lambda batch: [unlike[number]() for number in batch]
    assert map_batches(executor, work, range(20), 3) == [-number for number in range(20)]
""",
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")


@LINUX_ONLY
def test_an_interrupt_that_comes_while_a_process_is_forked_is_heard(tmp_path: Path) -> None:
    done = run_alone(
        """
import os, signal
from broadsheet.effects.forking import fork_pool

asked = []

def ask():
    if not asked:
        asked.append(True)
        os.kill(os.getpid(), signal.SIGINT)

os.register_at_fork(before=ask)
try:
    with fork_pool(2, len):
        print("lost")
except KeyboardInterrupt:
    print("heard")
""",
        tmp_path,
    )
    assert (done.stdout, done.stderr) == ("heard\n", "")


def test_beside_a_thread_processes_are_spawned_instead() -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        with open_executor("process:2") as executor:
            assert not shares_memory(executor)
            assert os.getpid() not in map_batches(executor, find_process, range(10), 3)
    finally:
        ended.set()
        thread.join()


@LINUX_ONLY
def test_forked_processes_end_with_the_one_they_work_for(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(
        """
import os, time
from broadsheet.effects.executors import map_batches, open_executor

def linger(batch):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(60)

with open_executor("process:2") as executor:
    map_batches(executor, linger, range(2), 1)
"""
    )
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
        parent.wait()
        # The pipe ends when the last process that may write to it has gone.
        assert parent.stdout.read() == ""
    assert len(set(workers)) == 2


@LINUX_ONLY
def test_whoever_gives_up_does_not_wait_for_forked_processes_and_ends_no_others(
    tmp_path: Path,
) -> None:
    done = run_alone(
        """
import multiprocessing, time
from broadsheet.effects.executors import map_batches, open_executor

def hold_on(batch):
    time.sleep(86_400 if batch[0] else 0)
    return batch

def give_up(_):
    raise KeyboardInterrupt

own = multiprocessing.get_context("fork").Process(target=time.sleep, args=(86_400,))
own.start()
try:
    with open_executor("process:2") as executor:
        map_batches(executor, hold_on, range(2), 1, on_done=give_up)
except KeyboardInterrupt:
    assert multiprocessing.active_children() == [own]
    own.kill()
    print("gave up")
""",
        tmp_path,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "gave up\n", "")


def test_items_are_taken_while_batches_wait_and_not_all_at_once() -> None:
    taken: list[int] = []
    done: list[int] = []

    def work(batch: tuple[int, ...]) -> tuple[int, ...]:
        done.extend(batch)
        return batch

    def items() -> Iterator[int]:
        for number in range(10):
            taken.append(number)
            assert len(taken) - len(done) <= 2
            yield number

    assert map_batches(SerialExecutor(), work, items(), 2) == list(range(10))


@LINUX_ONLY
def test_work_apart_runs_in_a_process_of_its_own_and_else_here(tmp_path: Path) -> None:
    done = run_alone(
        """
import os
from broadsheet.effects.executors import open_executor, run_apart

with open_executor("process:2") as executor:
    assert run_apart(executor, lambda: 0, os.getpid) not in (0, os.getpid())
with open_executor("serial") as executor:
    assert run_apart(executor, os.getpid, lambda: 0) == os.getpid()
""",
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
