"""Which settings `content/site.yaml` may have.

Responsible for the table that reading, the reference (`docs/records.md`) and its test share. Not
responsible for the settings' type and defaults (`settings`) or for how their text is read
(`readers`).
"""

from __future__ import annotations

import re

import yaml

from broadsheet.domain import readers as r
from broadsheet.domain import value_readers as v
from broadsheet.domain.newsletter_schema import MAIL, NEWSLETTER
from broadsheet.domain.root_schema import MANIFEST, SECURITY
from broadsheet.domain.schemas import SENTENCE
from broadsheet.domain.settings import (
    DIGEST_KINDS,
    EXPORTS,
    AuthorSettings,
    FeedSettings,
    NavigationEntry,
    PageSizes,
)
from broadsheet.foundations.codes import Code
from broadsheet.foundations.schema import Field, Reader, Reading, Schema

_MACRO_NAME = re.compile(r"[A-Za-z]{1,40}")


def _read_macros(node: yaml.Node, name: str, reading: Reading) -> dict[str, str] | None:
    macros: dict[str, str] | None = r.TEXT_MAPPING.read(node, name, reading)
    for key, _ in node.value if macros is not None else ():
        if not _MACRO_NAME.fullmatch(key.value):
            message = f"'{key.value}' is not the name of a TeX command"
            hint = "write letters only, without the backslash"
            reading.refuse(Code.INVALID_SLUG, key, message, hint)
    return macros


MACROS = Reader("names of commands with their TeX", _read_macros)

_SIZE = r.whole_number(1, 1_000)
SIZES_SCHEMA = Schema(
    "page_sizes",
    (
        Field(
            name="front",
            reader=r.whole_number(0, 200),
            about="Rows below the stories on the front page.",
        ),
        Field(name="papers", reader=_SIZE, about="Papers on a page of a list."),
        Field(name="topic", reader=_SIZE, about="Papers on a page of a topic."),
        Field(name="topics", reader=_SIZE, about="Topics on a page of the index."),
        Field(name="digest", reader=_SIZE, about="Papers on a page of a digest."),
        Field(name="authors", reader=_SIZE, about="Names on a page of an index of names."),
    ),
)
FEED_SCHEMA = Schema(
    "feed",
    (
        Field(name="entries", reader=r.whole_number(1, 500), about="Entries at most."),
        Field(
            name="authority",
            reader=v.TAG_AUTHORITY,
            about="What the ids of entries begin with; set it once, before readers subscribe.",
        ),
        Field(name="hub", reader=v.WEB_URL, about="A WebSub hub, which tells readers at once."),
        Field(name="venues", reader=r.list_of(r.WORD), about="Venues that have a feed."),
    ),
)
AUTHORS_SCHEMA = Schema(
    "authors",
    (
        Field(
            name="min_papers",
            reader=r.whole_number(0, 1_000),
            about="Papers a name needs for a page; 0 turns author pages off.",
        ),
    ),
)
NAVIGATION_SCHEMA = Schema(
    "navigation entry",
    (
        Field(name="text", reader=r.WORD, about="The link's words.", is_required=True),
        Field(
            name="to",
            reader=v.DESTINATION,
            about="Where it leads.",
            is_required=True,
        ),
    ),
)
SITE_SCHEMA = Schema(
    "site",
    (
        Field(
            name="title",
            reader=r.text_line(100),
            about="The digest's name.",
            is_required=True,
            foreign=("name",),
        ),
        Field(
            name="tagline",
            reader=r.text_line(200),
            about="One line below it.",
            foreign=("subtitle",),
        ),
        Field(name="description", reader=SENTENCE, about="For search engines."),
        Field(
            name="base_url",
            reader=v.FOLDER_URL,
            about="Complete address of the root.",
            foreign=("url", "baseurl"),
        ),
        Field(name="language", reader=v.LANGUAGE, about="Language of the site.", foreign=("lang",)),
        Field(name="curator", reader=r.WORD, about="Who picks the papers.", foreign=("author",)),
        Field(
            name="time_zone",
            reader=v.TIME_ZONE,
            about="Zone of dates in feeds.",
            foreign=("timezone",),
        ),
        Field(
            name="page_sizes",
            reader=r.mapping_of(
                SIZES_SCHEMA,
                PageSizes,
                "mapping with `front`, `papers`, `topic`, `topics`, `digest`, `authors`",
            ),
            about="Entries on a page, by list.",
            foreign=("paginate",),
        ),
        Field(
            name="feed",
            reader=r.mapping_of(
                FEED_SCHEMA, FeedSettings, "mapping with `entries`, `authority`, `hub`, `venues`"
            ),
            about="What feeds there are.",
        ),
        Field(
            name="authors",
            reader=r.mapping_of(AUTHORS_SCHEMA, AuthorSettings, "mapping with `min_papers`"),
            about="Who gets an author page.",
        ),
        Field(
            name="navigation",
            reader=r.list_of(
                r.mapping_of(NAVIGATION_SCHEMA, NavigationEntry, "mappings with `text` and `to`"),
                unique=False,
            ),
            about="The sections bar.",
            foreign=("nav", "menu"),
        ),
        Field(
            name="newsletter",
            reader=NEWSLETTER,
            about="Where readers subscribe by email.",
        ),
        Field(name="mail", reader=MAIL, about="How `mail send` sends.", foreign=("smtp",)),
        Field(name="theme", reader=r.TEXT_MAPPING, about="Options of the theme."),
        Field(
            name="link_policy",
            reader=r.one_of(("follow", "nofollow")),
            about="Whether links out of bodies are marked `rel=nofollow`.",
        ),
        Field(
            name="role",
            reader=r.one_of(("digest", "publisher")),
            about="Others' papers, or our own.",
        ),
        Field(
            name="digests",
            reader=r.list_of(r.one_of(DIGEST_KINDS), least=1),
            about="The kinds of digests; the first is the front page's.",
        ),
        Field(
            name="topics",
            reader=r.one_of(("declared", "open")),
            about="Whether papers may name undeclared topics.",
        ),
        Field(
            name="exports",
            reader=r.list_of(r.one_of(EXPORTS)),
            about="Files beside each paper's page: its citation, and the page as `markdown`.",
        ),
        Field(name="security", reader=SECURITY, about="What `security.txt` says."),
        Field(
            name="manifest",
            reader=MANIFEST,
            about="The web manifest, with which the site can be put on a home screen.",
        ),
        Field(
            name="social_images",
            reader=r.SWITCH,
            about="A picture of each paper's own for cards of social networks.",
        ),
        Field(
            name="macros",
            reader=MACROS,
            about="TeX commands of your own: name without backslash, and what it stands for.",
        ),
        Field(
            name="source_url",
            reader=v.FOLDER_URL,
            about="Address that a record's path is appended to.",
        ),
    ),
)
