"""Pages for Pagefind to read in the place of the site's own.

Responsible for what of a record is indexed as text, metadata, filters and sort key. Not responsible
for running Pagefind (`effects.searching`).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from broadsheet.planning.search_records import SearchRecord


def bare_page(record: SearchRecord, language: str) -> str:
    """Return the page that Pagefind reads in the place of a record's own.

    Source: Pagefind's documentation of `data-pagefind-meta`, `-filter`, `-sort` and `-body`.
    """
    named = sorted(record.metadata.items())
    values = [(name, one) for name, some in sorted(record.filters.items()) for one in some]
    lines = [
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">',
        "<body data-pagefind-body>",
        f'<h1 data-pagefind-meta="title">{escape(record.title)}</h1>',
        _hidden("meta", named),
        _hidden("filter", values),
        _hidden("sort", [("date", record.date)] if record.date else []),
    ]
    lines += [f"<p>{escape(part)}</p>" for part in record.text.split("\n") if part]
    return "\n".join((*lines, "</body></html>\n"))


def _hidden(kind: str, named: Sequence[tuple[str, str]]) -> str:
    """Return values for Pagefind in one tag; reading a tag for each takes a tenth longer."""
    if not named:
        return ""
    names = ",".join(f"{name}[data-{place}]" for place, (name, _) in enumerate(named))
    values = " ".join(f'data-{place}="{escape(one)}"' for place, (_, one) in enumerate(named))
    return f'<i hidden data-pagefind-{kind}="{names}" {values}></i>'
