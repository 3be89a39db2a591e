"""From files to the plan of a site: read, validate, convert, relate, plan.

Responsible for handing each of these stages' values to the next and for gathering what is wrong.
Not responsible for how a stage does its work or for what is made of the plan (`making`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

import msgspec

from broadsheet import __version__
from broadsheet.assembly.build_values import BuildOptions, CheckedSite, Start
from broadsheet.assembly.known_theme import KnownTemplates, know_templates
from broadsheet.assembly.project import Project
from broadsheet.assembly.reading import Content, ContentCache, read_content
from broadsheet.assembly.relating import RelatedLists, find_related
from broadsheet.assembly.site_settings import settle_settings
from broadsheet.assembly.stopwatch import Stopwatch
from broadsheet.domain.folders import LEDGER_FILE, PEOPLE_FILE, REMOVED_FILE, SITE_FILE
from broadsheet.domain.ledger import Ledger, read_ledger
from broadsheet.domain.library import Library, LibraryRules, build_library
from broadsheet.domain.reading import read_people, read_removals
from broadsheet.domain.records import Person, Removal
from broadsheet.domain.settings import Settings
from broadsheet.effects.executors import run_apart
from broadsheet.effects.program import identify_program
from broadsheet.effects.source_files import SourceFiles
from broadsheet.effects.theme_files import ThemeFiles
from broadsheet.foundations.diagnostics import Diagnostic, Finding, has_errors, sort_diagnostics
from broadsheet.foundations.location import locate_findings
from broadsheet.planning.edition import Edition, make_edition
from broadsheet.planning.permalinks import BuiltRecords, find_vanished
from broadsheet.planning.plan import PlanKeys, SitePlan, plan_site
from broadsheet.planning.texts import MarkupOptions, Texts
from broadsheet.workers.drawing import check_drawing
from broadsheet.workers.tex.mathml import find_bad_macros
from broadsheet.workers.tex.reports import macro_findings, unknown_command_findings


def check_content(
    project: Project,
    options: BuildOptions,
    start: Start,
    executor: Executor,
    watch: Stopwatch,
    *,
    is_complete: bool,
    on_edition: Callable[[Edition], None] = lambda _: None,
) -> CheckedSite:
    """Plan a digest; one that is only checked gets no related papers, which cannot be wrong.

    Args:
        project: Where the digest lies.
        options: What the run changes.
        start: What lies there.
        executor: Where batches run.
        watch: Measures the stages.
        is_complete: Whether a site is to be made of it.
        on_edition: Called when all but related papers is known, unless there are errors.
    """
    survey, theme, files = start.survey, start.theme, start.files
    problems = [*start.problems, *survey.diagnostics]
    settings = _settle_settings(files, options, problems)
    markup = markup_options(settings)
    cache = ContentCache(project.cache, identify_program(), markup)
    people, removals = _read_people(files, problems), _read_removals(files, problems)
    know = functools.cache(partial(_know_templates, theme, project, watch, is_kept=is_complete))
    content = read_content(files, survey.records, people, markup, cache, executor, watch, know)
    files.release()
    templates, damages = know()
    theme_problems = (*theme.diagnostics, *templates.problems)
    problems += (*damages, *content.diagnostics, *cache.problems)
    with watch.stage("library"):
        library, findings = build_library(content.records, library_rules(settings, options))
        edition = make_edition(library, content.short, content.texts, {}, settings)
    related = RelatedLists()
    if is_complete and not has_errors(problems):
        on_edition(edition)
        related = _relate(project, library, content, markup, executor, watch, problems)
        edition = msgspec.structs.replace(edition, related=related.papers)
    with watch.stage("plan"):
        plan, conflicts = _plan(start, edition, templates, removals, has_search=options.has_search)
    built = BuiltRecords(content.records, library, plan.outlines, survey.static, options.as_of)
    ledger = _check_ledger(files, built, problems)
    found = (*findings, *conflicts, *find_in_texts(content.short, markup), *check_extras(settings))
    problems += (*theme_problems, *locate_findings(found, files))
    return CheckedSite(
        survey=survey,
        settings=settings,
        library=library,
        plan=plan,
        beside=related.keys,
        ledger=ledger,
        theme=theme,
        content=content,
        cache=cache,
        is_theme_sound=not theme_problems,
        diagnostics=sort_diagnostics(problems),
    )


def _know_templates(
    theme: ThemeFiles, project: Project, watch: Stopwatch, *, is_kept: bool
) -> tuple[KnownTemplates, tuple[Diagnostic, ...]]:
    with watch.stage("theme"):
        return know_templates(theme, project.cache, is_kept=is_kept)


def _plan(
    start: Start,
    edition: Edition,
    templates: KnownTemplates,
    removals: tuple[Removal, ...],
    *,
    has_search: bool,
) -> tuple[SitePlan, tuple[Finding, ...]]:
    """Return the plan of a site, and the outputs that want the same place."""
    return plan_site(
        edition,
        start.theme.addresses(),
        start.survey.static,
        PlanKeys(__version__, templates.closures),
        has_search=has_search,
        removals=removals,
    )


def _relate(
    project: Project,
    library: Library,
    content: Content,
    markup: MarkupOptions,
    executor: Executor,
    watch: Stopwatch,
    problems: list[Diagnostic],
) -> RelatedLists:
    """Return the papers beside each paper."""
    with watch.stage("relate") as on_done:

        def run(here: Callable[[], None], apart: Callable[[], None]) -> None:
            run_apart(executor, here, apart, lambda: on_done(0))

        related, damages = find_related(library, content, markup, project.cache, run)
    problems += damages
    return related


def _check_ledger(
    files: SourceFiles, built: BuiltRecords, problems: list[Diagnostic]
) -> Ledger | None:
    """Read the ledger and look for addresses that would vanish.

    Where something has errors, what it would publish is not known, and nothing is said of it.
    """
    ledger = read_ledger(files.get(LEDGER_FILE))
    problems += ledger.diagnostics
    if ledger.value is not None and not has_errors(problems):
        problems += find_vanished(ledger.value, built)
    return ledger.value


def check_extras(settings: Settings) -> tuple[Finding, ...]:
    """Return which settings ask for packages that are not installed."""
    return check_drawing(SITE_FILE) if settings.social_images else ()


def find_in_texts(short: Texts, markup: MarkupOptions) -> tuple[Finding, ...]:
    """Return what is wrong with texts, and with the macros that they are written with."""
    unknown = unknown_command_findings(
        (source, text.unknown_commands) for source, text in short.items()
    )
    written = (finding for text in short.values() for finding in text.findings)
    return (*written, *unknown, *macro_findings(SITE_FILE, find_bad_macros(markup.macros)))


def _settle_settings(
    files: SourceFiles, options: BuildOptions, problems: list[Diagnostic]
) -> Settings:
    site_file = files.get(SITE_FILE)
    settings, refused = settle_settings(site_file, options.base_url, options.fallback_url)
    problems += refused
    return settings


def _read_people(files: SourceFiles, problems: list[Diagnostic]) -> tuple[Person, ...]:
    raw = files.get(PEOPLE_FILE)
    if raw is None:
        return ()
    people = read_people(raw)
    problems += people.diagnostics
    return people.value


def _read_removals(files: SourceFiles, problems: list[Diagnostic]) -> tuple[Removal, ...]:
    removals = read_removals(files.get(REMOVED_FILE))
    problems += removals.diagnostics
    return removals.value


def markup_options(settings: Settings) -> MarkupOptions:
    """Return what decides how text is converted."""
    return MarkupOptions(settings.link_policy, tuple(sorted(settings.macros.items())))


def library_rules(settings: Settings, options: BuildOptions) -> LibraryRules:
    """Return what decides which records exist."""
    return LibraryRules(
        as_of=options.as_of,
        has_drafts=options.has_drafts,
        open_topics=settings.topics == "open",
        digest_kinds=settings.digests,
        min_papers=settings.authors.min_papers,
    )
