"""Pictures that a later build need not draw again, under `.broadsheet/cache/social/`.

Responsible for one file an address, which holds the newest picture with the hash of what it was
drawn from, and for deleting those of addresses that are gone. Not responsible for drawing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.plan_types import PagePlan
from broadsheet.planning.social_images import SOCIAL_IMAGE
from broadsheet.workers.drawing import drawing_key

IMAGES_FOLDER = "social"


def find_image(cache: Path, page: PagePlan) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """Return a picture that was drawn before; None for one that was not, and for all else.

    Args:
        cache: Folder of the cache.
        page: Any output.

    Returns:
        The picture, and a `cache-damaged` warning for a file that cannot be what was written.
    """
    if page.template != SOCIAL_IMAGE:
        return None, ()
    return read_cached(_path_of(cache, page.path), _key_of(page), bytes)


def keep_image(cache: Path, page: PagePlan, content: bytes) -> None:
    """Keep a picture that was drawn; all other outputs are passed over.

    Args:
        cache: Folder of the cache.
        page: The output.
        content: Its bytes.

    Raises:
        OSError: The disk refused.
    """
    if page.template == SOCIAL_IMAGE:
        write_cached(_path_of(cache, page.path), _key_of(page), content)


def drop_images(cache: Path, paths: Iterable[str]) -> None:
    """Delete the pictures that no address has any more.

    Args:
        cache: Folder of the cache.
        paths: All pictures of the site.

    Raises:
        OSError: The disk refused.
    """
    folder = cache / IMAGES_FOLDER
    if not folder.is_dir():
        return
    names = {_name_of(path) for path in paths}
    for file in folder.iterdir():
        if file.name not in names:
            file.unlink()


def _key_of(page: PagePlan) -> str:
    return hash_value((drawing_key(), page.view))


def _path_of(cache: Path, path: str) -> Path:
    return cache / IMAGES_FOLDER / _name_of(path)


def _name_of(path: str) -> str:
    return hash_value(path)[:32]
