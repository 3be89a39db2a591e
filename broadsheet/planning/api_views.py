"""What programs read: the records as JSON, version 1. These types are the published schema.

Responsible for the shape. What is unknown is left out: a missing number is not 0. Not responsible
for filling it (`plan_api`). `DailyPaper` and what it holds follow Hugging Face's `daily_papers`, so
that its clients can read ours.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from broadsheet.planning.views import View

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", description="A day, YYYY-MM-DD.")]
PartialDay = Annotated[
    str, Meta(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$", description="YYYY, YYYY-MM or YYYY-MM-DD.")
]
Moment = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}-\d\d-\d\dT00:00:00\.000Z$", description="Midnight UTC of a day (RFC 3339)."
    ),
]
Address = Annotated[str, Meta(min_length=1, description="An address; relative without base_url.")]


class ApiAuthor(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An author as written on the paper."""

    name: str
    orcid: str = ""
    affiliation: str = ""
    url: str = ""


class ApiVenue(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Where a paper appeared, as written."""

    name: str
    kind: str = ""
    short: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    year: int = 0


class ApiPaper(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A paper: plain text, and the title as its authors wrote it where the two differ."""

    id: str
    url: Address
    title: str
    status: str
    title_tex: str = ""
    authors: tuple[ApiAuthor, ...] = ()
    date: PartialDay = ""
    updated: PartialDay = ""
    featured: Day = ""
    topics: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tldr: str = ""
    abstract: str = ""
    arxiv: str = ""
    doi: str = ""
    openreview: str = ""
    acl: str = ""
    pmid: str = ""
    venue: ApiVenue | None = None
    links: dict[str, str] = msgspec.field(default_factory=dict)
    votes: int | None = None
    curator: str = ""
    keywords: tuple[str, ...] = ()
    language: str = ""
    status_note: str = ""
    superseded_by: str = ""
    aliases: tuple[str, ...] = ()


class PaperShard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The papers of one month, by id; of a year where no more is known, or without any date."""

    version: int
    period: Annotated[str, Meta(pattern=r"^(\d{4}(-\d\d)?|undated)$")]
    papers: tuple[ApiPaper, ...]


class ApiTopic(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A topic, with the number of its papers."""

    slug: str
    name: str
    url: Address
    count: int
    short: str = ""
    description: str = ""
    parent: str = ""


class TopicList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All topics, by slug."""

    version: int
    topics: tuple[ApiTopic, ...]


class ShardLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the interface: what it holds, where it is, and how many entries it has."""

    name: str
    url: Address
    count: int


class ApiIndex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where everything is: begin here."""

    version: int
    title: str
    home_page_url: Address
    schema_url: Address
    topics_url: Address
    papers: tuple[ShardLink, ...]
    daily_papers: tuple[ShardLink, ...]


class DailyAuthor(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """An author; the id is made from the paper and the name, and means nothing elsewhere."""

    key: str = msgspec.field(name="_id")
    name: str
    hidden: bool = False


class DailySubmitter(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """The curator; the handle stands in `name` here, and in `user` where a paper repeats it."""

    key: str = msgspec.field(name="_id")
    fullname: str
    name: str
    user: str
    avatar_url: str = ""
    type: str = "user"
    is_pro: bool = False
    is_hf: bool = False
    is_hf_admin: bool = False
    is_mod: bool = False


class DailyRecord(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """The paper itself; `publishedAt` is when it appeared."""

    id: str
    authors: tuple[DailyAuthor, ...]
    title: str
    summary: str
    submitted_on_daily_at: Moment
    published_at: Moment = ""
    submitted_on_daily_by: DailySubmitter | None = None
    upvotes: int | None = None
    project_page: str = ""
    github_repo: str = ""
    ai_summary: str = msgspec.field(name="ai_summary", default="")
    ai_keywords: tuple[str, ...] = msgspec.field(name="ai_keywords", default=())


class DailyPaper(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """A paper of a day; `publishedAt` is the day of the digest."""

    paper: DailyRecord
    title: str
    summary: str
    published_at: Moment
    submitted_by: DailySubmitter | None = None


class JsonShard(View, frozen=True, kw_only=True):
    """Format `json-shard`: papers that are written already, in a `PaperShard` or as an array.

    Attributes:
        head: The shard without papers; None for an array of `DailyPaper`.
        entries: Each paper as JSON, so that a long list costs little to hash, and those that an
            earlier build wrote nothing else.
    """

    head: PaperShard | None
    entries: tuple[bytes, ...]


class JsonFile(View, frozen=True, kw_only=True):
    """Format `json`: a file of the interface.

    Attributes:
        content: One of the types above.
    """

    content: Any
