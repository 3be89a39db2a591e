"""From files to the plan of a site: read, validate, convert, relate, plan.

Responsible for handing each of these stages' values to the next and for gathering what is wrong.
Not responsible for how a stage does its work or for what is made of the plan (`making`).
"""

from __future__ import annotations

from concurrent.futures import Executor

from broadsheet import __version__
from broadsheet.assembly.build_values import BuildOptions, CheckedSite, Start
from broadsheet.assembly.project import Project
from broadsheet.assembly.reading import ContentCache, read_content
from broadsheet.assembly.relating import find_related
from broadsheet.assembly.site_settings import settle_settings
from broadsheet.assembly.stopwatch import Stopwatch
from broadsheet.domain.folders import PEOPLE_FILE, SITE_FILE
from broadsheet.domain.library import LibraryRules, build_library
from broadsheet.domain.reading import read_people
from broadsheet.domain.records import Person
from broadsheet.domain.settings import Settings
from broadsheet.effects.program import identify_program
from broadsheet.effects.source_files import SourceFiles
from broadsheet.foundations.diagnostics import Diagnostic, Finding, has_errors, sort_diagnostics
from broadsheet.foundations.location import locate_findings
from broadsheet.planning.edition import make_edition
from broadsheet.planning.plan import PlanKeys, plan_site
from broadsheet.planning.relations import Related
from broadsheet.planning.texts import Texts
from broadsheet.workers.bodies import MarkupOptions
from broadsheet.workers.template_checks import check_theme
from broadsheet.workers.template_references import hash_closures
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
) -> CheckedSite:
    """Plan a digest; one that is only checked gets no related papers, which cannot be wrong.

    Args:
        project: Where the digest lies.
        options: What the run changes.
        start: What lies there.
        executor: Where batches run.
        watch: Measures the stages.
        is_complete: Whether a site is to be made of it.
    """
    survey, theme = start.survey, start.theme
    problems = [*start.problems, *survey.diagnostics]
    files = SourceFiles(project.root, survey)
    with watch.stage("theme"):
        theme_problems = (*theme.diagnostics, *check_theme(theme.theme))
    settings, setting_problems = settle_settings(
        files.get(SITE_FILE), options.base_url, options.fallback_url
    )
    markup = markup_options(settings)
    cache = ContentCache(project.cache, identify_program(), markup)
    people = _read_people(files, problems)
    content = read_content(files, survey.records, people, markup, cache, executor, watch)
    problems += (*content.diagnostics, *cache.problems)
    with watch.stage("library"):
        library, findings = build_library(content.records, library_rules(settings, options))
    related: Related = {}
    if is_complete and not has_errors(problems):
        with watch.stage("relate"):
            related, damages = find_related(library, content.texts, project.cache)
            problems += damages
    with watch.stage("plan"):
        plan, conflicts = plan_site(
            make_edition(library, content.short, content.texts, related, settings),
            theme.addresses(),
            survey.static,
            PlanKeys(__version__, hash_closures(theme.theme)),
            has_search=options.has_search,
        )
    found = (*findings, *conflicts, *find_in_texts(content.short, markup))
    problems += (*setting_problems, *theme_problems, *locate_findings(found, files))
    return CheckedSite(
        survey=survey,
        settings=settings,
        library=library,
        plan=plan,
        theme=theme,
        content=content,
        cache=cache,
        is_theme_sound=not theme_problems,
        diagnostics=sort_diagnostics(problems),
    )


def find_in_texts(short: Texts, markup: MarkupOptions) -> tuple[Finding, ...]:
    """Return what is wrong with texts, and with the macros that they are written with."""
    unknown = unknown_command_findings(
        (source, text.unknown_commands) for source, text in short.items()
    )
    written = (finding for text in short.values() for finding in text.findings)
    return (*written, *unknown, *macro_findings(SITE_FILE, find_bad_macros(markup.macros)))


def _read_people(files: SourceFiles, problems: list[Diagnostic]) -> tuple[Person, ...]:
    raw = files.get(PEOPLE_FILE)
    if raw is None:
        return ()
    people = read_people(raw)
    problems += people.diagnostics
    return people.value


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
