"""Lists cut into pages, and the links between them.

Responsible for which entries stand on which page and for the pager's numbers. Not responsible for
what the entries are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

import msgspec

from broadsheet.planning.addresses import pager_url
from broadsheet.planning.views import Pager, PagerLink

T = TypeVar("T")


class ListPage(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list.

    Attributes:
        number: From 1.
        url: Its address.
        start: Number of its first entry in the whole list, from 1.
        entries: What stands on it.
        pager: Links to the other pages; None when there are none.
    """

    number: int
    url: str
    start: int
    entries: tuple[T, ...]
    pager: Pager | None


class PageSlot(msgspec.Struct, frozen=True):
    """A page of a list before its entries are known.

    Attributes:
        number: From 1.
        total: Pages of the list.
        size: Entries on a page.
        list_url: Address of the first page.
        url: Its own address.
    """

    number: int
    total: int
    size: int
    list_url: str
    url: str


def paginate(entries: Sequence[T], size: int, list_url: str) -> tuple[ListPage[T], ...]:
    """Cut a list into pages.

    Args:
        entries: The whole list.
        size: Entries on a page, at least 1.
        list_url: Address of the first page.

    Returns:
        At least one page, which may be empty.
    """
    slots = number_pages(len(entries), size, list_url)
    return tuple(cut_page(entries, slot) for slot in slots)


def number_pages(count: int, size: int, list_url: str) -> tuple[PageSlot, ...]:
    """Return the pages that a list is cut into, without looking at its entries.

    Args:
        count: Entries of the whole list.
        size: Entries on a page, at least 1.
        list_url: Address of the first page.

    Returns:
        At least one page, which may be empty.
    """
    total = max(1, -(-count // size))
    return tuple(
        PageSlot(number, total, size, list_url, pager_url(list_url, number))
        for number in range(1, total + 1)
    )


def cut_page(entries: Sequence[T], slot: PageSlot) -> ListPage[T]:
    """Return one page of a list.

    Args:
        entries: The whole list.
        slot: Which page.
    """
    start = (slot.number - 1) * slot.size
    return ListPage(
        number=slot.number,
        url=slot.url,
        start=start + 1,
        entries=tuple(entries[start : start + slot.size]),
        pager=_make_pager(slot.number, slot.total, slot.list_url),
    )


def list_page(
    _edition: object, slot: PageSlot, entries: Callable[[], Sequence[str]]
) -> Iterable[str]:
    """Return the papers on one page of a list of ids, as an outline's `lists`."""
    return cut_page(entries(), slot).entries


def list_headed_page(
    _edition: object, slot: PageSlot, entries: Callable[[], Sequence[tuple[object, str]]]
) -> Iterable[str]:
    """Return the same of a list whose papers stand behind their headings."""
    return [paper_id for _, paper_id in cut_page(entries(), slot).entries]


def _make_pager(current: int, total: int, list_url: str) -> Pager | None:
    if total == 1:
        return None
    links: list[PagerLink] = []
    previous = 0
    for number in _shown_numbers(current, total):
        if number - previous == 2:
            links.append(_link(number - 1, current, list_url))
        elif number - previous > 2:
            links.append(PagerLink(text="…", url="", is_current=False))
        links.append(_link(number, current, list_url))
        previous = number
    return Pager(
        links=tuple(links),
        newer=pager_url(list_url, current - 1) if current > 1 else "",
        older=pager_url(list_url, current + 1) if current < total else "",
    )


def _shown_numbers(current: int, total: int) -> list[int]:
    near = range(max(1, current - 1), min(total, current + 1) + 1)
    return sorted({1, total, *near})


def _link(number: int, current: int, list_url: str) -> PagerLink:
    return PagerLink(
        text=str(number), url=pager_url(list_url, number), is_current=number == current
    )
