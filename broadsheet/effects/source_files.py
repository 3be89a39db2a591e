"""The text files of a digest, read when they are asked for.

Responsible for handing out the bytes that go with a survey, and for noticing a file that changed
since. Not responsible for which files there are (`surveying`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from broadsheet.effects.freed_memory import return_freed_memory
from broadsheet.effects.surveying import Survey
from broadsheet.foundations.hashing import hash_bytes
from broadsheet.foundations.sources import RawFile


class SourceFiles(Mapping[str, RawFile]):
    """The text files of a digest by path, each read when it is first asked for."""

    def __init__(self, root: Path, survey: Survey) -> None:
        """Hold what the survey read already."""
        self._root = root
        self._contents = dict(survey.contents)
        self._digests = dict(survey.digests)

    def __getitem__(self, path: str) -> RawFile:
        """Return a file.

        Raises:
            KeyError: There is none of that path, or it is gone.
        """
        content = self._contents.get(path)
        if content is None:
            if path not in self._digests:
                raise KeyError(path)
            try:
                content = (self._root / path).read_bytes()
            except OSError as error:
                raise KeyError(path) from error
            self._contents[path] = content
            self._digests[path] = hash_bytes(content)
        return RawFile(path, content)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the paths."""
        return iter(self._digests)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._digests)

    def release(self) -> None:
        """Forget what was read, and free it: a file that is asked for again is read again."""
        self._contents.clear()
        return_freed_memory()

    def digest_of(self, path: str) -> str:
        """Return the SHA-256 of what is known of a file: as it was surveyed, or read since."""
        return self._digests[path]
