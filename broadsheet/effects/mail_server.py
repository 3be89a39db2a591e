"""A connection to a mail server, and one message over it.

Responsible for encryption, for signing in, and for telling what is surely delivered or surely not
from what nobody knows. Not responsible for who gets what (`mail_sending`).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum

import msgspec

from broadsheet.domain.settings import MailSettings
from broadsheet.effects.credentials import Credentials

TIMEOUT = 60
# A server may look through a message before it answers (RFC 5321, 4.5.3.2.6); giving up early
# would leave open whether it arrived.
TIMEOUT_AFTER_DOT = 600
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class Outcome(StrEnum):
    """How handing over a message ended."""

    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    LOST = "lost"  # the connection ended before the message was whole: it is surely not delivered
    UNKNOWN = "unknown"  # the connection ended between the message and the answer


class Delivery(msgspec.Struct, frozen=True):
    """How handing over a message ended, and what the server said."""

    outcome: Outcome
    reply: str = ""


class MailServerError(Exception):
    """Nothing can be sent: the server cannot be reached or does not want this sender."""


def connect(mail: MailSettings, credentials: Credentials) -> smtplib.SMTP:
    """Connect, encrypt as the settings say, and sign in where there is a name.

    Args:
        mail: Where and how. Certificates are checked against the system's authorities, or those
            of the file that the variable `SSL_CERT_FILE` names.
        credentials: Name and password.

    Raises:
        MailServerError: The server does not encrypt, or does not know the password.
        OSError: It cannot be reached, or its certificate is not trusted.
    """
    port = mail.port or _PORTS[mail.security]
    with ExitStack() as stack:
        try:
            smtp = _open(mail, port)
            stack.callback(smtp.close)
            _sign_in(smtp, mail, credentials)
        except ssl.SSLError as error:
            message = f"{mail.host}:{port}: the connection cannot be encrypted safely: {error}"
            raise MailServerError(message) from error
        except smtplib.SMTPAuthenticationError as error:
            said = _words(error.smtp_error)
            message = f"{mail.host}:{port}: the name or password is not right: {said}"
            raise MailServerError(message) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailServerError(f"{mail.host}:{port}: {error}") from error
        stack.pop_all()
    return smtp


def _open(mail: MailSettings, port: int) -> smtplib.SMTP:
    if mail.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.host, port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(mail.host, port, timeout=TIMEOUT)


def _sign_in(smtp: smtplib.SMTP, mail: MailSettings, credentials: Credentials) -> None:
    if mail.security == "starttls":
        smtp.starttls(context=ssl.create_default_context())
    smtp.ehlo_or_helo_if_needed()
    if credentials.smtp_user:
        smtp.login(credentials.smtp_user, credentials.smtp_password)


def deliver(
    smtp: smtplib.SMTP, sender: str, to: str, content: bytes, before_data: Callable[[], None]
) -> Delivery:
    """Hand one message to the server.

    Args:
        smtp: From `connect`.
        sender: The envelope's sender.
        to: The only recipient.
        content: The message, with CRLF.
        before_data: Called when the recipient is taken and before the message goes out.

    Raises:
        MailServerError: The server does not want this sender, so that nobody will get anything.
    """
    try:
        if (ready := _open_envelope(smtp, sender, to)) is not None:
            return ready
        before_data()
        code, reply = smtp.docmd("DATA")
        if code != 354:
            return _judge(smtp, code, reply)
        # Until the line with the dot is out, the server must not deliver (RFC 5321, 4.1.1.4).
        smtp.send(_stuff_dots(content))
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        smtp.close()
        return Delivery(Outcome.LOST, str(error))
    try:
        code, reply = _end_message(smtp)
    except (smtplib.SMTPException, OSError) as error:
        smtp.close()
        return Delivery(Outcome.UNKNOWN, str(error))
    if 200 <= code < 300:
        return Delivery(Outcome.SENT, f"{code} {_words(reply)}")
    if not 400 <= code < 600:  # no answer that says whether it is taken
        smtp.close()
        return Delivery(Outcome.UNKNOWN, f"{code} {_words(reply)}")
    return _judge(smtp, code, reply)


def _end_message(smtp: smtplib.SMTP) -> tuple[int, bytes]:
    smtp.send(b".\r\n")
    if smtp.sock is not None:
        smtp.sock.settimeout(TIMEOUT_AFTER_DOT)
    answer = smtp.getreply()
    if smtp.sock is not None:
        smtp.sock.settimeout(TIMEOUT)
    return answer


def _open_envelope(smtp: smtplib.SMTP, sender: str, to: str) -> Delivery | None:
    options = []
    if not (sender + to).isascii():
        if not smtp.has_extn("smtputf8"):
            message = "the server takes no address with letters outside ASCII (SMTPUTF8)"
            return Delivery(Outcome.REFUSED, message)
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    code, reply = smtp.mail(sender, options)
    if 500 <= code < 600:
        raise MailServerError(f"the sender {sender} is refused: {code} {_words(reply)}")
    if code != 250:
        return _judge(smtp, code, reply)
    code, reply = smtp.rcpt(to)
    return None if code in (250, 251) else _judge(smtp, code, reply)


def _judge(smtp: smtplib.SMTP, code: int, reply: bytes) -> Delivery:
    """Return what an answer means by which the message is not taken."""
    said = f"{code} {_words(reply)}"
    if code == 421 or not 400 <= code < 600:  # the server leaves, or speaks another language
        smtp.close()
        return Delivery(Outcome.LOST, said)
    _reset(smtp)
    return Delivery(Outcome.REFUSED if code >= 500 else Outcome.DEFERRED, said)


def _reset(smtp: smtplib.SMTP) -> None:
    try:
        smtp.rset()
    except (smtplib.SMTPException, OSError):
        smtp.close()


def _words(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:300]


def _stuff_dots(content: bytes) -> bytes:
    """Double the dot that begins a line, and end the last line (RFC 5321, 4.5.2)."""
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
