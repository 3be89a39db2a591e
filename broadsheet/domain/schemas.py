"""Which fields each kind of record may have.

Responsible for the tables that reading, the reference (`docs/records.md`) and its test share. Not
responsible for how a field's text is read (`readers`, `value_readers`).
"""

from __future__ import annotations

import re

import yaml

from broadsheet.domain import readers as r
from broadsheet.domain import value_readers as v
from broadsheet.domain.identifiers import is_device
from broadsheet.domain.records import Author, Link, Person, Status, Venue
from broadsheet.domain.venue_kinds import VENUE_KINDS
from broadsheet.foundations.codes import Code
from broadsheet.foundations.schema import Field, Reader, Reading, Schema, brief

TITLE = r.text_line(500)
SENTENCE = r.text_line(2_000)
SHORT = r.text_line(24)

_LINK_KIND = re.compile(r"[a-z][a-z0-9-]{0,29}")
_ALIAS_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

AUTHOR_SCHEMA = Schema(
    "author",
    (
        Field(name="name", reader=r.WORD, about="The name as written.", is_required=True),
        Field(name="orcid", reader=v.ORCID, about="The author's ORCID iD."),
        Field(name="affiliation", reader=r.WORD, about="As written on the paper."),
        Field(name="url", reader=v.URL, about="The author's own page.", foreign=("homepage",)),
    ),
)
VENUE_SCHEMA = Schema(
    "venue",
    (
        Field(name="name", reader=r.WORD, about="The whole name.", is_required=True),
        Field(name="short", reader=r.WORD, about="A short form."),
        Field(name="volume", reader=r.WORD, about="Volume."),
        Field(name="issue", reader=r.WORD, about="Issue.", foreign=("number",)),
        Field(name="pages", reader=r.WORD, about="Pages."),
        Field(name="publisher", reader=r.WORD, about="Publisher."),
        Field(name="year", reader=r.whole_number(1000, 9999), about="Year of the venue."),
        Field(
            name="kind",
            reader=r.one_of(VENUE_KINDS),
            about="What it is, where its name does not tell.",
            foreign=("type",),
        ),
    ),
)


_AUTHOR_LIST = r.list_of(
    r.text_or_mapping(
        r.WORD, r.mapping_of(AUTHOR_SCHEMA, Author, "mapping"), lambda text: Author(name=text)
    ),
    unique=False,
)


def _read_authors(node: yaml.Node, name: str, reading: Reading) -> tuple[Author, ...] | None:
    """Read a list of authors, and notice one name that YAML cut into two at its comma."""
    authors: tuple[Author, ...] | None = _AUTHOR_LIST.read(node, name, reading)
    items = node.value if isinstance(node, yaml.SequenceNode) and node.flow_style else []
    words = [isinstance(item, yaml.ScalarNode) and " " not in item.value.strip() for item in items]
    for index in range(len(words) - 1):
        if words[index] and words[index + 1]:
            pair = brief(f"{items[index].value}, {items[index + 1].value}")
            message = f"'{pair}' is read as two authors"
            hint = f'quote the name if it is one: "{pair}"'
            reading.warn(Code.SUSPICIOUS_AUTHORS, items[index], message, hint)
            break
    return authors


def _read_links(node: yaml.Node, name: str, reading: Reading) -> tuple[Link, ...] | None:
    if not isinstance(node, yaml.MappingNode):
        hint = "write 'code: https://…' below it, indented"
        reading.refuse(Code.WRONG_TYPE, node, f"'{name}' takes kinds with addresses", hint)
        return None
    links = []
    for key, value in node.value:
        if not _LINK_KIND.fullmatch(key.value):
            message = f"'{brief(key.value)}' is not a kind of link"
            reading.refuse(
                Code.INVALID_SLUG, key, message, "use a word such as pdf, code or slides"
            )
        elif (href := v.URL.read(value, key.value, reading)) is not None:
            links.append(Link(key.value, href))
    return tuple(links)


