"""From the plan of a site to its published tree: fill, render, stage, index, publish.

Responsible for which outputs are made anew and which stay as they are published. Not responsible
for how a stage does its work or for what comes before the plan (`checking`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from functools import partial

import msgspec

from broadsheet import __version__
from broadsheet.assembly.build_inputs import hash_theme
from broadsheet.assembly.build_values import BuildOptions, BuildResult, CheckedSite, Start
from broadsheet.assembly.changes import Changes, collect_shown, compare_shown
from broadsheet.assembly.checking import check_content
from broadsheet.assembly.last_build import LastBuild, Shown, remember_build
from broadsheet.assembly.making_pages import MadePage, PageMaker, make_pages
from broadsheet.assembly.project import Project
from broadsheet.assembly.published_entries import know_entries
from broadsheet.assembly.site_settings import check_address
from broadsheet.assembly.stopwatch import Stopwatch
from broadsheet.domain.folders import PEOPLE_FILE, REMOVED_FILE, SITE_FILE, STATIC_FOLDER
from broadsheet.effects.executors import map_batches, open_executor
from broadsheet.effects.fresh_files import hold_fresh, write_fresh
from broadsheet.effects.generations import Places, Published, clear_on_failure
from broadsheet.effects.indexing import Indexing
from broadsheet.effects.kept_images import drop_images
from broadsheet.effects.manifest import MANIFEST_NAME, Manifest
from broadsheet.effects.program import identify_program
from broadsheet.effects.publishing import confirm, publish
from broadsheet.effects.staging import NextSite, compose_manifest, stage_site
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, has_errors, sort_diagnostics
from broadsheet.foundations.hashing import hash_bytes, hash_value
from broadsheet.planning.edition import Edition
from broadsheet.planning.outlines import Outline
from broadsheet.planning.plan import SitePlan, fill_page
from broadsheet.planning.plan_email import email_pages, plan_email
from broadsheet.planning.plan_types import PagePlan
from broadsheet.planning.search_records import plan_search_records
from broadsheet.planning.social_images import SOCIAL_IMAGE
from broadsheet.workers.rendering import RenderSpec, render_batch
from broadsheet.workers.template_references import find_overridden
from broadsheet.workers.theme import pack_theme


def make_site(
    project: Project, options: BuildOptions, start: Start, watch: Stopwatch
) -> BuildResult:
    """Build a digest and publish it; an error leaves the published site as it was.

    Args:
        project: Where the digest lies.
        options: What the run changes.
        start: What lies there, and what is known of it.
        watch: Measures the stages.

    Raises:
        OSError: The disk refused.
        ExecutorError: The executor's specification names none, or nothing that makes one.
    """
    with (
        Indexing(project.cache) as indexing,
        open_executor(options.executor) as executor,
        hold_fresh(start.places),
    ):
        return _make_beside(project, options, start, executor, watch, indexing)


def _make_beside(
    project: Project,
    options: BuildOptions,
    start: Start,
    executor: Executor,
    watch: Stopwatch,
    indexing: Indexing,
) -> BuildResult:
    """Build a digest while its search index is made."""
    begin = partial(_begin_index, start, indexing) if options.has_search else _make_none
    site = check_content(
        project, options, start, executor, watch, is_complete=True, on_edition=begin
    )
    if not has_errors(site.diagnostics):
        site = add_problems(site, check_address(site.settings))
    if has_errors(site.diagnostics) or (options.is_strict and site.diagnostics):
        site.cache.keep(site.content)
        return BuildResult(diagnostics=site.diagnostics, output=start.places.output)
    frame = _hash_frame(options, start, site)
    shown = collect_shown(site)
    made = _make_pages(project, site, start, _find_changes(start, frame, shown), executor, watch)
    problems = tuple(problem for page in made.values() for problem in page.problems)
    if has_errors(problems):
        site = add_problems(site, problems)
        return BuildResult(diagnostics=site.diagnostics, output=start.places.output)
    result = _publish(project, site, made, start, indexing, watch)
    with watch.stage("keep"):
        site.cache.keep(site.content)
        drop_images(project.cache, _pictures(site))
        if result.how:
            _remember(project, start, result, frame, shown)
    diagnostics = sort_diagnostics((*result.diagnostics, *site.cache.problems, *problems))
    return msgspec.structs.replace(result, diagnostics=diagnostics, seconds=watch.seconds)


def check_and_try(project: Project, options: BuildOptions, start: Start) -> CheckedSite:
    """Plan a digest, and render the pages that its own templates take part in.

    Args:
        project: Where the digest lies.
        options: What the run changes.
        start: What lies there.
    """
    with open_executor(options.executor) as executor:
        site = check_content(project, options, start, executor, Stopwatch(), is_complete=False)
        overridden = find_overridden(site.theme.theme)
        outlines = site.plan.outlines.values()
        pages = [fill_page(site.plan, o) for o in outlines if o.template in overridden]
        pages += [page for page in _newest_email(site) if page.template in overridden]
        if not pages or not site.is_theme_sound:
            return site
        work = partial(render_batch, _render_spec(site))
        rendered = map_batches(executor, work, pages)
    failures = tuple(page.diagnostic for page in rendered if page.diagnostic is not None)
    return add_problems(site, failures)


def _newest_email(site: CheckedSite) -> tuple[PagePlan, ...]:
    """Return the two parts of the newest digest's email, which no build renders."""
    digest = site.library.newest_digest()
    plan = plan_email(site.plan.edition, digest) if digest is not None else None
    return email_pages(plan, plan.view) if plan is not None else ()


