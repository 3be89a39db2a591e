"""The digest's files as the preview knows them, and the last good content of each.

Responsible for looking at the files again, for what has changed since, and for what stands in for a
file that has errors now: the content that it had when it was sound, by its hash. Not responsible
for what is made of them (`updating`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from broadsheet.assembly.project import Project, default_theme_folder
from broadsheet.assembly.site_settings import settle_settings
from broadsheet.domain.folders import PEOPLE_FILE, SITE_FILE, STATIC_FOLDER
from broadsheet.domain.reading import read_people, read_record
from broadsheet.domain.records import Person
from broadsheet.domain.settings import Settings
from broadsheet.effects.scanning import scan_file
from broadsheet.effects.signatures import read_signatures
from broadsheet.effects.surveying import Survey, survey_content
from broadsheet.effects.theme_files import ThemeFiles, read_theme
from broadsheet.foundations.diagnostics import Diagnostic, has_errors
from broadsheet.planning.addresses import record_url
from broadsheet.workers.template_checks import check_theme
from broadsheet.workers.template_references import find_references

_STATIC = f"{STATIC_FOLDER}/"


class KnownTheme(msgspec.Struct, frozen=True, kw_only=True):
    """The templates and assets.

    Attributes:
        newest: As they lie on disk.
        sound: As pages are rendered with them: the last that were sound.
        is_checked: Whether they have been looked through; a first page does not wait for that.
        diagnostics: What is wrong with the newest.
    """

    newest: ThemeFiles
    sound: ThemeFiles
    is_checked: bool
    diagnostics: tuple[Diagnostic, ...]


class FileContent(msgspec.Struct, frozen=True):
    """What a file held.

    Attributes:
        digest: Its hash, by which records and texts are kept.
        bytes: The bytes, where they are still known.
    """

    digest: str
    bytes: bytes | None = None


class KnownFiles(msgspec.Struct, frozen=True, kw_only=True):
    """All files of a digest.

    Attributes:
        survey: The content folder.
        stand_ins: The last good content of each record that has errors now.
        broken: What is wrong with each of these.
        settings: The last good settings.
        setting_problems: What is wrong with the newest.
        people: The last good entries of `people.yaml`.
        people_problems: What is wrong with the newest.
        theme: The theme.
    """

    survey: Survey
    stand_ins: Mapping[str, FileContent]
    broken: Mapping[str, tuple[Diagnostic, ...]]
    settings: Settings
    setting_problems: tuple[Diagnostic, ...]
    people: tuple[Person, ...]
    people_problems: tuple[Diagnostic, ...]
    theme: KnownTheme

    def as_shown(self) -> Survey:
        """Return the content folder with the last good content in the place of what is broken."""
        contents = {p: c for p, c in self.survey.contents.items() if p not in self.stand_ins}
        known = {p: content.bytes for p, content in self.stand_ins.items()}
        contents |= {p: content for p, content in known.items() if content is not None}
        digests = {p: content.digest for p, content in self.stand_ins.items()}
        digests = {**self.survey.digests, **digests}
        return msgspec.structs.replace(self.survey, contents=contents, digests=digests)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How two looks at the files differ.

    Attributes:
        changed: Files of the content folder that are new or have other bytes.
        gone: Those that are there no more.
        has_other_theme: Whether templates or assets differ.
    """

    changed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    has_other_theme: bool = False

    @property
    def is_any(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.changed or self.gone or self.has_other_theme)

    def copied(self) -> list[str]:
        """Return the addresses of the copied files among them."""
        both = (*self.changed, *self.gone)
        return [path.removeprefix(_STATIC) for path in both if path.startswith(_STATIC)]

    def touches_records(self) -> bool:
        """Tell whether a file that search and related papers are made from is among them."""
        return any(not path.startswith(_STATIC) for path in (*self.changed, *self.gone))


def look_first(project: Project) -> KnownFiles:
    """Look at a digest for the first time.

    Args:
        project: Where it lies.
    """
    signatures, _ = read_signatures(project.cache)
    theme = read_theme(default_theme_folder(), project.templates)
    nothing = KnownFiles(
        survey=survey_content(project.root, signatures),
        stand_ins={},
        broken={},
        settings=Settings(topics="open"),
        setting_problems=(),
        people=(),
        people_problems=(),
        theme=KnownTheme(
            newest=theme, sound=theme, is_checked=False, diagnostics=theme.diagnostics
        ),
    )
    return _read_people(_read_settings(nothing, project), project)


