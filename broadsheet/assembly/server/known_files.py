"""The digest's files as the preview knows them: what they looked like, and what reading them gave.

Responsible for reading again what has changed and nothing else, and for the last good record of a
file that has errors now, which keeps its page. Not responsible for what needs two records
(`updating`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from broadsheet.assembly.project import Project, default_theme_folder
from broadsheet.assembly.site_settings import settle_settings
from broadsheet.domain.folders import FOLDERS, PEOPLE_FILE, SITE_FILE, STATIC_FOLDER
from broadsheet.domain.reading import Record, read_batch, read_people, read_record
from broadsheet.domain.records import Paper, Person
from broadsheet.domain.settings import Settings
from broadsheet.effects.executors import map_batches, open_executor
from broadsheet.effects.scanning import scan_content, scan_file
from broadsheet.effects.theme_files import ThemeFiles, read_theme
from broadsheet.effects.watching import EVERYTHING, Signature, sign_file, sign_files
from broadsheet.foundations.diagnostics import Diagnostic, Outcome, has_errors
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.addresses import paper_url
from broadsheet.workers.template_checks import check_theme

_STATIC = f"{STATIC_FOLDER}/"
_RECORDS = tuple(f"content/{folder}/" for folder in FOLDERS)


class KnownTheme(msgspec.Struct, frozen=True, kw_only=True):
    """The templates and assets.

    Attributes:
        files: As pages are rendered with them: the last that were sound.
        diagnostics: What is wrong with them as they stand now.
    """

    files: ThemeFiles
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
    known = msgspec.structs.replace(known, signatures=signatures, records=records, refused=refused)
    if SITE_FILE in change.signatures:
        known = _read_settings(known, project.root)
    if PEOPLE_FILE in change.signatures:
        known = _read_people(known, project.root)
    if change.below("templates/"):
        known = msgspec.structs.replace(known, theme=read_theme_again(project, known.theme))
    return known


def read_all(project: Project, executor_spec: str = "auto") -> KnownFiles:
    """Read a digest for the first time.

    Args:
        project: Where it lies.
        executor_spec: Where batches run.
    """
    signatures = sign_files(project.root)
    scan = scan_content(project.root)
    with open_executor(executor_spec) as executor:
        outcomes = map_batches(executor, read_batch, scan.records)
    theme = read_theme(default_theme_folder(), project.templates)
    known = KnownFiles(
        signatures=signatures,
        records={raw.path: outcome for raw, outcome in zip(scan.records, outcomes, strict=True)},
        refused={problem.span.path: problem for problem in scan.diagnostics},
        settings=Settings(topics="open"),
        setting_problems=(),
        people=(),
        people_problems=(),
        theme=KnownTheme(files=theme, diagnostics=theme.diagnostics),
    )
    return _read_people(_read_settings(known, project.root), project.root)


def _read_records(
    known: KnownFiles, root: Path, change: Change
) -> tuple[Mapping[str, Outcome[Record | None]], Mapping[str, Diagnostic]]:
    records, refused = {**known.records}, {**known.refused}
    for path in change.below("content/"):
        if path in (SITE_FILE, PEOPLE_FILE):
            continue
        raw, problem = scan_file(root, path)
        refused.pop(path, None)
        if problem is not None:
            refused[path] = problem
        if raw is None or not path.startswith(_RECORDS):
            records.pop(path, None)
            continue
        old, new = records.get(path), read_record(raw)
        if new.value is None and old is not None and old.value is not None:
            new = Outcome(old.value, new.diagnostics)
        records[path] = new
    return records, refused


def _read_settings(known: KnownFiles, root: Path) -> KnownFiles:
    """Read `site.yaml`; one with errors leaves the settings as they were."""
    raw, refused = scan_file(root, SITE_FILE)
    settings, problems = settle_settings(raw, None)
    if refused is not None:
        problems = (refused,)
    if has_errors(problems):
        settings = known.settings
    return msgspec.structs.replace(known, settings=settings, setting_problems=problems)


def _read_people(known: KnownFiles, root: Path) -> KnownFiles:
    """Read `people.yaml`; one with errors leaves the people as they were."""
    raw, refused = scan_file(root, PEOPLE_FILE)
    if raw is None:
        problems = (refused,) if refused is not None else ()
        return msgspec.structs.replace(known, people=(), people_problems=problems)
    outcome = read_people(raw)
    people = known.people if has_errors(outcome.diagnostics) else outcome.value
    return msgspec.structs.replace(known, people=people, people_problems=outcome.diagnostics)


def read_theme_again(project: Project, known: KnownTheme) -> KnownTheme:
    """Read the templates, and keep the last sound ones where they have errors.

    Args:
        project: Where the digest lies.
        known: The theme as it is known.
    """
    files = read_theme(default_theme_folder(), project.templates)
    problems = (*files.diagnostics, *check_theme(files.theme))
    return KnownTheme(files=known.files if problems else files, diagnostics=problems)


def find_moves(before: KnownFiles, after: KnownFiles, change: Change) -> dict[str, str]:
    """Return the addresses of papers whose file was given another name, by their new ones.

    Args:
        before: The files before a change.
        after: The files after it.
        change: The change.
    """
    gone: dict[str, str] = {}
    for path, signature in change.signatures.items():
        old = before.records.get(path)
        if signature is None and old is not None and isinstance(old.value, Paper):
            gone[_nameless(old.value)] = old.value.id
    moves = {}
    for path in change.signatures if gone else ():
        new = after.records.get(path)
        if path in before.records or new is None or not isinstance(new.value, Paper):
            continue
        if (paper_id := gone.get(_nameless(new.value))) is not None and paper_id != new.value.id:
            moves[paper_url(paper_id)] = paper_url(new.value.id)
    return moves


def _nameless(paper: Paper) -> str:
    """Return what is the same for two papers that differ by their names alone."""
    return hash_value(msgspec.structs.replace(paper, id="", source=""))


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
        if (
            now is not None
            and now.diagnostics
            and (old is None or now.diagnostics != old.diagnostics)
        ):
            return True
    return (
        after.setting_problems != before.setting_problems
        or after.people_problems != before.people_problems
        or after.theme.diagnostics != before.theme.diagnostics
    )
