"""`broadsheet check`: find everything that is wrong, without building."""

from __future__ import annotations

from datetime import date

import click

from broadsheet.assembly.build_values import BuildOptions, CheckedSite
from broadsheet.assembly.commands.common import (
    ReportOptions,
    open_project,
    read_day,
    report_diagnostics,
    report_options,
    say,
)
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project
from broadsheet.domain.folders import LEDGER_FILE
from broadsheet.effects.ledger_file import record_addresses
from broadsheet.effects.locking import hold_lock
from broadsheet.foundations.diagnostics import Diagnostic, has_errors, sort_diagnostics
from broadsheet.foundations.words import plural
from broadsheet.planning.permalinks import find_unrecorded, list_permalinks, report_unrecorded


@click.command()
@click.option(
    "--as-of",
    metavar="DATE",
    callback=read_day,
    help="Leave out what is featured after this day.",
)
@click.option(
    "--fix", "is_fixing", is_flag=True, help="Add new addresses to content/permalinks.txt."
)
@report_options
@click.pass_obj
def check(
    directory: str,
    *,
    as_of: date | None,
    is_fixing: bool,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Report everything that is wrong with the records, settings and templates."""
    options = ReportOptions(style, is_quiet, is_strict)
    project = open_project(directory)
    site = check_site(project, BuildOptions(as_of=as_of, has_drafts=True))
    permalinks = list_permalinks(site.library, site.plan.outlines)
    missing = find_unrecorded(site.ledger, permalinks) if site.ledger is not None else ()
    problems = site.diagnostics
    if is_fixing:
        problems = _record(project, site, missing, options)
    elif missing and site.ledger is not None and site.ledger.is_begun:
        problems = sort_diagnostics((*problems, report_unrecorded(missing)))
    code = report_diagnostics(problems, options)
    if not problems:
        say(f"{plural(len(site.library.papers), 'paper')}, nothing to report", options)
    return code


def _record(
    project: Project, site: CheckedSite, missing: tuple[str, ...], options: ReportOptions
) -> tuple[Diagnostic, ...]:
    """Add addresses to the ledger and put it in order; return what is wrong then.

    Errors have to be mended first: an address that is not published is not to be promised.
    """
    if has_errors(site.diagnostics):
        say(f"{LEDGER_FILE} is as it was: mend the errors first", options)
        return site.diagnostics
    with hold_lock(project.workspace / "lock", lambda: None):
        problems = record_addresses(project.root, missing)
    if problems:
        return sort_diagnostics((*site.diagnostics, *problems))
    if missing:
        noun = "new address" if len(missing) == 1 else "new addresses"
        say(f"{len(missing):,} {noun} in {LEDGER_FILE}", options)
    return tuple(d for d in site.diagnostics if d.span.path != LEDGER_FILE)
