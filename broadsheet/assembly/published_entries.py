"""Entries of the interface's files as they are published, for those papers that did not change.

A file holds up to thousands of papers; one that changed costs no more than the others' bytes.
Responsible for telling which entries hold. Not responsible for what is in them
(`planning.plan_api`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import msgspec

from broadsheet.assembly.changes import Changes
from broadsheet.effects.manifest import Manifest
from broadsheet.planning.edition import Edition


class _Shard(msgspec.Struct, frozen=True):
    """The part of a `PaperShard` that is looked at."""

    papers: tuple[msgspec.Raw, ...]


_SHARD = msgspec.json.Decoder(_Shard | tuple[msgspec.Raw, ...])


def know_entries(edition: Edition, tree: Path, manifest: Manifest, changes: Changes) -> Edition:
    """Return an edition that knows what is published of papers that did not change.

    Args:
        edition: What outputs are filled from; its frame is the last build's, so that the same
            papers stand in the same files in the same order.
        tree: The published tree, which was examined.
        manifest: Its manifest, without the files that are not as they were written.
        changes: What became of records since.
    """
    changed = changes.lines | {
        path.rpartition("/")[2].removesuffix(".md") for path in changes.texts
    }
    find = partial(_find_entries, tree, manifest, changed)
    return msgspec.structs.replace(edition, known_entries=find)


def _find_entries(
    tree: Path, manifest: Manifest, changed: frozenset[str], url: str, ids: tuple[str, ...]
) -> Mapping[str, bytes]:
    if url not in manifest.files:
        return {}
    found = _SHARD.decode((tree / url).read_bytes())
    entries = found.papers if isinstance(found, _Shard) else found
    pairs = zip(ids, entries, strict=True)
    return {paper_id: bytes(entry) for paper_id, entry in pairs if paper_id not in changed}
