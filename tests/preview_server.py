"""A running preview for tests: the program itself in a process of its own, on a free port.

Responsible for starting it, for waiting until it serves, and for ending it whatever happens. All
waits are on what the program says, and bounded.
"""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit

WAIT_SECONDS = 60.0
_SERVING = re.compile(r"serving (http://\S+)")


class PreviewServer:
    """`broadsheet serve` over a digest, as a context manager.

    Attributes:
        url: Address of the front page, ending in a slash.
        origin: The same without a path.
        port: Its port.
        process: The process.
    """

    def __init__(
        self, root: Path, *options: str, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the program.

        Args:
            root: The digest's root.
            options: More words of the command line.
            environment: What is different in its environment.
        """
        words = ("-m", "broadsheet", "-C", str(root), "serve", "--port", "0", *options)
        self.process = subprocess.Popen(
            (sys.executable, *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
        )
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._lines: list[str] = []
        self._listeners = [
            threading.Thread(target=self._listen, args=(stream,), daemon=True)
            for stream in (self.process.stdout, self.process.stderr)
            if stream is not None
        ]
        for listener in self._listeners:
            listener.start()

    def __enter__(self) -> Self:
        """Wait until it serves."""
        try:
            match = _SERVING.search(self.wait_for("serving http"))
            assert match, self.said()
        except BaseException:
            self.end()
            raise
        self.url = match[1]
        self.origin = "http://" + urlsplit(self.url).netloc
        self.port = int(self.url.split(":")[2].split("/")[0])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.end()

    def wait_for(self, words: str) -> str:
        """Wait until it says something, and return the line.

        Args:
            words: Part of the line.
        """
        end = time.monotonic() + WAIT_SECONDS
        while (left := end - time.monotonic()) > 0:
            try:
                line = self._said.get(timeout=min(left, 0.2))
            except queue.Empty:
                if self.process.poll() is not None and self._said.empty():
                    break
                continue
            self._lines.append(line)
            if words in line:
                return line
        raise AssertionError(f"it never said {words!r}:\n{self.said()}")

    def said(self) -> str:
        """Return everything that it has said."""
        while not self._said.empty():
            self._lines.append(self._said.get())
        return "".join(self._lines)

    def end(self, number: int = signal.SIGINT) -> int:
        """End it with a signal, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()
            for listener in self._listeners:
                listener.join(5)

    def _listen(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._said.put(line)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds, which no event tells of; fail after a minute.

    Args:
        holds: Tells whether it does.
        what: What is waited for, for the message.
    """
    end = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.02)
