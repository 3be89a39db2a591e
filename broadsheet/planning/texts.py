"""Text that has been converted: what the views are filled with.

Responsible for the types that pass between the conversion and the plan. Not responsible for the
conversion (`workers.markup`).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from broadsheet.domain.records import Body, DigestNote, Page, Records, Topic
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.views import RichText

# Stands in converted HTML for the way to the site's root, which differs from page to page; a
# private-use character that `workers.markup` takes out of every input.
ROOT_MARK = "\ue000"


class TextJob(msgspec.Struct, frozen=True):
    """The texts of one record.

    Attributes:
        source: Path of the record's file.
        lines: TeX-flavoured text of one line, by field.
        abstract: TeX-flavoured text in paragraphs, or empty.
        body: Markdown.
    """

    source: str
    lines: tuple[tuple[str, str], ...] = ()
    abstract: str = ""
    body: Body = Body()


class ConvertedText(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of one record, converted.

    Attributes:
        lines: By field.
        abstract: None when there is none.
        body: None when there is none.
        targets: Addresses within the site that the body links to, without a leading slash.
        findings: What was wrong with them.
    """

    lines: dict[str, RichText] = {}
    abstract: RichText | None = None
    body: RichText | None = None
    targets: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


Texts = Mapping[str, ConvertedText]
"""Converted texts by the path of the record."""


def collect_texts(records: Records) -> tuple[TextJob, ...]:
    """Return the texts of all records, in the order of the records."""
    papers = tuple(
        TextJob(
            paper.source,
            (("title", paper.title),) + ((("tldr", paper.tldr),) if paper.tldr else ()),
            paper.abstract,
            paper.body,
        )
        for paper in records.papers
    )
    others: tuple[Topic | DigestNote | Page, ...] = (
        *records.topics,
        *records.digests,
        *records.pages,
    )
    return papers + tuple(TextJob(record.source, body=record.body) for record in others)