def _read_alias(node: yaml.Node, name: str, reading: Reading) -> str | None:
    text = r.WORD.read(node, name, reading)
    if text is None:
        return None
    if (alias := normalise_alias(str(text))) is not None:
        return alias
    hint = "write an old id, or an old path from the root such as /posts/my-paper/"
    reading.refuse(Code.INVALID_SLUG, node, f"'{brief(str(text))}' is not an id or path", hint)
    return None


def _read_topic_alias(node: yaml.Node, name: str, reading: Reading) -> str | None:
    is_path = isinstance(node, yaml.ScalarNode) and node.value.strip().startswith("/")
    alias: str | None = (
        _read_alias(node, name, reading) if is_path else r.WORD.read(node, name, reading)
    )
    return alias


def normalise_alias(text: str) -> str | None:
    """Return an old id as given, an old path as `/posts/my-paper/` or `/posts/my-paper.html`."""
    segments = text.strip("/").removesuffix("/index.html").split("/")
    if len(segments) > 6 or not all(map(_may_be_served, segments)):
        return None
    path = "/".join(segments)
    if path.endswith((".html", ".htm")):
        return f"/{path}"
    return f"/{path}/" if "/" in text else path


def _may_be_served(segment: str) -> bool:
    is_safe = _ALIAS_SEGMENT.fullmatch(segment) and ".." not in segment
    return bool(is_safe) and not segment.endswith(".") and not is_device(segment)


AUTHORS = Reader(
    "list of names or of mappings with `name`, `orcid`, `affiliation`, `url`", _read_authors
)
LINKS = Reader("kinds of links with complete addresses", _read_links)
ALIASES = r.list_of(Reader("old ids and paths", _read_alias))
TOPIC_ALIASES = r.list_of(Reader("words and old paths", _read_topic_alias))
VENUE = r.text_or_mapping(
    r.WORD,
    r.mapping_of(
        VENUE_SCHEMA,
        Venue,
        "mapping with `name`, `short`, `volume`, `issue`, `pages`, `publisher`, `year`, `kind`",
    ),
    lambda text: Venue(name=text),
)

PAPER_SCHEMA = Schema(
    "paper",
    (
        Field(
            name="title", reader=TITLE, about="The title as its authors wrote it.", is_required=True
        ),
        Field(name="authors", reader=AUTHORS, about="The authors in order.", foreign=("author",)),
        Field(
            name="date",
            reader=v.PARTIAL_DATE,
            about="First public version.",
            foreign=("published", "year", "pubdate"),
        ),
        Field(name="updated", reader=v.PARTIAL_DATE, about="Last version.", foreign=("lastmod",)),
        Field(name="featured", reader=v.DAY, about="The day it appears in the digest."),
        Field(
            name="topics",
            reader=r.list_of(r.WORD),
            about="Topics by slug, alias or name, the primary first.",
            foreign=("tags", "topic", "tag"),
        ),
        Field(
            name="categories",
            reader=r.list_of(v.CATEGORY),
            about="arXiv categories, the primary first.",
            foreign=("category",),
        ),
        Field(
            name="tldr",
            reader=SENTENCE,
            about="One faithful sentence.",
            foreign=("summary", "tl;dr"),
        ),
        Field(name="arxiv", reader=v.ARXIV, about="arXiv id.", foreign=("arxiv_id", "eprint")),
        Field(name="doi", reader=v.DOI, about="DOI."),
        Field(
            name="openreview",
            reader=v.other_identifier("openreview", "OpenReview id", "rJXMpikCZ"),
            about="OpenReview forum id.",
        ),
        Field(
            name="acl",
            reader=v.other_identifier("acl", "ACL Anthology id", "2020.acl-main.1"),
            about="ACL Anthology id.",
        ),
        Field(
            name="pmid",
            reader=v.other_identifier("pmid", "PubMed id", "31452104"),
            about="PubMed id.",
        ),
        Field(
            name="venue",
            reader=VENUE,
            about="Where it appeared.",
            foreign=("journal", "conference", "booktitle", "publication"),
        ),
        Field(
            name="links",
            reader=LINKS,
            about="`pdf`, `code`, `project`, `data`, `model`, `slides`, `video`, `poster`, …",
            foreign=("link", "url", "urls"),
        ),
        Field(
            name="votes",
            reader=r.whole_number(0, 999_999_999),
            about="A ranking signal.",
            foreign=("upvotes",),
        ),
        Field(name="curator", reader=r.WORD, about="Who picked it."),
        Field(name="keywords", reader=r.list_of(r.WORD), about="Keywords as written."),
        Field(
            name="language", reader=v.LANGUAGE, about="Language of the paper.", foreign=("lang",)
        ),
        Field(
            name="status",
            reader=r.one_of(tuple(status.value for status in Status)),
            about="What has become of it.",
            foreign=("draft", "state"),
        ),
        Field(name="status_note", reader=SENTENCE, about="What happened."),
        Field(name="superseded_by", reader=v.SLUG, about="Id of the record that replaces it."),
        Field(
            name="aliases", reader=ALIASES, about="Old ids and paths.", foreign=("redirect_from",)
        ),
        Field(name="abstract", reader=r.PARAGRAPHS, about="The abstract as its authors wrote it."),
    ),
)

