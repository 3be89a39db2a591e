"""What keeps a built site from being deployed: the guards, and what overrides each.

Responsible for the comparison of a site with the one that was deployed before, and for overrides,
which name exactly what they allow. Not responsible for looking at the disk (`effects.deployed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at

# A tenth is far more than an editor deletes at a time, and far less than a failed import does.
DEFAULT_PERCENT = 10
# Below these a share says nothing: of three papers one is a third.
MIN_PAPERS_DROP = 1
MIN_PAGES_DROP = 30
SHOWN = 5

# Guards whose override must name a number, and those that only happen or not.
COUNTED_GUARDS = ("papers-drop", "pages-drop", "broken-links", "lost-addresses")
PLAIN_GUARDS = ("no-papers", "no-search")

_OVERRIDE = re.compile(rf"(?:({'|'.join(COUNTED_GUARDS)})=(\d{{1,9}})|({'|'.join(PLAIN_GUARDS)}))")


class Deployed(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a site that passed.

    Attributes:
        papers: Papers in it.
        pages: Pages that readers see.
    """

    papers: int
    pages: int


class BuiltSite(msgspec.Struct, frozen=True, kw_only=True):
    """What the guards look at in a site.

    Attributes:
        papers: Papers in it.
        pages: Pages that readers see.
        search: What is wrong with the search index, or empty.
        broken: One line for each address that leads nowhere.
        lost: Promised addresses at which nothing answers.
    """

    papers: int
    pages: int
    search: str = ""
    broken: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class Trip(msgspec.Struct, frozen=True):
    """A guard that has tripped.

    Attributes:
        guard: Its name.
        count: How much it found; 0 where there is nothing to count.
        message: What is wrong.
    """

    guard: str
    count: int
    message: str

    @property
    def override(self) -> str:
        """What has to be typed to deploy all the same."""
        return f"{self.guard}={self.count}" if self.guard in COUNTED_GUARDS else self.guard


def explain_trip(trip: Trip, path: str) -> Diagnostic:
    """Return the error that keeps a site from being deployed.

    Args:
        trip: The guard that has tripped.
        path: The output folder, as messages call it.
    """
    hint = f"to deploy it all the same, give --allow {trip.override}"
    return error_at(Code.GUARD_TRIPPED, trip.message, Span(path), hint)


def is_override(text: str) -> bool:
    """Tell whether a text can be an override: a guard's name, with the number that it allows."""
    return _OVERRIDE.fullmatch(text) is not None


def find_trips(site: BuiltSite, before: Deployed | None, percent: int) -> tuple[Trip, ...]:
    """Return the guards that a site trips.

    Args:
        site: The site.
        before: The site that was deployed before; None when nothing is known of it.
        percent: How much of the papers or pages may go at once.
    """
    return (
        *_papers_trips(site, before, percent),
        *_pages_trips(site, before, percent),
        *_content_trips(site),
    )


def _papers_trips(site: BuiltSite, before: Deployed | None, percent: int) -> Iterator[Trip]:
    if not site.papers:
        yield Trip("no-papers", 0, "the site has no papers")
    elif before is not None:
        drop = before.papers - site.papers
        if drop > max(MIN_PAPERS_DROP, before.papers * percent // 100):
            yield Trip("papers-drop", drop, _drop_message("papers", before.papers, site.papers))


def _pages_trips(site: BuiltSite, before: Deployed | None, percent: int) -> Iterator[Trip]:
    if before is not None:
        drop = before.pages - site.pages
        if drop > max(MIN_PAGES_DROP, before.pages * percent // 100):
            yield Trip("pages-drop", drop, _drop_message("pages", before.pages, site.pages))


def _drop_message(noun: str, before: int, now: int) -> str:
    return f"the site has {now} {noun}, {before - now} fewer than the {before} deployed before"


def _content_trips(site: BuiltSite) -> Iterator[Trip]:
    if site.search and site.papers:
        yield Trip("no-search", 0, f"the search index is not whole: {site.search}")
    for guard, lines, one, many in (
        ("broken-links", site.broken, "link leads nowhere", "links lead nowhere"),
        ("lost-addresses", site.lost, "promised address is gone", "promised addresses are gone"),
    ):
        if lines:
            shown = "; ".join(lines[:SHOWN]) + ("; …" if len(lines) > SHOWN else "")
            yield Trip(
                guard, len(lines), f"{len(lines)} {one if len(lines) == 1 else many}: {shown}"
            )
