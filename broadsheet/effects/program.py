"""Which program this is: what values that it kept are good for.

Responsible for a name that changes when Broadsheet, the libraries it stands on or Python change, so
that nothing that another program made is taken for its own work. Not responsible for what is kept
(`caching`).
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import msgspec

from broadsheet import __version__
from broadsheet.foundations.hashing import hash_value


@cache
def identify_program() -> str:
    """Return the program's name.

    It covers the version, the package's files by size and time, as they are edited in a checkout,
    and the time of the folder in which libraries are installed, which every change of one moves.
    """
    libraries = Path(msgspec.__file__).parent.parent
    package = Path(__file__).parent.parent
    return hash_value(
        (__version__, sys.version, libraries.stat().st_mtime_ns, sorted(_list_code(str(package))))
    )


def _list_code(folder: str) -> list[tuple[str, int, int]]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found += _list_code(entry.path) if entry.name != "__pycache__" else []
            elif entry.name.endswith(".py"):
                about = entry.stat()
                found.append((entry.path, about.st_size, about.st_mtime_ns))
    return found
