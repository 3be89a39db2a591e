"""What of a published tree is still as it was written.

Responsible for finding files that were lost or changed since, and files that no build wrote, at the
cost of one look at each folder and file: only what changed its status since the last publication is
read. Not responsible for what is done about it (`publishing`, `staging`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path

import msgspec

from broadsheet.effects.host_files import TEMPORARY_PREFIX, is_content
from broadsheet.effects.manifest import SEARCH_FOLDER, Manifest, list_folders
from broadsheet.effects.tree_entries import list_entries, list_tree
from broadsheet.effects.walking import printable_path
from broadsheet.foundations.hashing import hash_bytes, hash_value


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at a published tree found.

    Attributes:
        stray: A file that no build wrote, relative to the tree; empty when there is none.
        lost: Files of the manifest that are missing or hold other bytes.
        touched: Files of the manifest whose status changed since the last publication.
        has_index: Whether the search index is what the manifest names.
        has_litter: Whether there are temporary files, or folders that no build made.
        latest: The newest change of status, in nanoseconds.
    """

    stray: str
    lost: frozenset[str]
    touched: frozenset[str]
    has_index: bool
    has_litter: bool
    latest: int


def inspect_tree(tree: Path, manifest: Manifest, latest: int, index: str) -> Inspection:
    """Compare a published tree with its manifest.

    A change of status (`st_ctime_ns`) cannot be set back, so what is older than the last
    publication is what it wrote. What is exactly as old may have been touched in the same tick of
    the clock, and is read.

    Args:
        tree: The published tree.
        manifest: Its manifest.
        latest: When it was last changed by us, in nanoseconds; 0 has everything read.
        index: Fingerprint of the search index as it was published.
    """
    folders = {folder for folder in list_folders(manifest.files) if not folder.startswith(".")}
    places = _look_at(tree, ("", *folders))
    touched_folders = [place for place, changed in places if changed >= latest and changed]
    stray, has_litter = _find_stray(tree, touched_folders, folders, manifest)
    looks = _look_at(tree, manifest.files)
    touched = frozenset(path for path, changed in looks if changed >= latest and changed)
    lost = _find_lost(tree, manifest, looks, touched)
    has_index, newest_index = _inspect_index(tree / SEARCH_FOLDER, latest, index)
    return Inspection(
        stray=stray,
        lost=lost,
        touched=touched,
        has_index=has_index if manifest.search else not (tree / SEARCH_FOLDER).exists(),
        has_litter=has_litter,
        latest=max(
            newest_index, max(places, key=_change)[1], max(looks, key=_change, default=("", 0))[1]
        ),
    )


def fingerprint_index(folder: Path) -> str:
    """Return a hash over the names, sizes and times of the files of a search index."""
    return hash_value(
        sorted(
            (os.fsencode(name), about.st_size, about.st_mtime_ns)
            for name, entry in list_tree(folder)
            for about in (entry.stat(follow_symlinks=False),)
        )
    )


_change = itemgetter(1)


def _look_at(tree: Path, paths: Iterable[str]) -> list[tuple[str, int]]:
    """Return when each path of a tree changed its status, in nanoseconds; 0 where it is gone."""
    prefix = f"{tree}/"
    names = list(paths)
    try:
        return [
            (name, about.st_ctime_ns)
            for name, about in zip(names, map(os.lstat, map(prefix.__add__, names)), strict=True)
        ]
    except (FileNotFoundError, NotADirectoryError):
        return [(name, _look_closely(prefix + name)) for name in names]


def _look_closely(path: str) -> int:
    try:
        return os.lstat(path).st_ctime_ns
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _find_stray(
    tree: Path, touched: Iterable[str], folders: set[str], manifest: Manifest
) -> tuple[str, bool]:
    """Return the first file in touched folders that no build wrote, and whether there is litter."""
    strays = []
    has_litter = False
    for folder in touched:
        prefix = f"{folder}/" if folder else ""
        for entry in list_entries(tree / folder):
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if name in folders or (not folder and _is_passed_over(entry.name)):
                    continue
                has_litter = True
                strays += [f"{name}/{path}" for path, _ in list_tree(entry.path)]
            elif entry.name.startswith(TEMPORARY_PREFIX):
                has_litter = True
            elif name not in manifest.files and (folder or is_content(entry.name)):
                strays.append(name)
    return printable_path(Path(min(strays))) if strays else "", has_litter


def _is_passed_over(name: str) -> bool:
    return name == SEARCH_FOLDER or not is_content(name)


def _find_lost(
    tree: Path, manifest: Manifest, looks: list[tuple[str, int]], touched: Iterable[str]
) -> frozenset[str]:
    """Return the files that are gone, and touched ones that hold other bytes."""
    gone = {path for path, changed in looks if not changed}
    other = {path for path in touched if not _is_as_written(tree / path, manifest.files[path])}
    return frozenset(gone | other)


def _is_as_written(path: Path, written: str) -> bool:
    return stat.S_ISREG(path.lstat().st_mode) and hash_bytes(path.read_bytes()) == written


def _inspect_index(folder: Path, latest: int, index: str) -> tuple[bool, int]:
    """Tell whether a search index is what was published, and when its folders changed last."""
    if not folder.is_dir() or folder.is_symlink():
        return False, 0
    inside = [Path(entry.path) for entry in list_entries(folder) if entry.is_dir()]
    newest = max(place.stat().st_ctime_ns for place in (folder, *inside))
    return newest < latest or fingerprint_index(folder) == index, newest
