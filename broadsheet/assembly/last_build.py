"""What is remembered of the last build, and what follows from it for the next one.

Responsible for the value, for the hash over everything that a build depends on, and for which
outputs may show something new. Not responsible for the published files (`effects.publishing`) or
for cached files (`effects.caching`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.effects.program import identify_program
from broadsheet.effects.surveying import Survey
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import hash_value

if TYPE_CHECKING:
    from broadsheet.assembly.build_values import BuildOptions
    from broadsheet.effects.theme_files import ThemeFiles

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


def hash_inputs(options: BuildOptions, output: Path, survey: Survey, theme: ThemeFiles) -> str:
    """Return a hash over everything that a build depends on.

    Args:
        options: What the run changes.
        output: The output folder.
        survey: The files of the digest.
        theme: The theme.
    """
    choices = msgspec.structs.replace(options, executor="", output=None)
    files = (survey.records, survey.static, tuple(survey.digests.items()), survey.diagnostics)
    return hash_value((identify_program(), os.fsencode(output), choices, files, hash_theme(theme)))


def hash_theme(theme: ThemeFiles) -> str:
    """Return a hash over a theme; the names of assets stand for what is in them."""
    return hash_value((theme.theme, theme.addresses(), theme.diagnostics))
