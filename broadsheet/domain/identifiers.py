"""Ids, slugs and the identifiers that papers carry elsewhere.

Responsible for what is allowed, for normal forms, and for the addresses that identifiers resolve
to. Not responsible for uniqueness (`domain.library`) or for addresses on this site
(`planning.addresses`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import quote, unquote

ID_PATTERN = "[a-z0-9][a-z0-9._-]{0,79}"

# Names that some operating system keeps for devices, whatever the extension, and names that the
# site's own addresses use below /papers/, /topics/ and the root.
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{n}{i}" for n in ("com", "lpt") for i in range(10)}
_OWN_NAMES = {"index", "page"}
TOP_LEVEL_NAMES = frozenset(
    [
        "papers",
        "topics",
        "authors",
        "venues",
        "digests",
        "trending",
        "search",
        "reading-list",
        "api",
        "assets",
        "pagefind",
        "page",
        "index",
        "feed",
        "static",
        "404",
    ]
)

_ID = re.compile(ID_PATTERN)
_ARXIV_NEW = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}")
_ARXIV_OLD = re.compile(
    r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]{2})?[/-][0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3}"
)
_ARXIV_PREFIX = re.compile(r"^(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:)", re.IGNORECASE)
# With `<` and `>`, which old DOIs made of SICIs hold: 10.1002/(SICI)1097-4571(1998)49:11<1002::…
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\"{}|\\^`]+")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ORCID_PREFIX = re.compile(r"^https?://orcid\.org/", re.IGNORECASE)
_SIMPLE = {
    "openreview": re.compile(r"[A-Za-z0-9_-]{4,40}"),
    "acl": re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{4,80}"),
    "pmid": re.compile(r"[1-9][0-9]{0,8}"),
}
_TAG_AUTHORITY = re.compile(
    r"(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
    r",[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_RIGHT_TO_LEFT = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "nqo", "ps", "sd", "ug", "ur", "yi"]
)

# Nearly all identifiers, which need no look at each of their characters.
_UNQUOTED = re.compile(r"[A-Za-z0-9_.~/:-]*")
_RESOLVERS = {
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "openreview": "https://openreview.net/forum?id=",
    "acl": "https://aclanthology.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "orcid": "https://orcid.org/",
}


def resolver_url(kind: str, identifier: str) -> str:
    """Return the address that an identifier resolves to.

    Args:
        kind: `arxiv`, `doi`, `openreview`, `acl`, `pmid` or `orcid`.
        identifier: In its normal form; what an address cannot hold is percent-encoded (the DOI
            Handbook, section 2.5.2.4).
    """
    if _UNQUOTED.fullmatch(identifier):
        return _RESOLVERS[kind] + identifier
    return _RESOLVERS[kind] + quote(identifier, safe="/:;()@!$*,=~")


def is_id(text: str) -> bool:
    """Tell whether text may be a record's id: `[a-z0-9][a-z0-9._-]{0,79}`, no trailing dot."""
    return _ID.fullmatch(text) is not None and not text.endswith(".")


def is_reserved(text: str) -> bool:
    """Tell whether an id is a device name of some system, or a word of our own addresses."""
    return is_device(text) or text in _OWN_NAMES


def is_device(text: str) -> bool:
    """Tell whether some operating system keeps a file's name for a device, whatever its end."""
    return text.casefold().split(".", maxsplit=1)[0] in _DEVICES


def normalise_name(text: str) -> str:
    """Return the form under which two names count as the same: NFC, case folded."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def slugify(text: str, taken: frozenset[str] | set[str] = frozenset()) -> str:
    """Return a slug for a name, unique against the names taken.

    Letters lose their accents where Unicode can take them off; a name that leaves nothing
    (`王芳`), or whose slug is taken or reserved, gets a suffix from the name itself, so that the
    slug does not depend on which other names exist before it is taken.

    Args:
        text: The name.
        taken: Slugs that other names already have.
    """
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o"))
    ascii_text = decomposed.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:60].strip("-")
    lost = sum(char.isalpha() for char in text) > 2 * sum(char.isalpha() for char in slug)
    if slug and not lost and slug not in taken and not is_reserved(slug):
        return slug
    digest = hashlib.sha256(normalise_name(text).encode()).hexdigest()
    return next(
        candidate
        for length in range(6, 64)
        if (candidate := f"{slug}-{digest[:length]}".strip("-")) not in taken
    )


def parse_arxiv(text: str) -> str | None:
    """Return an arXiv id without its version (`2403.02884`, `cs/0101001`), or None.

    Source: arXiv's documentation of identifiers (new form since April 2007).
    """
    bare = re.sub(r"(?:\.pdf)?$", "", _ARXIV_PREFIX.sub("", text.strip()))
    bare = re.sub(r"v[0-9]+$", "", bare)
    if _ARXIV_NEW.fullmatch(bare):
        return bare
    if _ARXIV_OLD.fullmatch(bare):
        head, _, number = bare.replace("/", "-").rpartition("-")
        return f"{head}/{number}"
    return None


def is_arxiv_version(text: str) -> bool:
    """Tell whether text names one version of an arXiv paper: `2403.02884v1`."""
    bare, mark, number = text.rpartition("v")
    return bool(mark) and number.isdecimal() and parse_arxiv(bare) is not None


def parse_doi(text: str) -> str | None:
    """Return a DOI in its normal, lower-case form (`10.1000/xyz`), or None.

    Source: the DOI Handbook, section 2.4 (DOI names are case-insensitive).
    """
    written = text.strip()
    bare = _DOI_PREFIX.sub("", written)
    if written[:4].lower() == "http":
        bare = unquote(bare)
    return bare.lower() if _DOI.fullmatch(bare) else None


def parse_orcid(text: str) -> str | None:
    """Return an ORCID iD as `0000-0002-1825-0097`, or None when its check digit is wrong.

    Source: ORCID's documentation of the structure of the identifier (ISO 7064 MOD 11-2).
    """
    bare = _ORCID_PREFIX.sub("", text.strip()).upper()
    if not re.fullmatch(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", bare):
        return None
    total = 0
    for digit in bare.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return bare if bare[-1] == ("X" if check == 10 else str(check)) else None


def parse_tag_authority(text: str) -> str | None:
    """Return what a `tag:` address begins with, `example.org,2025`, or None.

    Source: RFC 4151, section 2.1: a host's name or a mail address, and a date on which it was
    the minter's, as a year, a month or a day.
    """
    return text.lower() if _TAG_AUTHORITY.fullmatch(text) else None


def parse_other_identifier(kind: str, text: str) -> str | None:
    """Return an OpenReview, ACL Anthology or PubMed id as given, or None when it cannot be one."""
    return text if _SIMPLE[kind].fullmatch(text) else None


def parse_language(text: str) -> str | None:
    """Return a BCP 47 language tag (RFC 5646, well-formedness only), or None."""
    return text if _LANGUAGE.fullmatch(text) else None


def direction_of(language: str) -> str:
    """Return `rtl` or `ltr` for a language tag."""
    parts = language.lower().split("-")
    if any(part in {"arab", "hebr", "thaa", "syrc", "nkoo"} for part in parts[1:]):
        return "rtl"
    return "rtl" if parts[0] in _RIGHT_TO_LEFT and "latn" not in parts else "ltr"
