"""From files to what the preview shows: the stages of a build, on what has changed.

Responsible for the order of the stages up to the plan, as `assembly.pipeline` is for a build, with
the texts of unchanged records kept; and for the short way of an edit that changes nothing but a
paper's own text. Not responsible for reading files (`known_files`), for rendering (`preview`) or
for when it is done (`keeping_up`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from broadsheet import __version__
from broadsheet.assembly.server.known_files import Change, KnownFiles
from broadsheet.domain.folders import FOLDERS, SITE_FILE
from broadsheet.domain.identifiers import normalise_name
from broadsheet.domain.library import Library, LibraryRules, build_library
from broadsheet.domain.reading import gather_records
from broadsheet.domain.records import Paper, Records
from broadsheet.domain.settings import Settings
from broadsheet.effects.executors import map_batches, open_executor
from broadsheet.effects.scanning import scan_file
from broadsheet.foundations.diagnostics import Diagnostic, Finding, sort_diagnostics
from broadsheet.foundations.location import locate_findings
from broadsheet.foundations.sources import RawFile
from broadsheet.planning.edition import make_edition
from broadsheet.planning.plan import PlanKeys, SitePlan, plan_site
from broadsheet.planning.relations import Related, RelatedPaper
from broadsheet.planning.texts import ConvertedText, TextJob, collect_texts
from broadsheet.workers.bodies import MarkupOptions
from broadsheet.workers.markup import convert_batch
from broadsheet.workers.rendering import RenderSpec, pack_theme
from broadsheet.workers.tex.mathml import find_bad_macros
from broadsheet.workers.tex.reports import macro_findings, unknown_command_findings

# What a paper's own page, cards and feeds show of it, and nothing is sorted, listed or counted by.
_TEXT_FIELDS = ("title", "tldr", "abstract", "body", "keywords", "status_note", "curator", "links")
_NO_TEXT: dict[str, object] = {
    field.name: field.default
    for field in msgspec.structs.fields(Paper)
    if field.name in _TEXT_FIELDS
} | {"title": ""}


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What the preview's state follows from.

    Attributes:
        files: The files.
        library: All records that are sound, drafts too.
        jobs: The texts of each record, by the path of its file.
        texts: The same, converted.
        markup: What decided how.
        plan: The outputs.
        spec: What pages are rendered with.
        diagnostics: Everything that is wrong, sorted.
    """

    files: KnownFiles
    library: Library
    jobs: Mapping[str, TextJob]
    texts: Mapping[str, ConvertedText]
    markup: MarkupOptions
    plan: SitePlan
    spec: RenderSpec
    diagnostics: tuple[Diagnostic, ...]


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at beside the files.

    Attributes:
        root: The digest's root.
        has_drafts: Whether drafts are shown.
        executor: Where batches run.
        related: The papers beside each paper, of this state or an earlier one.
    """

    root: Path
    has_drafts: bool = True
    executor: str = "auto"
    related: Related = {}


def make_whole(files: KnownFiles, reach: Reach, before: Made | None = None) -> Made:
    """Make everything, but for the texts that have been converted before.

    Args:
        files: The files.
        reach: What is looked at beside them.
        before: What was made last.
    """
    records = _gather(files)
    library, findings = build_library(records, _rules(files.settings, reach))
    markup = MarkupOptions(files.settings.link_policy, tuple(sorted(files.settings.macros.items())))
    jobs = {job.source: job for job in collect_texts(records)}
    texts = _convert(jobs, markup, reach, before)
    edition = make_edition(
        library, texts, texts, settle_related(reach.related, library), files.settings
    )
    theme = files.theme.files
    plan, conflicts = plan_site(
        edition, theme.addresses(), files.static(), PlanKeys(__version__, {})
    )
    bad_macros = macro_findings(SITE_FILE, find_bad_macros(markup.macros))
    found = (*findings, *conflicts, *_text_findings(texts), *bad_macros)
    return Made(
        files=files,
        library=library,
        jobs=jobs,
        texts=texts,
        markup=markup,
        plan=plan,
        spec=RenderSpec(plan.site, pack_theme(theme.theme)),
        diagnostics=_collect(files, locate_findings(found, _OnDisk(reach.root))),
    )


def make_text_edit(files: KnownFiles, change: Change, reach: Reach, before: Made) -> Made | None:
    """Make what follows from an edit of papers' own texts; None when more has changed.

    It takes milliseconds however many papers there are. Problems between records are those of the
    state before, until `make_whole` has been called.

    Args:
        files: The files after the edit.
        change: The edit.
        reach: What is looked at beside the files.
        before: What was made last.
    """
    papers: dict[str, Paper] = {}
    for path in change.signatures:
        old, new = before.files.records.get(path), files.records.get(path)
        was, now = old and old.value, new and new.value
        if not isinstance(was, Paper) or not isinstance(now, Paper) or not _is_text_edit(was, now):
            return None
        if was.id not in before.library.papers or before.library.papers[was.id].source != path:
            return None
        papers[now.id] = now
    jobs = {job.source: job for job in collect_texts(Records(papers=tuple(papers.values())))}
    if any("[[" in paper.body.text for paper in papers.values()):
        return None
    texts = {**before.texts, **_convert(jobs, before.markup, reach, before)}
    library = msgspec.structs.replace(before.library, papers={**before.library.papers, **papers})
    edition = make_edition(
        library, texts, texts, before.plan.edition.related, before.files.settings
    )
    others = [d for d in before.diagnostics if d.span.path not in change.signatures]
    own = [d for path in change.signatures for d in files.records[path].diagnostics]
    return msgspec.structs.replace(
        before,
        files=files,
        library=library,
        jobs={**before.jobs, **jobs},
        texts=texts,
        plan=msgspec.structs.replace(before.plan, edition=edition),
        diagnostics=sort_diagnostics((*others, *own)),
    )


def with_related(made: Made, related: Related) -> Made:
    """Return the same with other related papers."""
    settled = settle_related(related, made.library)
    edition = msgspec.structs.replace(made.plan.edition, related=settled)
    plan = msgspec.structs.replace(made.plan, edition=edition)
    return msgspec.structs.replace(made, plan=plan)


def settle_related(related: Related, library: Library) -> Related:
    """Return related papers without those that have gone, and without ties that no longer hold.

    Args:
        related: Lists that were made from this library or an earlier one.
        library: The library.
    """
    papers = library.papers
    return {
        paper_id: tuple(_settle(other, paper_id, library) for other in others if other.id in papers)
        for paper_id, others in related.items()
        if paper_id in papers
    }


def _settle(other: RelatedPaper, paper_id: str, library: Library) -> RelatedPaper:
    if other.tie == "topic":
        topics = library.topics.of_paper
        holds = bool({*topics[paper_id]} & {*topics[other.id]})
    elif other.tie == "author":
        one, two = library.papers[paper_id], library.papers[other.id]
        names = {normalise_name(author.name) for author in one.authors}
        holds = any(normalise_name(author.name) in names for author in two.authors)
    else:
        holds = True
    return other if holds else RelatedPaper(other.id, other.reasons)


def _gather(files: KnownFiles) -> Records:
    """Return the records in the order in which a scan gives them."""
    order = {folder: position for position, folder in enumerate(FOLDERS)}
    paths = sorted(files.records, key=lambda path: (order[path.split("/")[1]], path))
    return gather_records(paths, (files.records[path].value for path in paths), files.people)


def _rules(settings: Settings, reach: Reach) -> LibraryRules:
    return LibraryRules(
        has_drafts=reach.has_drafts,
        open_topics=settings.topics == "open",
        digest_kinds=settings.digests,
        min_papers=settings.authors.min_papers,
    )


def _convert(
    jobs: Mapping[str, TextJob], markup: MarkupOptions, reach: Reach, before: Made | None
) -> dict[str, ConvertedText]:
    """Convert the texts that have not been, and return all of them in the order of the jobs."""
    known = before if before is not None and before.markup == markup else None
    fresh = [job for source, job in jobs.items() if known is None or known.jobs.get(source) != job]
    if not fresh:
        converted = []
    elif len(fresh) == 1:
        converted = list(convert_batch(markup, tuple(fresh)))
    else:
        with open_executor(reach.executor) as executor:
            converted = map_batches(executor, partial(convert_batch, markup), fresh)
    new = {job.source: text for job, text in zip(fresh, converted, strict=True)}
    old = known.texts if known is not None else {}
    return {source: new[source] if source in new else old[source] for source in jobs}


def _is_text_edit(was: Paper, now: Paper) -> bool:
    return msgspec.structs.replace(was, **_NO_TEXT) == msgspec.structs.replace(now, **_NO_TEXT)


def _text_findings(texts: Mapping[str, ConvertedText]) -> tuple[Finding, ...]:
    written = (finding for text in texts.values() for finding in text.findings)
    unknown = unknown_command_findings(
        (source, text.unknown_commands) for source, text in texts.items()
    )
    return (*written, *unknown)


def _collect(files: KnownFiles, located: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    read = (d for outcome in files.records.values() for d in outcome.diagnostics)
    return sort_diagnostics(
        (
            *files.refused.values(),
            *read,
            *files.setting_problems,
            *files.people_problems,
            *files.theme.diagnostics,
            *located,
        )
    )


class _OnDisk(Mapping[str, RawFile]):
    """The digest's files by path, read when something in them has to be pointed at."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __getitem__(self, path: str) -> RawFile:
        raw, _ = scan_file(self._root, path)
        if raw is None:
            raise KeyError(path)
        return raw

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
