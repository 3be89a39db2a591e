"""`broadsheet mail`: show, send or hand over the email edition of a digest.

Responsible for the words of the command line. Not responsible for a run of `send` (`mail_send`) or
for what editions hold (`assembly.mailing`).
"""

from __future__ import annotations

import os
import time
import webbrowser
from datetime import date
from html import escape
from pathlib import Path

import click
import msgspec

from broadsheet.assembly.build_values import BuildOptions, CheckedSite
from broadsheet.assembly.commands.common import (
    ReportOptions,
    open_project,
    read_base_url,
    report_diagnostics,
    report_options,
    say,
)
from broadsheet.assembly.commands.mail_send import SendRequest, run_send
from broadsheet.assembly.mailing import Editions, UnknownDigestError, check_base_url
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project
from broadsheet.domain.settings import Newsletter
from broadsheet.domain.subscribers import Subscriber
from broadsheet.effects.credentials import (
    API_TOKEN,
    API_USER,
    Credentials,
    CredentialsError,
    read_credentials,
)
from broadsheet.foundations.diagnostics import has_errors, sort_diagnostics
from broadsheet.foundations.words import plural
from broadsheet.planning.email_views import UNSUBSCRIBE_MARK
from broadsheet.workers.composing import ComposedEmail
from broadsheet.workers.messages import Publication, unsubscribe_address, write_message

READER = Subscriber(
    address="reader@example.org", name="A Reader", frequencies=("day",), consent=date(2000, 1, 1)
)
SUFFIXES = (".eml", ".html", ".txt")

_credentials_option = click.option(
    "--credentials",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of NAME=value that nobody else can read; by default the environment.",
)
_base_url_option = click.option(
    "--base-url", callback=read_base_url, help="Address of the root, for this run."
)


@click.group()
def mail() -> None:
    """Show, send or hand over the email edition of a digest."""