TOPIC_SCHEMA = Schema(
    "topic",
    (
        Field(
            name="name",
            reader=r.text_line(100),
            about="The whole name.",
            is_required=True,
            foreign=("title",),
        ),
        Field(name="short", reader=SHORT, about="Label in lists."),
        Field(name="description", reader=SENTENCE, about="One sentence or two."),
        Field(name="parent", reader=v.SLUG, about="The topic above it."),
        Field(
            name="aliases",
            reader=TOPIC_ALIASES,
            about="Synonyms and arXiv categories; with a leading slash, old paths.",
        ),
        Field(name="include", reader=r.list_of(r.WORD), about="Terms that speak for it."),
        Field(name="exclude", reader=r.list_of(r.WORD), about="Terms that speak against it."),
    ),
)

DIGEST_SCHEMA = Schema(
    "digest",
    (
        Field(name="title", reader=TITLE, about="A title of its own."),
        Field(name="number", reader=r.whole_number(0, 999_999), about="Number of the issue."),
        Field(name="curator", reader=r.WORD, about="Who picked the papers."),
        Field(name="lead", reader=v.SLUG, about="Id of the lead paper."),
        Field(name="order", reader=r.list_of(v.SLUG), about="Ids in editorial order."),
    ),
)

PAGE_SCHEMA = Schema(
    "page",
    (
        Field(name="title", reader=TITLE, about="The heading.", is_required=True),
        Field(
            name="description",
            reader=SENTENCE,
            about="One line for the heading and search engines.",
        ),
        Field(name="language", reader=v.LANGUAGE, about="Language of the page.", foreign=("lang",)),
        Field(name="aliases", reader=ALIASES, about="Old paths.", foreign=("redirect_from",)),
    ),
)

PERSON_SCHEMA = Schema(
    "person",
    (
        Field(name="name", reader=r.WORD, about="The name shown.", is_required=True),
        Field(
            name="variants", reader=r.list_of(r.WORD), about="Other ways it is written on papers."
        ),
        Field(name="orcid", reader=v.ORCID, about="ORCID iD."),
        Field(name="url", reader=v.URL, about="The person's own page.", foreign=("homepage",)),
        Field(name="feed", reader=r.SWITCH, about="Whether their page has a feed."),
    ),
)


def person_reader() -> Reader:
    """Return the reader of one entry of `people.yaml`; it takes the key as the person's id."""

    def read(node: yaml.Node, name: str, reading: Reading) -> Person | None:
        reader = r.mapping_of(PERSON_SCHEMA, lambda **fields: Person(id=name, **fields), "mapping")
        person: Person | None = reader.read(node, name, reading)
        return person

    return Reader("mapping", read)
