"""What `newsletter` and `mail` in `site.yaml` take and refuse, each with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import raw_file

from broadsheet.domain.mailboxes import parse_mailbox, same_mailbox
from broadsheet.domain.reading import read_settings

UUID = "2f3a0b1c-0000-4000-8000-0123456789ab"
MAILCHIMP = "https://a.us1.list-manage.com/subscribe/post?u=0f&id=9e&f_id=1"


def read(section: str, fields: str) -> list[tuple[str, int]]:
    text = f"title: T\n{section}: {{{fields}}}\n"
    outcome = read_settings(raw_file("content/site.yaml", text))
    assert all(d.span.line == 2 for d in outcome.diagnostics)
    return [(d.code.value, d.span.column) for d in outcome.diagnostics]


@pytest.mark.parametrize(
    "fields",
    [
        "provider: buttondown, address: ada-lovelace",
        "provider: buttondown, address: ada, frequencies: {day: daily}, topics: {agents: ag}",
        f"provider: listmonk, address: 'https://é.example/x', lists: [{UUID}]",
        f"provider: listmonk, address: 'http://localhost:9000', frequencies: {{week: {UUID}}}",
        f"provider: mailchimp, address: '{MAILCHIMP}', topics: {{agents: 'group[12][4]'}}",
        "provider: form, address: 'https://example.org/subscribe'",
        "contact: ada@example.org",
    ],
)
def test_each_provider_is_taken_with_what_it_needs(fields: str) -> None:
    assert read("newsletter", fields) == []


@pytest.mark.parametrize(
    ("fields", "code", "column"),
    [
        ("address: ada", "missing-field", 13),
        ("contact: a@example.org, address: ada", "missing-field", 13),
        ("provider: form", "missing-field", 13),
        ("provider: form, address: ada", "invalid-url", 39),
        ("provider: form, address: 'http://example.org/'", "unsafe-url", 39),
        ("provider: form, address: 'javascript:alert(1)'", "unsafe-url", 39),
        ("provider: form, address: 'mailto:a@example.org'", "invalid-url", 39),
        ("provider: buttondown", "missing-field", 13),
        ("provider: buttondown, address: 'ada lovelace'", "invalid-url", 45),
        ("provider: buttondown, address: '../../x'", "invalid-url", 45),
        ("provider: buttondown, address: '\"><script>'", "invalid-url", 45),
        ("provider: buttondown, address: ada, honeypot: x", "field-conflict", 50),
        ("provider: buttondown, address: ada, frequencies: {dayly: x}", "invalid-choice", 64),
        ("provider: mailchimp, address: 'https://a.us1.list-manage.com/'", "invalid-url", 44),
        (
            f"provider: mailchimp, address: '{MAILCHIMP}', topics: {{a: '4'}}",
            "invalid-identifier",
            122,
        ),
        ("provider: form, address: 'https://a.example/', topics: {a: '4'}", "missing-field", 69),
        ("provider: listmonk, address: 'https://a.example/'", "missing-field", 13),
        ("provider: listmonk, address: 'https://a.example/', lists: [7]", "invalid-identifier", 73),
        (
            f"provider: listmonk, address: 'https://a.example/?x', lists: [{UUID}]",
            "invalid-url",
            43,
        ),
        ("contact: 'ada at example.org'", "invalid-address", 23),
    ],
)
def test_a_newsletter_that_could_not_work_is_refused(fields: str, code: str, column: int) -> None:
    assert read("newsletter", fields) == [(code, column)]


@pytest.mark.parametrize(
    ("fields", "code", "column"),
    [
        ("host: smtp.example.org", "missing-field", 7),
        ("sender: 'A <a@example.org>'", "invalid-address", 16),
        ("sender: a@example.org, one_click: yes", "field-conflict", 42),
        ("sender: a@example.org, unsubscribe: 'http://example.org/'", "invalid-url", 44),
        (f"sender: a@example.org, unsubscribe: 'https://a.example/{'x' * 600}'", "invalid-url", 44),
        ("sender: a@example.org, host: smtp.example.org, security: none", "field-conflict", 65),
        ("sender: a@example.org, host: 'a b'", "invalid-address", 37),
        ("sender: a@example.org, list_id: 'a>b.example'", "invalid-identifier", 40),
    ],
)
def test_settings_that_no_mail_could_be_sent_with_are_refused(
    fields: str, code: str, column: int
) -> None:
    assert read("mail", fields) == [(code, column)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a@example.org", "a@example.org"),
        (" A.b+c@Example.ORG\t", "A.b+c@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("ä@bücher.example", "ä@xn--bcher-kva.example"),
        ("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"),
        ("a@localhost", "a@localhost"),
        ("a@b", None),
        ("a", None),
        ("@example.org", None),
        ("a@", None),
        ("a b@example.org", None),
        ("a@example.org, b@example.org", None),
        ("<a@example.org>", None),
        ('"a b"@example.org', None),
        (".a@example.org", None),
        ("a..b@example.org", None),
        ("a@example.org\nBcc: b@example.org", None),
        ("a\r\nRCPT TO:<b@c.example>@example.org", None),
        ("a\u2028b@example.org", None),
        ("a\u202eb@example.org", None),
        ("a@exa_mple.org", None),
        ("a@-x.example", None),
        ("a@127.0.0.1", None),
        (f"{'a' * 65}@example.org", None),
    ],
)
def test_an_address_has_one_spelling_or_is_refused(text: str, address: str | None) -> None:
    assert parse_mailbox(text) == address


@given(st.text())
def test_no_address_holds_what_ends_a_header_or_a_command(text: str) -> None:
    address = parse_mailbox(f"{text}@example.org")
    assert address is None or not set(address) & set('\r\n\x00 <>,;:"\\')
    assert address is None or parse_mailbox(address) == address


def test_case_makes_no_second_reader() -> None:
    assert same_mailbox("Ada@example.org") == same_mailbox("ada@example.org")
