"""`broadsheet build`: build the site and publish it into the output folder."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from broadsheet.assembly.build_values import BuildOptions, BuildResult
from broadsheet.assembly.commands.common import (
    BuildAddress,
    ReportOptions,
    open_project,
    read_build_address,
    read_day,
    read_executor,
    report_diagnostics,
    report_options,
    say,
)
from broadsheet.assembly.commands.progress import show_progress
from broadsheet.assembly.pipeline import build_site
from broadsheet.effects.executors import ExecutorError
from broadsheet.foundations.words import plural


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Output folder; by default site/ in the digest's root.",
)
@click.option(
    "--base-url",
    "address",
    metavar="URL|auto",
    envvar="BROADSHEET_BASE_URL",
    callback=read_build_address,
    help="Address of the root, for this build; auto takes the host's; also BROADSHEET_BASE_URL.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    callback=read_day,
    help="Leave out what is featured after this day.",
)
@click.option("--drafts", "has_drafts", is_flag=True, help="Build drafts too.")
@click.option("--no-search", is_flag=True, help="Make no search index.")
@click.option(
    "--executor",
    metavar="SPEC",
    default="auto",
    callback=read_executor,
    help="Where batches run: auto, serial, process:N or module:factory.",
)
@click.option(
    "--verify",
    "is_verified",
    is_flag=True,
    help="Build nothing; prove that the built site is what a build from nothing gives.",
)
@click.option(
    "--zip",
    "target",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an archive whose pages open without a server, and leave the site as it is.",
)
@click.option("--timings", "has_timings", is_flag=True, help="Print the time of each stage.")
@report_options
@click.pass_obj
def build(
    directory: str,
    *,
    output: Path | None,
    address: BuildAddress,
    as_of: date | None,
    has_drafts: bool,
    no_search: bool,
    executor: str,
    is_verified: bool,
    target: Path | None,
    has_timings: bool,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Build the site; an error leaves the published one as it was."""
    options = ReportOptions(style, is_quiet, is_strict)
    build_options = BuildOptions(
        output=output,
        base_url=address.url,
        fallback_url=address.fallback,
        as_of=as_of,
        has_drafts=has_drafts,
        has_search=not no_search,
        executor=executor,
        is_strict=is_strict,
    )
    project = open_project(directory)
    try:
        if is_verified or target is not None:
            # Archives and comparing take longer to import than an unchanged digest to recognise.
            from broadsheet.assembly.commands.apart import archive, verify

            if target is None or is_verified:
                return verify(project, build_options, options)
            return archive(project, build_options, target, options)
        with _no_collection(), show_progress(options) as on_step:
            result = build_site(
                project, build_options, lambda: say("waiting for another build …", options), on_step
            )
    except ExecutorError as error:
        raise click.BadParameter(str(error), param_hint="'--executor'") from error
    code = report_diagnostics(result.diagnostics, options)
    if result.how:
        say(_summarise(result), options)
    if has_timings:
        say(_tabulate(result), options)
    return code


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no garbage in cycles: values are made in masses, and none refers to its owner.

    Looking for it took a third of the time of a build.
    """
    gc.disable()
    try:
        yield
    finally:
        # Nor when the program ends, which follows.
        gc.freeze()
        gc.enable()


def _summarise(result: BuildResult) -> str:
    """Return one line: what was written, and how long each stage took."""
    counts = (
        plural(result.papers, "paper"),
        f"{plural(_count_pages(result.written), 'page')} written",
        f"{_count_pages(result.reused)} reused",
        f"{_count_pages(result.removed)} removed",
    )
    stages = ", ".join(
        f"{name} {seconds:.1f}" for name, seconds in result.seconds.items() if seconds >= 0.05
    )
    total = f"{sum(result.seconds.values()):.1f} s" + (f" ({stages})" if stages else "")
    lines = [f"{', '.join(counts)} in {total}: {result.output}"]
    if result.how == "replaced":
        lines.append(
            "the folder could not be exchanged in one step; files were replaced one by one"
        )
    return "\n".join(lines)


def _count_pages(paths: tuple[str, ...]) -> int:
    return sum(path.endswith(".html") for path in paths)


def _tabulate(result: BuildResult) -> str:
    rows = [f"{name:<10}{seconds:8.3f} s" for name, seconds in result.seconds.items()]
    return "\n".join((*rows, f"{'total':<10}{sum(result.seconds.values()):8.3f} s"))
