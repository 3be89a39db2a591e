"""Builds for tests: the repository's own digest, small ones, and trees of bytes to compare."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import Any

from broadsheet.assembly.build_values import BuildOptions, BuildResult
from broadsheet.assembly.pipeline import build_site
from broadsheet.assembly.project import Project

ROOT = Path(__file__).parent.parent


def copy_repository(root: Path) -> Path:
    """Copy the repository's content to a folder, as a digest without templates of its own."""
    shutil.copytree(ROOT / "content", root / "content")
    return root


def build(root: Path, **options: Any) -> BuildResult:
    """Build the digest at a root in this process, and return what the build did."""
    return build_site(Project(root), BuildOptions(**{"executor": "serial", **options}))


def publish(root: Path, **options: Any) -> Path:
    """Build the digest at a root, which must have no errors, and return its output folder."""
    result = build(root, **options)
    assert result.how, result.diagnostics
    return result.output


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file and link below a folder with its bytes; empty folders end in a slash."""
    found: dict[str, bytes] = {}
    for parent, folders, names in os.walk(folder):
        here = Path(parent).relative_to(folder)
        if not folders and not names and parent != str(folder):
            found[f"{here.as_posix()}/"] = b""
        for name in (*names, *(n for n in folders if Path(parent, n).is_symlink())):
            path = Path(parent, name)
            content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            found[(here / name).as_posix()] = content
    return found


def fingerprint(folder: Path) -> str:
    """Return one hash over a folder's names and bytes."""
    digest = hashlib.sha256()
    for path, content in sorted(tree(folder).items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def names_in(folder: Path) -> list[str]:
    """Return what stands directly in a folder."""
    return sorted(path.name for path in folder.iterdir())


def litter(root: Path) -> list[str]:
    """Return what stands in a digest's `.broadsheet/` beside what belongs there.

    That is the cache, the lock, and of each output the record of the last publication and the back
    tree.
    """
    ours = re.compile(r"cache|lock|published-[0-9a-f]{12}|\.broadsheet-back-[0-9a-f]{12}")
    return [name for name in names_in(root / ".broadsheet") if not ours.fullmatch(name)]


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the number and the time of everything below a folder, the folder itself included."""
    paths = (folder, *folder.rglob("*"))
    abouts = ((path, path.lstat()) for path in paths)
    return {
        path.relative_to(folder).as_posix(): (about.st_ino, about.st_mtime_ns)
        for path, about in abouts
    }
