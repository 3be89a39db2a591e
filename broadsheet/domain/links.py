"""The functions that every address from a record passes before it is linked.

Responsible for refusing what a browser could run or mistake. Not responsible for whether anybody
answers at the address (`check --online`).
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit, urlunsplit

SCHEMES = ("https", "http", "mailto")

# Browsers drop tabs and newlines inside an address and skip leading controls (WHATWG URL, 4.4).
_FORBIDDEN = re.compile(
    '[\x00-\x20\x7f-\xa0\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\\\\<>"`]'
)
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)\s*:")
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


def folder_url(text: str) -> str | None:
    """Return the address of a folder, to which paths are appended, or None.

    Args:
        text: An address as written in a setting.

    Returns:
        A complete http or https address that ends in exactly one slash; None for every other
        address, and for one with a query or fragment, which would swallow what is appended.
    """
    url = safe_url(text)
    if url is None or not url.startswith("http") or "?" in url or "#" in url:
        return None
    return url.rstrip("/") + "/"


def site_path(text: str) -> str | None:
    """Return an address within the site as the rest of the program spells it, or None.

    Args:
        text: A path as written: `topics/`, `/about/#team`, `search/?q=x`.

    Returns:
        The path without its leading slash, with characters outside ASCII percent-encoded; None for
        complete addresses, for paths that leave the site, and for ones that hold white space,
        controls, quotes or backslashes.
    """
    candidate = text.strip()
    if _FORBIDDEN.search(candidate) or candidate.startswith("//") or scheme_of(candidate):
        return None
    path = candidate.split("#")[0].split("?")[0]
    segments = unquote(path).strip("/").split("/")
    if path.strip("/") and any(segment in ("", ".", "..") for segment in segments):
        return None
    return quote(candidate.removeprefix("/"), safe=_KEPT)


def is_loopback(url: str) -> bool:
    """Tell whether an address leads to this very machine, so that nothing needs encryption.

    Args:
        url: From `safe_url`, or any address of that form.
    """
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def scheme_of(text: str) -> str:
    """Return what stands before an address's first colon where a scheme may, or nothing."""
    match = _SCHEME.match(text)
    return match[1] if match else ""


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
