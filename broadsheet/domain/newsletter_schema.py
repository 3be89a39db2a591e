"""The settings of email in `content/site.yaml`: where readers subscribe, and how we send.

Responsible for the fields of `newsletter` and `mail`, and for which of them belong together. Not
responsible for the form that they make (`planning.subscribing`) or for sending (`effects`).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import msgspec
import yaml

from broadsheet.domain import readers as r
from broadsheet.domain import value_readers as v
from broadsheet.domain.links import folder_url, is_loopback, safe_url, scheme_of
from broadsheet.domain.mailboxes import parse_mailbox
from broadsheet.domain.settings import DIGEST_KINDS, MailSettings, Newsletter
from broadsheet.foundations.codes import Code
from broadsheet.foundations.schema import Field, Reader, Reading, Schema, ask_for, brief, nearest
from broadsheet.foundations.yaml_nodes import find_node

PROVIDERS = ("buttondown", "mailchimp", "listmonk", "form")
ADDRESS_MARK = "{address}"

_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LIST_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*)(?:\.[A-Za-z0-9-]+)+")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")
_KEPT_MARK = "-address-goes-here-"
MAX_UNSUBSCRIBE = 600

# Which fields only some providers can carry.
_ONLY = {
    "lists": ("listmonk",),
    "frequency_field": ("mailchimp", "form"),
    "topic_field": ("form",),
    "email_field": ("form",),
    "honeypot": ("form",),
    "hidden": ("mailchimp", "form"),
    "api": ("buttondown", "listmonk"),
}

MAILBOX = r.converted(
    "email address",
    parse_mailbox,
    Code.INVALID_ADDRESS,
    "'{text}' is not an email address",
    "write the address alone: digest@example.org",
)
_UUID_READER = r.converted(
    "UUID",
    lambda text: text.lower() if _UUID.fullmatch(text.lower()) else None,
    Code.INVALID_IDENTIFIER,
    "'{text}' is not the UUID of a list",
    "copy it from listmonk's page of lists: 00000000-0000-0000-0000-000000000000",
)


def _read_frequencies(node: yaml.Node, name: str, reading: Reading) -> dict[str, str] | None:
    values: dict[str, str] | None = r.TEXT_MAPPING.read(node, name, reading)
    for key, _ in node.value if values is not None else ():
        if key.value not in DIGEST_KINDS:
            message = f"'{brief(key.value)}' is not a kind of digest"
            hint = ask_for(nearest(key.value, DIGEST_KINDS)) or "use day, week or month"
            reading.refuse(Code.INVALID_CHOICE, key, message, hint)
    return values


FREQUENCIES = Reader("`day`, `week`, `month` with what the provider calls them", _read_frequencies)

NEWSLETTER_SCHEMA = Schema(
    "newsletter",
    (
        Field(
            name="provider",
            reader=r.one_of(PROVIDERS),
            about="Who keeps the list of subscribers; feeds and `contact` are offered without one.",
        ),
        Field(
            name="address",
            reader=r.WORD,
            about="Buttondown: the account's name. listmonk: the address of its root. Mailchimp "
            "and `form`: the complete address that the form posts to.",
        ),
        Field(
            name="frequencies",
            reader=FREQUENCIES,
            about="How often readers may choose to get mail: a tag (Buttondown), a list's UUID "
            "(listmonk), or the value of `frequency_field`.",
        ),
        Field(
            name="frequency_field",
            reader=r.WORD,
            about="Mailchimp, `form`: the name of the field that carries the frequency.",
        ),
        Field(
            name="topics",
            reader=r.TEXT_MAPPING,
            about="Slugs of topics that readers may choose: with a tag (Buttondown), a list's UUID "
            "(listmonk), the name of a group's checkbox such as `group[12][4]` (Mailchimp), or the "
            "value of `topic_field`.",
        ),
        Field(
            name="topic_field",
            reader=r.WORD,
            about="`form`: the name of the field that carries a topic; it is repeated.",
        ),
        Field(
            name="lists",
            reader=r.list_of(_UUID_READER),
            about="listmonk: UUIDs of lists that everybody joins.",
        ),
        Field(
            name="email_field",
            reader=r.WORD,
            about="`form`: the name of the field for the address, by default `email`.",
        ),
        Field(
            name="honeypot",
            reader=r.WORD,
            about="`form`: the name of a field that people leave empty and robots fill.",
        ),
        Field(
            name="hidden",
            reader=r.TEXT_MAPPING,
            about="Mailchimp, `form`: further fields with fixed values, such as `tags`.",
        ),
        Field(
            name="contact",
            reader=MAILBOX,
            about="Where people can write to who want to subscribe or to leave.",
        ),
        Field(
            name="api",
            reader=v.FOLDER_URL,
            about="Root of the interface that `mail push` talks to, where it is another one.",
        ),
    ),
)

_NEWSLETTER = r.mapping_of(
    NEWSLETTER_SCHEMA, Newsletter, "mapping with `provider`, `address`, … (see below)"
)


def _read_newsletter(node: yaml.Node, name: str, reading: Reading) -> Newsletter | None:
    newsletter: Newsletter | None = _NEWSLETTER.read(node, name, reading)
    if newsletter is None:
        return None
    known = len(reading.problems)
    if not newsletter.provider:
        if not newsletter.contact or len(node.value) > 1:
            hint = f"add 'provider: …', one of {', '.join(PROVIDERS)}; or 'contact: …' alone"
            reading.refuse(Code.MISSING_FIELD, node, "the newsletter has no 'provider'", hint)
        return newsletter if len(reading.problems) == known else None
    _refuse_strangers(node, newsletter, reading)
    _check_choices(node, newsletter, reading)
    address = _read_address(node, newsletter, reading)
    if len(reading.problems) > known:
        return None
    return msgspec.structs.replace(newsletter, address=address)


NEWSLETTER = Reader(_NEWSLETTER.words, _read_newsletter)


def _refuse_strangers(node: yaml.Node, newsletter: Newsletter, reading: Reading) -> None:
    for key, _ in node.value:
        providers = _ONLY.get(key.value, PROVIDERS)
        if newsletter.provider not in providers:
            message = f"'{key.value}' is nothing that {newsletter.provider} takes"
            hint = f"delete it; it belongs to {' and '.join(providers)}"
            reading.refuse(Code.FIELD_CONFLICT, key, message, hint)


def _check_choices(node: yaml.Node, newsletter: Newsletter, reading: Reading) -> None:
    provider = newsletter.provider
    for choices, field in (("frequencies", "frequency_field"), ("topics", "topic_field")):
        chosen = find_node(node, (choices,))
        if chosen is None or not getattr(newsletter, choices):
            continue
        if provider in _ONLY[field] and not getattr(newsletter, field):
            hint = f"add '{field}: …', the name of that field in the provider's form"
            reading.refuse(
                Code.MISSING_FIELD, chosen, f"'{choices}' needs '{field}' beside it", hint
            )
        if provider == "listmonk":
            for _, value in chosen.value:
                _UUID_READER.read(value, choices, reading)
        if provider == "mailchimp" and choices == "topics":
            for _, value in chosen.value:
                if not re.fullmatch(r"group\[\d+\]\[\d+\]", value.value):
                    message = f"'{brief(value.value)}' is not the name of a group's checkbox"
                    hint = "copy it from Mailchimp's embedded form: group[12345][4]"
                    reading.refuse(Code.INVALID_IDENTIFIER, value, message, hint)
    if provider == "listmonk" and not (
        newsletter.lists or newsletter.frequencies or newsletter.topics
    ):
        hint = "add 'lists: [UUID]', 'frequencies' or 'topics'"
        reading.refuse(Code.MISSING_FIELD, node, "the newsletter names no list", hint)


def _read_address(node: yaml.Node, newsletter: Newsletter, reading: Reading) -> str:
    provider, address = newsletter.provider, newsletter.address
    if not address:
        hint = "add 'address: …'; docs/email.md says what it is for each provider"
        reading.refuse(Code.MISSING_FIELD, node, f"the {provider} has no 'address'", hint)
        return ""
    written = find_node(node, ("address",)) or node
    if provider == "buttondown":
        if not _ACCOUNT.fullmatch(address):
            message = f"'{brief(address)}' is not the name of an account"
            reading.refuse(Code.INVALID_URL, written, message, "write the name alone: my-digest")
        return address
    url: str | None = v.WEB_URL.read(written, "address", reading)
    if url is None:
        return ""
    if scheme_of(url) != "https" and not is_loopback(url):
        message = "addresses of readers would travel unencrypted"
        reading.refuse(Code.UNSAFE_URL, written, message, "write an address with https://")
    if provider == "listmonk":
        folder = folder_url(url)
        if folder is None:
            message = "'address' has a query or fragment, and paths are appended to it"
            reading.refuse(Code.INVALID_URL, written, message, "write the address of the root")
        return folder or ""
    if provider == "mailchimp" and not {"u", "id"} <= parse_qs(urlsplit(url).query).keys():
        message = "Mailchimp's form has 'u=…' and 'id=…' in its address"
        hint = "copy the whole 'action' of the embedded form: https://….list-manage.com/…?u=…&id=…"
        reading.refuse(Code.INVALID_URL, written, message, hint)
    return url


def _parse_unsubscribe(text: str) -> str | None:
    """Return an https address; `{address}` stands for the recipient's own."""
    # Twice the longest address would not fit into a header's line.
    if _KEPT_MARK in text or text.count(ADDRESS_MARK) > 1:
        return None
    url = safe_url(text.replace(ADDRESS_MARK, _KEPT_MARK))
    if url is None or not (url.startswith("https://") or is_loopback(url)):
        return None
    address = url.replace(_KEPT_MARK, ADDRESS_MARK)
    return address if len(address) <= MAX_UNSUBSCRIBE else None


