"""The order of the stages; the only module that knows all of it.

scan -> parse, validate -> library -> convert -> relate -> plan -> fill -> render -> stage -> index
-> publish

Responsible for looking at what lies on disk, for ending there when nothing changed, and else for
the two halves of the rest, which are imported only then: `checking`, up to the plan, and `making`.
Not responsible for how a stage does its work, or for printing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from broadsheet.assembly.build_inputs import hash_inputs
from broadsheet.assembly.build_values import BuildOptions, BuildResult, Start
from broadsheet.assembly.last_build import read_last_build
from broadsheet.assembly.project import Project, default_theme_folder
from broadsheet.assembly.stopwatch import Stopwatch, Watcher, watch_nothing
from broadsheet.effects.generations import Places, Published, find_places, recover_output
from broadsheet.effects.locking import hold_lock
from broadsheet.effects.publishing import check_output, confirm, examine_output
from broadsheet.effects.signatures import read_signatures, write_signatures
from broadsheet.effects.source_files import SourceFiles
from broadsheet.effects.surveying import survey_content
from broadsheet.effects.theme_files import read_theme

if TYPE_CHECKING:
    from broadsheet.assembly.build_values import CheckedSite


def check_site(project: Project, options: BuildOptions) -> CheckedSite:
    """Read, validate, convert and plan a digest, without writing anything.

    Pages that the digest's own templates take part in are rendered too, to see whether they can be.

    Args:
        project: Where the digest lies.
        options: What the run changes.

    Returns:
        The plan of what is sound, with everything that is wrong.
    """
    from broadsheet.assembly.making import check_and_try

    places = find_places(options.output or project.output, project.root)
    start = _look(project, options, places, Published())
    return check_and_try(project, options, start)


def build_site(
    project: Project,
    options: BuildOptions,
    on_wait: Callable[[], None] = lambda: None,
    on_step: Watcher = watch_nothing,
) -> BuildResult:
    """Build a digest and publish it; an error leaves the published site as it was.

    Args:
        project: Where the digest lies.
        options: What the run changes.
        on_wait: Called when another build of the same digest has to finish first.
        on_step: Called with how far each stage has come.

    Raises:
        OSError: The disk refused.
        ExecutorError: The executor's specification names none, or nothing that makes one.
    """
    output = (options.output or project.output).absolute()
    watch = Stopwatch(on_step)
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
            start = _look(project, options, places, published)
        if _is_unchanged(start):
            confirm(places, published)
            return _repeat(start, watch)
        # What follows takes longer to import than an unchanged digest to recognise.
        from broadsheet.assembly.making import make_site

        result = make_site(project, options, start, watch)
        if start.survey.signatures != start.known:
            write_signatures(project.cache, start.survey.signatures)
        return result


def _look(project: Project, options: BuildOptions, places: Places, published: Published) -> Start:
    """Return what lies on disk, and what is known of it."""
    known, damages = read_signatures(project.cache)
    survey = survey_content(project.root, known)
    theme = read_theme(default_theme_folder(), project.templates)
    last, more = read_last_build(project.cache)
    return Start(
        places=places,
        published=published,
        survey=msgspec.structs.replace(survey, contents={}),
        files=SourceFiles(project.root, survey),
        theme=theme,
        known=known,
        last=last,
        fingerprint=hash_inputs(options, places.output, survey, theme),
        problems=(*damages, *more),
    )


def _is_unchanged(start: Start) -> bool:
    """Tell whether the published site is what a build would publish."""
    last = start.last
    return (
        last is not None
        and not start.problems
        and last.fingerprint == start.fingerprint
        and last.manifest == start.published.hash
        and start.published.is_pristine
    )


def _repeat(start: Start, watch: Stopwatch) -> BuildResult:
    """Return the result of a build that has nothing to do; it reports what the last one did."""
    last = start.last
    return BuildResult(
        diagnostics=last.diagnostics if last is not None else (),
        output=start.places.output,
        papers=last.papers if last is not None else 0,
        pages=last.pages if last is not None else 0,
        reused=tuple(sorted(start.published.manifest.files)),
        how="unchanged",
        seconds=watch.seconds,
    )
