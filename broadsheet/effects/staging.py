"""The new tree, written beside the old one.

Responsible for putting all files of a build into a folder that nobody reads yet, and for its
manifest. Not responsible for exchanging it for the old tree (`publishing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from broadsheet.effects.manifest import MANIFEST_NAME, Manifest, encode_manifest
from broadsheet.foundations.hashing import hash_bytes


def stage_site(
    stage: Path, files: Mapping[str, bytes], keys: Mapping[str, str], search: str, version: str
) -> Manifest:
    """Write all files of a site and their manifest.

    Args:
        stage: An empty folder.
        files: Content of each file by its path, with forward slashes, relative to the folder.
        keys: Key of each rendered page by its path.
        search: Hash over the input of the search index, or empty.
        version: Version of Broadsheet.

    Returns:
        The manifest that was written.
    """
    manifest = Manifest(
        version=version,
        files={path: hash_bytes(content) for path, content in sorted(files.items())},
        keys=dict(sorted(keys.items())),
        search=search,
    )
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
