"""How far a build has come, as a terminal, a log and a quiet command show it."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT
from scenarios import paper, write_digest

from broadsheet.assembly.commands import progress
from broadsheet.assembly.commands.common import ReportOptions
from broadsheet.assembly.commands.progress import show_progress
from broadsheet.assembly.stopwatch import Step

# The real command, with a bar at once and small batches, so that a small digest shows what a
# large one would.
COMMAND = """
import sys
from functools import partial
from broadsheet.assembly import making_pages
from broadsheet.assembly.commands import main, progress
from broadsheet.effects.executors import map_batches
progress.DELAY_SECONDS = 0.0
making_pages.map_batches = partial(map_batches, size=1)
sys.exit(main(sys.argv[1:]))
"""
SLOW = "{% for a in range(500) %}{% for b in range(500) %}{% endfor %}{% endfor %}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A digest whose papers take long to render."""
    papers = {f"content/papers/p{n}.md": paper(f"Paper {n}") for n in range(12)}
    return write_digest(tmp_path, {**papers, "templates/paper.html": SLOW})


def run_in_terminal(root: Path, *words: str) -> tuple[int, str, str]:
    """Run the command with a terminal as its error stream; return code, output, screen."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", COMMAND, "-C", str(root), "build", "--no-search", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=slave, text=True
    ) as running:
        os.close(slave)
        screen = b""
        while chunk := read_terminal(master):
            screen += chunk
        output, _ = running.communicate()
    os.close(master)
    return running.returncode, output, screen.decode()


def read_terminal(master: int) -> bytes:
    """Read what there is; nothing once the other side has been closed, which Linux reports so."""
    try:
        return os.read(master, 65_536)
    except OSError:
        return b""


def test_a_terminal_shows_stage_count_rate_and_time_left(root: Path) -> None:
    code, output, screen = run_in_terminal(root)
    assert (code, output.count("\n")) == (0, 1)
    plain = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", screen)
    assert re.search(r"render .*\d+/\d+ +\d+/s +(\d+:\d\d:\d\d|-:--:--)", plain), plain
    assert "\x1b[?25h" in screen, "the cursor is shown again"


def test_a_quiet_command_shows_nothing_on_a_terminal(root: Path) -> None:
    assert run_in_terminal(root, "--quiet") == (0, "", "")


def test_a_command_whose_output_a_program_reads_shows_nothing_on_a_terminal(root: Path) -> None:
    code, output, screen = run_in_terminal(root, "--format", "json")
    assert (code, output.strip(), screen) == (0, "[]", "")


def test_a_log_gets_a_line_for_each_quarter_of_a_long_stage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with show_progress(ReportOptions()) as on_step:
        on_step(Step("scan"))
        on_step(Step("parse", 0, progress.FEWEST_LOGGED - 1))
        for done in range(0, 4_001, 200):
            on_step(Step("render", done, 4_000))
    lines = [f"render: {done} of 4,000" for done in ("0", "1,000", "2,000", "3,000", "4,000")]
    assert capsys.readouterr().err.splitlines() == lines


def test_a_command_that_is_done_at_once_shows_no_bar(root: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "broadsheet", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stderr
    assert "rich" not in {line.rpartition("|")[2].strip() for line in said.splitlines()}
