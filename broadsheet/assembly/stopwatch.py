"""The time that each stage of a run takes, and how far it has come.

Responsible for measuring and for telling whoever watches. Not responsible for printing
(`commands.build`, `commands.progress`); nothing that is built depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec


class Step(msgspec.Struct, frozen=True):
    """How far a stage has come.

    Attributes:
        stage: Its name.
        done: Items that are done.
        total: Items that there are; 0 where they are not counted.
    """

    stage: str
    done: int = 0
    total: int = 0


Watcher = Callable[[Step], None]


def watch_nothing(_: Step) -> None:
    """Take no notice of a step."""


class Stopwatch:
    """Measures how long each stage takes; it decides nothing."""

    def __init__(self, on_step: Watcher = watch_nothing) -> None:
        """Begin with no stages.

        Args:
            on_step: Called when a stage begins, and whenever some of its items are done.
        """
        self.seconds: dict[str, float] = {}
        self._on_step = on_step

    @contextmanager
    def stage(self, name: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        """Measure a block under a stage's name, without what other stages take within it.

        Args:
            name: The stage.
            total: How many items it works on, where they are counted.

        Yields:
            A function to call with the number of items that are done so far.
        """
        start, before = time.perf_counter(), sum(self.seconds.values())
        self._on_step(Step(name, 0, total))
        yield lambda done: self._on_step(Step(name, done, total))
        within = sum(self.seconds.values()) - before
        took = time.perf_counter() - start - within
        self.seconds[name] = self.seconds.get(name, 0.0) + took