def add_problems(site: CheckedSite, problems: tuple[Diagnostic, ...]) -> CheckedSite:
    """Return a site with more that is wrong."""
    diagnostics = sort_diagnostics((*site.diagnostics, *problems))
    return msgspec.structs.replace(site, diagnostics=diagnostics)


def _hash_frame(options: BuildOptions, start: Start, site: CheckedSite) -> str:
    """Return a hash over all that decides outputs, but what they show or list of records."""
    digests = start.survey.digests
    return hash_value(
        (
            identify_program(),
            msgspec.structs.replace(options, executor="", output=None, is_strict=False),
            tuple(digests.get(path) for path in (SITE_FILE, PEOPLE_FILE, REMOVED_FILE)),
            start.survey.static,
            hash_theme(start.theme),
            site.content.frame,
            # Which pictures there are depends on titles.
            site.content.lines if site.settings.social_images else {},
        )
    )


def _find_changes(start: Start, frame: str, shown: Mapping[str, Shown]) -> Changes | None:
    """Return what outputs may show otherwise than the last build did; None for anything."""
    last = start.last
    if last is None or last.frame != frame or last.manifest != start.published.hash:
        return None
    return compare_shown(last.shown, shown)


def _make_pages(
    project: Project,
    site: CheckedSite,
    start: Start,
    changes: Changes | None,
    executor: Executor,
    watch: Stopwatch,
) -> dict[str, MadePage]:
    """Make what is not published yet.

    Args:
        project: Where the digest lies.
        site: The site.
        start: What is published.
        changes: What outputs may show otherwise than they are published; None for anything.
        executor: Where batches run.
        watch: Measures the stage.

    Returns:
        What became of every output, by path.
    """
    published = start.published.manifest
    made: dict[str, MadePage] = {}
    waiting: list[Outline] = []
    plan = _know_entries(site.plan, start, changes)
    for outline in plan.outlines.values():
        key = published.keys.get(outline.path)
        if changes is None or key is None or changes.touch(outline, plan.edition):
            waiting.append(outline)
        else:
            made[outline.path] = MadePage(outline.path, key)
    maker = PageMaker(
        plan=plan,
        spec=_render_spec(site),
        published=published,
        is_ours=start.last is not None and start.last.program == identify_program(),
        tree=start.places.fresh,
        cache=project.cache,
    )
    with watch.stage("render", len(waiting)) as on_done:
        pages = make_pages(maker, waiting, executor, on_done)
    return made | {page.path: page for page in pages}


