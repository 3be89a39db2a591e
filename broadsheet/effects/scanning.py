"""Files of a digest from disk to values.

Responsible for finding and reading the content folder in a fixed order, and for refusing what would
lead outside it. Not responsible for what the files mean.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from broadsheet.domain.reading import FOLDERS, PEOPLE_FILE, SITE_FILE
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span, error_at
from broadsheet.foundations.sources import RawFile

STATIC_FOLDER = "content/static"

# What editors, systems and sync tools leave beside files that people write.
_IGNORED_SUFFIXES = ("~", ".swp", ".swo", ".tmp", ".bak", ".orig")


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What a content folder holds.

    Attributes:
        records: Record files, in the order of their paths.
        site: `site.yaml`, or None.
        people: `people.yaml`, or None.
        static: Files below `content/static/`, relative to it, in order.
        diagnostics: Files that could not be read or do not belong.
    """

    records: tuple[RawFile, ...]
    site: RawFile | None
    people: RawFile | None
    static: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    def by_path(self) -> dict[str, RawFile]:
        """Return all text files by path."""
        files = [*self.records, *(file for file in (self.site, self.people) if file)]
        return {file.path: file for file in files}


def scan_content(root: Path) -> Scan:
    """Read a digest's content folder.

    Args:
        root: The digest's root, which holds `content/`.

    Returns:
        Everything in it; unreadable files are diagnostics.
    """
    problems: list[Diagnostic] = []
    records = []
    for folder in FOLDERS:
        for path in _walk(root / "content" / folder):
            relative = _as_text(path.relative_to(root))
            if path.suffix != ".md":
                problems.append(_unexpected(relative))
            elif (raw := _read(path, relative, problems)) is not None:
                records.append(raw)
    return Scan(
        records=tuple(records),
        site=_read_if_present(root, SITE_FILE, problems),
        people=_read_if_present(root, PEOPLE_FILE, problems),
        static=tuple(
            path.relative_to(root / STATIC_FOLDER).as_posix()
            for path in _walk(root / STATIC_FOLDER)
        ),
        diagnostics=tuple(problems),
    )


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in the order of their paths, without following links out."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(parent, name)
            for name in names
            if not name.startswith(".") and not name.endswith(_IGNORED_SUFFIXES)
        ]
    return iter(sorted(found, key=lambda path: path.as_posix()))


def _as_text(path: Path) -> str:
    """Return a path that can be printed even where a file's name is not UTF-8."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _read_if_present(root: Path, relative: str, problems: list[Diagnostic]) -> RawFile | None:
    path = root / relative
    return _read(path, relative, problems) if path.exists() else None


def _read(path: Path, relative: str, problems: list[Diagnostic]) -> RawFile | None:
    try:
        return RawFile(relative, path.read_bytes())
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        problems.append(error_at(Code.UNREADABLE_FILE, message, Span(relative)))
        return None


def _unexpected(relative: str) -> Diagnostic:
    return Diagnostic(
        code=Code.UNEXPECTED_FILE,
        severity=Severity.WARNING,
        message="the file is not a record and is left out",
        span=Span(relative),
        hint="records end in .md; files to be copied belong in content/static/",
    )
