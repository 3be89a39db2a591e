"""How far a long command has come: a bar on a terminal, plain lines elsewhere.

Responsible for showing steps on the standard error stream, and for taking the bar away at the end.
Not responsible for what a step is (`assembly.stopwatch`) or for the summary (`commands.build`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from broadsheet.assembly.commands.common import ReportOptions
from broadsheet.assembly.stopwatch import Step, Watcher, watch_nothing

if TYPE_CHECKING:
    from rich.progress import Progress

# What is done sooner needs no bar, and does not wait for the import of one.
DELAY_SECONDS = 1.0
REFRESH_SECONDS = 0.1
# Of stages with fewer items a log says nothing; of larger ones it tells each quarter.
FEWEST_LOGGED = 1_000
_PARTS = 4


@contextmanager
def show_progress(options: ReportOptions) -> Iterator[Watcher]:
    """Show the steps of a command while a block runs.

    Args:
        options: Quiet commands, and those whose output a program reads, show nothing.

    Yields:
        What is to be called with each step.
    """
    if options.is_quiet or options.style != "text":
        yield watch_nothing
    elif sys.stderr.isatty():
        bar = _Bar()
        try:
            yield bar.show
        finally:
            bar.close()
    else:
        yield _Log().show


class _Log:
    """Lines for a log: what a stage has to do, and each quarter of it that is done."""

    def __init__(self) -> None:
        self._quarter = ("", -1)

    def show(self, step: Step) -> None:
        """Print a line when another quarter of a long stage is done."""
        if step.total < FEWEST_LOGGED:
            return
        quarter = (step.stage, _PARTS * step.done // step.total)
        if quarter != self._quarter:
            self._quarter = quarter
            click.echo(f"{step.stage}: {step.done:,} of {step.total:,}", err=True)


class _Bar:
    """A bar with rate and time left, which appears when the command has run for a while.

    It is drawn when a step is shown and by no thread of its own: processes are forked only where no
    thread is running (`effects.forking`).
    """

    def __init__(self) -> None:
        self._step = Step("")
        self._progress: Progress | None = None
        self._due = time.monotonic() + DELAY_SECONDS

    def show(self, step: Step) -> None:
        """Note a step, and show it once there is a bar."""
        is_new = step.stage != self._step.stage
        self._step = step
        if self._progress is None and time.monotonic() >= self._due:
            self._progress = _open_bar()
            is_new = True
        self._draw(is_new=is_new)

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()

    def _draw(self, *, is_new: bool) -> None:
        if self._progress is None:
            return
        if is_new:
            for old in self._progress.task_ids:
                self._progress.remove_task(old)
            self._progress.add_task(self._step.stage, total=None, rate="")
        (task,) = self._progress.tasks
        rate = f"{task.speed:,.0f}/s" if task.speed else ""
        total = self._step.total or None
        self._progress.update(task.id, completed=self._step.done, total=total, rate=rate)
        if is_new or time.monotonic() >= self._due:
            self._due = time.monotonic() + REFRESH_SECONDS
            self._progress.refresh()


def _open_bar() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )
    bar.start()
    return bar
