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
        for path in _walk(root, f"content/{folder}", problems):
            relative = path.relative_to(root).as_posix()
            if path.suffix != ".md":
                problems.append(_unexpected(relative))
            elif (raw := _read(path, relative, problems)) is not None:
                records.append(raw)
    static = tuple(
        path.relative_to(root / STATIC_FOLDER).as_posix()
        for path in _walk(root, STATIC_FOLDER, problems)
    )
    return Scan(
        records=tuple(records),
        site=_read_if_present(root, SITE_FILE, problems),
        people=_read_if_present(root, PEOPLE_FILE, problems),
        static=static,
        diagnostics=tuple(problems),
    )


def printable_path(path: Path) -> str:
    """Return a path as text that can be printed and stored, whatever bytes it is made of."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _walk(root: Path, folder: str, problems: list[Diagnostic]) -> Iterator[Path]:
    """Yield the files below a folder in the order of their paths, without following links out."""
    for entry in sorted(_list_entries(root / folder), key=lambda entry: entry.path):
        problem = _explain_unusable(root, entry)
        if problem is None:
            yield Path(entry.path)
        else:
            problems.append(problem)


def _list_entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Yield everything below a folder that is not a folder, beside what tools leave there."""
    if not os.path.isdir(folder):  # noqa: PTH112 - paths stay text here, for thousands of them
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_IGNORED_SUFFIXES):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _list_entries(entry.path)
            else:
                yield entry


def _explain_unusable(root: Path, entry: os.DirEntry[str]) -> Diagnostic | None:
    """Return why a file cannot be used, or None."""
    if entry.is_file(follow_symlinks=False) and _is_text(entry.path.removeprefix(str(root))):
        return None
    relative = Path(entry.path).relative_to(root)
    span = Span(printable_path(relative))
    if not _is_text(entry.path.removeprefix(str(root))):
        return error_at(Code.INVALID_ID, "the file's name is not UTF-8 text", span, "rename it")
    if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root.resolve()):
        message = "the link leads out of the digest"
        return error_at(Code.UNREADABLE_FILE, message, span, "copy what it leads to")
    if not entry.is_file():
        message = "this is neither a file nor a folder"
        return error_at(Code.UNREADABLE_FILE, message, span, "replace a link by what it leads to")
    return None


def _is_text(name: str) -> bool:
    """Tell whether a name came from bytes that are UTF-8; Python marks others with surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


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
