"""What lies in a content folder, by content: a file is read only where its signature is unknown.

Responsible for which files there are, in which order, and for the hash of each. Not responsible for
finding files and refusing what would lead outside (`walking`) or for what they mean.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from broadsheet.domain.folders import FOLDERS, SINGLE_FILES, STATIC_FOLDER
from broadsheet.effects.signatures import Signature, Signatures, is_same, read_clock, sign
from broadsheet.effects.walking import is_left_behind, is_litter, walk_entries
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span, error_at
from broadsheet.foundations.hashing import hash_bytes


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What a content folder holds.

    Attributes:
        records: Paths of record files, folder by folder, in the order of their paths.
        static: Files below `content/static/`, relative to it, in order.
        digests: SHA-256 of every file by its path, `site.yaml` and its like included.
        contents: Bytes of the text files that had to be read.
        signatures: What to recognise every file by the next time.
        diagnostics: Files that could not be read or do not belong.
    """

    records: tuple[str, ...]
    static: tuple[str, ...]
    digests: dict[str, str]
    contents: dict[str, bytes]
    signatures: dict[str, Signature]
    diagnostics: tuple[Diagnostic, ...]


def survey_content(root: Path, known: Signatures) -> Survey:
    """Look at a digest's content folder.

    Args:
        root: The digest's root, which holds `content/`.
        known: Signatures of files whose content is known; none has everything read.

    Returns:
        Everything in it; unreadable files are diagnostics.
    """
    looker = _Looker(root, known)
    records = []
    for folder in FOLDERS:
        for entry in walk_entries(root, f"content/{folder}", is_left_behind, looker.problems):
            path = looker.name(entry)
            if not path.endswith(".md"):
                looker.problems.append(unexpected_file(path))
            elif looker.look(path, entry):
                records.append(path)
    static = []
    for entry in walk_entries(root, STATIC_FOLDER, is_litter, looker.problems):
        path = looker.name(entry)
        if looker.look(path, entry, is_kept=False):
            static.append(path.removeprefix(f"{STATIC_FOLDER}/"))
    for path in SINGLE_FILES:
        if (root / path).exists():
            looker.look(path, root / path)
    return Survey(
        records=tuple(records),
        static=tuple(static),
        digests={path: signature.digest for path, signature in looker.signatures.items()},
        contents=looker.contents,
        signatures=looker.signatures,
        diagnostics=tuple(looker.problems),
    )


class _Looker:
    """One look at a content folder: collects what is found of each file."""

    def __init__(self, root: Path, known: Signatures) -> None:
        """Begin with nothing found."""
        self._cut = len(str(root).rstrip("/")) + 1
        self._known = known
        self._clock = read_clock()
        self.signatures: dict[str, Signature] = {}
        self.contents: dict[str, bytes] = {}
        self.problems: list[Diagnostic] = []

    def name(self, entry: os.DirEntry[str]) -> str:
        """Return a file's path relative to the root, with forward slashes."""
        return entry.path[self._cut :].replace(os.sep, "/")

    def look(self, path: str, file: os.DirEntry[str] | Path, *, is_kept: bool = True) -> bool:
        """Find out what a file holds; return whether it could be read.

        Args:
            path: Its path relative to the root.
            file: The file.
            is_kept: Whether its bytes are of use, when it has to be read.
        """
        try:
            about = file.stat()
            known = self._known.get(path)
            if known is not None and is_same(known, about):
                self.signatures[path] = known
                return True
            with open(file, "rb", buffering=0) as stream:  # noqa: PTH123 - a path costs as much again
                content = stream.read()
        except OSError as error:
            self.problems.append(unreadable_file(path, error))
            return False
        self.signatures[path] = sign(about, hash_bytes(content), self._clock)
        if is_kept:
            self.contents[path] = content
        return True


def unreadable_file(path: str, error: OSError) -> Diagnostic:
    """Return the error for a file that the disk does not give."""
    message = f"the file cannot be read: {error.strerror or error}"
    return error_at(Code.UNREADABLE_FILE, message, Span(path))


def unexpected_file(path: str) -> Diagnostic:
    """Return the warning for a file among records that is none."""
    return Diagnostic(
        code=Code.UNEXPECTED_FILE,
        severity=Severity.WARNING,
        message="the file is not a record and is left out",
        span=Span(path),
        hint="records end in .md; files to be copied belong in content/static/",
    )
