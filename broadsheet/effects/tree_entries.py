"""What stands in the folders of a built tree.

Responsible for listing, without following links. Not responsible for whose it is (`host_files`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def list_entries(folder: Path | str) -> list[os.DirEntry[str]]:
    """Return what stands directly in a folder; nothing where there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def list_tree(folder: Path | str, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the files and links below a folder, which need not exist, with their relative paths."""
    for entry in list_entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from list_tree(entry.path, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry
