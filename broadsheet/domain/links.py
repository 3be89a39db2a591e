"""The one function that every address from a record passes before it is linked.

Responsible for refusing what a browser could run or mistake. Not responsible for whether anybody
answers at the address (`check --online`).
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

SCHEMES = ("https", "http", "mailto")

# Browsers drop tabs and newlines inside an address and skip leading controls (WHATWG URL, 4.4).
_FORBIDDEN = re.compile(
    '[\x00-\x20\x7f-\xa0\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\\\\<>"`]'
)
_HOST = re.compile(r"[a-z0-9._-]+")
_IP6_HOST = re.compile(r"[0-9a-f:.]+")
_KEPT = "!#$%&'()*+,/:;=?@[]~-._"


def safe_url(text: str) -> str | None:
    """Return a complete address that is safe to link, or None.

    Args:
        text: An address as written in a record.

    Returns:
        The address with characters outside ASCII percent-encoded (the host in IDNA), or None for
        every scheme but http, https and mailto, for addresses without a host, with a password or
        user, and for ones that hold white space, controls, quotes or backslashes.
    """
    candidate = text.strip()
    if _FORBIDDEN.search(candidate):
        return None
    try:
        parts = urlsplit(candidate)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme == "mailto":
        return _safe_mail(candidate)
    if scheme not in SCHEMES or not parts.netloc or "@" in parts.netloc:
        return None
    host = _ascii_host(parts.hostname or "")
    if host is None:
        return None
    netloc = host if port is None else f"{host}:{port}"
    path, query, fragment = (
        quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((scheme, netloc, path, query, fragment))


def _safe_mail(candidate: str) -> str | None:
    address = candidate.split(":", 1)[1]
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9.-]+", address.split("?")[0]):
        return None
    return "mailto:" + quote(address, safe="@?=&%+._-!#$'*/^{|}~")


def _ascii_host(host: str) -> str | None:
    if ":" in host:
        return f"[{host}]" if _IP6_HOST.fullmatch(host) else None
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return ascii_host if _HOST.fullmatch(ascii_host) else None
