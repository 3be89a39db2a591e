"""`site.yaml` and `people.yaml` as they are read, and what the settings decide."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from scenarios import check, codes, paper, raw_file, write_digest

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.domain.reading import read_people, read_settings
from broadsheet.domain.records import Person
from broadsheet.domain.settings import (
    AuthorSettings,
    FeedSettings,
    MailSettings,
    ManifestIcon,
    ManifestSettings,
    NavigationEntry,
    Newsletter,
    PageSizes,
    SecuritySettings,
    Settings,
)


def test_every_setting_is_read() -> None:
    text = """\
title: T
tagline: 'A: B'
description: D
base_url: https://example.org/a/b
language: de
curator: C
time_zone: Europe/Berlin
page_sizes: {front: 0, papers: 1, topic: 2, topics: 3, digest: 4, authors: 5}
feed:
  entries: 500
authors:
  min_papers: 0
navigation:
  - {text: Papers, to: /papers}
  - {text: Papers, to: /papers}
newsletter:
  provider: form
  address: https://example.org/join
  frequency_field: every
  frequencies: {day: "1", week: "7"}
  topic_field: about[]
  topics: {agents: A}
  email_field: mail
  honeypot: website
  hidden: {list: "7"}
  contact: Digest@Bücher.example
mail:
  sender: digest@example.org
  reply_to: editors@example.org
  list_id: digest.example.org
  unsubscribe: https://example.org/leave?a={address}
  unsubscribe_mail: leave@example.org
  one_click: yes
  postal_address: 1 Street, Town
  host: smtp.example.org
  port: 465
  security: tls
  rate: 60
