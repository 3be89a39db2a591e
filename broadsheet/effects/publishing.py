"""From the staged tree to the published one, in one step.

Responsible for refusing folders that are not ours, for the exchange of the two trees, for carrying
over what belongs to a host, and for recovering from a kill between two renames. Not responsible
for what the trees hold.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from broadsheet.effects.manifest import MANIFEST_NAME, read_manifest
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at

# Files without a leading dot that a host keeps at the root of what it serves.
HOST_FILES = frozenset({"CNAME"})

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def check_output(output: Path, root: Path, default_theme: Path) -> tuple[Diagnostic, ...]:
    """Refuse an output folder that a build must not replace.

    Args:
        output: The output folder, absolute.
        root: The digest's root, absolute.
        default_theme: Folder of the default theme.

    Returns:
        An `output-refused` error for the file system's root, the home folder, a parent of the
        sources or a folder inside them, a file, and a non-empty folder without our manifest; an
        `output-changed` error for a file that somebody else put there.
    """
    span = Span(str(output))
    reason = _refuse_place(output.resolve(), root.resolve(), default_theme.resolve())
    if not reason and output.exists():
        reason = _refuse_content(output)
    if reason:
        hint = "choose a folder of its own with -o, or empty it first"
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
    for source in (root / "content", root / "templates", default_theme):
        if source == output or output in source.parents:
            return f"holds the sources ({source.name}/)"
        if source in output.parents:
            return f"lies inside the sources ({source.name}/)"
    return "is the digest's own root" if output == root else ""


def _refuse_content(output: Path) -> str:
    if not output.is_dir():
        return "is a file"
    if any(_is_content(path.name) for path in output.iterdir()) and read_manifest(output) is None:
        return f"is not empty and has no {MANIFEST_NAME} of ours"
    return ""


def _find_stray(output: Path) -> str:
    """Return a file that is neither in our manifest nor the search index nor the host's."""
    manifest = read_manifest(output)
    if manifest is None:
        return ""
    for folder, folders, names in os.walk(output):
        relative = Path(folder).relative_to(output).as_posix()
        if relative == ".":
            folders[:] = [name for name in folders if _is_content(name) and name != "pagefind"]
        prefix = "" if relative == "." else f"{relative}/"
        for name in names:
            if prefix + name not in manifest.files and (prefix or _is_content(name)):
                return prefix + name
    return ""


def _is_content(name: str) -> bool:
    """Tell whether a name at the output's root is the site's, and not its host's."""
    return not name.startswith(".") and name not in HOST_FILES


@contextlib.contextmanager
def open_stage(output: Path, root: Path) -> Iterator[Path]:
    """Make an empty folder on the output's file system, and remove what is in it at the end.

    Args:
        output: The output folder.
        root: The digest's root; its `.broadsheet/` is used where that is the same file system.
    """
    parent = output.parent
    parent.mkdir(parents=True, exist_ok=True)
    workspace = root / ".broadsheet"
    workspace.mkdir(exist_ok=True)
    if workspace.stat().st_dev == parent.stat().st_dev:
        parent = workspace
    stage = Path(tempfile.mkdtemp(prefix=f".{output.name}.stage-", dir=parent))
    try:
        stage.chmod(0o755)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def recover_output(output: Path) -> None:
    """Put the old tree back where a kill fell between two renames (systems without exchange)."""
    back = _back_path(output)
    if back.exists() and not output.exists():
        back.rename(output)
    elif back.exists() and read_manifest(output) is not None:
        shutil.rmtree(back)


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
    _copy_host_files(output, stage)
    if not output.exists():
        stage.rename(output)
        stage.mkdir()
        return "new"
    try:
        how = "exchanged" if _exchange(stage, output) else _rename_twice(stage, output)
    except OSError as error:
        if error.errno not in (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM):
            raise
        _replace_files(stage, output)
        return "replaced"
    _move_host_folders(stage, output)
    return how


def _copy_host_files(output: Path, stage: Path) -> None:
    if not output.is_dir():
        return
    ours = read_manifest(output)
    written = set(ours.files) if ours is not None else set()
    for entry in os.scandir(output):
        if _is_content(entry.name) or entry.name == MANIFEST_NAME or entry.name in written:
            continue
        if entry.is_file(follow_symlinks=False) and not (stage / entry.name).exists():
            shutil.copy2(entry.path, stage / entry.name)


def _move_host_folders(old: Path, output: Path) -> None:
    """Move folders such as `.git`, which are too large to copy, from the old tree to the new."""
    for entry in os.scandir(old):
        if entry.is_dir(follow_symlinks=False) and not _is_content(entry.name):
            Path(entry.path).rename(output / entry.name)


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
    back = _back_path(output)
    output.rename(back)
    try:
        stage.rename(output)
    except OSError:
        back.rename(output)
        raise
    back.rename(stage)
    return "renamed"


def _back_path(output: Path) -> Path:
    return output.with_name(f".{output.name}.back")


def _replace_files(stage: Path, output: Path) -> None:
    """Replace files one by one, and delete those of the old tree that are gone."""
    old = read_manifest(output)
    fresh = {path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()}
    for relative in sorted(fresh, key=lambda path: (path.endswith(".html"), path)):
        target = output / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".broadsheet-", dir=target.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write((stage / relative).read_bytes())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    gone = set(old.files) - fresh if old is not None else set()
    for relative in gone:
        (output / relative).unlink(missing_ok=True)
