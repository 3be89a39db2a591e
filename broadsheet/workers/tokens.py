"""Tokens: what stands in a body for a formula, an address or a code block until it is safe.

Responsible for handing out tokens and for putting back what they stand for. Not responsible for
what that is (`bodies`).

A token holds a hash over the body, so that no body can hold one of its own tokens; and the
characters that mark tokens are taken out of every input and of every output beside the tokens.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import msgspec

from broadsheet.workers.tex.lines import PRIVATE

# One word, so that no abbreviation of a body can match a part of it.
PATTERN = "\ue001([0-9a-f]{16})x(\\d+)\ue002"

_TOKEN = re.compile(PATTERN)


class Kept(msgspec.Struct, frozen=True):
    """What a token stands for.

    Attributes:
        html: In text.
        plain: In plain text and in attributes, not escaped.
        source: In code: as it was written, not escaped.
        is_address: Whether the token may be the whole of an `href` or `src`.
    """

    html: str
    plain: str
    source: str
    is_address: bool = False


class Tokens:
    """The tokens of one body."""

    def __init__(self, source: str) -> None:
        """Begin without tokens.

        Args:
            source: The body, without private characters.
        """
        seed = source.encode("utf-8", "replace")
        self._nonce = hashlib.blake2b(seed, digest_size=8).hexdigest()
        self._kept: list[Kept] = []

    def keep(self, kept: Kept) -> str:
        """Return the token that stands for something."""
        self._kept.append(kept)
        return f"\ue001{self._nonce}x{len(self._kept) - 1}\ue002"

    def is_address(self, text: str) -> bool:
        """Tell whether text is the token of an address and nothing else."""
        match = _TOKEN.fullmatch(text)
        kept = self._find(match) if match is not None else None
        return kept is not None and kept.is_address

    def to_html(self, text: str) -> str:
        """Put HTML in the place of tokens, and take out every other private character."""
        return self._replace(text, lambda kept: kept.html)

    def to_plain(self, text: str) -> str:
        """Put plain text in the place of tokens, and take out every other private character."""
        return self._replace(text, lambda kept: kept.plain)

    def to_source(self, text: str) -> str:
        """Put what was written in the place of tokens, and take out other private characters."""
        return self._replace(text, lambda kept: kept.source)

    def _find(self, match: re.Match[str]) -> Kept | None:
        index = int(match[2]) if len(match[2]) < 9 else len(self._kept)
        is_own = match[1] == self._nonce and index < len(self._kept)
        return self._kept[index] if is_own else None

    def _replace(self, text: str, variant: Callable[[Kept], str]) -> str:
        if PRIVATE.search(text) is None:
            return text
        parts = []
        end = 0
        for match in _TOKEN.finditer(text):
            parts.append(PRIVATE.sub("", text[end : match.start()]))
            kept = self._find(match)
            parts.append(variant(kept) if kept is not None else "")
            end = match.end()
        parts.append(PRIVATE.sub("", text[end:]))
        return "".join(parts)
