"""The time that each stage of a run takes.

Responsible for measuring. Not responsible for printing (`commands.build`); nothing that is built
depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Measures how long each stage takes; it decides nothing."""

    def __init__(self) -> None:
        """Begin with no stages."""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a block under a stage's name."""
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
