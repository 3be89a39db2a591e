"""The digest's files as the preview knows them: what they looked like, and what reading them gave.

Responsible for reading again what has changed and nothing else, and for the last good record of a
file that has errors now, which keeps its page. Not responsible for what needs two records
(`updating`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from broadsheet.domain.reading import (
    FOLDERS,
    PEOPLE_FILE,
    SITE_FILE,
    Record,
    read_people,
    read_record,
)
from broadsheet.domain.records import Person
from broadsheet.domain.settings import Settings
from broadsheet.assembly.project import Project, default_theme_folder
from broadsheet.assembly.site_settings import settle_settings
from broadsheet.effects.scanning import STATIC_FOLDER, scan_file
from broadsheet.effects.theme_files import ThemeFiles, read_theme
from broadsheet.effects.watching import EVERYTHING, Signature, sign_file, sign_files
from broadsheet.foundations.diagnostics import Diagnostic, Outcome
from broadsheet.foundations.sources import RawFile
from broadsheet.workers.template_checks import check_theme
from broadsheet.workers.template_references import hash_closures

_STATIC = f"{STATIC_FOLDER}/"
_RECORDS = tuple(f"content/{folder}/" for folder in FOLDERS)


class KnownTheme(msgspec.Struct, frozen=True, kw_only=True):
    """The templates and assets.

    Attributes:
        files: As pages are rendered with them: the last that were sound.
        keys: Hash over the closure of each template, by its name.
        diagnostics: What is wrong with them as they stand now.
    """

    files: ThemeFiles
    keys: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


class KnownFiles(msgspec.Struct, frozen=True, kw_only=True):
    """All files of a digest.

    Attributes:
        signatures: What each file looked like when it was read, by its path.
        records: What reading each record gave, by its path; in place of one that cannot be read
            any more stands the last that could.
        refused: Why a file was not even read, by its path.
        settings: The last good settings.
        setting_problems: What is wrong with them.
        people: The last good entries of `people.yaml`.
        people_problems: What is wrong with them.
        theme: The theme.
    """

    signatures: Mapping[str, Signature]
    records: Mapping[str, Outcome[Record | None]]
    refused: Mapping[str, Diagnostic]
    settings: Settings
    setting_problems: tuple[Diagnostic, ...]
    people: tuple[Person, ...]
    people_problems: tuple[Diagnostic, ...]
    theme: KnownTheme

    def static(self) -> tuple[str, ...]:
        """Return the files that are copied to the root, relative to `content/static/`, in order."""
        found = (path for path in self.signatures if path.startswith(_STATIC))
        return tuple(sorted(p.removeprefix(_STATIC) for p in found if p not in self.refused))


class Change(msgspec.Struct, frozen=True):
    """How files differ from what is known of them.

    Attributes:
        signatures: What the files that differ look like now; None for those that are gone.
    """

    signatures: Mapping[str, Signature | None]

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.signatures)

    def below(self, *prefixes: str) -> list[str]:
        """Return the paths that begin with one of some prefixes."""
        return [path for path in self.signatures if path.startswith(prefixes)]


def find_change(known: KnownFiles, root: Path, hints: Iterable[str]) -> Change:
    """Look whether files differ from what is known of them.

    Args:
        known: The files as they are known.
        root: The digest's root.
        hints: Paths that may have changed, from `FolderWatch`.
    """
    old = known.signatures
    hints = frozenset(hints)
    if EVERYTHING in hints:
        now = sign_files(root)
        looked_at = now.keys() | old.keys()
    else:
        now = {}
        looked_at = set()
        for hint in hints:
            _look(root, hint, old, now, looked_at)
    return Change({p: now.get(p) for p in sorted(looked_at) if now.get(p) != old.get(p)})


def _look(
    root: Path,
    hint: str,
    old: Mapping[str, Signature],
    now: dict[str, Signature],
    looked_at: set[str],
) -> None:
    """Look at one path, which may be a folder now, or may have been one."""
    path = root / hint
    is_folder = path.is_dir() and not path.is_symlink()
    if is_folder:
        now |= sign_files(root, hint)
    elif (signature := sign_file(path)) is not None:
        now[hint] = signature
    looked_at |= {hint, *now} if hint in old or hint in now else set(now)
    if hint not in old:
        looked_at |= {known for known in old if known.startswith(f"{hint}/")}


def read_change(known: KnownFiles, project: Project, change: Change) -> KnownFiles:
    """Read what has changed.

    Args:
        known: The files as they are known.
        project: Where the digest lies.
        change: How they differ.
    """
    signatures = {**known.signatures}
    for path, signature in change.signatures.items():
        if signature is None:
            signatures.pop(path, None)
        else:
            signatures[path] = signature
    records, refused = _read_records(known, project.root, change)
    known = msgspec.structs.replace(
        known, signatures=signatures, records=records, refused=refused
    )
    if SITE_FILE in change.signatures:
        known = _read_settings(known, project.root)
    if PEOPLE_FILE in change.signatures:
        known = _read_people(known, project.root)
    if change.below("templates/"):
        known = msgspec.structs.replace(known, theme=_read_theme(project, known.theme))
    return known


def read_first(project: Project, records: Mapping[str, Outcome[Record | None]]) -> KnownFiles:
    ...


def has_new_errors(before: KnownFiles, after: KnownFiles, change: Change) -> bool:
    """Tell whether files that were sound have become unreadable, or are gone.

    Such a state may be the middle of a save; it is worth to look again before it is shown.

    Args:
        before: The files before a change.
        after: The files after it.
        change: The change.
    """
    for path, signature in change.signatures.items():
        if signature is None:
            return True
        now, old = after.records.get(path), before.records.get(path)
        if now is not None and now.diagnostics and (old is None or now.diagnostics != old.diagnostics):
            return True
    return (
        after.setting_problems != before.setting_problems
        or after.people_problems != before.people_problems
        or after.theme.diagnostics != before.theme.diagnostics
    )
