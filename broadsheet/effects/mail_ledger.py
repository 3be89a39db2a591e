"""What became of each message of an edition, on the disk before and after it is handed over.

Responsible for a ledger that a kill at any moment leaves readable, so that nobody gets an edition
twice. It holds no address, only hashes. Not responsible for the hashes or for sending
(`mail_sending`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from io import FileIO
from pathlib import Path

import msgspec

from broadsheet.effects.locking import hold_lock


class State(StrEnum):
    """What is known of a message."""

    INTENT = "intent"  # it may have been handed over: nobody wrote down how that ended
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"  # surely not handed over; a later run tries again


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the ledger.

    Attributes:
        to: Hash of the recipient's address.
        state: What is known from then on.
        reply: What the server said.
    """

    to: str
    state: State
    reply: str = ""


class LedgerError(Exception):
    """A ledger cannot be read or written, so that nothing may be sent."""


class MailLedger:
    """An open ledger of one edition.

    Attributes:
        entries: The last entry of each recipient.
    """

    def __init__(self, entries: dict[str, Entry], handle: FileIO) -> None:
        """Go on with what is known.

        Args:
            entries: The last entry of each recipient.
            handle: The file, open for appending without a buffer.
        """
        self.entries = entries
        self._handle = handle

    def note(self, to: str, state: State, reply: str = "") -> None:
        """Write an entry; when this returns, it is on the disk.

        Args:
            to: Hash of the recipient's address.
            state: What is known from now on.
            reply: What the server said.

        Raises:
            LedgerError: The disk does not take it; the next run finds at most a torn line.
        """
        entry = Entry(to, state, reply)
        line = msgspec.json.encode(entry) + b"\n"
        try:
            written = self._handle.write(line)
            os.fsync(self._handle.fileno())
        except OSError as error:
            raise LedgerError(f"{self._handle.name}: {error.strerror}") from error
        if written != len(line):
            raise LedgerError(f"{self._handle.name}: the disk is full")
        self.entries[to] = entry


@contextmanager
def open_ledger(
    folder: Path, key: str, on_wait: Callable[[], None] = lambda: None
) -> Iterator[MailLedger]:
    """Open the ledger of an edition, alone, for the time of a block.

    Args:
        folder: Where ledgers lie; it is made, with a `.gitignore` for what it holds.
        key: The digest's key.
        on_wait: Called when another run has to finish first.

    Raises:
        LedgerError: The ledger is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    with hold_lock(folder / "lock", on_wait):
        path = ledger_path(folder, key)
        with path.open("ab", buffering=0) as handle:
            entries, sound = read_ledger(path)
            # A kill in the middle of a line leaves a part of it. What that line was to say has
            # not begun, or is unknown; both follow from the lines before.
            handle.truncate(sound)
            # Always, since the run that made them may have been killed before it did this.
            _sync_folder(folder)
            _sync_folder(folder.parent)
            yield MailLedger(dict(entries), handle)


def ledger_path(folder: Path, key: str) -> Path:
    """Return where the ledger of an edition lies."""
    return folder / f"{key}.jsonl"


def read_ledger(path: Path) -> tuple[Mapping[str, Entry], int]:
    """Return the last entry of each recipient, and how many bytes are whole lines.

    Args:
        path: The ledger; it need not exist.

    Raises:
        LedgerError: A whole line is no entry.
    """
    content = path.read_bytes() if path.exists() else b""
    sound = content.rfind(b"\n") + 1
    entries: dict[str, Entry] = {}
    for number, line in enumerate(content[:sound].splitlines(), start=1):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except msgspec.MsgspecError as error:
            message = f"{path}:{number}: the ledger is damaged, so who got the edition is unknown"
            raise LedgerError(message) from error
        entries[entry.to] = entry
    return entries, sound


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder last, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
