"""How a file is recognised as the one that was read before, without reading it.

Responsible for stat signatures as git keeps them (size, times, inode) and for git's rule for racy
time stamps: a file that changed while or shortly before it was looked at may change again without
its times telling, so its signature proves nothing. Not responsible for finding files (`surveying`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.foundations.diagnostics import Diagnostic

# What a clock tick may hide, in nanoseconds: file systems that keep nanoseconds stamp files with
# the kernel's tick, at most 10 ms; those that keep whole seconds may keep every other one only.
_TICK = 50_000_000
_COARSE_TICK = 2_000_000_000
_SECOND = 1_000_000_000

CACHE_FILE = "signatures"
FORMAT = "1"


class Signature(msgspec.Struct, frozen=True, array_like=True):
    """What was seen of a file, and what it held then.

    Attributes:
        size: Bytes.
        modified: Time of the last change of its content, in nanoseconds; -1 where the change was
            so recent that the signature proves nothing.
        changed: Time of the last change of its content or status, in nanoseconds.
        inode: Its number in the file system.
        digest: SHA-256 of its content.
    """

    size: int
    modified: int
    changed: int
    inode: int
    digest: str


Signatures = Mapping[str, Signature]
"""Signatures by path."""


def read_clock() -> int:
    """Return the time before which a change must lie for a signature to be trusted."""
    return time.time_ns()


def sign(about: os.stat_result, digest: str, clock: int) -> Signature:
    """Return a file's signature.

    Args:
        about: Its status, asked for before its content was read.
        digest: SHA-256 of its content.
        clock: The time (`read_clock`) before the status was asked for.
    """
    latest = max(about.st_mtime_ns, about.st_ctime_ns)
    tick = _TICK if latest % _SECOND else _COARSE_TICK
    modified = about.st_mtime_ns if latest + tick < clock else -1
    return Signature(about.st_size, modified, about.st_ctime_ns, about.st_ino, digest)


def is_same(signature: Signature, about: os.stat_result) -> bool:
    """Tell whether a file is surely the one that was signed."""
    return (
        signature.modified == about.st_mtime_ns
        and signature.size == about.st_size
        and signature.changed == about.st_ctime_ns
        and signature.inode == about.st_ino
    )


def read_signatures(cache: Path) -> tuple[Signatures, tuple[Diagnostic, ...]]:
    """Return the signatures that the last build left, and what was wrong with the cache.

    Without them every file is read, which is all that is lost.

    Args:
        cache: Folder of the cache.
    """
    found, problems = read_cached(cache / CACHE_FILE, FORMAT, dict[str, Signature])
    return found if found is not None else {}, problems


def write_signatures(cache: Path, signatures: Signatures) -> None:
    """Keep signatures for the next build.

    Raises:
        OSError: The disk refused.
    """
    write_cached(cache / CACHE_FILE, FORMAT, signatures)
