"""What a page may see of records: what its outline says that it shows or lists, and no more.

Responsible for making a bug of every attempt to see more of converted texts, lines and related
papers, since such a page would not be made anew when they change. What the library holds of a
record as it was written is not guarded here; a test hides it from each page and compares. Not
responsible for what outlines say (`outlines`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class NotShownError(LookupError):
    """A page asked for a text of a record that its outline does not say it shows or lists."""


class ShownOnly(Mapping[str, Value]):
    """What a page may see of a mapping; to ask for more is a bug, also with `get` and `in`."""

    __slots__ = ("_shown", "_values")

    def __init__(self, values: Mapping[str, Value], shown: frozenset[str]) -> None:
        """Restrict a mapping to some keys, which need not be in it."""
        self._values = values
        self._shown = shown

    def __getitem__(self, key: str) -> Value:
        """Return the value of a key that may be seen.

        Raises:
            KeyError: There is none.
            NotShownError: It may not be seen.
        """
        if key not in self._shown:
            message = f"'{key}' is not among what the outline shows"
            raise NotShownError(message)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys that may be seen and have a value."""
        return (key for key in self._values if key in self._shown)

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(1 for _ in self)


def check_listed(paper_id: str, within: frozenset[str] | None) -> None:
    """Refuse a paper that a page does not list.

    Args:
        paper_id: The paper.
        within: Ids of those that it lists; None for all.

    Raises:
        NotShownError: It is another.
    """
    if within is not None and paper_id not in within:
        message = f"'{paper_id}' is not among what the outline lists"
        raise NotShownError(message)
