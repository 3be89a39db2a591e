"""An edition to its recipients, one message each, nobody twice.

Responsible for the order of ledger and server, for going on after refusals and lost connections,
and for the rate. Not responsible for the messages (`workers.messages`) or the protocol
(`mail_server`).
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Self

import msgspec

from broadsheet.domain.settings import MailSettings
from broadsheet.effects.credentials import Credentials
from broadsheet.effects.mail_ledger import Entry, MailLedger, State
from broadsheet.effects.mail_server import (
    Delivery,
    MailServerError,
    Outcome,
    connect,
    deliver,
)

# Seconds before each further attempt to connect.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)
MAX_TRIES = 3


class Letter(msgspec.Struct, frozen=True):
    """A message that is to be sent.

    Attributes:
        to: The recipient's address.
        hashed: What stands for the address in the ledger.
        write: Called with the moment of sending (seconds since 1970); returns the message.
    """

    to: str
    hashed: str
    write: Callable[[float], bytes]


class Sent(msgspec.Struct, frozen=True):
    """What became of a letter.

    Attributes:
        to: The recipient's address.
        outcome: `sent`, `refused`, `deferred`, `skipped` or `unknown`.
        reply: What the server said, or why it was skipped.
    """

    to: str
    outcome: str
    reply: str = ""


class SendOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a run sends.

    Attributes:
        mail: The server and the sender.
        credentials: Name and password.
        resend_unknown: Whether a message that may have arrived is sent again.
        retry_refused: Whether addresses that were refused are tried again.
    """

    mail: MailSettings
    credentials: Credentials
    resend_unknown: bool = False
    retry_refused: bool = False


def send_letters(
    letters: Iterable[Letter], ledger: MailLedger, options: SendOptions
) -> Iterator[Sent]:
    """Send letters, and tell what became of each as soon as it is known.

    Args:
        letters: What is to be sent.
        ledger: What is known from earlier runs.
        options: How.

    Raises:
        MailServerError: The server cannot be reached any more, or does not want the sender; who is
            left gets theirs on a later run.
        LedgerError: The ledger cannot be written; nothing is sent without it.
    """
    with _Connection(options) as connection:
        pace = _Pace(options.mail.rate)
        for letter in letters:
            settled = settle(letter, ledger.entries, options)
            if settled is not None:
                yield settled
                continue
            pace.wait()
            yield _send(letter, ledger, options, connection)


def settle(letter: Letter, entries: Mapping[str, Entry], options: SendOptions) -> Sent | None:
    """Return what became of a letter on an earlier run, or None when it is to be sent.

    Args:
        letter: The letter.
        entries: What the ledger knows, by recipient.
        options: Which of them are sent again.
    """
    entry = entries.get(letter.hashed)
    if entry is None or entry.state is State.DEFERRED:
        return None
    if entry.state is State.SENT:
        return Sent(letter.to, "skipped", "has it already")
    if entry.state is State.REFUSED:
        return None if options.retry_refused else Sent(letter.to, "refused", entry.reply)
    if options.resend_unknown:
        return None
    return Sent(letter.to, "unknown", "it may have arrived; --resend-unknown sends it again")


class _Connection:
    """A connection that is made when it is needed and again when it was lost."""

    def __init__(self, options: SendOptions) -> None:
        self._options = options
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()

    def get(self) -> smtplib.SMTP:
        """Return a connection that was open a moment ago."""
        if self._smtp is None or self._smtp.sock is None:
            self._smtp = self._connect()
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        problem = ""
        for pause in (0.0, *PAUSES):
            time.sleep(pause)
            try:
                return connect(self._options.mail, self._options.credentials)
            except (smtplib.SMTPException, OSError) as error:
                problem = str(error)
        host = self._options.mail.host
        raise MailServerError(f"{host} cannot be reached: {problem}")


class _Pace:
    """Lets at most so many messages a minute go out."""

    def __init__(self, rate: int) -> None:
        self._gap = 60 / rate
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next may go."""
        now = time.monotonic()
        if self._next > now:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._gap


def _send(
    letter: Letter, ledger: MailLedger, options: SendOptions, connection: _Connection
) -> Sent:
    # What may have arrived at an earlier run stays open when it cannot be sent again: that it is
    # not taken now says nothing of then.
    known = ledger.entries.get(letter.hashed)
    is_open = known is not None and known.state is State.INTENT
    later = State.INTENT if is_open else State.DEFERRED
    delivery = Delivery(Outcome.LOST)
    for _ in range(MAX_TRIES):
        smtp = connection.get()
        content = letter.write(time.time())
        delivery = deliver(
            smtp,
            options.mail.sender,
            letter.to,
            content,
            lambda: ledger.note(letter.hashed, State.INTENT),
        )
        if delivery.outcome is not Outcome.LOST:
            break
        # Written before connecting again, which may fail for good: this one did not arrive.
        ledger.note(letter.hashed, later, delivery.reply)
    if delivery.outcome is Outcome.UNKNOWN:  # the ledger's intent stays open
        return Sent(letter.to, "unknown", delivery.reply)
    state = _STATES[delivery.outcome]
    if delivery.outcome is not Outcome.LOST:
        ledger.note(letter.hashed, later if state is State.DEFERRED else state, delivery.reply)
    return Sent(letter.to, state.value, delivery.reply)


_STATES = {
    Outcome.SENT: State.SENT,
    Outcome.REFUSED: State.REFUSED,
    Outcome.DEFERRED: State.DEFERRED,
    Outcome.LOST: State.DEFERRED,
}
