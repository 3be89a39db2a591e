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
from broadsheet.workers.rendering import RenderedPage

IMAGES_FOLDER = "social"


class KeptImages:
    """The pictures that earlier builds drew, whatever else about the site has changed."""

    def __init__(self, cache: Path) -> None:
        """Open the folder of pictures in a cache's folder; nothing is read yet."""
        self._folder = cache / IMAGES_FOLDER
        self._keys: dict[str, str] = {}
        self.problems: list[Diagnostic] = []

    def find(self, page: PagePlan) -> bytes | None:
        """Return a picture that was drawn before; None for one that was not, and for all else."""
        if page.template != SOCIAL_IMAGE:
            return None
        key = self._keys[page.path] = hash_value((drawing_key(), page.view))
        content, problems = read_cached(self._folder / _name_of(page.path), key, bytes)
        self.problems += problems
        return content

    def keep(self, drawn: Iterable[RenderedPage], paths: Iterable[str]) -> None:
        """Write what was drawn after it was not found, and delete what no address has any more.

        Args:
            drawn: What was rendered; pages other than pictures are passed over.
            paths: All pictures of the site.

        Raises:
            OSError: The disk refused.
        """
        for page in drawn:
            if key := self._keys.get(page.path):
                write_cached(self._folder / _name_of(page.path), key, page.content)
        if not self._folder.is_dir():
            return
        names = {_name_of(path) for path in paths}
        for file in self._folder.iterdir():
            if file.name not in names:
                file.unlink()


def _name_of(path: str) -> str:
    return hash_value(path)[:32]
