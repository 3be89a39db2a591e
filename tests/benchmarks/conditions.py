"""The conditions under which whole processes are timed, so that their figures are the program's.

Responsible for two things that falsified figures before: modules compiled anew at every start,
where an installed program has them compiled, and files deleted shortly before others are made,
since ext4 passes over every inode that was freed within the last minute, or six where that is not
written to the disk yet, when it looks for a free one (10,000 files and folders took 4 s of the
system's time instead of 0.9). Not responsible for the load of the machine, or for what was deleted
before a benchmark began.
"""

from __future__ import annotations

import compileall
import os
import platform
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "broadsheet"


def compile_modules() -> None:
    """Compile the program's modules, and let the processes that this one starts use them."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(PACKAGE, quiet=1)


def describe_python() -> str:
    """Return the interpreter's version and place.

    How it was built matters as much: a loop took 0.27 s with Debian's, and 0.43 s with one of the
    same version that was compiled without a profile, as version managers do by default.
    """
    return f"Python {platform.python_version()} of {sys.base_prefix}"


def set_aside(path: Path, aside: Path) -> None:
    """Move a file or folder away instead of deleting it; where there is none, do nothing.

    Args:
        path: What is to go.
        aside: A folder of the same file system, which is deleted when nothing is timed any more.
    """
    if path.exists():
        path.rename(Path(tempfile.mkdtemp(dir=aside), path.name))