theme: {accent: no}
link_policy: nofollow
role: publisher
digests: [week, day]
topics: open
source_url: https://example.org/blob/main
security:
  contact: [Sicherheit@Bücher.example, https://example.org/report, tel:+1-201-555-0123]
  expires: 2026-06-30
  languages: [de, en]
  policy: https://example.org/policy
manifest:
  short_name: T
  background: "#FFF"
  theme: "121417"
  icons:
    - {src: /icons/192.png, size: 192, purpose: maskable}
    - {src: icon.svg}
x-own: [1]
"""
    outcome = read_settings(raw_file("content/site.yaml", text))

    assert outcome.diagnostics == ()
    assert outcome.value == Settings(
        title="T",
        tagline="A: B",
        description="D",
        base_url="https://example.org/a/b/",
        language="de",
        curator="C",
        time_zone="Europe/Berlin",
        page_sizes=PageSizes(front=0, papers=1, topic=2, topics=3, digest=4, authors=5),
        feed=FeedSettings(entries=500),
        authors=AuthorSettings(min_papers=0),
        navigation=(NavigationEntry(text="Papers", to="papers"),) * 2,
        newsletter=Newsletter(
            provider="form",
            address="https://example.org/join",
            frequency_field="every",
            frequencies={"day": "1", "week": "7"},
            topic_field="about[]",
            topics={"agents": "A"},
            email_field="mail",
            honeypot="website",
            hidden={"list": "7"},
            contact="Digest@xn--bcher-kva.example",
        ),
        mail=MailSettings(
            sender="digest@example.org",
            reply_to="editors@example.org",
            list_id="digest.example.org",
            unsubscribe="https://example.org/leave?a={address}",
            unsubscribe_mail="leave@example.org",
            one_click="yes",
            postal_address="1 Street, Town",
            host="smtp.example.org",
            port=465,
            security="tls",
            rate=60,
        ),
        theme={"accent": "no"},
        link_policy="nofollow",
        role="publisher",
        digests=("week", "day"),
        topics="open",
        source_url="https://example.org/blob/main/",
        security=SecuritySettings(
            contact=(
                "mailto:Sicherheit@xn--bcher-kva.example",
                "https://example.org/report",
                "tel:+1-201-555-0123",
            ),
            expires=date(2026, 6, 30),
            languages=("de", "en"),
            policy="https://example.org/policy",
        ),
        manifest=ManifestSettings(
            short_name="T",
            background="#fff",
            theme="#121417",
            icons=(
                ManifestIcon(src="icons/192.png", size=192, purpose="maskable"),
                ManifestIcon(src="icon.svg"),
            ),
        ),
        extra={"x-own": ("1",)},
    )


@pytest.mark.parametrize("field", ["base_url", "source_url"])
@pytest.mark.parametrize("address", ["mailto:a@example.org", "example.org", "ftp://example.org/"])
def test_the_address_of_a_site_is_the_address_of_a_page(field: str, address: str) -> None:
    outcome = read_settings(raw_file("content/site.yaml", f"title: T\n{field}: {address}\n"))

    assert outcome.value is None
    assert [
        (d.code in {"invalid-url", "unsafe-url"}, d.span.line) for d in outcome.diagnostics
    ] == [(True, 2)]


@pytest.mark.parametrize("field", ["base_url", "source_url"])
@pytest.mark.parametrize("rest", ["?x=1", "#y", "a/?x#y"])
def test_an_address_that_paths_are_appended_to_has_no_query_or_fragment(
    field: str, rest: str
) -> None:
    text = f"title: T\n{field}: https://example.org/{rest}\n"

    outcome = read_settings(raw_file("content/site.yaml", text))

    alone = f"https://example.org/{'a/' if rest[0] == 'a' else ''}"
    assert [(d.code, d.span.line, d.hint) for d in outcome.diagnostics] == [
        ("invalid-url", 2, f"write the address alone: {alone}")
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/", ""),
        ("topics", "topics"),
        ("/topics/", "topics/"),
        ("/about/#team", "about/#team"),
        ("'#subscribe'", "#subscribe"),
        ("search/?q=a%20b", "search/?q=a%20b"),
        ("/files/é.pdf", "files/%C3%A9.pdf"),
        ("https://example.org/x", "https://example.org/x"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
    ],
)
def test_a_section_leads_to_a_path_or_to_a_complete_address(written: str, read: str) -> None:
    text = f"title: T\nnavigation:\n  - text: X\n    to: {written}\n"

    outcome = read_settings(raw_file("content/site.yaml", text))

    assert outcome.value is not None
    assert outcome.value.navigation == (NavigationEntry(text="X", to=read),)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("javascript:alert(1)", "unsafe-url"),
        ("' JavaScript :alert(1)'", "unsafe-url"),
        ("data:text/html,x", "unsafe-url"),
        ("//evil.example", "invalid-url"),
        ("https://", "invalid-url"),
        ("https:/example.org", "invalid-url"),
        ("../../x", "invalid-url"),
        ("a/%2e%2e/%2e%2e/x", "invalid-url"),
        ("a//b", "invalid-url"),
        ("'a b/'", "invalid-url"),
        ("a\\b", "invalid-url"),
    ],
)
def test_a_section_that_leads_out_of_the_site_unsafely_is_refused(written: str, code: str) -> None:
    text = f"title: T\nnavigation:\n  - text: X\n    to: {written}\n"

    outcome = read_settings(raw_file("content/site.yaml", text))

    assert [(d.code.value, d.span.line, d.span.column) for d in outcome.diagnostics] == [
        (code, 4, 9)
    ]


def test_there_is_at_least_one_kind_of_digest() -> None:
    outcome = read_settings(raw_file("content/site.yaml", "title: T\ndigests: []\n"))

    assert [(d.code.value, d.span.line, d.hint) for d in outcome.diagnostics] == [
        ("empty-value", 2, "write at least 1, or delete the line 'digests:'")
    ]


def test_one_bad_person_does_not_hide_the_others() -> None:
    text = "one:\n  name: One\n  variants: O.\ntwo:\n  orcid: 1\nthree: {name: Three}\n"

    outcome = read_people(raw_file("content/people.yaml", text))

    assert outcome.value == (
        Person(id="one", name="One", variants=("O.",)),
        Person(id="three", name="Three"),
    )
    assert codes(outcome.diagnostics) == ["invalid-identifier", "missing-field"]


def test_an_empty_people_file_is_nobody() -> None:
    for text in ("", "# nobody yet\n", "{}"):
        outcome = read_people(raw_file("content/people.yaml", text))
        assert (outcome.value, outcome.diagnostics) == ((), ())


def test_settings_decide_what_the_library_holds(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = write_digest(
        tmp_path_factory.mktemp("digest"),
        {
            "content/site.yaml": "title: T\nbase_url: https://e.org/\ntopics: open\n"
            "digests: [week]\nauthors: {min_papers: 2}\n",
            "content/papers/a.md": paper(
                "A", authors="[Ada Lovelace, Bob Roe]", topics="[new]", featured="2025-03-19"
            ),
            "content/papers/b.md": paper("B", authors="[Ada Lovelace]", featured="2025-04-01"),
            "content/papers/c.md": paper("C", status="draft"),
        },
    )

    everything = check(root)
    past = check(root, BuildOptions(as_of=date(2025, 3, 31), has_drafts=True, executor="serial"))

    assert (everything.diagnostics, past.diagnostics) == ((), ())
    assert list(everything.library.papers) == ["a", "b"]
    assert list(past.library.papers) == ["a", "c"]
    assert list(everything.library.digests) == ["2025-W12", "2025-W14"]
    assert list(past.library.digests) == ["2025-W12"]
    assert list(everything.library.authors.by_slug) == ["ada-lovelace"]
    assert list(past.library.authors.by_slug) == []
    assert list(everything.library.topics.by_slug) == ["new"]


def test_an_error_in_the_settings_blames_no_record_for_its_topics(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": "title: A digest\ntopics: open\nlanguage: ???\n",
        "content/papers/a.md": paper("A paper", topics="[anything]"),
    }
    assert codes(check(write_digest(tmp_path, files)).diagnostics) == ["invalid-language"]
