"""What is remembered of the last build.

Responsible for the value and for where it is kept. Not responsible for what decides whether it
holds (`build_inputs`), for the published files (`effects.publishing`) or for cached files
(`effects.caching`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.foundations.diagnostics import Diagnostic

CACHE_FILE = "last-build"
FORMAT = "3"


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What outputs may show of a record beside the frame.

    Attributes:
        text: Name of its converted text.
        lines: Hash over its title and TL;DR.
        beside: Hash over the papers beside it.
    """

    text: str
    lines: str
    beside: str


class LastBuild(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a build that was published.

    Attributes:
        fingerprint: Hash over everything that it depended on.
        program: The program that made it (`effects.program`).
        manifest: Hash of the manifest that it published.
        frame: Hash over everything but what pages show or list of records.
        shown: What pages may show of each record beside that, by the record's path.
        diagnostics: Everything that was wrong, sorted.
        papers: Papers in the site.
        pages: Pages that readers see.
    """

    fingerprint: str
    program: str
    manifest: str
    frame: str
    shown: dict[str, Shown]
    diagnostics: tuple[Diagnostic, ...]
    papers: int
    pages: int


def read_last_build(cache: Path) -> tuple[LastBuild | None, tuple[Diagnostic, ...]]:
    """Return what is remembered, or None, and what was wrong with the cache.

    Args:
        cache: Folder of the cache.
    """
    return read_cached(cache / CACHE_FILE, FORMAT, LastBuild)


def remember_build(cache: Path, build: LastBuild) -> None:
    """Keep what the next build asks.

    Raises:
        OSError: The disk refused.
    """
    write_cached(cache / CACHE_FILE, FORMAT, build)
