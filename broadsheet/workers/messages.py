"""One message to one recipient, as the bytes that go over the wire.

Responsible for headers (RFC 5322, 2369, 2919, 3834, 8058) and for the two parts. A pure function:
the moment of sending is an argument. Not responsible for the edition's content (`composing`) or for
the connection (`effects.mail_server`).
"""

from __future__ import annotations

import hashlib
import re
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import formatdate
from html import escape
from urllib.parse import quote, urlsplit

import msgspec

from broadsheet.domain.mailboxes import same_mailbox
from broadsheet.domain.newsletter_schema import ADDRESS_MARK
from broadsheet.domain.settings import MailSettings
from broadsheet.domain.subscribers import Subscriber
from broadsheet.planning.email_views import UNSUBSCRIBE_MARK
from broadsheet.workers.composing import ComposedEmail

# Addresses in angle brackets have no place to fold. Python folds a long one as RFC 2047 words,
# which no mail program reads as an address, and reads what looks like such a word in one; so these
# stay as they are, and one that is longer than SMTP allows is broken between its addresses.
_WHOLE = frozenset(
    {"list-unsubscribe", "list-unsubscribe-post", "list-id", "list-archive", "message-id"}
)
# What begins a word of RFC 2047. Python would decode it, and then write it as if it were plain.
_CODED = "=?"
_MAX_LINE = 998


class _MailPolicy(EmailPolicy):
    """Folds headers as SMTP wants them, but for those that hold addresses in brackets."""

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        """Take a header that holds addresses in brackets as it stands, and parse the others."""
        if name.lower() in _WHOLE and value.isascii() and value.isprintable():
            return name, value
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as bytes."""
        if name.lower() in _WHOLE and value.isascii():
            line = f"{name}: {value}"
            folded = line if len(line) <= _MAX_LINE else line.replace(">, <", ">,\r\n <")
            return f"{folded}\r\n".encode("ascii")
        if name.lower() == "subject" and _CODED in value:
            coded = Header(str(value), "utf-8", header_name=name).encode(linesep="\r\n")
            return f"{name}: {coded}\r\n".encode("ascii")
        return SMTP.clone(utf8=self.utf8).fold_binary(name, value)


_POLICY = _MailPolicy(linesep="\r\n")
_POLICY_UTF8 = _POLICY.clone(utf8=True)


class Publication(msgspec.Struct, frozen=True):
    """Who sends an edition.

    Attributes:
        title: The digest's name.
        base_url: Complete address of the site's root.
        mail: How it sends.
    """

    title: str
    base_url: str
    mail: MailSettings


def write_message(
    publication: Publication, email: ComposedEmail, to: Subscriber, sent_at: float
) -> bytes:
    """Return a message.

    Args:
        publication: Who sends it.
        email: The edition.
        to: Whom it goes to.
        sent_at: The moment of sending, in seconds since 1970.

    Returns:
        The whole message with CRLF; in UTF-8 throughout where the address itself needs that.
    """
    mail = publication.mail
    needs_utf8 = not to.address.isascii() or not mail.sender.isascii()
    message = EmailMessage(policy=_POLICY_UTF8 if needs_utf8 else _POLICY)
    leave = unsubscribe_address(mail, to.address)
    message["From"] = _mailbox(publication.title, mail.sender)
    message["To"] = _mailbox(to.name, to.address)
    if mail.reply_to:
        message["Reply-To"] = _mailbox("", mail.reply_to)
    message["Subject"] = _literal(email.subject)
    message["Date"] = formatdate(sent_at)
    message["Message-ID"] = message_id(publication, email.key, to.address)
    message["List-Id"] = _list_id(publication)
    message["List-Archive"] = f"<{publication.base_url}digests/>"
    if listed := _list_unsubscribe(mail, leave):
        message["List-Unsubscribe"] = listed
    if mail.one_click == "yes" and leave:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    message.set_content(email.text.replace(UNSUBSCRIBE_MARK, leave), cte="quoted-printable")
    html = email.html.replace(UNSUBSCRIBE_MARK, escape(leave))
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def message_id(publication: Publication, key: str, address: str) -> str:
    """Return the same id for one edition to one recipient every time it is made."""
    domain = urlsplit(publication.base_url).hostname or publication.mail.sender.split("@")[1]
    return f"<{key.lower()}.{hash_address(f'{key} {address}')}@{domain}>"


def hash_address(address: str) -> str:
    """Return what stands for an address where addresses should not be kept."""
    return hashlib.sha256(same_mailbox(address).encode()).hexdigest()[:32]


def unsubscribe_address(mail: MailSettings, address: str) -> str:
    """Return the page at which a recipient unsubscribes, or nothing."""
    return mail.unsubscribe.replace(ADDRESS_MARK, quote(address, safe=""))


def _list_unsubscribe(mail: MailSettings, leave: str) -> str:
    ways = [f"<{leave}>"] if leave else []
    if mail.unsubscribe_mail:
        ways.append(f"<mailto:{mail.unsubscribe_mail}?subject=unsubscribe>")
    return ", ".join(ways)


def _list_id(publication: Publication) -> str:
    name = publication.mail.list_id or f"digest.{publication.mail.sender.split('@')[1]}"
    words = re.sub(r'[^ -~]|["\\<>]', "", publication.title).strip()
    return f'"{words}" <{name}>' if words else f"<{name}>"


def _literal(subject: str) -> str:
    """Return a subject so that Python reads it as it stands."""
    if _CODED not in subject:
        return subject
    return Header(subject, "utf-8").encode(linesep="")


def _mailbox(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    words = " ".join(name.split()).replace(_CODED, "= ?")
    return Address(display_name=words, username=local, domain=domain)
