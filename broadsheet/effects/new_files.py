"""Files that a command makes for the user, who may have some of the same name.

Responsible for writing several files into a folder, all of them or none, and for never writing over
anything. Not responsible for what they hold.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at

_SCRATCH = ".broadsheet-new-"


def write_new_files(folder: Path, files: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    """Write files into a folder, all or none, and never over anything.

    Args:
        folder: Where they go; it need not exist.
        files: Content by path, with forward slashes, relative to the folder.

    Returns:
        A `file-exists` error for each path that something stands at or in the way of; nothing was
        written then.

    Raises:
        OSError: The disk refused; what was written has been removed.
    """
    taken = find_taken(folder, files)
    if taken:
        return taken
    if not os.path.lexists(folder):
        _write_folder(folder, files)
        return ()
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder) as scratch:
        _write_tree(Path(scratch), files)
        _link_all(Path(scratch), folder, files)
    return ()


def find_taken(folder: Path, paths: Iterable[str]) -> tuple[Diagnostic, ...]:
    """Return a `file-exists` error for each path of a folder that cannot be made anew.

    Args:
        folder: The folder; it need not exist.
        paths: With forward slashes, relative to it.
    """
    blocking = {found for path in paths if (found := _blocking(folder, path))}
    return tuple(_taken(path) for path in sorted(blocking))


def _blocking(folder: Path, path: str) -> str:
    """Return what stands at a path, or where one of its folders would have to be, or nothing."""
    if folder.exists() and not folder.is_dir():
        return folder.as_posix()
    parts = Path(path).parts
    for length in range(1, len(parts)):
        parent = folder.joinpath(*parts[:length])
        if os.path.lexists(parent) and not parent.is_dir():
            return parent.relative_to(folder).as_posix()
    return path if os.path.lexists(folder / path) else ""


def _taken(path: str) -> Diagnostic:
    message, hint = "the file exists already; nothing was written", "move it away, or keep it"
    return error_at(Code.FILE_EXISTS, message, Span(path), hint)


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder that does not exist: it appears whole, in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder.parent) as scratch:
        made = Path(scratch, "made")  # a folder of the usual mode, which the scratch one has not
        made.mkdir()
        _write_tree(made, files)
        made.rename(folder)


def _write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _link_all(scratch: Path, folder: Path, paths: Iterable[str]) -> None:
    """Give files that are written already their names in a folder, or none of them."""
    made: list[Path] = []
    try:
        for path in paths:
            target = folder / path
            made += reversed([p for p in target.parents if not p.exists()])
            target.parent.mkdir(parents=True, exist_ok=True)
            _place(scratch / path, target)
            made.append(target)
    except OSError:
        for new in reversed(made):
            with contextlib.suppress(OSError):
                new.rmdir() if new.is_dir() else new.unlink()
        raise


def _place(source: Path, target: Path) -> None:
    """Give a file a further name, which nothing may have yet."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    """Copy a file where links are not to be had; half a copy does not stay."""
    with source.open("rb") as reading, target.open("xb") as writing:
        try:
            shutil.copyfileobj(reading, writing)
        except OSError:
            target.unlink()
            raise
