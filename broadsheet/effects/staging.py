"""The new tree, made from the back tree.

Responsible for bringing the back tree up to date at a cost that follows the change: a file whose
bytes are those of the published one is a further name of that very file, so that its time stands; a
changed one is a file of its own, moved in from the fresh tree (`fresh_files`), and never written
through a name that the published tree shares. Not responsible for exchanging the trees
(`publishing`).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import msgspec

from broadsheet.effects.generations import Places, Published, forget_record, read_back
from broadsheet.effects.host_files import (
    TEMPORARY_PREFIX,
    copy_host_files,
    delete_host_copies,
    discard_tree,
)
from broadsheet.effects.linking import link_file
from broadsheet.effects.manifest import (
    MANIFEST_NAME,
    SEARCH_FOLDER,
    Manifest,
    encode_manifest,
    list_folders,
)
from broadsheet.effects.placing_index import place_index, remove_index

# What the system answers where a back tree is not what its manifest says.
_DAMAGED = frozenset(
    {errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY, errno.ELOOP}
)


class NextSite(msgspec.Struct, frozen=True, kw_only=True):
    """What the new tree is to hold.

    Attributes:
        fresh: Hashes of what was made by this build, by path with forward slashes. What is not
            published with the same bytes lies in the fresh tree.
        kept: Paths that stay as they are published.
        about: What the manifest says beside the files' hashes; it has the keys of kept pages too.
        index: Folder of the search index; None where there is none, or the published one stays.
    """

    fresh: Mapping[str, str]
    kept: frozenset[str]
    about: Manifest
    index: Path | None


def compose_manifest(site: NextSite, published: Manifest) -> Manifest:
    """Return the manifest of the new tree.

    Args:
        site: What it is to hold.
        published: The manifest of the published tree, without what was lost of it.

    Raises:
        KeyError: A path is kept that is not published.
    """
    files = {path: published.files[path] for path in site.kept}
    files |= site.fresh
    return msgspec.structs.replace(site.about, files=files)


def stage_site(places: Places, published: Published, site: NextSite, manifest: Manifest) -> None:
    """Bring the back tree up to date; one that turns out damaged is thrown away and made anew.

    Args:
        places: Where the trees lie.
        published: What stands in the output folder.
        site: What the new tree is to hold.
        manifest: The new tree's manifest (`compose_manifest`).

    Raises:
        OSError: The disk refused; the published tree stands as it was.
    """
    held = read_back(places, published)
    forget_record(places)
    written = _differing(manifest, published.manifest)
    if held is not None:
        try:
            _update(places, published.manifest, held, site, manifest, written)
        except OSError as error:
            if error.errno not in _DAMAGED:
                raise
            # What has moved into it already is of this build, and is not made again.
            _take_back(places, written)
        else:
            return
    if places.back.is_dir():
        discard_tree(places.back, places.output)
    _write_manifest(places.fresh, manifest)
    places.fresh.rename(places.back)
    files = {path: manifest.files[path] for path in written}
    there = msgspec.structs.replace(manifest, files=files, search="")
    _update(places, published.manifest, there, site, manifest, frozenset())


def _update(
    places: Places,
    old: Manifest,
    held: Manifest,
    site: NextSite,
    new: Manifest,
    moved: AbstractSet[str],
) -> None:
    """Make a tree that holds one generation hold another; each step leaves what a kill may leave.

    What goes is deleted under the manifest that lists it, what comes is put there under the one
    that lists that, so that it can always be told what is the host's.

    Args:
        places: Where the trees lie.
        old: What is published.
        held: What the back tree holds.
        site: What it is to hold.
        new: The manifest of that.
        moved: Files that come from the fresh tree; all others of the new manifest are held, or are
            those that are published.
    """
    tree = places.back
    linked = _differing(new, held) - moved
    gone = _differing(held, new) | (moved & held.files.keys())
    delete_host_copies(tree, held)
    for path in gone:
        (tree / path).unlink()
    _delete_empty_folders(tree, gone - new.files.keys())
    _write_manifest(tree, new)
    for folder in sorted(list_folders(linked | moved)):
        (tree / folder).mkdir(exist_ok=True)
    for path in linked:
        link_file(places.output / path, tree / path)
    for path in moved:
        (places.fresh / path).rename(tree / path)
    if not new.search:
        remove_index(tree / SEARCH_FOLDER)
    elif not new.search == old.search == held.search:
        place_index(site.index, places.output / SEARCH_FOLDER, tree / SEARCH_FOLDER)
    copy_host_files(places.output, tree, old)


def _take_back(places: Places, moved: AbstractSet[str]) -> None:
    """Move what has come from the fresh tree back to it.

    What is not there any more came into the back tree after all that stood in its way had gone.
    """
    for path in moved:
        if not os.path.lexists(places.fresh / path):
            (places.back / path).rename(places.fresh / path)


def _differing(one: Manifest, other: Manifest) -> set[str]:
    """Return the files of one manifest that the other does not have with the same bytes."""
    known = other.files
    return {path for path, content in one.files.items() if known.get(path) != content}


def _delete_empty_folders(tree: Path, gone: set[str]) -> None:
    """Delete the folders on the way to files that are gone, where nothing else is left in them."""
    for folder in sorted(list_folders(gone), reverse=True):
        try:
            (tree / folder).rmdir()
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise


def _write_manifest(tree: Path, manifest: Manifest) -> None:
    temporary = tree / f"{TEMPORARY_PREFIX}manifest"
    temporary.unlink(missing_ok=True)
    _write_new(temporary, encode_manifest(manifest))
    temporary.replace(tree / MANIFEST_NAME)


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist: never through a name that another tree shares."""
    with path.open("xb") as stream:
        stream.write(content)
