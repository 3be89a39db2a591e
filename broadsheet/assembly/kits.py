"""The deploy kits: a host's workflow and configuration, filled in for one digest.

Responsible for what the kits' marks stand for and for telling whether a digest has a kit already.
Not responsible for which hosts there are (`planning.hosts`).
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from broadsheet.planning.hosts import HOSTS, LOOKED_UP, VERSIONS

_MARK = re.compile(r"@(\w+)@")


def fill_kit(kits: Path, host: str, time_zone: str, branch: str) -> dict[str, bytes]:
    """Return the files of a host's kit by their path in the digest.

    Args:
        kits: Folder of the kits.
        host: A key of `HOSTS`.
        time_zone: The digest's, which decides what day it is.
        branch: The branch that is published.
    """
    values = {**VERSIONS, "looked_up": LOOKED_UP, "time_zone": time_zone, "branch": branch}
    return {
        target: _MARK.sub(lambda mark: values[mark[1]], (kits / source).read_text("utf-8")).encode()
        for source, target in HOSTS[host].kit.items()
    }


def compare_kit(root: Path, files: dict[str, bytes]) -> tuple[dict[str, bytes], str]:
    """Compare a kit with what a digest has.

    Args:
        root: The digest's root.
        files: The kit's files by path.

    Returns:
        The files that are missing, and a unified diff from the others as they are to the kit's.
    """
    missing = {path: content for path, content in files.items() if not (root / path).exists()}
    changes: list[str] = []
    for path in files.keys() - missing.keys():
        old = (root / path).read_text(encoding="utf-8", errors="replace")
        changes += difflib.unified_diff(
            old.splitlines(keepends=True),
            files[path].decode().splitlines(keepends=True),
            f"a/{path}",
            f"b/{path}",
        )
    return missing, "".join(changes)
