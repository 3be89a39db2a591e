"""Converted texts that may lie in the cache: read when a page shows them.

Responsible for finding a text, or making it again where the cache has lost it. Not responsible for
the keys (`reading`) or for cached files (`effects.caching`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from broadsheet.effects.caching import ShardedCache
from broadsheet.planning.texts import ConvertedText

_DECODER = msgspec.msgpack.Decoder(ConvertedText)


class StoredTexts(Mapping[str, ConvertedText]):
    """Converted texts by the path of the record: made by this build, or by an earlier one.

    They are held encoded, and decoded each time: a page asks for one or for few, and all of them
    take half as much memory in this way.
    """

    def __init__(
        self,
        keys: Mapping[str, str],
        fresh: Mapping[str, bytes],
        cache: ShardedCache[ConvertedText],
        remake: Callable[[str], bytes],
    ) -> None:
        """Read nothing yet.

        Args:
            keys: Name of each text in the cache, by the path of the record.
            fresh: Texts that this build made, encoded, by the path of the record.
            cache: The cache.
            remake: Makes the text of a path again, encoded.
        """
        self._keys = keys
        self._fresh = dict(fresh)
        self._cache = cache
        self._remake = remake

    def __getitem__(self, source: str) -> ConvertedText:
        """Return the text of a record."""
        fresh = self._fresh.get(source)
        if fresh is None:
            text = self._cache.get(self._keys[source])
            if text is not None:
                return text
            fresh = self._fresh[source] = self._remake(source)
        return _DECODER.decode(fresh)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the paths of the records."""
        return iter(self._keys)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._keys)

    def release(self) -> None:
        """Forget what this build made, in a process that will not ask for it any more."""
        self._fresh.clear()

    def remember(self) -> None:
        """Know what was made for as long as the cache is open, without writing it."""
        self._cache.remember({self._keys[source]: self[source] for source in self._fresh})

    def keep(self) -> None:
        """Write what the cache does not hold.

        Raises:
            OSError: The disk refused.
        """
        fresh = {self._keys[source]: msgspec.Raw(text) for source, text in self._fresh.items()}
        self._cache.keep(fresh, also=self._keys.values())
