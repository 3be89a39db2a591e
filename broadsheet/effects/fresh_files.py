"""Files that a build has made and not published: each is written once, where it is made.

Responsible for the fresh tree, in which any process may write, and whose files move from there to
the new tree without being copied. Not responsible for what stands in the new tree (`staging`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.effects.generations import Places, clear_fresh
from broadsheet.foundations.hashing import hash_bytes

# To write a file that is not there yet.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


@contextmanager
def hold_fresh(places: Places) -> Iterator[None]:
    """Have an empty fresh tree for the time of a block, and none after it.

    Args:
        places: Where the trees lie.

    Raises:
        OSError: The disk refused.
    """
    clear_fresh(places)
    places.fresh.mkdir(parents=True)
    places.fresh.chmod(0o755)
    try:
        yield
    finally:
        clear_fresh(places)


def write_fresh(tree: Path, path: str, content: bytes, published: str | None) -> str:
    """Write a file to the fresh tree, unless its bytes are those that are published.

    Args:
        tree: The fresh tree.
        path: Where in the site, with forward slashes; nothing was written there before.
        content: The file's bytes.
        published: Hash of the bytes that are published there; None where there are none.

    Returns:
        The hash of the bytes.

    Raises:
        OSError: The disk refused.
    """
    name = hash_bytes(content)
    if name != published:
        _write_new(f"{tree}/{path}", content)
    return name


def _write_new(file: str, content: bytes) -> None:
    """Write a file that must not exist, and the folders on the way to it.

    The system is asked plainly: a path as a value and a buffer would take as long as the disk.
    """
    try:
        number = os.open(file, _NEW)
    except FileNotFoundError:
        os.makedirs(file[: file.rindex("/")], exist_ok=True)  # noqa: PTH103
        number = os.open(file, _NEW)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(number, rest) :]
    except OSError as error:
        # A full disk does not say which file it had no room for.
        raise OSError(error.errno, error.strerror, file) from error
    finally:
        os.close(number)
