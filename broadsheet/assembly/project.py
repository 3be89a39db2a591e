"""Where a digest lies on disk, and where the program's own files do.

Responsible for paths only. Not responsible for reading anything.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.domain.folders import SITE_FILE


class Project(msgspec.Struct, frozen=True):
    """A digest's folder.

    Attributes:
        root: The folder that holds `content/`, absolute.
    """

    root: Path

    @property
    def templates(self) -> Path:
        """The digest's own templates; they need not exist."""
        return self.root / "templates"

    @property
    def output(self) -> Path:
        """The built site, unless a command says otherwise."""
        return self.root / "site"

    @property
    def workspace(self) -> Path:
        """The folder for the lock and the cache; safe to delete."""
        return self.root / ".broadsheet"

    @property
    def mail(self) -> Path:
        """The ledgers of what was sent; not safe to delete."""
        return self.root / "mail"

    @property
    def cache(self) -> Path:
        """What a later build need not compute again; safe to delete."""
        return self.workspace / "cache"


def find_project(start: Path) -> Project | None:
    """Return the nearest digest at or above a folder, or None.

    Args:
        start: Where to begin looking.
    """
    for folder in (start, *start.parents):
        if (folder / SITE_FILE).is_file():
            return Project(folder)
    return None


def default_theme_folder() -> Path:
    """Return the default theme: beside the package in a wheel, else the checkout's `templates/`."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_shipped" / "templates"
    return shipped if shipped.is_dir() else package.parent / "templates"


def starter_folder() -> Path:
    """Return what a new digest is made from."""
    return Path(__file__).resolve().parent.parent / "starter"


def kits_folder() -> Path:
    """Return the files that hosts need, by host."""
    return Path(__file__).resolve().parent.parent / "kits"


def theme_fixtures_folder() -> Path:
    """Return the invented digests, one in each folder, that themes are checked with."""
    return Path(__file__).resolve().parent.parent / "theme_fixtures"
