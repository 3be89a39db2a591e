"""Text that has been converted: what the views are filled with.

Responsible for the types that pass between the conversion and the plan. Not responsible for the
conversion (`workers.markup`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from broadsheet.domain.records import Body, DigestNote, Page, Paper, Records, Topic
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.addresses import paper_url
from broadsheet.planning.views import RichText

# Stands in converted HTML for the way to the site's root, which differs from page to page; a
# private-use character that `workers.markup` takes out of every input.
ROOT_MARK = "\ue000"

_RECORD_LINK = re.compile(r"\[\[([^\[\]|\n]{1,100})")


class RecordLink(msgspec.Struct, frozen=True, array_like=True):
    """A record that a body links to by its id.

    Attributes:
        url: Address of its page within the site.
        title: Its title, as its authors wrote it.
    """

    url: str
    title: str


Links: TypeAlias = tuple[tuple[str, RecordLink], ...]
"""Records that a body links to, by what stands between its brackets."""


class MarkupOptions(msgspec.Struct, frozen=True):
    """What decides how text is converted, beside the text.

    Attributes:
        link_policy: `follow` or `nofollow`, for links out of bodies.
        macros: The site's own TeX commands: name without backslash, and what it stands for.
    """

    link_policy: str = "follow"
    macros: tuple[tuple[str, str], ...] = ()


class TextJob(msgspec.Struct, frozen=True):
    """The texts of one record.

    Attributes:
        source: Path of the record's file.
        lines: TeX-flavoured text of one line, by field.
        abstract: TeX-flavoured text in paragraphs, or empty.
        body: Markdown.
        heading_base: Level of the body's first headings, 2 to 6.
        links: Records that the body links to, by what stands between its brackets.
    """

    source: str
    lines: tuple[tuple[str, str], ...] = ()
    abstract: str = ""
    body: Body = Body()
    heading_base: int = 2
    links: Links = ()


class ConvertedText(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The texts of one record, converted.

    Attributes:
        lines: By field.
        title_tex: The title as TeX that BibTeX can hold; empty for records without one.
        abstract: None when there is none.
        body: None when there is none.
        written: A paper's body as it was written, in Markdown; or empty.
        targets: Addresses within the site that the body links to, without a leading slash, each
            with how it was written.
        formulas: Plain text of each `<math>` in the body and then in the abstract, in their order.
        anchors: Ids within the body, which links may lead to.
        findings: What was wrong with them.
        unknown_commands: TeX commands that are unknown, each once.
    """

    lines: dict[str, RichText] = {}
    title_tex: str = ""
    abstract: RichText | None = None
    body: RichText | None = None
    written: str = ""
    targets: tuple[tuple[str, str], ...] = ()
    formulas: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknown_commands: tuple[str, ...] = ()


Texts = Mapping[str, ConvertedText]
"""Converted texts by the path of the record."""


def collect_texts(records: Records) -> tuple[TextJob, ...]:
    """Return the texts of all records, in the order of the records.

    Args:
        records: Everything that was read.
    """
    titles = index_titles(records.papers)
    every: tuple[Paper | Topic | DigestNote | Page, ...] = (
        *records.papers,
        *records.topics,
        *records.digests,
        *records.pages,
    )
    return tuple(
        make_job(record, choose_links(find_names(record.body.text), titles)) for record in every
    )


def make_job(record: Paper | Topic | DigestNote | Page, links: Links) -> TextJob:
    """Return the texts of one record.

    Args:
        record: The record.
        links: The records that its body links to.
    """
    if not isinstance(record, Paper):
        return TextJob(record.source, body=record.body, links=links)
    lines = (("title", record.title), *((("tldr", record.tldr),) if record.tldr else ()))
    return TextJob(record.source, lines, record.abstract, record.body, 3, links)


def index_titles(papers: Iterable[Paper]) -> dict[str, RecordLink]:
    """Map every id, and every alias that is an id, to the paper it names."""
    titles: dict[str, RecordLink] = {}
    for paper in papers:
        link = RecordLink(paper_url(paper.id), paper.title)
        titles |= {alias: link for alias in paper.aliases if "/" not in alias}
        titles[paper.id] = link
    return titles


def find_names(body: str) -> tuple[str, ...]:
    """Return what a body names between double brackets, each once."""
    if "[[" not in body:
        return ()
    return tuple(dict.fromkeys(match[1].strip() for match in _RECORD_LINK.finditer(body)))


def choose_links(names: tuple[str, ...], titles: Mapping[str, RecordLink]) -> Links:
    """Return the records that names stand for, leaving out those that stand for none."""
    return tuple((name, titles[name]) for name in names if name in titles)


def shorten_text(text: ConvertedText) -> ConvertedText:
    """Return a converted text without its long parts, as everyone may see it."""
    return msgspec.structs.replace(text, abstract=None, body=None, written="", formulas=())
