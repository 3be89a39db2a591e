"""The gate that every address passes: what it refuses and in which form it lets through."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.domain.links import safe_url

HOSTILE = [
    # Schemes that run code, and their disguises
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "JAVASCRIPT:alert(1)",
    " javascript:alert(1)",
    "\tjavascript:alert(1)",
    "\x00javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\rscript:alert(1)",
    "java\x00script:alert(1)",
    "javascript\t:alert(1)",
    "javascript :alert(1)",
    "javascript:/*--></title></script>*/alert(1)",
    "javascript://example.org/%0aalert(1)",
    "javascript:https://example.org/",
    "java&#9;script:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "%6aavascript:alert(1)",
    "javascript%3Aalert(1)",
    "jav\u00adascript:alert(1)",
    "java\u200bscript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "ｊavascript:alert(1)",
    "јavascript:alert(1)",
    "javaſcript:alert(1)",
    "javascript：alert(1)",
    "view-source:javascript:alert(1)",
    "vbscript:msgbox(1)",
    "VBScript:msgbox(1)",
    "livescript:x",
    "mocha:x",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data:image/svg+xml,<svg/onload=alert(1)>",
    "DATA:text/html,x",
    "da\nta:text/html,x",
    "blob:https://example.org/1",
    "filesystem:https://example.org/x",
    "file:///etc/passwd",
    "about:blank",
    "chrome://settings",
    "ftp://example.org/",
    "tel:+123",
    "feed:https://example.org/",
    "jar:https://example.org/!/",
    "ms-word:ofe|u|https://example.org/",
    "intent://example.org/#Intent;end",
    "ws://example.org/",
    # No complete address
    "",
    " ",
    "//example.org/x",
    "///example.org/x",
    "/x",
    "x",
    "?x",
    "#x",
    "../x",
    "example.org",
    "example.org:80/x",
    "http:",
    "https:",
    "https://",
    "https:///x",
    "https:/example.org",
    "https:example.org",
    "http:////example.org",
    "://example.org",
    "htt\tps://example.org",
    "ｈttps://example.org",
    "https：//example.org",
    # Hosts that are not what they seem
    "https://user@example.org/",
    "https://user:password@example.org/",
    "https://example.org@evil.example/",
    "https://@evil.example/",
    "https://example.org\\@evil.example/",
    "https:\\\\evil.example",
    "https:/\\evil.example",
    "\\\\evil.example\\x",
    "https://evil.example\\x",
    "https://example.org:99999/",
    "https://example.org:port/",
    "https://[::1",
    "https://[zz]/",
    "https://[fe80::1%25eth0]/",
    "https://ex%61mple.org/",
    "https://example.org／evil.example/",
    "https://example.org？x",
    "https://exa mple.org/",
    "https://exa'mple.org/",
    "https://exa(mple).org/",
    "https://{host}/",
    "https://..\u2025/",
    # What would leave an attribute, a line or the order of reading
    'https://example.org/"onmouseover=alert(1)',
    "https://example.org/<script>",
    "https://example.org/>",
    "https://example.org/`x`",
    "https://example.org/a b",
    "https://example.org/a\nb",
    "https://example.org/\u2028x",
    "https://example.org/\u202egpj.exe",
    "https://example.org/\u200ex",
    "https://example.org/\xa0x",
    "https://example.org/\x7f",
    # Mail
    "mailto:",
    "mailto:nobody",
    "mailto:a@b@c",
    'mailto:"a b"@example.org',
    "mailto:a@example.org\r\nBcc:b@example.org",
    "mailto:<a@example.org>",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_or_incomplete_address_is_refused(address: str) -> None:
    assert safe_url(address) is None


def test_the_list_of_hostile_addresses_is_long() -> None:
    assert len(set(HOSTILE)) >= 100


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("https://example.org", "https://example.org"),
        (" https://example.org/a?b=c#d ", "https://example.org/a?b=c#d"),
        ("HTTPS://Example.ORG/A", "https://example.org/A"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("https://[::1]:80/x", "https://[::1]:80/x"),
        ("https://example.org/é?ü=ß#ñ", "https://example.org/%C3%A9?%C3%BC=%C3%9F#%C3%B1"),
        ("https://example.org/a%20b%2F", "https://example.org/a%20b%2F"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://my_host.example-site.org/~me/x;y", "https://my_host.example-site.org/~me/x;y"),
        ("https://example.org/a'b(c)", "https://example.org/a'b(c)"),
        (
            "https://example.org/https://other.example/",
            "https://example.org/https://other.example/",
        ),
        ("mailto:a.b+c@example.org", "mailto:a.b+c@example.org"),
        ("MAILTO:a@example.org?subject=x%20y", "mailto:a@example.org?subject=x%20y"),
    ],
)
def test_a_sound_address_is_let_through_in_ascii(written: str, linked: str) -> None:
    assert safe_url(written) == linked


addresses = (
    st.lists(
        st.sampled_from(
            [*"htps:/\\@.?#[]%&;'\" \t\n\x00aé\u202e", "https://", "javascript:", "a.b"]
        )
    ).map("".join)
    | st.text()
)


@given(text=addresses)
def test_what_passes_is_ascii_of_a_known_scheme_and_passes_again_unchanged(text: str) -> None:
    linked = safe_url(text)

    if linked is not None:
        assert linked.isascii()
        assert urlsplit(linked).scheme in {"https", "http", "mailto"}
        assert not set(linked) & set(' \t\r\n\\<>"`')
        assert safe_url(linked) == linked
