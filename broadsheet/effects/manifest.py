"""The list of what a build wrote: how an output folder is recognised as ours.

Responsible for the file `.broadsheet.json` at the output's root. Not responsible for writing the
other files (`staging`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

MANIFEST_NAME = ".broadsheet.json"
# The folder of the search index, whose files the manifest does not list.
SEARCH_FOLDER = "pagefind"
FORMAT = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a build wrote.

    Attributes:
        format: Version of this file's shape.
        version: Version of Broadsheet that wrote it.
        files: SHA-256 of each file by its path, `pagefind/` apart.
        keys: Key of each rendered page by its path.
        search: Hash over the input of the search index; empty when there is none. It stands for
            the files below `pagefind/`, whose bytes differ from run to run.
        base_url: Complete address of the root that the site was built for, or empty.
        papers: Papers in the site.
        pages: Pages that readers see.
    """

    format: int = FORMAT
    version: str = ""
    files: dict[str, str] = {}
    keys: dict[str, str] = {}
    search: str = ""
    base_url: str = ""
    papers: int = 0
    pages: int = 0

    def folders(self) -> frozenset[str]:
        """Return the folders at the root that hold files of the list."""
        return frozenset(path.partition("/")[0] for path in self.files if "/" in path)


def read_manifest(output: Path) -> Manifest | None:
    """Return the manifest of an output folder, or None when there is none that can be read."""
    try:
        return decode_manifest((output / MANIFEST_NAME).read_bytes())
    except OSError:
        return None


def decode_manifest(content: bytes) -> Manifest | None:
    """Return the manifest that some bytes are, or None."""
    try:
        return msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError:
        return None


def encode_manifest(manifest: Manifest) -> bytes:
    """Return the manifest's bytes, the same for the same manifest."""
    # What was made last stands at the end, an order for which msgspec's own sorting takes 60 ms.
    files, keys = dict(sorted(manifest.files.items())), dict(sorted(manifest.keys.items()))
    ordered = msgspec.structs.replace(manifest, files=files, keys=keys)
    encoded = msgspec.json.encode(ordered, order="sorted")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def list_folders(paths: Iterable[str]) -> set[str]:
    """Return every folder on the way to some files, relative to their root, without the root."""
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders
