"""The search index in its place in a tree.

Responsible for giving each file of an index a name in a tree, so that a file whose bytes are those
of the published one stays that very file. Not responsible for making an index (`searching`).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec

from broadsheet.effects.linking import link_file
from broadsheet.effects.tree_entries import list_tree


class _Source(msgspec.Struct, frozen=True):
    """A file that gets a further name, and its number on the disk."""

    path: Path
    inode: int


def place_index(index: Path | None, published: Path, folder: Path) -> None:
    """Bring a tree's folder of the search index up to date.

    Args:
        index: The new index; None where the published one stays.
        published: The published index; it need not exist.
        folder: The folder in the tree; it may hold an older index.

    Raises:
        OSError: The disk refused.
    """
    wanted = _choose_sources(index, published)
    for name, entry in list(list_tree(folder)):
        if name in wanted and wanted[name].inode == entry.inode():
            del wanted[name]
        else:
            Path(entry.path).unlink()
    made: set[Path] = set()
    for name, source in wanted.items():
        target = folder / name
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        link_file(source.path, target)


def remove_index(folder: Path) -> None:
    """Delete a tree's folder of the search index, which need not exist.

    Raises:
        OSError: The disk refused.
    """
    if folder.is_dir():
        shutil.rmtree(folder)


def _choose_sources(index: Path | None, published: Path) -> dict[str, _Source]:
    """Return each file of the index by its name: the published one where the bytes are the same."""
    standing = {name: _source(entry) for name, entry in list_tree(published)}
    if index is None:
        return standing
    fresh = {name: _source(entry) for name, entry in list_tree(index)}
    both = fresh.keys() & standing.keys()
    same = {name: standing[name] for name in both if _is_same(fresh[name], standing[name])}
    return {**fresh, **same}


def _source(entry: os.DirEntry[str]) -> _Source:
    return _Source(Path(entry.path), entry.inode())


def _is_same(one: _Source, other: _Source) -> bool:
    return one.inode == other.inode or one.path.read_bytes() == other.path.read_bytes()