@mail.command()
@click.argument("key")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to a file instead, by its ending: .eml, .html or .txt.",
)
@click.option("--topics", default="", help="Slugs of topics, as a reader may have chosen them.")
@_base_url_option
@report_options
@click.pass_obj
def preview(
    directory: str,
    *,
    key: str,
    output: Path | None,
    topics: str,
    base_url: str | None,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Show the email edition of a digest: 2025-03-19, 2025-W12 or 2025-03."""
    options = ReportOptions(style, is_quiet, is_strict)
    if output is not None and output.suffix not in SUFFIXES:
        raise click.BadParameter(f"'{output}' ends in none of {', '.join(SUFFIXES)}")
    project = open_project(directory)
    site = _check(project, base_url)
    if has_errors(site.diagnostics):
        return report_diagnostics(site.diagnostics, options)
    editions = _find(site, key)
    choice = tuple(sorted(topics.replace(",", " ").split()))
    if unknown := [slug for slug in choice if slug not in site.library.topics.by_slug]:
        raise click.BadParameter(f"there is no topic '{unknown[0]}'", param_hint="'--topics'")
    composed = editions.compose(choice)
    code = report_diagnostics((*site.diagnostics, *composed.diagnostics), options)
    if composed.value is None:
        if not composed.diagnostics:
            say("no paper of the digest has one of these topics", options)
        return code or 1
    target = output or project.workspace / "mail" / f"{key}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(_as_file(editions.publication, composed.value, target.suffix))
    say(f"{_describe(composed.value)}: {target}", options)
    if output is None:
        webbrowser.open(target.resolve().as_uri())
    return code


@mail.command()
@click.argument("key")
@click.option(
    "--to",
    "subscribers",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with the columns address, name, frequency, topics, consent.",
)
@click.option("--yes", "is_real", is_flag=True, help="Send. Without it nothing is sent.")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the messages that would be sent, as .eml files.",
)
@click.option("--rate", type=click.IntRange(1, 100_000), help="Messages a minute at most.")
@click.option(
    "--resend-unknown", is_flag=True, help="Send again what may have arrived at an earlier run."
)
@click.option("--retry-refused", is_flag=True, help="Try addresses again that were refused.")
@_credentials_option
@_base_url_option
@report_options
@click.pass_obj
def send(
    directory: str,
    *,
    key: str,
    subscribers: Path,
    is_real: bool,
    output: Path | None,
    rate: int | None,
    resend_unknown: bool,
    retry_refused: bool,
    credentials: Path | None,
    base_url: str | None,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Send the edition to a list of subscribers; a dry run unless --yes is given."""
    options = ReportOptions(style, is_quiet, is_strict)
    if is_real and output is not None:
        raise click.UsageError("-o is for dry runs; leave out --yes")
    project = open_project(directory)
    site = _check(project, base_url)
    if has_errors(site.diagnostics):
        return report_diagnostics(site.diagnostics, options)
    request = SendRequest(
        subscribers=subscribers,
        is_real=is_real,
        output=output,
        rate=rate,
        resend_unknown=resend_unknown,
        retry_refused=retry_refused,
        credentials=_read_credentials(credentials),
    )
    return run_send(project, site, _find(site, key), request, options)


@mail.command()
@click.argument("key")
@_credentials_option
@_base_url_option
@report_options
@click.pass_obj
def push(
    directory: str,
    *,
    key: str,
    credentials: Path | None,
    base_url: str | None,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Hand the edition to Buttondown or listmonk as a draft; nothing is sent."""
    from broadsheet.effects.newsletter_api import ProviderError, push_draft
    from broadsheet.workers.drafts import buttondown_draft, listmonk_draft

    options = ReportOptions(style, is_quiet, is_strict)
    site = _check(open_project(directory), base_url)
    newsletter = site.settings.newsletter or Newsletter()
    secrets = _read_credentials(credentials)
    if has_errors(site.diagnostics):
        return report_diagnostics(site.diagnostics, options)
    if newsletter.provider not in ("buttondown", "listmonk"):
        raise click.UsageError("'newsletter' in site.yaml names neither buttondown nor listmonk")
    _ask_for_token(newsletter, secrets)
    editions = _find(site, key, is_for_provider=True)
    composed = editions.compose()
    code = report_diagnostics((*site.diagnostics, *composed.diagnostics), options)
    if composed.value is None:
        return code or 1
    if newsletter.provider == "buttondown":
        draft = buttondown_draft(composed.value)
    else:
        lists = _lists_of(newsletter, editions.digest.kind)
        draft = listmonk_draft(composed.value, site.settings.title, lists)
    try:
        pushed = push_draft(newsletter, draft, secrets)
    except ProviderError as error:
        click.echo(f"broadsheet: {error}", err=True)
        return 1
    say(f"{_describe(composed.value)}: {pushed.how} as a draft, id {pushed.id}", options)
    return code


def _check(project: Project, base_url: str | None) -> CheckedSite:
    site = check_site(project, BuildOptions(base_url=base_url, has_search=False))
    diagnostics = sort_diagnostics((*site.diagnostics, *check_base_url(site)))
    return msgspec.structs.replace(site, diagnostics=diagnostics)


def _find(site: CheckedSite, key: str, *, is_for_provider: bool = False) -> Editions:
    try:
        return Editions(site, key, is_for_provider=is_for_provider)
    except UnknownDigestError as error:
        raise click.BadParameter(str(error), param_hint="'KEY'") from error


def _read_credentials(path: Path | None) -> Credentials:
    try:
        return read_credentials(path, os.environ)
    except CredentialsError as error:
        raise click.UsageError(str(error)) from error


def _ask_for_token(newsletter: Newsletter, secrets: Credentials) -> None:
    names = [API_USER, API_TOKEN] if newsletter.provider == "listmonk" else [API_TOKEN]
    values = {API_USER: secrets.api_user, API_TOKEN: secrets.api_token}
    if missing := [name for name in names if not values[name]]:
        raise click.UsageError(
            f"set {' and '.join(missing)} in the environment, or in a file for --credentials"
        )


def _lists_of(newsletter: Newsletter, kind: str) -> tuple[str, ...]:
    named = newsletter.frequencies.get(kind)
    lists = (named,) if named else newsletter.lists
    if not lists:
        raise click.UsageError(f"'newsletter' names no list that gets the {kind}'s digest")
    return lists


def _as_file(publication: Publication, email: ComposedEmail, suffix: str) -> bytes:
    if suffix == ".eml":
        return write_message(publication, email, READER, time.time())
    leave = unsubscribe_address(publication.mail, READER.address)
    if suffix == ".txt":
        return email.text.replace(UNSUBSCRIBE_MARK, leave).encode()
    return email.html.replace(UNSUBSCRIBE_MARK, escape(leave)).encode()


def _describe(email: ComposedEmail) -> str:
    size = f"{len(email.html.encode()) / 1000:.1f} kB of HTML"
    left = f", {email.left_out} of them only on the site" if email.left_out else ""
    return f"{email.subject} ({plural(email.count, 'paper')}{left}, {size})"