def look_again(
    project: Project,
    known: KnownFiles,
    shown: Collection[str],
    edited: Mapping[str, FileContent],
) -> KnownFiles:
    """Look at a digest again; what has not changed is not read.

    Args:
        project: Where it lies.
        known: The files as they are known.
        shown: Files of records that are shown, since they were sound when they were read.
        edited: The last good content of files that were edited since then.
    """
    survey = survey_content(project.root, known.survey.signatures)
    good = {**known.stand_ins, **edited}
    stand_ins: dict[str, FileContent] = {}
    broken: dict[str, tuple[Diagnostic, ...]] = {}
    for path in survey.records:
        digest, before = survey.digests[path], known.survey.digests.get(path)
        if before is None or (digest == before and path not in known.broken):
            continue
        if digest == before:
            broken[path], stand_ins[path] = known.broken[path], known.stand_ins[path]
            continue
        raw, _ = scan_file(project.root, path)
        read = read_record(raw) if raw is not None else None
        if read is not None and read.value is None and path in shown:
            broken[path], stand_ins[path] = read.diagnostics, good.get(path, FileContent(before))
    again = msgspec.structs.replace(known, survey=survey, stand_ins=stand_ins, broken=broken)
    for path, reread in ((SITE_FILE, _read_settings), (PEOPLE_FILE, _read_people)):
        if survey.digests.get(path) != known.survey.digests.get(path):
            again = reread(again, project)
    newest = read_theme(default_theme_folder(), project.templates)
    if newest == known.theme.newest and known.theme.is_checked:
        return again
    return msgspec.structs.replace(again, theme=_check(newest, known.theme))


def find_change(before: KnownFiles, after: KnownFiles) -> Change:
    """Return how two looks differ."""
    old, new = before.survey.digests, after.survey.digests
    return Change(
        changed=frozenset(path for path, digest in new.items() if old.get(path) != digest),
        gone=frozenset(old.keys() - new.keys()),
        has_other_theme=before.theme.newest != after.theme.newest,
    )


def find_moves(before: KnownFiles, after: KnownFiles, change: Change) -> dict[str, str]:
    """Return new addresses of records whose file was given another name, by their old ones."""
    gone = {before.survey.digests[path]: record_url(path) for path in sorted(change.gone)}
    moves: dict[str, str] = {}
    for path in sorted(change.changed - before.survey.digests.keys()) if gone else ():
        old, new = gone.get(after.survey.digests[path]), record_url(path)
        if old is not None and new is not None and old != new:
            moves[old] = new
    return moves


def may_be_unfinished(before: KnownFiles, after: KnownFiles, change: Change) -> bool:
    """Tell whether what was sound has errors now, or is gone.

    Such a state may be the middle of a save; it is worth to look again before it is shown.
    """
    return bool(
        change.gone
        or after.broken != before.broken
        or after.setting_problems != before.setting_problems
        or after.people_problems != before.people_problems
        or (after.theme.diagnostics != before.theme.diagnostics)
    )


def _check(newest: ThemeFiles, known: KnownTheme) -> KnownTheme:
    problems = (*newest.diagnostics, *check_theme(newest.theme, find_references(newest.theme)))
    sound = known.sound if problems else newest
    return KnownTheme(newest=newest, sound=sound, is_checked=True, diagnostics=problems)


def _read_settings(known: KnownFiles, project: Project) -> KnownFiles:
    """Read `site.yaml`; one with errors leaves the settings as they were."""
    raw, refused = scan_file(project.root, SITE_FILE)
    settings, problems = settle_settings(raw, None)
    problems = (refused,) if refused is not None else problems
    if has_errors(problems):
        settings = known.settings
    return msgspec.structs.replace(known, settings=settings, setting_problems=problems)


def _read_people(known: KnownFiles, project: Project) -> KnownFiles:
    """Read `people.yaml`; one with errors leaves the people as they were."""
    raw, refused = scan_file(project.root, PEOPLE_FILE)
    if raw is None:
        problems = (refused,) if refused is not None else ()
        return msgspec.structs.replace(known, people=(), people_problems=problems)
    read = read_people(raw)
    people = known.people if has_errors(read.diagnostics) else read.value
    return msgspec.structs.replace(known, people=people, people_problems=read.diagnostics)