def _parse_host(text: str) -> str | None:
    return text.lower() if _HOST.fullmatch(text) else None


MAIL_SCHEMA = Schema(
    "mail",
    (
        Field(name="sender", reader=MAILBOX, about="Whom the mail comes from.", is_required=True),
        Field(name="reply_to", reader=MAILBOX, about="Whom answers go to, where that is another."),
        Field(
            name="list_id",
            reader=r.converted(
                "name with dots",
                lambda text: text.lower() if _LIST_ID.fullmatch(text) else None,
                Code.INVALID_IDENTIFIER,
                "'{text}' cannot be a List-Id",
                "write a name below your domain: digest.example.org",
            ),
            about="`List-Id`, by which readers filter; by default made of the sender's domain.",
        ),
        Field(
            name="unsubscribe",
            reader=r.converted(
                f"complete https address of at most {MAX_UNSUBSCRIBE} characters",
                _parse_unsubscribe,
                Code.INVALID_URL,
                "'{text}' is not an address to unsubscribe at",
                "write https://…; {address} stands for the recipient's own address",
            ),
            about="Page on which a reader leaves; `{address}` stands for theirs.",
        ),
        Field(
            name="unsubscribe_mail",
            reader=MAILBOX,
            about="Where mail that asks to leave goes. One of the two is needed for `mail send`.",
        ),
        Field(
            name="one_click",
            reader=r.one_of(("no", "yes")),
            about="Whether a POST to `unsubscribe` alone unsubscribes (RFC 8058).",
        ),
        Field(
            name="postal_address",
            reader=r.text_line(300),
            about="Printed at the foot, where the law asks for it.",
        ),
        Field(
            name="host",
            reader=r.converted(
                "host name",
                _parse_host,
                Code.INVALID_ADDRESS,
                "'{text}' is not the name of a host",
                "write the name alone: smtp.example.org",
            ),
            about="The mail server.",
        ),
        Field(
            name="port",
            reader=r.whole_number(1, 65_535),
            about="Its port, by default 587, with `tls` 465.",
        ),
        Field(
            name="security",
            reader=r.one_of(("starttls", "tls", "none")),
            about="How the connection is encrypted; `none` is for this machine only.",
        ),
        Field(
            name="rate",
            reader=r.whole_number(1, 100_000),
            about="Messages a minute at most.",
        ),
    ),
)

_MAIL = r.mapping_of(MAIL_SCHEMA, MailSettings, "mapping with `sender`, `host`, … (see below)")


def _read_mail(node: yaml.Node, name: str, reading: Reading) -> MailSettings | None:
    mail: MailSettings | None = _MAIL.read(node, name, reading)
    if mail is None:
        return None
    known = len(reading.problems)
    if mail.one_click == "yes" and not mail.unsubscribe:
        where = find_node(node, ("one_click",)) or node
        hint = "add 'unsubscribe: https://…', which takes the POST"
        reading.refuse(Code.FIELD_CONFLICT, where, "'one_click' needs 'unsubscribe'", hint)
    if mail.security == "none" and mail.host and not is_loopback(f"http://{mail.host}/"):
        where = find_node(node, ("security",)) or node
        message = "addresses and passwords would travel unencrypted"
        reading.refuse(Code.FIELD_CONFLICT, where, message, "use starttls or tls")
    return mail if len(reading.problems) == known else None


MAIL = Reader(_MAIL.words, _read_mail)
