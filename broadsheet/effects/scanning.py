"""Files of a digest from disk to values.

Responsible for the values. Not responsible for which files there are (`surveying`) or for what they
mean.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.domain.folders import PEOPLE_FILE, SITE_FILE
from broadsheet.effects.surveying import survey_content
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
