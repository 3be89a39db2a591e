"""Memory that was freed goes back to the system; what is needed again is made or read again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT

from broadsheet.effects.source_files import SourceFiles
from broadsheet.effects.surveying import survey_content

# Holds 40 MB in pieces of 2 kB, frees all but the last, and prints what stayed in memory before and
# after it is given back; in one block likewise.
MEASURE = """
import re
from pathlib import Path
from broadsheet.effects.freed_memory import return_freed_memory, return_large_blocks

def held():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

pieces = [bytes(2_000) for _ in range(20_000)]
del pieces[:-1]
kept = held()
return_freed_memory()
print(kept - held())
return_large_blocks()
largest = bytearray(30_000_000)
del largest  # after which the allocator would keep what is smaller
before = held()
large, small = bytearray(20_000_000), bytes(2_000)
del large
print(held() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc: run it on Linux")
def test_freed_memory_goes_back_to_the_system() -> None:
    command = [sys.executable, "-c", MEASURE]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    given_back, kept = map(int, finished.stdout.split())
    assert given_back >= 30
    assert kept <= 5


def test_a_file_that_was_let_go_is_read_again(tmp_path: Path) -> None:
    path = "content/papers/a.md"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(b"one")
    files = SourceFiles(tmp_path, survey_content(tmp_path, {}))
    (tmp_path / path).write_bytes(b"two")
    assert files[path].content == b"one"
    files.release()
    assert files[path].content == b"two"
