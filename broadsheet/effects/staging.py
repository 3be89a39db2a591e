"""The new tree, written beside the old one.

Responsible for putting all files of a build into a folder that nobody reads yet, and for its
manifest. Not responsible for exchanging it for the old tree (`publishing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from broadsheet.effects.manifest import MANIFEST_NAME, Manifest, encode_manifest
from broadsheet.foundations.hashing import hash_bytes


def stage_site(stage: Path, files: Mapping[str, bytes], about: Manifest) -> Manifest:
    """Write all files of a site and their manifest.

    Args:
        stage: An empty folder.
        files: Content of each file by its path, with forward slashes, relative to the folder.
        about: What the manifest says beside the files' hashes.

    Returns:
        The manifest that was written.
    """
    hashes = {path: hash_bytes(content) for path, content in sorted(files.items())}
    manifest = msgspec.structs.replace(about, files=hashes)
    # First of all, so that what a kill leaves can be told from what a host keeps in dotfolders.
    (stage / MANIFEST_NAME).write_bytes(encode_manifest(manifest))
    made: set[Path] = set()
    for path, content in files.items():
        target = stage / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(content)
    return manifest