def _know_entries(plan: SitePlan, start: Start, changes: Changes | None) -> SitePlan:
    if changes is None:
        return plan
    published = start.published.manifest
    edition = know_entries(plan.edition, start.places.output, published, changes)
    return msgspec.structs.replace(plan, edition=edition)


def _render_spec(site: CheckedSite) -> RenderSpec:
    return RenderSpec(site.plan.site, pack_theme(site.theme.theme))


def _pictures(site: CheckedSite) -> Iterator[str]:
    return (o.path for o in site.plan.outlines.values() if o.template == SOCIAL_IMAGE)


def _copy_files(project: Project, site: CheckedSite, start: Start) -> dict[str, str]:
    """Write what is published as it is to the fresh tree, and return the hashes of its bytes."""
    published, tree = start.published.manifest.files, start.places.fresh

    def write(path: str, content: bytes) -> str:
        return write_fresh(tree, path, content, published.get(path))

    files = {asset.url: write(asset.url, asset.content) for asset in site.theme.assets}
    for relative in site.survey.static:
        files[relative] = write(relative, (project.root / STATIC_FOLDER / relative).read_bytes())
    return files


def _publish(
    project: Project,
    site: CheckedSite,
    made: Mapping[str, MadePage],
    start: Start,
    indexing: Indexing,
    watch: Stopwatch,
) -> BuildResult:
    published = start.published
    with watch.stage("index") as on_done:
        index, failures = indexing.collect(lambda: on_done(0))
    about = Manifest(
        version=__version__,
        keys={path: page.key for path, page in made.items()},
        search=indexing.key,
        base_url=site.settings.base_url,
        papers=len(site.library.papers),
        pages=sum(outline.is_page for outline in site.plan.outlines.values()),
    )
    fresh = {path: page.content for path, page in made.items() if page.content}
    kept = frozenset(made.keys() - fresh.keys())
    fresh |= _copy_files(project, site, start)
    tree = NextSite(fresh=fresh, kept=kept, about=about, index=index)
    manifest = compose_manifest(tree, published.manifest)
    how = ""
    if not has_errors(failures):
        how = _exchange(start.places, published, tree, manifest, watch)
    before, after = published.manifest.files, manifest.files
    return BuildResult(
        diagnostics=sort_diagnostics((*site.diagnostics, *failures)),
        output=start.places.output,
        papers=about.papers,
        pages=about.pages,
        written=tuple(sorted(path for path in after if before.get(path) != after[path])),
        reused=tuple(sorted(path for path in after if before.get(path) == after[path])),
        removed=tuple(sorted(before.keys() - after.keys())),
        how=how,
        seconds=watch.seconds,
    )


def _begin_index(start: Start, indexing: Indexing, edition: Edition) -> None:
    """Begin the search index, which takes a core of its own for as long as all that follows."""
    records = plan_search_records(edition)
    indexing.begin(records, edition.settings.language, start.published.manifest.search)


def _make_none(_: Edition) -> None:
    """Make no search index."""


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


def _remember(
    project: Project, start: Start, result: BuildResult, frame: str, shown: dict[str, Shown]
) -> None:
    remember_build(
        project.cache,
        LastBuild(
            fingerprint=start.fingerprint,
            program=identify_program(),
            manifest=hash_bytes((result.output / MANIFEST_NAME).read_bytes()),
            frame=frame,
            shown=shown,
            diagnostics=tuple(d for d in result.diagnostics if d.code != Code.CACHE_DAMAGED),
            papers=result.papers,
            pages=result.pages,
        ),
    )
