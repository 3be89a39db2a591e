"""What all commands share: their options, and how they report.

Responsible for the three formats and for `--quiet` and `--strict`. Not responsible for exit codes
beyond the one that the diagnostics decide.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import click
import msgspec

from broadsheet.assembly.project import Project, find_project
from broadsheet.domain.dates import parse_day
from broadsheet.domain.links import folder_url
from broadsheet.effects.executors import explain_executor
from broadsheet.foundations.diagnostics import Diagnostic, Severity
from broadsheet.foundations.reporting import format_github, format_json, format_text
from broadsheet.planning.host_address import find_host_address

Command = TypeVar("Command", bound=Callable[..., object])

FORMATS = {"text": format_text, "json": format_json, "github": format_github}


class ReportOptions(msgspec.Struct, frozen=True):
    """How a command reports.

    Attributes:
        style: `text`, `json` or `github`.
        is_quiet: Whether only problems are printed.
        is_strict: Whether warnings count as errors.
    """

    style: str = "text"
    is_quiet: bool = False
    is_strict: bool = False


class BuildAddress(msgspec.Struct, frozen=True):
    """The address that a command line or an environment gives to a site.

    Attributes:
        url: Complete address of the root, ending in a slash, above the setting; or None.
        fallback: The same, for a digest whose settings name no address; or None.
    """

    url: str | None = None
    fallback: str | None = None


def report_options(command: Command) -> Command:
    """Add the options that every command takes."""
    for option in (
        click.option("--strict", "is_strict", is_flag=True, help="Let warnings count as errors."),
        click.option("--quiet", "is_quiet", is_flag=True, help="Print problems only."),
        click.option(
            "--format",
            "style",
            type=click.Choice(list(FORMATS)),
            default="text",
            help="How problems are printed.",
        ),
    ):
        command = option(command)
    return command


def open_project(directory: str) -> Project:
    """Return the digest at or above a folder.

    Raises:
        click.UsageError: There is none.
    """
    project = find_project(Path(directory).resolve())
    if project is None:
        raise click.UsageError(
            f"no content/site.yaml in '{directory}' or above; name the digest's root with -C"
        )
    return project


def report_diagnostics(diagnostics: tuple[Diagnostic, ...], options: ReportOptions) -> int:
    """Print problems and return the exit code they decide.

    Problems go to the standard error stream as text, and to the standard output in the formats
    that programs read.
    """
    click.echo(FORMATS[options.style](diagnostics), nl=False, err=options.style == "text")
    worst = {Severity.ERROR, Severity.WARNING} if options.is_strict else {Severity.ERROR}
    return 1 if any(diagnostic.severity in worst for diagnostic in diagnostics) else 0


def say(text: str, options: ReportOptions) -> None:
    """Print a line for people, unless a program reads the output or quiet was asked for."""
    if not options.is_quiet and options.style == "text":
        click.echo(text)


def read_day(_context: click.Context, _option: click.Parameter, text: str | None) -> date | None:
    """Read the day of an option."""
    day = parse_day(text) if text is not None else None
    if text is not None and day is None:
        raise click.BadParameter(f"'{text}' is not a day; write YYYY-MM-DD")
    return day


def read_base_url(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> str | None:
    """Read the address of an option, so that it ends in a slash."""
    if text is None:
        return None
    url = folder_url(text)
    if url is None:
        raise click.BadParameter(
            f"'{text}' is not a complete http or https address without query or fragment"
        )
    return url


def read_build_address(
    context: click.Context, option: click.Parameter, text: str | None
) -> BuildAddress:
    """Read the address that a site is built for; `auto` asks the host whose build this is."""
    if text != "auto":
        return BuildAddress(read_base_url(context, option, text))
    found = find_host_address(os.environ)
    if found is None:
        return BuildAddress()
    url = read_base_url(context, option, found.url)
    return BuildAddress(url) if found.is_preview else BuildAddress(fallback=url)


def read_executor(_context: click.Context, _option: click.Parameter, text: str) -> str:
    """Read the specification of an executor."""
    if problem := explain_executor(text):
        raise click.BadParameter(problem)
    return text
