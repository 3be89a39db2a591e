"""The ledger of published addresses on disk.

Responsible for adding to it so that no line is ever lost, whoever else writes to it. Not
responsible for its form (`domain.ledger`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from broadsheet.domain.folders import LEDGER_FILE
from broadsheet.domain.ledger import read_ledger, write_ledger
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.sources import RawFile


def record_addresses(root: Path, addresses: Iterable[str]) -> tuple[Diagnostic, ...]:
    """Add addresses to the ledger: the whole new file takes the old one's place in one step.

    The file is read again for that, since somebody may have added to it in the meantime.

    Args:
        root: The digest's root.
        addresses: What is to stand in it, too.

    Returns:
        What is wrong with the ledger, where it has errors; it is as it was then.

    Raises:
        OSError: The disk refused; the ledger is as it was.
    """
    path = (root / LEDGER_FILE).resolve()
    raw = RawFile(LEDGER_FILE, path.read_bytes()) if path.exists() else None
    ledger = read_ledger(raw)
    if ledger.value is None:
        return ledger.diagnostics
    text = write_ledger(ledger.value, addresses).encode()
    if raw is not None and raw.content == text:
        return ()
    handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(scratch).chmod(path.stat().st_mode if raw is not None else 0o644)
        Path(scratch).replace(path)
    finally:
        Path(scratch).unlink(missing_ok=True)
    return ()
