"""How the text of a field becomes a value of the domain: addresses, dates, identifiers.

Responsible for one reader for each kind of value, with the message and hint for text it refuses.
Not responsible for text, lists and mappings (`readers`) or for which fields exist (`schemas`). A
reader returns None after reporting an error.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from broadsheet.domain import identifiers
from broadsheet.domain.dates import parse_day, parse_partial_date
from broadsheet.domain.links import safe_url
from broadsheet.domain.readers import as_text, converted
from broadsheet.foundations.codes import Code
from broadsheet.foundations.schema import Reader, Reading


def _read_url(node: yaml.Node, name: str, reading: Reading) -> str | None:
    text = as_text(node, name, reading)
    if text is None:
        return None
    if (url := safe_url(text)) is not None:
        return url
    scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*)\s*:", text)
    if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
        message = f"'{name}' uses the scheme '{scheme[1]}:', which is not linked"
        reading.refuse(Code.UNSAFE_URL, node, message, "use https, http or mailto")
    else:
        hint = "write a complete address: https://example.org/page"
        reading.refuse(Code.INVALID_URL, node, f"'{name}' is not a complete address", hint)
    return None


def _read_web_url(node: yaml.Node, name: str, reading: Reading) -> str | None:
    url = _read_url(node, name, reading)
    if url is None or not url.startswith("mailto:"):
        return url
    hint = "write an address that begins with https://"
    reading.refuse(Code.INVALID_URL, node, f"'{name}' is not the address of a page", hint)
    return None


def _zone(text: str) -> str | None:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return text


def _slug(text: str) -> str | None:
    return text if identifiers.is_id(text) else None


URL = Reader("complete https, http or mailto address", _read_url)
WEB_URL = Reader("complete https or http address", _read_web_url)

PARTIAL_DATE = converted(
    "date (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`)",
    parse_partial_date,
    Code.INVALID_DATE,
    "'{text}' is not a date that '{name}' can be",
    "write YYYY, YYYY-MM or YYYY-MM-DD",
)
DAY = converted(
    "day (`YYYY-MM-DD`)",
    parse_day,
    Code.INVALID_DATE,
    "'{text}' is not a day that '{name}' can be",
    "write YYYY-MM-DD",
)
SLUG = converted(
    "slug",
    _slug,
    Code.INVALID_SLUG,
    "'{text}' is not a slug",
    "use a-z, 0-9, '.', '_' and '-', beginning with a letter or digit, at most 80 characters",
)
LANGUAGE = converted(
    "BCP 47 language tag",
    identifiers.parse_language,
    Code.INVALID_LANGUAGE,
    "'{text}' is not a language tag",
    "write a tag such as en, pt-BR or zh-Hans",
)
TIME_ZONE = converted(
    "IANA time zone",
    _zone,
    Code.INVALID_TIME_ZONE,
    "'{text}' is not a time zone",
    "write a name such as UTC or Europe/Berlin",
)
ARXIV = converted(
    "arXiv id",
    identifiers.parse_arxiv,
    Code.INVALID_IDENTIFIER,
    "'{text}' is not an arXiv id",
    'write "2403.02884" in quotes, or "cs/0101001"',
)
DOI = converted(
    "DOI",
    identifiers.parse_doi,
    Code.INVALID_IDENTIFIER,
    "'{text}' is not a DOI",
    "write it without the resolver: 10.1000/xyz123",
)
ORCID = converted(
    "ORCID iD",
    identifiers.parse_orcid,
    Code.INVALID_IDENTIFIER,
    "'{text}' is not an ORCID iD, or its last digit is wrong",
    "write sixteen digits in fours: 0000-0002-1825-0097",
)
CATEGORY = converted(
    "arXiv category",
    lambda text: (
        text if re.fullmatch(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?", text) else None
    ),
    Code.INVALID_IDENTIFIER,
    "'{text}' is not an arXiv category",
    "write it as arXiv does: cs.CL",
)


def other_identifier(kind: str, words: str, example: str) -> Reader:
    """Return a reader for an OpenReview, ACL Anthology or PubMed id."""
    return converted(
        words,
        lambda text: identifiers.parse_other_identifier(kind, text),
        Code.INVALID_IDENTIFIER,
        f"'{{text}}' is not {'an' if words[0] in 'AEIO' else 'a'} {words}",
        f"write the id alone: {example}",
    )
