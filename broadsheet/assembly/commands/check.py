"""`broadsheet check`: find everything that is wrong, without building."""

from __future__ import annotations

from datetime import date

import click

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.commands.common import (
    ReportOptions,
    open_project,
    read_day,
    report_diagnostics,
    report_options,
    say,
)
from broadsheet.assembly.pipeline import check_site
from broadsheet.foundations.words import plural


@click.command()
@click.option(
    "--as-of",
    metavar="DATE",
    callback=read_day,
    help="Leave out what is featured after this day.",
)
@report_options
@click.pass_obj
def check(
    directory: str, *, as_of: date | None, style: str, is_quiet: bool, is_strict: bool
) -> int:
    """Report everything that is wrong with the records, settings and templates."""
    options = ReportOptions(style, is_quiet, is_strict)
    site = check_site(open_project(directory), BuildOptions(as_of=as_of, has_drafts=True))
    code = report_diagnostics(site.diagnostics, options)
    if not site.diagnostics:
        say(f"{plural(len(site.library.papers), 'paper')}, nothing to report", options)
    return code
