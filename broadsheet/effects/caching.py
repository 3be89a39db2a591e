"""Values that a later build need not compute again.

Responsible for one file a name under `.broadsheet/cache/`, each holding the newest value with the
key it was made from, so that the cache cannot grow; for writing it whole or not at all; for telling
a damaged file from one that is merely old. Not responsible for what a key covers.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TypeVar

import msgspec

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span
from broadsheet.foundations.hashing import encode_value, hash_bytes

FORMAT = b"broadsheet-cache-1"

T = TypeVar("T")


def read_cached(path: Path, key: str, kind: type[T]) -> tuple[T | None, tuple[Diagnostic, ...]]:
    """Return the value that was made from a key, or None.

    Args:
        path: The cache's file; it need not exist.
        key: What the value must have been made from.
        kind: The value's type.

    Returns:
        The value, and a `cache-damaged` warning for a file that cannot be what was written.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None, ()
    except OSError as error:
        return None, (_damaged(path, str(error.strerror)),)
    head, _, body = content.partition(b"\n")
    form, _, rest = head.partition(b" ")
    if form != FORMAT:
        return None, () if form.startswith(b"broadsheet-cache-") else (_damaged(path, "no head"),)
    written_key, _, checksum = rest.decode("ascii", "replace").partition(" ")
    if checksum != hash_bytes(body):
        return None, (_damaged(path, "its checksum is wrong"),)
    if written_key != key:
        return None, ()
    try:
        return msgspec.msgpack.decode(body, type=kind), ()
    except msgspec.DecodeError as error:
        return None, (_damaged(path, str(error)),)


def write_cached(path: Path, key: str, value: object) -> None:
    """Write a value and the key that it was made from; a folder in the file's place is removed.

    Args:
        path: The cache's file.
        key: What the value was made from; no spaces.
        value: Anything msgspec encodes.

    Raises:
        OSError: The disk refused.
    """
    body = encode_value(value)
    head = b" ".join((FORMAT, key.encode("ascii"), hash_bytes(body).encode("ascii")))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(head + b"\n" + body)
        if path.is_dir() and not path.is_symlink():
            # The cache is ours alone; what stands in the way was left by an accident.
            shutil.rmtree(path)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _damaged(path: Path, reason: str) -> Diagnostic:
    return Diagnostic(
        code=Code.CACHE_DAMAGED,
        severity=Severity.WARNING,
        message=f"the cache could not be read ({reason}); it is made anew",
        span=Span(f".broadsheet/cache/{path.name}"),
        hint="nothing is lost; if it happens again, the disk may be failing",
    )
