"""The records a digest is made of: papers, topics, digests, free pages and people.

Responsible for the frozen types. They know no I/O, no parent and no settings, and they hold ids
instead of each other. Text is as its authors wrote it: TeX-flavoured in titles, TL;DRs and
abstracts, Markdown in bodies. They encode as arrays, without the names of their fields, so that
10,000 of them are decoded in two thirds of the time. Not responsible for reading them (`schemas`,
`assembly.reading`).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import msgspec

from broadsheet.domain.dates import PartialDate


class Status(StrEnum):
    """What has become of a paper or of its record."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REVISED = "revised"
    CORRECTED = "corrected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"


# Statuses that keep a paper's page but take it out of rankings and recommendations.
OUT_OF_RANKINGS = frozenset({Status.WITHDRAWN, Status.RETRACTED, Status.DRAFT})


class Author(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An author as written on a paper.

    Attributes:
        name: The name as written.
        orcid: ORCID iD such as `0000-0002-1825-0097`, or empty.
        affiliation: As written, or empty.
        url: A safe address, or empty.
    """

    name: str
    orcid: str = ""
    affiliation: str = ""
    url: str = ""


class Venue(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Where a paper appeared.

    Attributes:
        name: As written: `ICML 2024`, or the journal's whole name.
        short: A short form, or empty.
        volume: As written, or empty.
        issue: As written, or empty.
        pages: As written, or empty.
        publisher: As written, or empty.
        year: As written in a mapping, or 0.
        kind: One of `venue_kinds.VENUE_KINDS`, or empty where the name tells.
    """

    name: str
    short: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    year: int = 0
    kind: str = ""


class Link(msgspec.Struct, frozen=True, array_like=True):
    """An address that belongs to a paper.

    Attributes:
        kind: `pdf`, `code`, `project`, …
        href: A complete address that passed `links.safe_url`.
    """

    kind: str
    href: str


class Body(msgspec.Struct, frozen=True, array_like=True):
    """A record's Markdown.

    Attributes:
        text: The Markdown, without the blank lines around it.
        line: Line of the file on which the text begins, from 1.
    """

    text: str = ""
    line: int = 0


class Paper(msgspec.Struct, frozen=True, kw_only=True, tag=True, array_like=True):
    """One paper.

    Attributes:
        id: The file's stem; permanent.
        source: Path of the record's file.
        title: As its authors wrote it.
        authors: In order; empty when unknown.
        date: First public version.
        updated: Last version.
        featured: The day it appears in the digest; None when it does not.
        topics: Slugs, aliases or names of topics as written, the primary first.
        categories: arXiv categories, the primary first.
        tldr: One faithful sentence, or empty.
        arxiv: Without version, old ids with a slash; or empty.
        doi: Lower case, without resolver; or empty.
        openreview: Forum id, or empty.
        acl: ACL Anthology id, or empty.
        pmid: PubMed id, or empty.
        venue: Where it appeared.
        links: In the order of the record.
        votes: A ranking signal; None when nobody counted.
        curator: Who picked it; empty means the site's curator.
        keywords: As written.
        language: BCP 47; empty means the site's.
        status: What has become of it.
        status_note: What happened.
        superseded_by: Id of the record that replaces it, or empty.
        aliases: Old ids, and old paths with a leading slash: `2403.02884v1`, `/posts/old/`.
        abstract: TeX-flavoured plain text in paragraphs, or empty.
        body: What the digest says about it.
        extra: `x-…` fields as text, tuples and dicts.
    """

    id: str
    source: str
    title: str
    authors: tuple[Author, ...] = ()
    date: PartialDate | None = None
    updated: PartialDate | None = None
    featured: dt.date | None = None
    topics: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tldr: str = ""
    arxiv: str = ""
    doi: str = ""
    openreview: str = ""
    acl: str = ""
    pmid: str = ""
    venue: Venue | None = None
    links: tuple[Link, ...] = ()
    votes: int | None = None
    curator: str = ""
    keywords: tuple[str, ...] = ()
    language: str = ""
    status: Status = Status.PUBLISHED
    status_note: str = ""
    superseded_by: str = ""
    aliases: tuple[str, ...] = ()
    abstract: str = ""
    body: Body = Body()
    extra: dict[str, Any] = {}


class Topic(msgspec.Struct, frozen=True, kw_only=True, tag=True, array_like=True):
    """A topic; topics form a forest.

    Attributes:
        slug: The file's stem; permanent.
        source: Path of the record's file; empty for a topic that only papers name.
        name: The whole name.
        short: Label in lists, at most 24 characters.
        description: One sentence or two.
        parent: Slug of the topic above it, or empty.
        aliases: Synonyms and arXiv categories that map to it; with a leading slash, old paths.
        include: Terms that speak for it.
        exclude: Terms that speak against it.
        body: Introduction.
        extra: `x-…` fields.
    """

    slug: str
    source: str
    name: str
    short: str
    description: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    body: Body = Body()
    extra: dict[str, Any] = {}


class DigestNote(msgspec.Struct, frozen=True, kw_only=True, tag=True, array_like=True):
    """What an editor wrote for the digest of a day, week or month.

    Attributes:
        key: The file's stem: `2025-03-19`, `2025-W12` or `2025-03`.
        source: Path of the record's file.
        title: A title, or empty.
        number: As written (`56`), or empty.
        curator: Who picked the papers; empty means the site's curator.
        lead: Id of the lead paper, or empty.
        order: Ids in editorial order.
        body: The editorial note.
        extra: `x-…` fields.
    """

    key: str
    source: str
    title: str = ""
    number: str = ""
    curator: str = ""
    lead: str = ""
    order: tuple[str, ...] = ()
    body: Body = Body()
    extra: dict[str, Any] = {}


class Page(msgspec.Struct, frozen=True, kw_only=True, tag=True, array_like=True):
    """A free page.

    Attributes:
        slug: The file's stem; its address at the root.
        source: Path of the record's file.
        title: The heading.
        description: One line, or empty.
        language: BCP 47; empty means the site's.
        aliases: Old slugs, and old paths with a leading slash.
        body: The text.
        extra: `x-…` fields.
    """

    slug: str
    source: str
    title: str
    description: str = ""
    language: str = ""
    aliases: tuple[str, ...] = ()
    body: Body = Body()
    extra: dict[str, Any] = {}


class Person(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A person from `people.yaml`.

    Attributes:
        id: The entry's key; the slug of the author page.
        name: The name shown.
        variants: Other ways the name is written on papers.
        orcid: ORCID iD, or empty.
        url: A safe address, or empty.
        feed: Whether their page has a feed.
    """

    id: str
    name: str
    variants: tuple[str, ...] = ()
    orcid: str = ""
    url: str = ""
    feed: bool = False


class Removal(msgspec.Struct, frozen=True, array_like=True):
    """An address whose record was removed on purpose, from `removed.yaml`.

    Attributes:
        address: As it was written: `/papers/2403.02884`.
        url: The same within the site, without a leading slash: `papers/2403.02884/`.
        reason: Why it is gone, in a sentence.
    """

    address: str
    url: str
    reason: str


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was read, each kind in the order of its paths.

    Attributes:
        papers: Papers.
        topics: Declared topics.
        digests: Editors' notes on digests.
        pages: Free pages.
        people: Entries of `people.yaml`.
        broken: Folder and id (`topics/vision`) of the records that were refused, so that a
            reference to one of them is not reported a second time.
    """

    papers: tuple[Paper, ...] = ()
    topics: tuple[Topic, ...] = ()
    digests: tuple[DigestNote, ...] = ()
    pages: tuple[Page, ...] = ()
    people: tuple[Person, ...] = ()
    broken: frozenset[str] = frozenset()
