"""What the readers of accents and commands ask of the parser that met them.

Responsible for that protocol. Not responsible for what fulfils it (`parsing`).
"""

from __future__ import annotations

from typing import Protocol

from broadsheet.workers.tex.segments import Segment


class Cursor(Protocol):
    """What a command may ask of the parser that met it; `parsing.Parser` documents each."""

    text: str
    position: int

    def argument(self) -> tuple[Segment, ...]:
        """Read a command's argument."""

    def source_argument(self) -> str | None:
        """Read a command's argument as its source."""

    def has_argument(self) -> bool:
        """Tell whether a group begins here."""

    def skip(self, ending: str) -> bool:
        """Step over exactly these characters."""

    def skip_options(self) -> None:
        """Step over a command's options."""

    def expand(self, name: str) -> tuple[Segment, ...] | None:
        """Return the words that a command of the site's own stands for, or None."""

    def note_unknown(self, name: str) -> None:
        """Note a command that is not known."""
