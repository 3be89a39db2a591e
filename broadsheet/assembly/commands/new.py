"""`broadsheet new`: a complete small digest in a folder of its own."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import click

from broadsheet.assembly.commands.common import (
    ReportOptions,
    read_base_url,
    read_day,
    report_diagnostics,
    report_options,
    say,
)
from broadsheet.assembly.project import starter_folder
from broadsheet.assembly.starting import Start, fill_starter
from broadsheet.effects.new_files import write_new_files


def read_line(_context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Read an option that becomes one line of a file."""
    if text is not None and (not text.strip() or not text.isprintable()):
        raise click.BadParameter(f"'{option.name}' is one line of text")
    return text.strip() if text is not None else None


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", callback=read_line, help="The digest's name; by default the folder's.")
@click.option("--base-url", callback=read_base_url, help="Address of the site's root.")
@click.option("--curator", callback=read_line, help="Who picks the papers.")
@click.option(
    "--day",
    metavar="DATE",
    callback=read_day,
    help="The day of the first digest; by default today, in UTC.",
)
@report_options
@click.pass_obj
def new(
    directory: str,
    *,
    folder: Path,
    title: str | None,
    base_url: str | None,
    curator: str | None,
    day: date | None,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Write a complete small digest into DIR; nothing that is there is written over."""
    options = ReportOptions(style, is_quiet, is_strict)
    target = (Path(directory) / folder).resolve()
    start = Start(
        title=title or _name_after(target),
        base_url=base_url or "",
        curator=curator or "",
        # The one command that asks what day it is: what it writes is the editor's from then on.
        day=day or date(*time.gmtime()[:3]),
    )
    problems = write_new_files(target, fill_starter(starter_folder(), start))
    code = report_diagnostics(problems, options)
    if not code:
        say(f"{start.title}: a digest of three example papers, in {target}", options)
        say(f"build it with: broadsheet -C '{folder}' build", options)
    return code


def _name_after(folder: Path) -> str:
    """Return a title made of a folder's name: `daily-papers` is "Daily papers"."""
    words = " ".join(folder.name.replace("_", " ").replace("-", " ").split())
    name = "".join(character for character in words if character.isprintable())
    return name[:1].upper() + name[1:] or "My digest"
