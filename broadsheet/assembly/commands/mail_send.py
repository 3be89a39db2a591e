"""What `broadsheet mail send` does once its words are read, and how it reports.

Responsible for the dry run, the run, and the report in each format. Not responsible for the
options (`mail`).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from broadsheet.assembly.build_values import CheckedSite
from broadsheet.assembly.commands.common import ReportOptions, report_diagnostics, say
from broadsheet.assembly.mailing import (
    Addressed,
    Editions,
    address_edition,
    check_sending,
    make_letters,
    read_list,
    skipped,
)
from broadsheet.assembly.project import Project
from broadsheet.effects.credentials import Credentials
from broadsheet.effects.mail_ledger import LedgerError, ledger_path, open_ledger, read_ledger
from broadsheet.effects.mail_sending import SendOptions, Sent, send_letters, settle
from broadsheet.effects.mail_server import MailServerError
from broadsheet.foundations.diagnostics import Diagnostic, has_errors, sort_diagnostics

OUTCOMES = ("sent", "refused", "deferred", "skipped", "unknown")
# What a reader's editor has to know of: these did not get it, or nobody knows.
BAD = frozenset({"refused", "deferred", "unknown"})


class SendRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for.

    Attributes:
        subscribers: The file of subscribers.
        is_real: Whether anything is sent.
        output: Folder for the messages of a dry run, or None.
        rate: Messages a minute; None for the setting.
        resend_unknown: Whether what may have arrived is sent again.
        retry_refused: Whether refused addresses are tried again.
        credentials: For the mail server.
    """

    subscribers: Path
    is_real: bool
    output: Path | None
    rate: int | None
    resend_unknown: bool
    retry_refused: bool
    credentials: Credentials


class SendReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of everybody on the list, for programs.

    Attributes:
        edition: The digest's key.
        is_dry_run: Whether nothing was sent; `sent` then counts what would be.
        counts: Recipients by outcome.
        recipients: Each with its outcome.
        stopped: Why the run ended early, or empty.
        diagnostics: What was wrong with the list and the content.
    """

    edition: str
    is_dry_run: bool
    counts: dict[str, int]
    recipients: tuple[Sent, ...]
    stopped: str
    diagnostics: tuple[Diagnostic, ...]


def run_send(
    project: Project,
    site: CheckedSite,
    editions: Editions,
    request: SendRequest,
    options: ReportOptions,
) -> int:
    """Send an edition, or say what would be sent.

    Args:
        project: Where the digest lies.
        site: The digest, without errors.
        editions: The editions of one digest.
        request: What the command line asks for.
        options: How to report.

    Returns:
        0 when everybody on the list has what they asked for, else 1.
    """
    settings = check_sending(site)
    people = read_list(site, request.subscribers)
    addressed = address_edition(editions, people.value)
    problems = (*site.diagnostics, *settings, *people.diagnostics, *addressed.diagnostics)
    if has_errors((*settings, *addressed.diagnostics)) or site.settings.mail is None:
        return report_diagnostics(problems, options)
    mail = site.settings.mail
    if request.rate is not None:
        mail = msgspec.structs.replace(mail, rate=request.rate)
    how = SendOptions(
        mail=mail,
        credentials=request.credentials,
        resend_unknown=request.resend_unknown,
        retry_refused=request.retry_refused,
    )
    results = list(skipped(addressed.value))
    stopped = ""
    try:
        run = _send if request.is_real else _rehearse
        for sent in run(project, editions, addressed.value, how, request, options):
            results.append(sent)
            _tell(sent, options, is_dry_run=not request.is_real)
    except (MailServerError, LedgerError) as error:
        stopped = str(error)
        rest = _left_over(project, editions, addressed.value, how, results)
        results += rest
        for sent in rest:
            _tell(sent, options, is_dry_run=not request.is_real)
    report = SendReport(
        edition=editions.digest.key,
        is_dry_run=not request.is_real,
        counts={name: Counter(sent.outcome for sent in results)[name] for name in OUTCOMES},
        recipients=tuple(results),
        stopped=stopped,
        diagnostics=sort_diagnostics(problems),
    )
    return _report(report, options)


def _send(
    project: Project,
    editions: Editions,
    addressed: tuple[Addressed, ...],
    how: SendOptions,
    _request: SendRequest,
    options: ReportOptions,
) -> Iterator[Sent]:
    def wait() -> None:
        say("waiting for another run …", options)

    with open_ledger(project.mail, editions.digest.key, wait) as ledger:
        yield from send_letters(make_letters(editions.publication, addressed), ledger, how)


def _left_over(
    project: Project,
    editions: Editions,
    addressed: tuple[Addressed, ...],
    how: SendOptions,
    results: list[Sent],
) -> list[Sent]:
    """Return what is known of everybody whom a run that ended early did not come to."""
    known = {sent.to for sent in results}
    letters = make_letters(editions.publication, addressed)
    rest = [letter for letter in letters if letter.to not in known]
    try:
        entries, _ = read_ledger(ledger_path(project.mail, editions.digest.key))
    except LedgerError:
        return [Sent(letter.to, "unknown", "the ledger is damaged") for letter in rest]
    asked = SendOptions(mail=how.mail, credentials=how.credentials)
    return [
        settle(letter, entries, asked) or Sent(letter.to, "deferred", "the run ended first")
        for letter in rest
    ]


def _rehearse(
    project: Project,
    editions: Editions,
    addressed: tuple[Addressed, ...],
    how: SendOptions,
    request: SendRequest,
    _options: ReportOptions,
) -> Iterator[Sent]:
    """Do what a run would do, but write files or nothing instead of sending."""
    entries, _ = read_ledger(ledger_path(project.mail, editions.digest.key))
    if request.output is not None:
        request.output.mkdir(parents=True, exist_ok=True)
    emails = {entry.subscriber.address: entry.email for entry in addressed}
    for number, letter in enumerate(make_letters(editions.publication, addressed), start=1):
        settled = settle(letter, entries, how)
        if settled is not None:
            yield settled
            continue
        content = letter.write(time.time())
        email = emails[letter.to]
        words = email.subject if email is not None else ""
        if request.output is not None:
            path = request.output / f"{number:05}.eml"
            path.write_bytes(content)
            words = f"{words}: {path}"
        yield Sent(letter.to, "sent", words)


def _tell(sent: Sent, options: ReportOptions, *, is_dry_run: bool) -> None:
    word = "would send" if is_dry_run and sent.outcome == "sent" else sent.outcome
    line = f"{word} {sent.to}: {sent.reply}" if sent.reply else f"{word} {sent.to}"
    if sent.outcome in BAD and options.style == "text":
        click.echo(line, err=True)
    else:
        say(line, options)


def _report(report: SendReport, options: ReportOptions) -> int:
    if options.style == "json":
        text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
        click.echo(text)
        code = 1 if has_errors(report.diagnostics) else 0
    else:
        code = report_diagnostics(report.diagnostics, options)
    counts = ", ".join(f"{report.counts[name]} {name}" for name in OUTCOMES)
    start = "nothing was sent; --yes would do this: " if report.is_dry_run else ""
    say(f"{report.edition}: {start}{counts}", options)
    if report.stopped and options.style != "json":
        click.echo(f"broadsheet: stopped: {report.stopped}", err=True)
    is_bad = report.stopped or any(report.counts[name] for name in BAD)
    return 1 if is_bad else code
