"""What a host keeps at the root of what it serves: `.git`, `.gitkeep`, `CNAME` and their like.

Responsible for telling such names from the site's own, and for taking them along when one tree
takes the place of another. Not responsible for the exchange (`publishing`) or for what is left
after a kill (`recovery`).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from broadsheet.effects.manifest import MANIFEST_NAME, read_manifest

# Files without a leading dot that a host keeps at the root of what it serves.
HOST_FILES = frozenset({"CNAME"})
# Begins the names of files that are being written; a kill may leave one.
TEMPORARY_PREFIX = ".broadsheet-new-"


def is_content(name: str) -> bool:
    """Tell whether a name at the output's root is the site's, and not its host's."""
    return not name.startswith(".") and name not in HOST_FILES


def copy_host_files(output: Path, stage: Path) -> None:
    """Copy files and links of the host from the published tree to the staged one.

    Args:
        output: The published tree; it need not exist.
        stage: The new tree; what a build wrote there stands.
    """
    if not output.is_dir():
        return
    manifest = read_manifest(output)
    written = set(manifest.files) if manifest is not None else set()
    for entry in _list_entries(output):
        if is_content(entry.name) or entry.name in written or entry.name == MANIFEST_NAME:
            continue
        if entry.name.startswith(TEMPORARY_PREFIX) or entry.is_dir(follow_symlinks=False):
            continue
        if not os.path.lexists(stage / entry.name):
            shutil.copy2(entry.path, stage / entry.name, follow_symlinks=False)


def move_host_folders(old: Path, output: Path) -> None:
    """Move folders such as `.git`, which are too large to copy, from an old tree to the new one.

    Args:
        old: The tree that was published before.
        output: The published tree; a folder that it has already stays where it is in the old one.
    """
    for folder in _host_folders(old):
        if not os.path.lexists(output / folder.name):
            folder.rename(output / folder.name)


def discard_tree(tree: Path, output: Path) -> None:
    """Delete a tree that is not published, but never a folder that belongs to the host.

    Args:
        tree: A stage that came to nothing, or the tree that was published before.
        output: The published tree, which gets the host's folders.
    """
    if output.is_dir():
        move_host_folders(tree, output)
    if not _host_folders(tree):
        shutil.rmtree(tree, ignore_errors=True)


def _host_folders(tree: Path) -> list[Path]:
    entries = _list_entries(tree) if tree.is_dir() else []
    folders = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
    return [Path(entry.path) for entry in folders if not is_content(entry.name)]


def _list_entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)
