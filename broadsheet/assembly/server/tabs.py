"""What an open tab is told: whether its page has changed, and what its bar and overlay show.

Responsible for comparing what a tab shows with what is shown now, and for the message that follows
from it. Not responsible for sending it (`events`) or for acting on it (`static/preview.js`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from broadsheet.assembly.server.preview import Preview, Shown
from broadsheet.assembly.server.preview_state import PreviewState
from broadsheet.assembly.server.problems import Problems, show_problems
from broadsheet.planning.addresses import record_url

Act = Literal["stay", "reload", "swap", "go"]


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """What an open tab shows.

    Attributes:
        url: Its page's address within the site.
        key: Its page's key.
        generation: The state that it was last told of; 0 before that.
    """

    url: str
    key: str
    generation: int = 0


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The file that a page is made from.

    Attributes:
        path: Relative to the digest's root.
        can_open: Whether it may be opened in an editor.
    """

    path: str
    can_open: bool


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What a tab is told.

    Attributes:
        act: `stay`, `reload`, `swap` stylesheets, or `go` to another page.
        key: The page's key from now on.
        swap: Stylesheets' addresses within the site, old to new.
        to: Where to go: an address within the site.
        source: The file that the page is made from.
        notes: What is behind, in words.
        problems: What is wrong.
    """

    act: Act
    key: str
    swap: Mapping[str, str] = {}
    to: str = ""
    source: Source | None = None
    notes: tuple[str, ...] = ()
    problems: Problems = Problems()


def tell_tab(preview: Preview, state: PreviewState, tab: Tab) -> tuple[Tab, Message]:
    """Return what a tab is to be told of a state, and what it shows when it has been.

    Args:
        preview: The pages.
        state: The newest state.
        tab: What the tab shows.
    """
    shown = preview.show(state, tab.url)
    act, swap = _choose(preview, state, tab, shown)
    message = Message(
        act=act,
        key=shown.key,
        swap=swap,
        to=state.moves.get(tab.url, "") if act == "go" else "",
        source=_source_of(state, shown),
        notes=tuple(_notes(state)),
        problems=show_problems(state, _files_of(state, shown, tab.url), shown.problem),
    )
    return Tab(url=tab.url, key=shown.key, generation=state.generation), message


def _choose(
    preview: Preview, state: PreviewState, tab: Tab, shown: Shown
) -> tuple[Act, Mapping[str, str]]:
    """Return what a tab is to do, and the stylesheets to swap where that is it."""
    has_listened = bool(tab.generation)
    if has_listened and tab.url in state.moves and not shown.is_found:
        return "go", {}
    if has_listened and tab.generation < state.loaded_anew:
        return "reload", {}
    swap = {
        url: url
        for url, generation in state.restyled.items()
        if has_listened and tab.generation < generation
    }
    if tab.key != shown.key and shown.content is not None:
        swaps = _swaps_between(state, preview.recall(tab.key), shown.content)
        if swaps is None:
            return "reload", {}
        swap |= swaps
    return ("swap", swap) if swap else ("stay", {})


def _swaps_between(
    state: PreviewState, before: bytes | None, after: bytes
) -> Mapping[str, str] | None:
    """Return the stylesheets in which two pages differ, or None where they differ otherwise."""
    if before is None:
        return None
    swaps = {old: new for old, new in state.swaps.items() if old.encode() in before}
    for old, new in swaps.items():
        before = before.replace(old.encode(), new.encode())
    return swaps if swaps and before == after else None


def _source_of(state: PreviewState, shown: Shown) -> Source | None:
    path = next(iter(_files_of(state, shown, shown.url)), "")
    return Source(path=path, can_open=path in state.sources) if path else None


def _files_of(state: PreviewState, shown: Shown, url: str) -> tuple[str, ...]:
    """Return the files that a page is made from: its records, then its template."""
    outline = shown.outline
    if outline is None:
        return ()
    records = outline.sources if shown.is_found else _records_at(state, url)
    return (*records, *filter(None, (state.templates.get(outline.template, ""),)))


def _records_at(state: PreviewState, url: str) -> tuple[str, ...]:
    """Return the files whose pages would stand at an address where none is."""
    return tuple(sorted(path for path in state.sources if record_url(path) == url))


def _notes(state: PreviewState) -> list[str]:
    behind = [
        name
        for name, is_behind in (
            ("search", state.lag.search),
            ("related papers", state.lag.related),
        )
        if is_behind
    ]
    return [f"Catching up: {' and '.join(behind)}"] if behind else []
