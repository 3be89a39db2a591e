"""Outputs before anything stands on them: where each lies, and how it is filled.

Responsible for the value that a `plan_*` function yields and for letting a page see the texts of
those records only that it says it shows or lists. Not responsible for which outputs there
are (`plan`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from broadsheet.planning.addresses import output_path
from broadsheet.planning.edition import Edition
from broadsheet.planning.site_views import PageHead
from broadsheet.planning.views import View


class Filled(msgspec.Struct, frozen=True):
    """What stands on an output.

    Attributes:
        view: The frozen value that holds exactly what the template may see.
        head: What the page knows of itself; None for files that are not pages.
    """

    view: View
    head: PageHead | None = None


def _list_nothing(_edition: Edition) -> Iterable[str]:
    return ()


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """An output that is not filled yet; making one costs no more than its address.

    Attributes:
        url: Its address within the site.
        template: Name of the template that renders it, or of a format of `workers.data_files`.
        fill: Works out what stands on it, when that is asked for. It is called with an edition
            that holds what the three that follow name of records, and no more of that.
        shows: Paths of the records whose converted texts stand on it, or topics' descriptions.
        lists: Names the papers whose titles or TL;DRs stand on it, by their ids, from an edition
            that holds everything.
        has_related: Whether the papers beside those of `shows` stand on it.
        sources: Paths of the records that own the address, for messages about conflicts.
        is_page: Whether it is a page for readers, which has a head.
        is_indexed: Whether search engines may index the page.
        kin: Names what it shares with some other outputs that takes long to work out, and that a
            process remembers: all of a kin are made by one. Empty for nearly all.
    """

    url: str
    template: str
    fill: Callable[[Edition], Filled]
    shows: tuple[str, ...] = ()
    lists: Callable[[Edition], Iterable[str]] = _list_nothing
    has_related: bool = False
    sources: tuple[str, ...] = ()
    is_page: bool = True
    is_indexed: bool = True
    kin: str = ""

    @property
    def path(self) -> str:
        """Return the output file, relative to the output folder."""
        return output_path(self.url)
