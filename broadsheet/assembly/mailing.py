"""From a checked digest to what is sent: editions for each choice of topics, and letters.

Responsible for what `mail preview`, `mail send` and `mail push` share, and for what has to be said
before anything can go out. Not responsible for the command line.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from broadsheet.assembly.build_values import CheckedSite
from broadsheet.domain.digests import Digest
from broadsheet.domain.folders import SITE_FILE
from broadsheet.domain.settings import MailSettings
from broadsheet.domain.subscribers import Subscriber, no_file, read_subscribers
from broadsheet.effects.mail_sending import Letter, Sent
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Outcome, Span, error_at
from broadsheet.foundations.schema import nearest
from broadsheet.foundations.sources import RawFile, decode_source
from broadsheet.planning.plan_email import plan_email
from broadsheet.workers.composing import ComposedEmail, compose_email
from broadsheet.workers.messages import Publication, hash_address, write_message
from broadsheet.workers.rendering import RenderSpec
from broadsheet.workers.theme import pack_theme

WORDS = {"day": "daily", "week": "weekly", "month": "monthly"}


class UnknownDigestError(Exception):
    """There is no digest of that key."""


class Editions:
    """The editions of one digest, composed once for each choice of topics.

    Attributes:
        digest: The digest.
        publication: Who sends it.
    """

    def __init__(self, site: CheckedSite, key: str, *, is_for_provider: bool = False) -> None:
        """Find the digest.

        Args:
            site: The checked digest; without errors.
            key: The digest's key.
            is_for_provider: Whether a provider will send it.

        Raises:
            UnknownDigestError: There is none.
        """
        digests = site.library.digests
        if key not in digests:
            alike = [known for known in digests if len(known) == len(key)]  # days for a day
            near = nearest(key, alike or digests) or max(alike or digests, default="")
            hint = f"; there is '{near}'" if near else ""
            raise UnknownDigestError(f"there is no digest '{key}'{hint}")
        self.digest: Digest = digests[key]
        mail = site.settings.mail or MailSettings(sender="digest@localhost")
        self.publication = Publication(site.settings.title, site.settings.base_url, mail)
        self._is_for_provider = is_for_provider
        self._edition = site.plan.edition
        self._spec = RenderSpec(site.plan.site, pack_theme(site.theme.theme))
        self._made: dict[tuple[str, ...], Outcome[ComposedEmail | None]] = {}

    def compose(self, choice: tuple[str, ...] = ()) -> Outcome[ComposedEmail | None]:
        """Return the edition for a choice of topics.

        Args:
            choice: Slugs in order; none of them means all.

        Returns:
            The edition; None without a problem where no paper has one of the topics.
        """
        if choice not in self._made:
            plan = plan_email(
                self._edition, self.digest, choice, is_for_provider=self._is_for_provider
            )
            self._made[choice] = (
                compose_email(self._spec, plan) if plan is not None else Outcome(None)
            )
        return self._made[choice]


def read_list(site: CheckedSite, path: Path) -> Outcome[tuple[Subscriber, ...]]:
    """Read a file of subscribers.

    Args:
        site: The checked digest, whose topics can be chosen.
        path: The file.
    """
    decoded = decode_source(RawFile(path.as_posix(), path.read_bytes()))
    if decoded.value is None:
        return Outcome((), decoded.diagnostics)
    topics = site.library.topics.by_slug
    outcome = read_subscribers(decoded.value, topics, site.settings.digests[0])
    if not outcome.value and not outcome.diagnostics:
        return Outcome((), (no_file(path.as_posix()),))
    return outcome


def check_sending(site: CheckedSite) -> tuple[Diagnostic, ...]:
    """Return what the settings lack before mail can be sent."""
    mail = site.settings.mail
    problems = check_base_url(site)
    if mail is None:
        hint = "add 'mail:' with 'sender', 'host' and a way to unsubscribe; see docs/email.md"
        return (*problems, _lacking("the settings do not say who sends mail", hint))
    if not mail.host:
        problems += (_lacking("'mail' names no 'host' to send with", "add 'host: …'"),)
    if not mail.unsubscribe and not mail.unsubscribe_mail:
        hint = "add 'unsubscribe: https://…' or 'unsubscribe_mail: …'"
        problems += (_lacking("'mail' has no way to unsubscribe", hint),)
    return problems


def check_base_url(site: CheckedSite) -> tuple[Diagnostic, ...]:
    """Return an error for a site without an address: mail has no other way to it."""
    if site.settings.base_url:
        return ()
    message = "there is no base_url, and every link of an email needs it"
    return (error_at(Code.NO_BASE_URL, message, Span(SITE_FILE), "add 'base_url: https://…'"),)


def _lacking(message: str, hint: str) -> Diagnostic:
    return error_at(Code.MISSING_FIELD, message, Span(SITE_FILE), hint)


class Addressed(msgspec.Struct, frozen=True):
    """A subscriber and what they are to get.

    Attributes:
        subscriber: Who.
        email: What, or None.
        skipped: Why they get nothing; empty where they do.
    """

    subscriber: Subscriber
    email: ComposedEmail | None
    skipped: str = ""


def address_edition(
    editions: Editions, subscribers: tuple[Subscriber, ...]
) -> Outcome[tuple[Addressed, ...]]:
    """Choose for each subscriber the edition that they asked for.

    Args:
        editions: The editions of a digest.
        subscribers: Everybody on the list.

    Returns:
        One entry a subscriber, in order; and what is wrong with a template.
    """
    kind = editions.digest.kind
    addressed: list[Addressed] = []
    for subscriber in subscribers:
        if kind not in subscriber.frequencies:
            words = " and ".join(WORDS[name] for name in subscriber.frequencies)
            addressed.append(Addressed(subscriber, None, f"gets the {words} digest"))
            continue
        composed = editions.compose(subscriber.topics)
        if composed.diagnostics:
            return Outcome((), composed.diagnostics)
        why = "" if composed.value is not None else "nothing on the topics they chose"
        addressed.append(Addressed(subscriber, composed.value, why))
    return Outcome(tuple(addressed))


def make_letters(publication: Publication, addressed: tuple[Addressed, ...]) -> Iterator[Letter]:
    """Return a letter for everybody who gets one."""
    for entry in addressed:
        if entry.email is None:
            continue
        to = entry.subscriber
        write = partial(write_message, publication, entry.email, to)
        yield Letter(to.address, hash_address(to.address), write)


def skipped(addressed: tuple[Addressed, ...]) -> tuple[Sent, ...]:
    """Return those who get nothing, and why."""
    return tuple(
        Sent(entry.subscriber.address, "skipped", entry.skipped)
        for entry in addressed
        if entry.email is None
    )
