"""Values that a later build need not compute again.

Responsible for one file a name under `.broadsheet/cache/`, each holding the newest value with the
key it was made from, so that the cache cannot grow; for writing it whole or not at all; for telling
a damaged file from one that is merely old. Not responsible for what a key covers.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span
from broadsheet.foundations.hashing import encode_value

FORMAT = b"broadsheet-cache-2"

# Files that a `ShardedCache` is cut into: enough that one changed value costs little of 10,000.
SHARDS = 64

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
    if checksum != _check(body):
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
    head = b" ".join((FORMAT, key.encode("ascii"), _check(body).encode("ascii")))
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


def _check(body: bytes) -> str:
    """Return a checksum against damage: whoever may write the cache may compute any."""
    return f"{zlib.crc32(body):08x}"


class ShardedCache(Generic[T]):
    """Many values by name, in files of which only those are read and written that are needed.

    A name begins with two hexadecimal digits of a hash, which say in which file its value stands.
    """

    def __init__(self, folder: Path, key: str, kind: type[T]) -> None:
        """Open a cache; nothing is read yet.

        Args:
            folder: Where its files lie; it need not exist.
            key: What all values were made from beside what their names say; no spaces.
            kind: The type of one value.
        """
        self._folder = folder
        self._key = key
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._shards: dict[int, dict[str, msgspec.Raw]] = {}
        self._recent: dict[str, T] = {}
        self.problems: list[Diagnostic] = []

    def get(self, name: str) -> T | None:
        """Return a value, or None when it is not known."""
        return self.get_all((name,)).get(name)

    def get_all(self, names: Iterable[str]) -> dict[str, T]:
        """Return the values of those names that are known."""
        found: dict[str, T] = {}
        recent, decode = self._recent, self._decoder.decode
        for name in names:
            if name in recent:
                found[name] = recent[name]
                continue
            number = _SHARD_OF[name[:2]]
            shard = self._shard(number)
            if name in shard:
                try:
                    found[name] = decode(shard[name])
                except msgspec.DecodeError as error:
                    self.problems.append(_damaged(self._path(number), str(error)))
                    del shard[name]
        return found

    def remember(self, values: Mapping[str, T]) -> None:
        """Know values for as long as this process runs, without writing them."""
        self._recent |= values

    def forget(self) -> None:
        """Know what is written, and nothing else."""
        self._recent = {}
        self._shards = {}

    def keep(self, values: Mapping[str, T | msgspec.Raw], also: Iterable[str] = ()) -> None:
        """Write what changed, so that the next build finds what this one used.

        Values that are not used any more go with the next writing of their file, so that no file
        ever holds more than was used when it was written.

        Args:
            values: Those that this build used, by name, encoded or not; the files may hold some of
                them.
            also: Names of further values that it used, where the files hold them.

        Raises:
            OSError: The disk refused.
        """
        used: dict[int, dict[str, None]] = defaultdict(dict)
        for name in chain(also, values):
            used[_SHARD_OF[name[:2]]][name] = None
        for number in used.keys() | self._shards.keys():
            names, held = used[number].keys(), self._shards.get(number, {}).keys()
            missing = names - held
            if held - names or (missing and not missing.isdisjoint(values)):
                self._write(number, names, values)

    def _write(
        self, number: int, names: Iterable[str], values: Mapping[str, T | msgspec.Raw]
    ) -> None:
        held = self._shard(number)
        kept: dict[str, object] = {
            name: held[name] if name in held else values[name]
            for name in names
            if name in held or name in values
        }
        write_cached(self._path(number), self._key, kept)

    def _shard(self, number: int) -> dict[str, msgspec.Raw]:
        shard = self._shards.get(number)
        if shard is None:
            found, problems = read_cached(self._path(number), self._key, dict[str, msgspec.Raw])
            self.problems += problems
            shard = self._shards[number] = found if found is not None else {}
        return shard

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:02x}"


# Worked out beforehand, since it is asked several times for each of thousands of names.
_SHARD_OF = {f"{byte:02x}": byte * SHARDS // 256 for byte in range(256)}


def _damaged(path: Path, reason: str) -> Diagnostic:
    return Diagnostic(
        code=Code.CACHE_DAMAGED,
        severity=Severity.WARNING,
        message=f"the cache could not be read ({reason}); it is made anew",
        span=Span(f".broadsheet/cache/{path.as_posix().rpartition('/cache/')[2]}"),
        hint="nothing is lost; if it happens again, the disk may be failing",
    )
