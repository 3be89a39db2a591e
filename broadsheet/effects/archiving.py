"""A built site as one file, whose pages can be opened without a server.

Responsible for links that end in `index.html` and for an archive of the same bytes each time. Not
responsible for building. Search and the reading list need a server: browsers give scripts nothing
from files.
"""

from __future__ import annotations

import os
import posixpath
import tempfile
import zipfile
from pathlib import Path

from broadsheet.effects.site_links import list_files
from broadsheet.planning.addresses import NOT_FOUND, output_path
from broadsheet.workers.html_links import PageLinks, rewrite_addresses

_FOR_SERVERS = frozenset({NOT_FOUND, "_headers", "_redirects", "robots.txt"})
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644


def write_archive(output: Path, target: Path) -> int:
    """Write a built site as a ZIP file, in one folder that is called as the file is.

    Args:
        output: The output folder.
        target: The file; an archive that is there is replaced, in one step.

    Returns:
        How many files it holds.

    Raises:
        FileExistsError: Something else stands there.
        OSError: The disk refused.
    """
    if target.exists() and not zipfile.is_zipfile(target):
        raise FileExistsError(f"'{target}' is no ZIP file and is not written over")
    paths = [path for path in list_files(output) if not _is_for_servers(path)]
    known = frozenset(paths)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=".broadsheet-new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w") as packed:
            for path in paths:
                entry = zipfile.ZipInfo(f"{target.stem}/{path}", _NO_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = _MODE << 16
                entry.create_system = 3  # Unix, wherever it is written
                packed.writestr(entry, _content(output, path, known))
        Path(scratch).chmod(_MODE)
        Path(scratch).replace(target)
    finally:
        Path(scratch).unlink(missing_ok=True)
    return len(paths)


def _is_for_servers(path: str) -> bool:
    return path.startswith(".") or path in _FOR_SERVERS


def _content(output: Path, path: str, known: frozenset[str]) -> bytes:
    content = (output / path).read_bytes()
    if not path.endswith(".html"):
        return content
    text = content.decode("utf-8")
    changed = {}
    for address in PageLinks(text).addresses:
        new = _name_page(path, address, known)
        if new != address:
            changed[address] = new
    return rewrite_addresses(text, changed).encode()


def _name_page(path: str, address: str, known: frozenset[str]) -> str:
    """Return an address with the page's file where it names a folder of the site."""
    end = min(position for sign in "?#" if (position := (address + "?#").find(sign)) >= 0)
    target, rest = address[:end], address[end:]
    if not target.endswith("/") or target.startswith("/") or ":" in target.partition("/")[0]:
        return address
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    file = output_path("" if whole == "." else f"{whole}/")
    return f"{target}index.html{rest}" if file in known else address
