"""`broadsheet clean`: delete what builds keep to be faster, and nothing else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from broadsheet.assembly.commands.common import ReportOptions, open_project, report_options, say
from broadsheet.effects.generations import find_places, forget_record, recover_output
from broadsheet.effects.host_files import discard_tree
from broadsheet.effects.locking import hold_lock
from broadsheet.effects.tree_entries import list_tree
from broadsheet.foundations.words import plural

_MEGABYTE = 1_000_000


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Output folder whose previous tree goes too; by default site/ in the digest's root.",
)
@report_options
@click.pass_obj
def clean(
    directory: str, *, output: Path | None, style: str, is_quiet: bool, is_strict: bool
) -> int:
    """Delete the cache and the previous tree; the site stays, and the next build takes longer."""
    options = ReportOptions(style, is_quiet, is_strict)
    project = open_project(directory)
    with hold_lock(project.workspace / "lock", lambda: say("waiting for a build …", options)):
        places = find_places((output or project.output).absolute(), project.root)
        recover_output(places)
        for name, folder in (("the cache", project.cache), ("the previous tree", places.back)):
            if not folder.is_dir():
                continue
            files, size = _measure(folder)
            if folder == places.back:
                # The record goes first: no build may rely on a tree that is half gone.
                forget_record(places)
                discard_tree(folder, places.output)
            else:
                shutil.rmtree(folder)
            amount = f"{plural(files, 'file')}, {size / _MEGABYTE:,.1f} MB"
            say(f"deleted {name} ({amount}): {folder}", options)
    return 0


def _measure(folder: Path) -> tuple[int, int]:
    """Return how many files a folder holds, and the bytes that deleting them gives back."""
    files = size = 0
    for _, entry in list_tree(os.fspath(folder)):
        about = entry.stat(follow_symlinks=False)
        files += 1
        # A file that the published tree shares gives nothing back.
        size += about.st_size if about.st_nlink == 1 else 0
    return files, size
