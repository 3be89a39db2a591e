"""Text that has been converted: what the views are filled with.

Responsible for the types that pass between the conversion and the plan. Not responsible for the
conversion (`workers.markup`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from broadsheet.domain.records import Body, DigestNote, Page, Records, Topic
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.addresses import paper_url
from broadsheet.planning.views import RichText

# Stands in converted HTML for the way to the site's root, which differs from page to page; a
# private-use character that `workers.markup` takes out of every input.
ROOT_MARK = "\ue000"

_RECORD_LINK = re.compile(r"\[\[([^\[\]|\n]{1,100})")


class RecordLink(msgspec.Struct, frozen=True):
    """A record that a body links to by its id.

    Attributes:
        url: Address of its page within the site.
        title: Its title, as its authors wrote it.
    """

    url: str
    title: str


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
    links: tuple[tuple[str, RecordLink], ...] = ()


class ConvertedText(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of one record, converted.

    Attributes:
        lines: By field.
        title_tex: The title as TeX that BibTeX can hold; empty for records without one.
        abstract: None when there is none.
        body: None when there is none.
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
    targets: tuple[tuple[str, str], ...] = ()
    formulas: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknown_commands: tuple[str, ...] = ()


Texts = Mapping[str, ConvertedText]
"""Converted texts by the path of the record."""

Lines = Mapping[str, Mapping[str, RichText]]
"""Converted texts of one line, such as titles, by the path of the record and then by field."""


def collect_texts(records: Records) -> tuple[TextJob, ...]:
    """Return the texts of all records, in the order of the records.

    Args:
        records: Everything that was read.
    """
    titles = _index_titles(records)
    papers = tuple(
        TextJob(
            paper.source,
            (("title", paper.title), *((("tldr", paper.tldr),) if paper.tldr else ())),
            paper.abstract,
            paper.body,
            3,
            _find_links(paper.body.text, titles),
        )
        for paper in records.papers
    )
    others: tuple[Topic | DigestNote | Page, ...] = (
        *records.topics,
        *records.digests,
        *records.pages,
    )
    return papers + tuple(
        TextJob(record.source, body=record.body, links=_find_links(record.body.text, titles))
        for record in others
    )


def _index_titles(records: Records) -> dict[str, RecordLink]:
    """Map every id, and every alias that is an id, to the paper it names."""
    titles: dict[str, RecordLink] = {}
    for paper in records.papers:
        link = RecordLink(paper_url(paper.id), paper.title)
        titles |= {alias: link for alias in paper.aliases if "/" not in alias}
        titles[paper.id] = link
    return titles


def _find_links(body: str, titles: Mapping[str, RecordLink]) -> tuple[tuple[str, RecordLink], ...]:
    if "[[" not in body:
        return ()
    named = dict.fromkeys(match[1].strip() for match in _RECORD_LINK.finditer(body))
    return tuple((name, titles[name]) for name in named if name in titles)
