"""`broadsheet deploy`: kits for hosts, what a host would refuse, and the guards before a deploy.

Responsible for the three subcommands and their messages. Not responsible for what a kit holds
(`assembly.kits`), for limits (`planning.host_limits`) or for what trips (`planning.guards`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import unquote

import click
import msgspec

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.commands.common import (
    ReportOptions,
    open_project,
    read_day,
    report_diagnostics,
    report_options,
    say,
)
from broadsheet.assembly.kits import compare_kit, fill_kit
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project, kits_folder
from broadsheet.assembly.site_settings import settle_settings
from broadsheet.domain.folders import SITE_FILE
from broadsheet.effects.deployed import (
    STATE_FILE,
    read_built_site,
    read_deployed,
    remember_deployed,
)
from broadsheet.effects.manifest import Manifest, read_manifest
from broadsheet.effects.new_files import write_new_files
from broadsheet.effects.site_links import list_files
from broadsheet.foundations.diagnostics import has_errors
from broadsheet.foundations.sources import RawFile
from broadsheet.planning.addresses import output_path
from broadsheet.planning.guards import (
    DEFAULT_PERCENT,
    BuiltSite,
    explain_trip,
    find_trips,
    is_override,
)
from broadsheet.planning.host_limits import find_refusals
from broadsheet.planning.hosts import HOSTS
from broadsheet.planning.permalinks import queued_paths

HOST = click.argument("host", type=click.Choice(list(HOSTS)))
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The built site; by default site/ in the digest's root.",
)


@click.group()
def deploy() -> None:
    """Publish from CI: kits for hosts, their limits, and guards."""


@deploy.command()
@HOST
@click.option("--branch", default="main", help="The branch that is published; by default main.")
@report_options
@click.pass_obj
def init(
    directory: str, *, host: str, branch: str, style: str, is_quiet: bool, is_strict: bool
) -> int:
    """Write what HOST needs to build and publish this digest, or show how it has changed."""
    options = ReportOptions(style, is_quiet, is_strict)
    project = open_project(directory)
    raw = RawFile(SITE_FILE, (project.root / SITE_FILE).read_bytes())
    settings, problems = settle_settings(raw, None)
    if has_errors(problems):
        return report_diagnostics(problems, options)
    files = fill_kit(kits_folder(), host, settings.time_zone, branch)
    missing, changes = compare_kit(project.root, files)
    if changes:
        click.echo(changes, nl=False)
        say("nothing was written; apply the difference, or delete the files and run again", options)
        return 1
    code = report_diagnostics(write_new_files(project.root, missing), options)
    if not code:
        for path in files:
            say(f"{'wrote' if path in missing else 'unchanged:'} {path}", options)
        for loss in HOSTS[host].losses:
            say(f"note that {loss}", options)
    return code


@deploy.command()
@HOST
@OUTPUT
@report_options
@click.pass_obj
def check(
    directory: str,
    *,
    host: str,
    output: Path | None,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Say what HOST would refuse in the built site."""
    options = ReportOptions(style, is_quiet, is_strict)
    project = open_project(directory)
    folder, manifest = _open_site(project, output)
    texts = {
        name: (folder / name).read_text(encoding="utf-8")
        for name in ("_headers", "_redirects")
        if (folder / name).is_file()
    }
    sizes = list_files(folder)
    shown = _shown(project, folder)
    refusals = find_refusals(HOSTS[host], shown, sizes, texts, manifest.base_url)
    code = report_diagnostics(refusals, options)
    if not code:
        say(f"{HOSTS[host].title} takes this site: {len(sizes):,} files", options)
    return code


def read_allowed(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    """Read the overrides of an option."""
    for text in texts:
        if not is_override(text):
            raise click.BadParameter(f"'{text}' is no override; copy it from the guard's message")
    return texts


@deploy.command()
@OUTPUT
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="OVERRIDE",
    envvar="BROADSHEET_ALLOW",
    callback=read_allowed,
    help="What to deploy in spite of, as the guard's message gives it; also BROADSHEET_ALLOW.",
)
@click.option(
    "--percent",
    type=click.IntRange(0, 100),
    default=DEFAULT_PERCENT,
    help=f"How much may go at once, in percent; by default {DEFAULT_PERCENT}.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    callback=read_day,
    help="The day that the site was built with; what is featured later is not missed.",
)
@click.option("--preview", "is_preview", is_flag=True, help="Remember nothing of this site.")
@report_options
@click.pass_obj
def guard(
    directory: str,
    *,
    output: Path | None,
    allowed: tuple[str, ...],
    percent: int,
    as_of: date | None,
    is_preview: bool,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Stop a site that lost papers, pages, search, links or addresses from being deployed."""
    options = ReportOptions(style, is_quiet, is_strict)
    project = open_project(directory)
    folder, manifest = _open_site(project, output)
    try:
        before = read_deployed(project.workspace)
    except msgspec.DecodeError as error:
        raise click.UsageError(
            f".broadsheet/{STATE_FILE} cannot be read ({error}); what was deployed before is "
            "unknown. Delete it to go by the ledger alone"
        ) from error
    site = read_built_site(folder, project.root, manifest)
    if as_of is not None and site.lost:
        site = _pass_over_queued(site, project, as_of)
    trips = find_trips(site, before, percent)
    stopping = tuple(trip for trip in trips if trip.override not in allowed)
    shown = _shown(project, folder)
    code = report_diagnostics(tuple(explain_trip(trip, shown) for trip in stopping), options)
    for trip in trips:
        if trip not in stopping:
            say(f"allowed by {trip.override}: {trip.message}", options)
    if not stopping:
        known = f"{before.papers} papers before" if before else "nothing known of a deploy before"
        say(f"the guards let it pass: {site.papers} papers, {known}", options)
        if not is_preview:
            remember_deployed(project.workspace, site)
    return code


def _pass_over_queued(site: BuiltSite, project: Project, as_of: date) -> BuiltSite:
    """Return a site without the lost addresses that only wait for their day."""
    records = check_site(project, BuildOptions()).content.records
    queued = frozenset(queued_paths(records, as_of))
    lost = (a for a in site.lost if output_path(unquote(a.lstrip("/"))) not in queued)
    return msgspec.structs.replace(site, lost=tuple(lost))


def _open_site(project: Project, output: Path | None) -> tuple[Path, Manifest]:
    folder = (output or project.output).absolute()
    manifest = read_manifest(folder)
    if manifest is None:
        raise click.UsageError(f"no built site in '{folder}'; build it first, or name it with -o")
    return folder, manifest


def _shown(project: Project, folder: Path) -> str:
    """Return what messages call the output folder."""
    is_inside = folder.is_relative_to(project.root)
    return (folder.relative_to(project.root) if is_inside else folder).as_posix()
