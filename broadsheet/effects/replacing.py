"""From the staged tree to the published one, file by file, where folders cannot be exchanged.

Responsible for an order in which every file is either the old or the new one, and in which a kill
leaves a folder that the next build recognises. Not responsible for choosing this way
(`publishing`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath

import msgspec

from broadsheet.effects.host_files import TEMPORARY_PREFIX
from broadsheet.effects.manifest import (
    MANIFEST_NAME,
    SEARCH_FOLDER,
    Manifest,
    encode_manifest,
    read_manifest,
)


def replace_files(stage: Path, output: Path, intact: Manifest) -> None:
    """Replace files one by one through temporary names, then delete those that are gone.

    Until the end the manifest lists the files of both trees. Pages come after everything that they
    load. What holds the same bytes already stays.

    Args:
        stage: The new tree.
        output: The output folder.
        intact: What stands in the output folder as its build wrote it.

    Raises:
        OSError: The disk refused; some files are the old ones, some the new.
    """
    old = read_manifest(output) or Manifest()
    new = read_manifest(stage) or Manifest()
    both = msgspec.structs.replace(new, files={**old.files, **new.files}, keys={}, search="")
    fresh = _list_files(stage)
    gone = sorted((set(old.files) | _list_files(output / SEARCH_FOLDER, SEARCH_FOLDER)) - fresh)
    output.mkdir(parents=True, exist_ok=True)
    _replace(output, MANIFEST_NAME, encode_manifest(both))
    for relative in sorted(fresh - {MANIFEST_NAME}, key=lambda p: (p.endswith(".html"), p)):
        written = new.files.get(relative)
        if written is None or intact.files.get(relative) != written:
            _bring(stage, output, relative)
    for relative in gone:
        if (output / relative).is_file():
            (output / relative).unlink()
    _replace(output, MANIFEST_NAME, (stage / MANIFEST_NAME).read_bytes())
    _tidy(output, both.folders())


def _list_files(folder: Path, prefix: str = "") -> set[str]:
    return {
        (PurePosixPath(prefix) / path.relative_to(folder).as_posix()).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir()
    }


def _bring(stage: Path, output: Path, relative: str) -> None:
    """Replace a file, unless it holds the same bytes; that is seen of files without a hash."""
    content = (stage / relative).read_bytes()
    target = output / relative
    if target.is_file() and not target.is_symlink() and target.read_bytes() == content:
        return
    _make_way(output, relative)
    _replace(output, relative, content)


def _make_way(output: Path, relative: str) -> None:
    """Delete a file of the old tree where the new one has a folder, and the reverse."""
    for parent in PurePosixPath(relative).parents:
        if (output / parent).is_file():
            (output / parent).unlink()
    if (output / relative).is_dir():
        shutil.rmtree(output / relative)


def _replace(output: Path, relative: str, content: bytes) -> None:
    target = output / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=target.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(target)


def _tidy(output: Path, written: frozenset[str]) -> None:
    """Delete folders that became empty, and temporary files of a build that was killed.

    Args:
        output: The output folder.
        written: Folders at its root that builds wrote to; other dotfolders are the host's.
    """
    for folder, _, names in os.walk(output, topdown=False):
        inside = Path(folder).relative_to(output).parts
        if inside and inside[0].startswith(".") and inside[0] not in written:
            continue
        for name in names:
            if name.startswith(TEMPORARY_PREFIX):
                Path(folder, name).unlink()
        if inside and not any(Path(folder).iterdir()):
            Path(folder).rmdir()
