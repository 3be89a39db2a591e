"""Which source writes which file of the site, and what is said when two want the same.

Responsible for comparing files as the pickiest file system would: NFC, case folded, and a file is
never a folder as well. Not responsible for what the outputs are (`plan`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from broadsheet.domain.identifiers import normalise_name
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.outlines import Outline


class Claims:
    """The files that are spoken for, each with the sources that write it; none means the site."""

    __slots__ = ("_files", "_folders")

    def __init__(self) -> None:
        """Begin with an empty site."""
        self._files: dict[str, tuple[str, ...]] = {}
        self._folders: dict[str, tuple[str, ...]] = {}

    def owner_of(self, path: str) -> tuple[str, ...] | None:
        """Return the sources that keep a path from being written, or None when it is free.

        Args:
            path: A file, relative to the output folder.
        """
        word = normalise_name(path)
        return self._find(word, self._new_folders(word))

    def claim(self, path: str, sources: tuple[str, ...]) -> tuple[str, ...] | None:
        """Claim a path, unless it is taken: then return the sources that have it, as `owner_of`."""
        word = normalise_name(path)
        folders = self._new_folders(word)
        owner = self._find(word, folders)
        if owner is None:
            self._files[word] = sources
            for folder in folders:
                self._folders[folder] = sources
        return owner

    def _find(self, word: str, folders: list[str]) -> tuple[str, ...] | None:
        if word in self._folders:
            return self._folders[word]
        files = self._files
        if word in files:
            return files[word]
        return next((files[name] for name in folders if name in files), None)

    def _new_folders(self, path: str) -> list[str]:
        """Return the folders that a file lies in and nothing does yet, the innermost first.

        What holds a file is no file, and neither is what holds that.
        """
        new: list[str] = []
        folder = path.rpartition("/")[0]
        while folder and folder not in self._folders:
            new.append(folder)
            folder = folder.rpartition("/")[0]
        return new


def claim_outputs(
    outlines: Iterable[Outline], assets: Iterable[str], static: Iterable[str]
) -> tuple[Claims, tuple[Finding, ...]]:
    """Claim every output once.

    Args:
        outlines: All outputs, aliases left out.
        assets: Addresses of the theme's assets.
        static: Files that are copied to the root, relative to it.

    Returns:
        The claims, and an error for each output whose place is taken, naming both sources.
    """
    claims = Claims()
    wanted = [(outline.path, outline.url, outline.sources) for outline in outlines]
    wanted += [(path, path, ()) for path in assets]
    wanted += [(path, path, (f"content/static/{path}",)) for path in static]
    return claims, tuple(_claim_all(claims, wanted))


def _claim_all(
    claims: Claims, wanted: Iterable[tuple[str, str, tuple[str, ...]]]
) -> Iterator[Finding]:
    for path, url, sources in wanted:
        owner = claims.claim(path, sources)
        if owner is not None:
            yield _conflict(url, sources, owner)


def _conflict(url: str, sources: tuple[str, ...], owner: tuple[str, ...]) -> Finding:
    first, *others = (*sources, *owner) or ("content/site.yaml",)
    is_own = bool(sources) != bool(owner)
    who = "this file and the site itself" if is_own else "two sources"
    return Finding(
        code=Code.ADDRESS_CONFLICT,
        message=f"{who} would write the address '/{url}'",
        source=first,
        hint="delete or rename the file" if is_own else "rename one of them",
        related=tuple(others),
    )
