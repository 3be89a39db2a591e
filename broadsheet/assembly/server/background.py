"""What takes seconds: the search index and the related papers, made in a process of their own.

Responsible for starting that process, for its result, and for leaving nothing of it behind. It
reads the digest anew, so that the preview hands it nothing and waits for nothing; it runs at the
lowest priority, so that a page that is asked for meanwhile is not slower. Not responsible for what
it does (`catching_up`).
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable

import msgspec

from broadsheet.assembly.project import Project
from broadsheet.assembly.server.catching_up import CaughtUp, CaughtUpJob
from broadsheet.effects.own_processes import end_process, start_module


class Background:
    """Catches up whenever asked, one process at a time."""

    def __init__(self, project: Project, tell: Callable[[int, CaughtUp], None]) -> None:
        """Begin without a process.

        Args:
            project: Where the digest lies.
            tell: Called in a thread with the generation that was asked for, and the result.
        """
        self._project = project
        self._job = msgspec.json.encode(CaughtUpJob(str(project.root), os.getpid()))
        self._tell = tell
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = 0
        self._is_closing = False

    def catch_up(self, generation: int) -> None:
        """Catch up with a generation: at once, or when the process that is running has ended."""
        with self._lock:
            self._wanted = generation
            if self._process is None and not self._is_closing:
                self._start(generation)

    def close(self) -> None:
        """End the process with everything that it started and wrote."""
        with self._lock:
            self._is_closing = True
            process = self._process
        if process is not None:
            end_process(process, self._project.cache)

    def _start(self, generation: int) -> None:
        process = start_module("broadsheet.assembly.server.catching_up")
        self._process = process
        threading.Thread(target=self._follow, args=(process, generation), daemon=True).start()

    def _follow(self, process: subprocess.Popen[bytes], generation: int) -> None:
        output, _ = process.communicate(self._job)
        with self._lock:
            self._process = None
            if self._is_closing:
                return
        try:
            result = msgspec.msgpack.decode(output, type=CaughtUp)
        except msgspec.DecodeError:
            result = CaughtUp(failure=f"exit status {process.returncode}")
        self._tell(generation, result)
        with self._lock:
            if self._wanted > generation and self._process is None and not self._is_closing:
                self._start(self._wanted)
