"""From the staged tree to the published one, in one step.

Responsible for refusing folders that are not ours and for the exchange of the two trees. Not
responsible for what the trees hold, for what a host keeps among it (`host_files`) or for what a
kill leaves (`recovery`).
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

from broadsheet.effects.host_files import (
    TEMPORARY_PREFIX,
    copy_host_files,
    is_content,
    move_host_folders,
)
from broadsheet.effects.manifest import MANIFEST_NAME, SEARCH_FOLDER, read_manifest
from broadsheet.effects.recovery import back_path
from broadsheet.effects.replacing import replace_files
from broadsheet.effects.walking import printable_path
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
# What a system answers where a folder is a mount point, lies on another file system than the
# stage, or stands in a folder that may not be written to.
_CANNOT_MOVE = frozenset({errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM})


def check_output(output: Path, root: Path, default_theme: Path) -> tuple[Diagnostic, ...]:
    """Refuse an output folder that a build must not replace.

    Args:
        output: The output folder, absolute.
        root: The digest's root, absolute.
        default_theme: Folder of the default theme.

    Returns:
        An `output-refused` error for the file system's root, the home folder, a parent of the
        sources or a folder inside them, a folder inside a published site, a symbolic link, a file,
        and a non-empty folder without our manifest; an `output-changed` error for a file that
        somebody else put there.
    """
    span = Span(printable_path(output))
    hint = "choose a folder of its own with -o"
    reason = _refuse_place(output.resolve(), root.resolve(), default_theme.resolve())
    if not reason and os.path.lexists(output):
        reason = _refuse_content(output)
    if not reason and _has_foreign_files(output):
        reason = f"is not empty and has no {MANIFEST_NAME} of ours"
        hint += ", or empty it first"
    if reason:
        return (error_at(Code.OUTPUT_REFUSED, f"the output folder {reason}", span, hint),)
    stray = _find_stray(output)
    if stray:
        message = f"the output folder holds '{stray}', which no build wrote"
        hint = "move it to content/static/, or delete it"
        return (error_at(Code.OUTPUT_CHANGED, message, span, hint),)
    return ()


def _refuse_place(output: Path, root: Path, default_theme: Path) -> str:
    if output == Path(output.anchor):
        return "is the root of the file system"
    if output == Path.home().resolve():
        return "is the home folder"
    if output == root:
        return "is the digest's own root"
    for source in (root / "content", root / "templates", default_theme):
        if source == output or output in source.parents:
            return f"holds the sources ({source.name}/)"
        if source in output.parents:
            return f"lies inside the sources ({source.name}/)"
    return _refuse_nesting(output)


def _refuse_nesting(output: Path) -> str:
    """Refuse a place in a published site, whose next build would stop at files not its own."""
    sites = [parent for parent in output.parents if os.path.lexists(parent / MANIFEST_NAME)]
    return f"lies inside the published site '{printable_path(sites[0])}'" if sites else ""


def _refuse_content(output: Path) -> str:
    if output.is_symlink():
        return f"is a symbolic link; name '{printable_path(output.resolve())}' itself"
    if not output.is_dir():
        return "is a file"
    return ""


def _has_foreign_files(output: Path) -> bool:
    if not output.is_dir() or read_manifest(output) is not None:
        return False
    return any(is_content(path.name) for path in output.iterdir())


def _find_stray(output: Path) -> str:
    """Return a file that is neither in our manifest nor the search index nor the host's."""
    manifest = read_manifest(output)
    if manifest is None:
        return ""
    for folder, folders, names in os.walk(output):
        relative = Path(folder).relative_to(output).as_posix()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        if relative == ".":
            folders[:] = [name for name in folders if is_content(name) and name != SEARCH_FOLDER]
        prefix = "" if relative == "." else f"{relative}/"
        for name in sorted((*names, *links)):
            is_ours = prefix + name in manifest.files or name.startswith(TEMPORARY_PREFIX)
            if not is_ours and (prefix or is_content(name)):
                return printable_path(Path(prefix + name))
    return ""


def publish(stage: Path, output: Path) -> str:
    """Exchange the staged tree for the published one.

    Args:
        stage: The new tree, whole.
        output: The output folder; missing, empty, or ours.

    Returns:
        How it was done: `new`, `exchanged`, `renamed`, or `replaced` file by file.

    Raises:
        OSError: The disk refused; the old tree stands as it was, or, where files are replaced
            one by one, each file is either the old or the new one.
    """
    copy_host_files(output, stage)
    try:
        how = _move_in(stage, output)
    except OSError as error:
        if error.errno not in _CANNOT_MOVE:
            raise
        replace_files(stage, output)
        # What it holds of the host's are copies, by now beside their originals.
        shutil.rmtree(stage, ignore_errors=True)
        return "replaced"
    move_host_folders(stage, output)
    return how


def _move_in(stage: Path, output: Path) -> str:
    if not output.exists():
        stage.rename(output)
        return "new"
    return "exchanged" if _exchange(stage, output) else _rename_twice(stage, output)


def _exchange(stage: Path, output: Path) -> bool:
    """Exchange two folders in one step (Linux, `renameat2`); False where that is not to be had."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    result = renameat2(
        _AT_FDCWD, os.fsencode(stage), _AT_FDCWD, os.fsencode(output), _RENAME_EXCHANGE
    )
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(code, os.strerror(code), str(output))


def _rename_twice(stage: Path, output: Path) -> str:
    back = back_path(stage)
    output.rename(back)
    try:
        stage.rename(output)
    finally:
        if not output.exists():
            back.rename(output)
    back.rename(stage)
    return "renamed"
