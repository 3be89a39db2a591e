"""Converted texts that may lie in the cache: read when a page shows them.

Responsible for finding a text, or making it again where the cache has lost it. Not responsible for
the keys (`reading`) or for cached files (`effects.caching`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from broadsheet.effects.caching import ShardedCache
from broadsheet.planning.texts import ConvertedText


class StoredTexts(Mapping[str, ConvertedText]):
    """Converted texts by the path of the record: made by this build, or by an earlier one."""

    def __init__(
        self,
        keys: Mapping[str, str],
        fresh: Mapping[str, ConvertedText],
        cache: ShardedCache[ConvertedText],
        remake: Callable[[str], ConvertedText],
    ) -> None:
        """Read nothing yet.

        Args:
            keys: Name of each text in the cache, by the path of the record.
            fresh: Texts that this build made, by the path of the record.
            cache: The cache.
            remake: Makes the text of a path again.
        """
        self._keys = keys
        self._fresh = dict(fresh)
        self._known: dict[str, ConvertedText] = {}
        self._cache = cache
        self._remake = remake

    def __getitem__(self, source: str) -> ConvertedText:
        """Return the text of a record."""
        text = self._fresh.get(source) or self._known.get(source)
        if text is None:
            text = self._cache.get(self._keys[source])
            if text is None:
                text = self._fresh[source] = self._remake(source)
            else:
                self._known[source] = text
        return text

    def __iter__(self) -> Iterator[str]:
        """Iterate over the paths of the records."""
        return iter(self._keys)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._keys)

    def remember(self) -> None:
        """Know what was made for as long as the cache is open, without writing it."""
        self._cache.remember({self._keys[source]: text for source, text in self._fresh.items()})

    def keep(self) -> None:
        """Write what the cache does not hold.

        Raises:
            OSError: The disk refused.
        """
        fresh = {self._keys[source]: text for source, text in self._fresh.items()}
        self._cache.keep(fresh, also=self._keys.values())
