"""The tutorial, done as its reader does it.

`python tests/docs/tutorial_steps.py WHEEL` does all of it and tells the time.

Responsible for running the page's blocks in order, in one folder and one environment, and for
writing the files that it shows. Not responsible for what must come of it (`test_tutorial`).
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
ADDRESS = "http://127.0.0.1:8000/"
_BLOCK = re.compile(r"(?:<!-- file: (\S+) -->\n)?```(\w+)( background)?\n(.*?)\n```", re.DOTALL)
_PATIENCE_SECONDS = 60


class Step(NamedTuple):
    """A block of the tutorial.

    Attributes:
        text: Its lines.
        path: The file that they are to be saved as, or empty for commands.
        is_background: Whether it goes on while the next steps are done.
    """

    text: str
    path: str
    is_background: bool


def read_steps() -> list[Step]:
    """Return the blocks of the page in order."""
    found = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    return [Step(text, path, bool(behind)) for path, kind, behind, text in found if path or kind]


class Reader:
    """Somebody who follows the tutorial in an empty folder."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Begin in a folder.

        Args:
            folder: An empty folder, which also keeps the shell's state between commands.
            environment: Variables of the shell.
        """
        self.here = folder / "home"
        self.here.mkdir()
        self._state = folder / "state.sh"
        self._state.write_text(f"cd '{self.here}'\n")
        self._environment = environment
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"

    def type_in(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Run commands in the folder and with the variables that the last ones left."""
        saved = f"{{ echo \"cd '$PWD'\"; export -p; }} > '{self._state}'"
        script = f"set -e\n. '{self._state}'\n{commands}\n{saved}\n"
        return subprocess.run(
            ["bash", "-c", script],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    @contextmanager
    def leave_running(self, command: str) -> Iterator[None]:
        """Run the preview until the block ends."""
        script = f". '{self._state}'\nexec {command} --port {self.port}\n"
        with subprocess.Popen(
            ["bash", "-c", script],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                yield
            finally:
                process.terminate()
                process.wait(timeout=30)

    def save(self, path: str, text: str) -> None:
        """Save a file below the folder where the shell stands."""
        where = self.type_in("pwd").stdout.strip()
        (Path(where) / path).write_text(text + "\n", encoding="utf-8")

    def wait_for(self, words: str, path: str = "") -> bool:
        """Tell whether a page of the preview comes to hold some words."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(self.address + path, timeout=5) as answer:  # noqa: S310 - loopback
                    if words in answer.read().decode("utf-8"):
                        return True
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            time.sleep(0.05)
        return False


def main(wheel: Path) -> None:
    """Follow the whole page with a wheel in the place of the published package; tell the time."""
    with tempfile.TemporaryDirectory() as folder:
        constraint = Path(folder) / "constraint.txt"
        constraint.write_text(f"broadsheet @ {wheel.resolve().as_uri()}\n")
        reader = Reader(Path(folder), {**os.environ, "PIP_CONSTRAINT": str(constraint)})
        start = time.perf_counter()
        follow(reader, read_steps())
        print(f"{time.perf_counter() - start:.1f} s from nothing to a commit that CI can publish")


def follow(reader: Reader, steps: list[Step]) -> None:
    """Do the steps in order; what goes on in the background does so until the last is done.

    Raises:
        RuntimeError: A command failed, or the preview never showed a page.
    """
    for index, step in enumerate(steps):
        began = time.perf_counter()
        if step.is_background:
            with reader.leave_running(step.text):
                if not reader.wait_for("</html>"):
                    raise RuntimeError("the preview shows no page")
                print(f"{time.perf_counter() - began:6.1f} s  {step.text}")
                follow(reader, steps[index + 1 :])
            return
        if step.path:
            reader.save(step.path, step.text)
        else:
            done = reader.type_in(step.text)
            if done.returncode:
                raise RuntimeError(f"{step.text}\n{done.stdout}{done.stderr}")
        print(f"{time.perf_counter() - began:6.1f} s  {step.path or step.text.splitlines()[0]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
