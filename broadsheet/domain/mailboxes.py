"""Email addresses that can be written into a header and handed to a mail server.

Responsible for one spelling of each address, and for refusing what could add a header, a command or
a second recipient. Not responsible for whether anybody reads what is sent there.
"""

from __future__ import annotations

import re
import unicodedata

MAX_LOCAL = 64  # bytes in UTF-8 (RFC 6531)
MAX_ADDRESS = 254

# RFC 5322's dot-atom, with the letters of every script (RFC 6532). Quoted names before the `@` are
# legal and nobody has one; refusing them leaves no quoting to get wrong.
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\].\x00-\x1f\x7f-\x9f]+(?:\.[^\s@\"(),:;<>\[\\\].]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Categories of Unicode that no address holds: controls, marks that turn the direction of text,
# halves of characters, and every kind of space.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})


def parse_mailbox(text: str) -> str | None:
    """Return an email address as it goes to a mail server, or None.

    Args:
        text: The address alone, without a name and without angle brackets.

    Returns:
        The address with its domain in lower case and in IDNA; None for anything that is not one
        address.
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip(" \t")).rpartition("@")
    if not at or len(local.encode(errors="replace")) > MAX_LOCAL or not _LOCAL.fullmatch(local):
        return None
    if any(unicodedata.category(char) in _HIDDEN for char in local):
        return None
    host = _ascii_domain(domain)
    if host is None or len(local) + len(host) + 1 > MAX_ADDRESS:
        return None
    return f"{local}@{host}"


def same_mailbox(address: str) -> str:
    """Return what two spellings of one mailbox share, so that nobody is written to twice.

    Args:
        address: From `parse_mailbox`. Servers may tell `A@…` from `a@…`; none in use does.
    """
    return unicodedata.normalize("NFKC", address).casefold()


def _ascii_domain(domain: str) -> str | None:
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = host.split(".")
    is_name = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    return host if (is_name and not labels[-1].isdigit()) or host == "localhost" else None
