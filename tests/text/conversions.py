r"""The cases of `cases`, converted: what the golden files and the sheet show."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from text import cases

from broadsheet.domain.records import Body
from broadsheet.planning.texts import ROOT_MARK, MarkupOptions, RecordLink, TextJob
from broadsheet.workers.bodies import convert_body
from broadsheet.workers.markup import convert_batch
from broadsheet.workers.tex.lines import convert_line
from broadsheet.workers.tex.parsing import TexReport

LONG = 600

_LINKS = (("1", RecordLink("papers/1/", "On $n$-body {\\it systems} & more")),)


class Conversion(NamedTuple):
    """A case and what became of it; TeX is empty for bodies."""

    source: str
    html: str
    plain: str
    tex: str
    notes: tuple[str, ...]


def convert_case(group: str, source: str) -> Conversion:
    """Convert a line as an abstract's paragraph, and as a title for its TeX."""
    macros = cases.SITE_MACROS if group == "macros" else ()
    job = TextJob("a.md", (("title", source), ("tldr", source)))
    (converted,) = convert_batch(MarkupOptions(macros=macros), (job,))
    line, _ = convert_line(macros, source, TexReport(), has_links=True)
    failures = dict.fromkeys(finding.message for finding in converted.findings)
    unknown = (f"unknown: {command}" for command in converted.unknown_commands)
    assert converted.lines["title"].plain == line.plain
    return Conversion(source, line.html, line.plain, converted.title_tex, (*failures, *unknown))


def convert_body_case(source: str) -> Conversion:
    """Convert a body."""
    job = TextJob("content/papers/a.md", body=Body(text=source), links=_LINKS)
    body = convert_body(MarkupOptions(), job)
    notes = tuple(finding.message for finding in body.findings)
    return Conversion(source, body.text.html.replace(ROOT_MARK, "/"), body.text.plain, "", notes)


def write_conversions(conversions: list[Conversion]) -> str:
    """Return conversions as the text of a golden file; long ones by their hash."""
    blocks = []
    for number, case in enumerate(conversions, 1):
        rows = (("TEXT ", case.source), ("HTML ", case.html), ("PLAIN", case.plain))
        lines = [f"{number:03}", *(f"{name} {show(value)}" for name, value in rows)]
        lines += [f"TEX   {show(case.tex)}"] if case.tex else []
        lines += [f"NOTE  {show(note)}" for note in case.notes[:5]]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def show(text: str) -> str:
    """Return text on one line, as Python writes it where it is not plain; long text by its hash."""
    if len(text) > LONG:
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        return f"{text[:60]!r} … {len(text):,} characters, {digest}"
    is_plain = text.isprintable() and text == text.strip()
    return text if is_plain else repr(text)
