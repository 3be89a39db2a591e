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

import msgspec

from broadsheet.effects.generations import (
    Places,
    Publication,
    Published,
    read_back,
    read_record,
    write_record,
)
from broadsheet.effects.host_files import (
    discard_tree,
    is_content,
    move_host_folders,
)
from broadsheet.effects.inspecting import fingerprint_index, inspect_tree
from broadsheet.effects.manifest import (
    MANIFEST_NAME,
    SEARCH_FOLDER,
    Manifest,
    decode_manifest,
    read_manifest,
)
from broadsheet.effects.replacing import replace_files
from broadsheet.effects.walking import printable_path
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at
from broadsheet.foundations.hashing import hash_bytes

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
        and a non-empty folder without our manifest.
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


def examine_output(places: Places) -> tuple[Published, tuple[Diagnostic, ...]]:
    """Look at what is published, to see what of it a build may rely on.

    Args:
        places: Where the trees lie; the output folder was not refused (`check_output`).

    Returns:
        What stands there, and an `output-changed` error for a file that somebody else put there.
    """
    output = places.output
    try:
        content = (output / MANIFEST_NAME).read_bytes()
    except OSError:
        return Published(), ()
    manifest = decode_manifest(content) or Manifest()
    identity = hash_bytes(content)
    record = read_record(places)
    if record.published != identity:
        record = Publication()
    found = inspect_tree(output, manifest, record.latest, record.index)
    lost = found.lost
    if lost or not found.has_index:
        manifest = msgspec.structs.replace(
            manifest,
            files={path: name for path, name in manifest.files.items() if path not in lost},
            keys={path: key for path, key in manifest.keys.items() if path not in lost},
            search=manifest.search if found.has_index else "",
        )
    published = Published(
        manifest=manifest,
        hash=identity,
        touched=found.touched,
        is_pristine=not lost and found.has_index and not found.has_litter,
        latest=found.latest,
        index=record.index,
    )
    if not found.stray:
        return published, ()
    message = f"the output folder holds '{found.stray}', which no build wrote"
    hint = "move it to content/static/, or delete it"
    span = Span(printable_path(output))
    return published, (error_at(Code.OUTPUT_CHANGED, message, span, hint),)


def publish(places: Places, published: Published, manifest: Manifest) -> str:
    """Exchange the staged tree for the published one, which becomes the back tree.

    Args:
        places: Where the trees lie; the new one, whole, is the back tree.
        published: What stands in the output folder.
        manifest: What the new tree holds.

    Returns:
        How it was done: `new`, `exchanged`, `renamed`, or `replaced` file by file.

    Raises:
        OSError: The disk refused; the old tree stands as it was, or, where files are replaced
            one by one, each file is either the old or the new one.
    """
    output, stage = places.output, places.back
    output.parent.mkdir(parents=True, exist_ok=True)
    try:
        how = _move_in(places)
    except OSError as error:
        if error.errno not in _CANNOT_MOVE:
            raise
        replace_files(stage, output, published.manifest)
        # What it holds of the host's are copies, by now beside their originals.
        shutil.rmtree(stage, ignore_errors=True)
        how = "replaced"
    if stage.is_dir():
        move_host_folders(stage, output)
        if not published.is_pristine:
            discard_tree(stage, output)
    _record(places, published, manifest)
    return how


def confirm(places: Places, published: Published) -> None:
    """Note that what is published was looked at and is to stay, where that is news.

    Args:
        places: Where the trees lie.
        published: What stands in the output folder.

    Raises:
        OSError: The disk refused.
    """
    record = read_record(places)
    if record.published == published.hash and record.latest == published.latest:
        return
    if read_back(places, published) is None:
        record = Publication(published=published.hash, index=published.index)
    write_record(places, msgspec.structs.replace(record, latest=published.latest))


def _record(places: Places, published: Published, manifest: Manifest) -> None:
    """Write what the next build may rely on."""
    output, back = places.output, places.back
    has_back = back.is_dir()
    has_same_index = manifest.search == published.manifest.search
    record = Publication(
        published=hash_bytes((output / MANIFEST_NAME).read_bytes()),
        back=published.hash if has_back else "",
        inode=back.stat().st_ino if has_back else 0,
        latest=output.stat().st_ctime_ns,
        index=published.index if has_same_index else fingerprint_index(output / SEARCH_FOLDER),
    )
    write_record(places, record)


def _move_in(places: Places) -> str:
    if not places.output.exists():
        places.back.rename(places.output)
        return "new"
    if _exchange(places.back, places.output):
        return "exchanged"
    return _rename_twice(places)


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


def _rename_twice(places: Places) -> str:
    places.output.rename(places.waiting)
    try:
        places.back.rename(places.output)
    finally:
        if not places.output.exists():
            places.waiting.rename(places.output)
    places.waiting.rename(places.back)
    return "renamed"
