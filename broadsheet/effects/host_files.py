"""What a host keeps at the root of what it serves: `.git`, `.gitkeep`, `CNAME` and their like.

Responsible for telling such names from the site's own, and for taking them along when one tree
takes the place of another. A folder such as `.well-known` may hold files of both; then the host's
are copied, and where both have one of a name, the site's stands. Not responsible for the exchange
(`publishing`) or for what is left after a kill (`recovery`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from broadsheet.effects.manifest import MANIFEST_NAME, Manifest, read_manifest
from broadsheet.effects.tree_entries import list_entries, list_tree

# Files without a leading dot that a host keeps at the root of what it serves.
HOST_FILES = frozenset({"CNAME"})
# Begins the names of files that are being written; a kill may leave one.
TEMPORARY_PREFIX = ".broadsheet-new-"


def is_content(name: str) -> bool:
    """Tell whether a name at the output's root is the site's, and not its host's."""
    return not name.startswith(".") and name not in HOST_FILES


def copy_host_files(output: Path, stage: Path, manifest: Manifest) -> None:
    """Copy files and links of the host from the published tree to the staged one.

    Folders that are the host's alone are left where they are: they are moved, once the trees have
    changed places.

    Args:
        output: The published tree; it need not exist.
        stage: The new tree; what a build wrote there stands.
        manifest: What the build of the published tree wrote.
    """
    entries = [entry for entry in list_entries(output) if not is_content(entry.name)]
    if not any(entry.name not in manifest.files for entry in entries):
        return
    shared = manifest.folders().union(entry.name for entry in _list_folders(stage))
    for relative in _list_host_files(output, shared):
        target = stage / relative
        if relative in manifest.files or os.path.lexists(target):
            continue
        if _can_hold(stage, target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(output / relative, target, follow_symlinks=False)


def delete_host_copies(tree: Path, manifest: Manifest) -> None:
    """Delete the copies of the host's files from a back tree, with folders that become empty.

    Args:
        tree: The back tree.
        manifest: What its build wrote, which stays.
    """
    for relative in list(_list_host_files(tree, manifest.folders())):
        if relative in manifest.files:
            continue
        (tree / relative).unlink()
        for folder in (tree / relative).parents:
            if folder == tree or any(folder.iterdir()):
                break
            folder.rmdir()


def move_host_folders(old: Path, output: Path) -> None:
    """Move folders such as `.git`, which are too large to copy, from an old tree to the new one.

    Args:
        old: The tree that was published before.
        output: The published tree; a folder that it has already stays where it is in the old one.
    """
    for folder in _host_folders(old, output):
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
    if _host_folders(tree, output):
        return
    for folder in _list_folders(tree):
        # Before the manifest goes, which tells them from the host's.
        if not is_content(folder.name):
            shutil.rmtree(folder.path, ignore_errors=True)
    shutil.rmtree(tree, ignore_errors=True)


def _host_folders(tree: Path, output: Path) -> list[Path]:
    """Return the folders of a tree that are the host's alone.

    Of one that either tree's build wrote to, the host's files have been copied.
    """
    folders = [entry for entry in _list_folders(tree) if not is_content(entry.name)]
    if not folders:
        return []
    manifests = (read_manifest(tree), read_manifest(output))
    shared = {name for manifest in manifests if manifest for name in manifest.folders()}
    return [Path(entry.path) for entry in folders if entry.name not in shared]


def _list_host_files(output: Path, shared: frozenset[str]) -> Iterator[str]:
    """Yield the host's files and links at the root and in shared folders, relative to the root."""
    for entry in list_entries(output):
        if is_content(entry.name) or entry.name == MANIFEST_NAME:
            continue
        if not entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(TEMPORARY_PREFIX):
                yield entry.name
        elif entry.name in shared:
            for name, _ in list_tree(entry.path, f"{entry.name}/"):
                if not PurePosixPath(name).name.startswith(TEMPORARY_PREFIX):
                    yield name


def _can_hold(stage: Path, folder: Path) -> bool:
    """Tell whether no file of the new tree stands where a folder would have to be."""
    ways = (folder, *folder.parents)
    return all(
        way.is_dir() or not os.path.lexists(way) for way in ways if way.is_relative_to(stage)
    )


def _list_folders(tree: Path) -> list[os.DirEntry[str]]:
    return [entry for entry in list_entries(tree) if entry.is_dir(follow_symlinks=False)]
