"""Files of a digest from disk to values.

Responsible for what is read from the content folder and in which order. Not responsible for finding
files and refusing what would lead outside (`walking`) or for what the files mean.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.domain.ledger import LEDGER_FILE
from broadsheet.domain.reading import FOLDERS, PEOPLE_FILE, REMOVED_FILE, SITE_FILE
from broadsheet.effects.walking import is_left_behind, is_litter, walk_files
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span, error_at
from broadsheet.foundations.sources import RawFile

STATIC_FOLDER = "content/static"


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What a content folder holds.

    Attributes:
        records: Record files, in the order of their paths.
        site: `site.yaml`, or None.
        people: `people.yaml`, or None.
        removed: `removed.yaml`, or None.
        ledger: `permalinks.txt`, or None.
        static: Files below `content/static/`, relative to it, in order.
        diagnostics: Files that could not be read or do not belong.
    """

    records: tuple[RawFile, ...]
    site: RawFile | None
    people: RawFile | None
    removed: RawFile | None
    ledger: RawFile | None
    static: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    def by_path(self) -> dict[str, RawFile]:
        """Return all text files by path."""
        single = (self.site, self.people, self.removed)
        files = [*self.records, *(file for file in single if file is not None)]
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
        for path in walk_files(root, f"content/{folder}", is_left_behind, problems):
            relative = path.relative_to(root).as_posix()
            if path.suffix != ".md":
                problems.append(_unexpected(relative))
            elif (raw := _read(path, relative, problems)) is not None:
                records.append(raw)
    static = tuple(
        path.relative_to(root / STATIC_FOLDER).as_posix()
        for path in walk_files(root, STATIC_FOLDER, is_litter, problems)
    )
    return Scan(
        records=tuple(records),
        site=_read_if_present(root, SITE_FILE, problems),
        people=_read_if_present(root, PEOPLE_FILE, problems),
        removed=_read_if_present(root, REMOVED_FILE, problems),
        ledger=_read_if_present(root, LEDGER_FILE, problems),
        static=static,
        diagnostics=tuple(problems),
    )


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
