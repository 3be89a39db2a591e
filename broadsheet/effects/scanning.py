"""Files of a digest from disk to values.

Responsible for the values. Not responsible for which files there are (`surveying`) or for what they
mean.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.domain.folders import LEDGER_FILE, PEOPLE_FILE, SITE_FILE, STATIC_FOLDER
from broadsheet.effects.surveying import survey_content, unexpected_file, unreadable_file
from broadsheet.effects.walking import explain_unusable
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.sources import RawFile


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
    survey = survey_content(root, {})
    files = {path: RawFile(path, content) for path, content in survey.contents.items()}
    return Scan(
        records=tuple(files[path] for path in survey.records),
        site=files.get(SITE_FILE),
        people=files.get(PEOPLE_FILE),
        static=survey.static,
        diagnostics=survey.diagnostics,
    )


def scan_file(root: Path, relative: str) -> tuple[RawFile | None, Diagnostic | None]:
    """Read one file of a content folder as `scan_content` does.

    Args:
        root: The digest's root.
        relative: The file, relative to it.

    Returns:
        The file, or why it cannot be used; neither for one that is only copied, or is gone.
    """
    path = root / relative
    if not path.is_symlink() and not path.exists():
        return None, None
    is_plain = path.is_file() and not path.is_symlink()
    problem = explain_unusable(root, str(path), is_plain=is_plain)
    if problem is not None or relative.startswith((f"{STATIC_FOLDER}/", LEDGER_FILE)):
        return None, problem
    if path.suffix not in (".md", ".yaml"):
        return None, unexpected_file(relative)
    try:
        return RawFile(relative, path.read_bytes()), None
    except OSError as error:
        return None, unreadable_file(relative, error)
