"""The two generations of a site: the published tree, and the back tree that it took the place of.

Responsible for where the back tree lies, for the record of the last publication, which says what
may be relied on, and for what a killed build leaves. Not responsible for bringing the back tree up
to date (`staging`) or for the exchange (`publishing`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from broadsheet.effects.host_files import discard_tree, move_host_folders
from broadsheet.effects.manifest import MANIFEST_NAME, Manifest, decode_manifest
from broadsheet.foundations.hashing import hash_bytes

WORKSPACE = ".broadsheet"
_RECORD_FORMAT = 1
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where the trees of one output of one digest lie.

    Attributes:
        output: The published tree.
        back: The back tree, which becomes the new one.
        fresh: What a build has made, before the new tree holds it.
        waiting: The old tree while the new one is not yet in its place.
        record: The record of the last publication.
    """

    output: Path
    back: Path
    fresh: Path
    waiting: Path
    record: Path


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the last publication; nothing in the trees is older news than this.

    Attributes:
        format: Version of this file's shape.
        published: Hash of the published tree's manifest.
        back: Hash of the back tree's manifest; empty when there is no back tree.
        inode: Number of the back tree's folder, which a copy or a restored backup does not have.
        latest: When the published tree was last changed by us, in nanoseconds of its file system's
            clock: what has changed its status since then was touched by somebody else.
        index: Fingerprint of the files below `pagefind/`.
        boot: Which run of the system wrote it: what was written shortly before a power cut may
            not have reached the disk.
    """

    format: int = _RECORD_FORMAT
    published: str = ""
    back: str = ""
    inode: int = 0
    latest: int = 0
    index: str = ""
    boot: str = ""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the output folder, as far as a build may rely on it.

    Attributes:
        manifest: What a build wrote and still stands as it was written.
        hash: Hash of the manifest's file; empty where there is none.
        touched: Files whose status changed since the last publication.
        is_pristine: Whether nothing was lost or added, so that the tree may serve as back tree.
        latest: The newest change of status, in nanoseconds.
        index: Fingerprint of the search index as it was published.
    """

    manifest: Manifest = Manifest()
    hash: str = ""
    touched: frozenset[str] = frozenset()
    is_pristine: bool = False
    latest: int = 0
    index: str = ""


def find_places(output: Path, root: Path) -> Places:
    """Return where the trees of an output lie; nothing is made.

    Args:
        output: The output folder, absolute.
        root: The digest's root; its `.broadsheet/` is used where that is the output's file system.
    """
    workspace = root / WORKSPACE
    # Within a digest the name does not depend on where the digest lies, so that it may be moved.
    inside = os.fsencode(os.path.relpath(output, root))
    record = workspace / f"published-{hash_bytes(inside)[:12]}"
    if _device(workspace) == _device(output.parent):
        parent, identity = workspace, inside
    else:
        parent, identity = output.parent, os.fsencode(root) + b"\0" + os.fsencode(output)
    back = parent / f"{WORKSPACE}-back-{hash_bytes(identity)[:12]}"
    return Places(
        output=output,
        back=back,
        fresh=back.with_name(back.name + ".fresh"),
        waiting=back.with_name(back.name + ".old"),
        record=record,
    )


def _device(folder: Path) -> int:
    """Return the file system of a folder, or of the nearest above that exists."""
    for place in (folder, *folder.parents):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return place.stat().st_dev
    return 0


def recover_output(places: Places) -> None:
    """Put right what a killed build left; the caller holds the digest's lock.

    What it had made, and nobody saw, is deleted.
    The old tree is put back where a kill fell between two renames, the host's folders where one
    fell right behind the exchange, and a back tree of which nothing is recorded is deleted.
    """
    clear_fresh(places)
    if places.waiting.is_dir():
        if not places.output.exists():
            places.waiting.rename(places.output)
        else:
            discard_tree(places.waiting, places.output)
    if not places.back.is_dir():
        return
    if places.output.is_dir():
        move_host_folders(places.back, places.output)
    if read_record(places).back == "":
        discard_tree(places.back, places.output)


@contextlib.contextmanager
def clear_on_failure(places: Places) -> Iterator[None]:
    """Delete what stands in the back tree's place when a block fails: it is half made.

    Args:
        places: Where the trees lie.
    """
    with contextlib.ExitStack() as stack:
        stack.callback(discard_tree, places.back, places.output)
        stack.callback(forget_record, places)
        yield
        stack.pop_all()


def clear_fresh(places: Places) -> None:
    """Delete the fresh tree, where there is one, or whatever stands in its place."""
    if places.fresh.is_symlink() or places.fresh.is_file():
        places.fresh.unlink()
    shutil.rmtree(places.fresh, ignore_errors=True)


def read_record(places: Places) -> Publication:
    """Return the record of the last publication; an empty one when there is none to rely on."""
    try:
        record = msgspec.json.decode(places.record.read_bytes(), type=Publication)
    except (OSError, msgspec.DecodeError):
        return Publication()
    is_current = record.format == _RECORD_FORMAT and record.boot == _read_boot()
    return record if is_current else Publication()


def write_record(places: Places, record: Publication) -> None:
    """Write the record, whole or not at all.

    Raises:
        OSError: The disk refused.
    """
    content = msgspec.json.encode(msgspec.structs.replace(record, boot=_read_boot()))
    temporary = places.record.with_name(places.record.name + ".new")
    temporary.write_bytes(content)
    temporary.replace(places.record)


def forget_record(places: Places) -> None:
    """Delete the record, before anything is done that would make it untrue."""
    places.record.unlink(missing_ok=True)


def read_back(places: Places, published: Published) -> Manifest | None:
    """Return the manifest of a back tree that may be relied on, or None.

    Args:
        places: Where the trees lie.
        published: What stands in the output folder.
    """
    record = read_record(places)
    if not record.back or record.published != published.hash:
        return None
    try:
        is_same = places.back.lstat().st_ino == record.inode
        content = (places.back / MANIFEST_NAME).read_bytes()
    except OSError:
        return None
    manifest = decode_manifest(content) if is_same and hash_bytes(content) == record.back else None
    return manifest if manifest and _shares_files(places, published, manifest) else None


def _shares_files(places: Places, published: Published, held: Manifest) -> bool:
    """Tell whether the back tree shares with the published one the files that both have.

    What is deleted or written in one changes the status of the file in the other too, so only files
    that were touched need a look.
    """
    for path in published.touched:
        if held.files.get(path) != published.manifest.files.get(path):
            continue
        try:
            if not (places.back / path).samefile(places.output / path):
                return False
        except OSError:
            return False
    return True


def _read_boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
