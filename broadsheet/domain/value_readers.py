"""How the text of a field becomes a value of the domain: addresses, dates, identifiers.

Responsible for one reader for each kind of value, with the message and hint for text it refuses.
Not responsible for text, lists and mappings (`readers`) or for which fields exist (`schemas`). A
reader returns None after reporting an error.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from broadsheet.domain import identifiers
from broadsheet.domain.categories import (
    ARCHIVES,
    FORMER_ARCHIVES,
    archive_of,
    parse_category,
)
from broadsheet.domain.dates import FIRST_YEAR, LAST_YEAR, parse_day, parse_partial_date
from broadsheet.domain.links import SCHEMES, folder_url, safe_url, scheme_of, site_path
from broadsheet.domain.readers import as_text, converted
from broadsheet.foundations.codes import Code
from broadsheet.foundations.schema import Reader, Reading, ask_for, brief, nearest

_KNOWN_ARCHIVES = ARCHIVES | FORMER_ARCHIVES


def _read_url(node: yaml.Node, name: str, reading: Reading) -> str | None:
    text = as_text(node, name, reading)
    if text is None:
        return None
    if (url := safe_url(text)) is not None:
        return url
    scheme = scheme_of(text)
    if scheme and scheme.lower() not in SCHEMES:
        message = f"'{name}' uses the scheme '{scheme}:', which is not linked"
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


def _read_folder_url(node: yaml.Node, name: str, reading: Reading) -> str | None:
    url = _read_web_url(node, name, reading)
    folder = folder_url(url) if url is not None else None
    if url is not None and folder is None:
        message = f"'{name}' has a query or fragment, and paths are appended to it"
        hint = f"write the address alone: {url.split('#')[0].split('?')[0]}"
        reading.refuse(Code.INVALID_URL, node, message, hint)
    return folder


def _read_destination(node: yaml.Node, name: str, reading: Reading) -> str | None:
    text = as_text(node, name, reading)
    if text is None:
        return None
    if scheme_of(text):
        return _read_url(node, name, reading)
    if (path := site_path(text)) is not None:
        return path
    hint = "write a path such as topics/ or about/, or a complete address: https://example.org/page"
    message = f"'{name}' is neither a path within the site nor a complete address"
    reading.refuse(Code.INVALID_URL, node, message, hint)
    return None


def _zone(text: str) -> str | None:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return text


def _read_category(node: yaml.Node, name: str, reading: Reading) -> str | None:
    category: str | None = _CATEGORY_SHAPE.read(node, name, reading)
    archive = archive_of(category) if category else ""
    if category and archive not in _KNOWN_ARCHIVES:
        message = f"arXiv has no archive '{brief(archive)}'"
        hint = ask_for(nearest(archive, sorted(ARCHIVES)))
        hint = hint or "write it as arXiv does: cs.CL; words of your own go into 'keywords'"
        reading.warn(Code.UNKNOWN_CATEGORY, node, message, hint)
    return category


def _slug(text: str) -> str | None:
    return text if identifiers.is_id(text) else None


URL = Reader("complete https, http or mailto address", _read_url)
WEB_URL = Reader("complete https or http address", _read_web_url)
FOLDER_URL = Reader("complete https or http address without query or fragment", _read_folder_url)
DESTINATION = Reader(
    "path within the site, or complete https, http or mailto address", _read_destination
)

_YEARS = f"with a year from {FIRST_YEAR} to {LAST_YEAR}"
PARTIAL_DATE = converted(
    "date (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`)",
    parse_partial_date,
    Code.INVALID_DATE,
    "'{text}' is not a date that '{name}' can be",
    f"write YYYY, YYYY-MM or YYYY-MM-DD, {_YEARS}",
)
DAY = converted(
    "day (`YYYY-MM-DD`)",
    parse_day,
    Code.INVALID_DATE,
    "'{text}' is not a day that '{name}' can be",
    f"write YYYY-MM-DD, {_YEARS}",
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
TAG_AUTHORITY = converted(
    "host or mail address, a comma and a year",
    identifiers.parse_tag_authority,
    Code.INVALID_IDENTIFIER,
    "'{text}' cannot begin a tag: address",
    "write a name that was yours and when: example.org,2025",
)
_CATEGORY_SHAPE = converted(
    "arXiv category",
    parse_category,
    Code.INVALID_IDENTIFIER,
    "'{text}' is not an arXiv category",
    "write it as arXiv does: cs.CL",
)
CATEGORY = Reader(_CATEGORY_SHAPE.words, _read_category)


def other_identifier(kind: str, words: str, example: str) -> Reader:
    """Return a reader for an OpenReview, ACL Anthology or PubMed id."""
    return converted(
        words,
        lambda text: identifiers.parse_other_identifier(kind, text),
        Code.INVALID_IDENTIFIER,
        f"'{{text}}' is not {'an' if words[0] in 'AEIO' else 'a'} {words}",
        f"write the id alone: {example}",
    )
