"""Papers in lists as COinS, which reference managers offer to import all at once.

Responsible for the context object (OpenURL, ANSI/NISO Z39.88). Only for lists: on a paper's own
page a reference manager would prefer it to the page's tags, which say more. Not responsible for
those (`workers.citing.page_metadata`).
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

from broadsheet.domain.identifiers import resolver_url
from broadsheet.domain.records import Paper
from broadsheet.domain.venue_kinds import read_venue

# By the kind of the venue: the format, the genre, the key of the title, the key of the container.
_ARTICLE = ("journal", "article", "atitle", "jtitle")
_FORMATS = {
    "journal": _ARTICLE,
    "conference": ("book", "proceeding", "atitle", "btitle"),
    "chapter": ("book", "bookitem", "atitle", "btitle"),
    "book": ("book", "book", "btitle", "pub"),
    "report": ("book", "report", "btitle", "pub"),
    "thesis": ("dissertation", "dissertation", "title", "inst"),
}
_PREPRINT = ("journal", "preprint", "atitle", "jtitle")
# What a query writes otherwise, sign by sign; a title has little of it. Lines keep values apart.
_ENCODED = re.compile("[^A-Za-z0-9_.~ \n-]")


def write_coins(paper: Paper, title: str) -> str:
    """Return the `title` attribute of a COinS.

    Args:
        paper: The paper.
        title: Its title, plain.
    """
    venue = read_venue(paper.venue) if paper.venue is not None else None
    kind, genre, title_key, container = _FORMATS.get(venue.kind if venue else "", _PREPRINT)
    date = str(paper.date) if paper.date is not None else ""
    values = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kind}"),
        ("rft.genre", genre),
        (f"rft.{title_key}", title),
    ]
    if venue is not None and paper.venue is not None:
        values += [(f"rft.{container}", venue.name), ("rft.volume", venue.volume)]
        values += [("rft.issue", venue.issue), ("rft.pages", paper.venue.pages)]
        date = str(venue.year) if venue.year and not date.startswith(str(venue.year)) else date
    values += [("rft.date", date), *(("rft.au", author.name) for author in paper.authors)]
    values += [("rft_id", f"info:doi/{paper.doi}" if paper.doi else "")]
    values += [("rft_id", resolver_url("arxiv", paper.arxiv) if paper.arxiv else "")]
    given = [(key, value.replace("\n", " ")) for key, value in values if value]
    lines = _encode("\n".join([value for _, value in given])).split("\n")
    return "&".join([f"{key}={line}" for (key, _), line in zip(given, lines, strict=True)])


def _encode(text: str) -> str:
    """Return lines as a form's query holds them (`urllib.parse.quote_plus`)."""
    return _ENCODED.sub(_quote_match, text).replace(" ", "+")


def _quote_match(match: re.Match[str]) -> str:
    return _quote(match[0])


@cache
def _quote(sign: str) -> str:
    return quote(sign, safe="")
