"""The order of the stages; the only module that knows it.

scan -> parse, validate -> library -> convert -> relate -> plan -> render -> stage -> index
-> publish

Responsible for handing each stage's value to the next and for stopping before anything is touched
when there are errors. Not responsible for how a stage does its work, or for printing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import msgspec

from broadsheet import __version__
from broadsheet.assembly.build_values import BuildOptions, BuildResult, CheckedSite
from broadsheet.assembly.project import Project, default_theme_folder
from broadsheet.assembly.relating import find_related
from broadsheet.assembly.site_settings import check_address, settle_settings
from broadsheet.assembly.stopwatch import Stopwatch
from broadsheet.domain.ledger import read_ledger
from broadsheet.domain.library import LibraryRules, build_library
from broadsheet.domain.reading import (
    SITE_FILE,
    gather_records,
    read_batch,
    read_people,
    read_removals,
)
from broadsheet.domain.records import Records
from broadsheet.domain.settings import Settings
from broadsheet.effects.executors import map_batches, open_executor
from broadsheet.effects.generations import (
    Places,
    Published,
    clear_on_failure,
    find_places,
    recover_output,
)
from broadsheet.effects.locking import hold_lock
from broadsheet.effects.manifest import Manifest
from broadsheet.effects.publishing import check_output, confirm, examine_output, publish
from broadsheet.effects.scanning import STATIC_FOLDER, Scan, scan_content
from broadsheet.effects.searching import hash_search_input, make_search_index
from broadsheet.effects.staging import NextSite, compose_manifest, stage_site
from broadsheet.effects.theme_files import read_theme
from broadsheet.foundations.diagnostics import Diagnostic, has_errors, sort_diagnostics
from broadsheet.foundations.location import locate_findings
from broadsheet.planning.edition import make_edition
from broadsheet.planning.permalinks import BuiltRecords, find_vanished
from broadsheet.planning.plan import PlanKeys, fill_page, fill_pages, plan_site
from broadsheet.planning.plan_types import PagePlan
from broadsheet.planning.relations import Related
from broadsheet.planning.search_records import plan_search_records
from broadsheet.planning.texts import ConvertedText, collect_texts
from broadsheet.workers.bodies import MarkupOptions
from broadsheet.workers.markup import convert_batch
from broadsheet.workers.rendering import RenderSpec, pack_theme, render_batch
from broadsheet.workers.template_checks import check_theme
from broadsheet.workers.template_references import find_overridden, hash_closures
from broadsheet.workers.tex.mathml import find_bad_macros
from broadsheet.workers.tex.reports import macro_findings, unknown_command_findings


def check_site(project: Project, options: BuildOptions) -> CheckedSite:
    """Read, validate, convert and plan a digest, without writing anything.

    Pages that the digest's own templates take part in are rendered too, to see whether they can be.

    Args:
        project: Where the digest lies.
        options: What the run changes.

    Returns:
        The plan of what is sound, with everything that is wrong.
    """
    scan = scan_content(project.root)
    with open_executor(options.executor, len(scan.records)) as executor:
        watch = Stopwatch()
        site = _check(project, options, scan, executor, watch, is_complete=False)
        overridden = find_overridden(site.theme.theme)
        outlines = site.plan.outlines.values()
        pages = tuple(fill_page(site.plan, o) for o in outlines if o.template in overridden)
        if not pages or not site.is_theme_sound:
            return site
        _, failures = _render(site, pages, executor, watch)
    return _add_problems(site, failures)


def build_site(
    project: Project, options: BuildOptions, on_wait: Callable[[], None] = lambda: None
) -> BuildResult:
    """Build a digest and publish it; an error leaves the published site as it was.

    Args:
        project: Where the digest lies.
        options: What the run changes.
        on_wait: Called when another build of the same digest has to finish first.

    Raises:
        OSError: The disk refused.
        ExecutorError: The executor's specification names none, or nothing that makes one.
    """
    output = (options.output or project.output).absolute()
    watch = Stopwatch()
    with hold_lock(project.workspace / "lock", on_wait):
        places = find_places(output, project.root)
        recover_output(places)
        refused = check_output(output, project.root, default_theme_folder())
        if refused:
            return BuildResult(diagnostics=refused, output=output)
        with watch.stage("examine"):
            published, strays = examine_output(places)
        if strays:
            return BuildResult(diagnostics=strays, output=output)
        with watch.stage("scan"):
            scan = scan_content(project.root)
        with open_executor(options.executor, len(scan.records)) as executor:
            site = _check(project, options, scan, executor, watch, is_complete=True)
            if not has_errors(site.diagnostics):
                site = _add_problems(site, check_address(site.settings))
            if has_errors(site.diagnostics) or (options.is_strict and site.diagnostics):
                return BuildResult(diagnostics=site.diagnostics, output=output)
            with watch.stage("fill"):
                pages = fill_pages(site.plan)
            keys = published.manifest.keys
            changed = tuple(page for page in pages if keys.get(page.path) != page.key)
            fresh, failures = _render(site, changed, executor, watch)
        if failures:
            site = _add_problems(site, failures)
            return BuildResult(diagnostics=site.diagnostics, output=output)
        fresh |= _read_copies(project, site)
        return _publish(project, site, pages, fresh, places, published, watch)


def _check(
    project: Project,
    options: BuildOptions,
    scan: Scan,
    executor: Executor,
    watch: Stopwatch,
    *,
    is_complete: bool,
) -> CheckedSite:
    """Plan a digest; one that is only checked gets no related papers, which cannot be wrong."""
    problems = [*scan.diagnostics]
    with watch.stage("parse"):
        settings, setting_problems = settle_settings(
            scan.site, options.base_url, options.fallback_url
        )
        records = _read_records(scan, executor, problems)
        removals = read_removals(scan.removed)
        problems += removals.diagnostics
        theme = read_theme(default_theme_folder(), project.templates)
        theme_problems = (*theme.diagnostics, *check_theme(theme.theme))
    with watch.stage("library"):
        library, findings = build_library(records, _rules(settings, options))
    with watch.stage("convert"):
        jobs = collect_texts(records)
        markup = _markup_options(settings)
        macros = macro_findings(SITE_FILE, find_bad_macros(markup.macros))
        work = partial(convert_batch, markup)
        converted: list[ConvertedText] = map_batches(executor, work, jobs)
        texts = {job.source: text for job, text in zip(jobs, converted, strict=True)}
    related: Related = {}
    if is_complete and not has_errors(problems):
        with watch.stage("relate"):
            related, damages = find_related(library, texts, project.cache)
            problems += damages
    with watch.stage("plan"):
        plan, conflicts = plan_site(
            make_edition(library, texts, related, settings),
            theme.addresses(),
            scan.static,
            PlanKeys(__version__, hash_closures(theme.theme)),
            has_search=options.has_search,
            removals=removals.value,
        )
    ledger = read_ledger(scan.ledger)
    problems += (*setting_problems, *ledger.diagnostics)
    if ledger.value is not None and not has_errors(problems):
        # Where a record is broken, what it would publish is not known.
        built = BuiltRecords(records, library, plan.outlines, scan.static, options.as_of)
        problems += find_vanished(ledger.value, built)
    unknown = unknown_command_findings(
        (job.source, text.unknown_commands) for job, text in zip(jobs, converted, strict=True)
    )
    written = (finding for text in converted for finding in text.findings)
    found = (*findings, *conflicts, *written, *unknown, *macros)
    problems += (*theme_problems, *locate_findings(found, scan.by_path()))
    return CheckedSite(
        scan=scan,
        settings=settings,
        library=library,
        plan=plan,
        ledger=ledger.value,
        theme=theme,
        is_theme_sound=not theme_problems,
        diagnostics=sort_diagnostics(problems),
    )


def _add_problems(site: CheckedSite, problems: tuple[Diagnostic, ...]) -> CheckedSite:
    diagnostics = sort_diagnostics((*site.diagnostics, *problems))
    return msgspec.structs.replace(site, diagnostics=diagnostics)


def _read_records(scan: Scan, executor: Executor, problems: list[Diagnostic]) -> Records:
    outcomes = tuple(map_batches(executor, read_batch, scan.records))
    problems += [diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics]
    people = read_people(scan.people) if scan.people is not None else None
    problems += people.diagnostics if people is not None else ()
    return gather_records(scan.records, outcomes, people.value if people is not None else ())


def _markup_options(settings: Settings) -> MarkupOptions:
    return MarkupOptions(settings.link_policy, tuple(sorted(settings.macros.items())))


def _rules(settings: Settings, options: BuildOptions) -> LibraryRules:
    return LibraryRules(
        as_of=options.as_of,
        has_drafts=options.has_drafts,
        open_topics=settings.topics == "open",
        digest_kinds=settings.digests,
        min_papers=settings.authors.min_papers,
    )


def _render(
    site: CheckedSite, pages: tuple[PagePlan, ...], executor: Executor, watch: Stopwatch
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    with watch.stage("render"):
        spec = RenderSpec(site.plan.site, pack_theme(site.theme.theme))
        rendered = map_batches(executor, partial(render_batch, spec), pages)
    failures = tuple(page.diagnostic for page in rendered if page.diagnostic is not None)
    return {page.path: page.content for page in rendered}, failures


def _read_copies(project: Project, site: CheckedSite) -> dict[str, bytes]:
    files = {asset.url: asset.content for asset in site.theme.assets}
    for relative in site.scan.static:
        files[relative] = (project.root / STATIC_FOLDER / relative).read_bytes()
    return files


def _publish(
    project: Project,
    site: CheckedSite,
    pages: tuple[PagePlan, ...],
    fresh: dict[str, bytes],
    places: Places,
    published: Published,
    watch: Stopwatch,
) -> BuildResult:
    language = site.settings.language
    with watch.stage("index"):
        records = plan_search_records(site.plan.edition) if site.plan.has_search else ()
        search = hash_search_input(records, language) if records else ""
        index: Path | None = None
        failures: tuple[Diagnostic, ...] = ()
        if search and search != published.manifest.search:
            index, failures = make_search_index(records, language, project.cache)
    about = Manifest(
        version=__version__,
        keys={page.path: page.key for page in pages},
        search=search,
        base_url=site.settings.base_url,
        papers=len(site.library.papers),
        pages=sum(outline.is_page for outline in site.plan.outlines.values()),
    )
    kept = frozenset(page.path for page in pages if page.path not in fresh)
    tree = NextSite(fresh=fresh, kept=kept, about=about, index=index)
    manifest = compose_manifest(tree, published.manifest)
    how = ""
    if not has_errors(failures):
        how = _exchange(places, published, tree, manifest, watch)
    before, after = published.manifest.files, manifest.files
    return BuildResult(
        diagnostics=sort_diagnostics((*site.diagnostics, *failures)),
        output=places.output,
        papers=about.papers,
        pages=about.pages,
        written=tuple(sorted(path for path in after if before.get(path) != after[path])),
        reused=tuple(sorted(path for path in after if before.get(path) == after[path])),
        removed=tuple(sorted(before.keys() - after.keys())),
        how=how,
        seconds=watch.seconds,
    )


def _exchange(
    places: Places,
    published: Published,
    tree: NextSite,
    manifest: Manifest,
    watch: Stopwatch,
) -> str:
    with watch.stage("stage"):
        if manifest == published.manifest:
            confirm(places, published)
            return "unchanged"
        with clear_on_failure(places):
            stage_site(places, published, tree, manifest)
    with watch.stage("publish"), clear_on_failure(places):
        return publish(places, published, manifest)
