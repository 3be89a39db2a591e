"""The preview's pages: rendered when they are asked for, from the newest state.

Responsible for the state that is shown, for the pages rendered from it, and for the last good page
of an address whose template has failed since. Not responsible for making states (`updating`) or for
HTTP (`answering`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from broadsheet.assembly.server.preview_state import PreviewState
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.addresses import NOT_FOUND, SEARCH
from broadsheet.planning.outlines import Outline
from broadsheet.planning.plan import fill_page
from broadsheet.workers.rendering import render_batch

# Pages are small and rendering is quick: enough for the tabs of one editor.
MAX_PAGES = 64


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One output as it is shown.

    Attributes:
        url: Its address within the site.
        is_found: Whether there is such an output; otherwise it is the page for missing ones.
        outline: What it is made from; None where not even that page is planned.
        content: Its bytes, the last good ones where rendering failed; None when there never were.
        key: Changes when what is seen does.
        problem: Why rendering failed, or None.
    """

    url: str
    is_found: bool
    outline: Outline | None
    content: bytes | None
    key: str
    problem: Diagnostic | None = None


class Preview:
    """The newest state, and the pages rendered from it; used by several threads."""

    def __init__(self, state: PreviewState) -> None:
        """Begin with a state."""
        self._state = state
        self._lock = threading.Lock()
        self._shown: OrderedDict[tuple[int, str], Shown] = OrderedDict()
        self._good: OrderedDict[str, bytes] = OrderedDict()
        self._of_key: OrderedDict[str, bytes] = OrderedDict()
        self._listeners: set[Callable[[], None]] = set()

    @property
    def state(self) -> PreviewState:
        """Return the newest state."""
        return self._state

    def replace(self, state: PreviewState) -> None:
        """Show another state from now on, and tell who listens."""
        with self._lock:
            self._state = state
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call a function, from any thread, after every change of the state."""
        with self._lock:
            self._listeners.add(listener)

    def leave(self, listener: Callable[[], None]) -> None:
        """Call a function no more."""
        with self._lock:
            self._listeners.discard(listener)

    def show(self, state: PreviewState, url: str) -> Shown:
        """Return an output, rendered from a state unless that has been done.

        Args:
            state: The state.
            url: Address within the site; need not exist.
        """
        place = (state.generation, url)
        with self._lock:
            if (known := self._shown.get(place)) is not None:
                return known
            good = self._good.get(url)
        shown = _render(state, url, good)
        with self._lock:
            self._shown[place] = shown
            if shown.content is not None:
                self._good[url] = shown.content
                self._of_key[shown.key] = shown.content
            for kept in (self._shown, self._good, self._of_key):
                while len(kept) > MAX_PAGES:
                    kept.popitem(last=False)
        return shown

    def recall(self, key: str) -> bytes | None:
        """Return the bytes that were shown under a key, unless that is long ago."""
        with self._lock:
            return self._of_key.get(key)


def _render(state: PreviewState, url: str, good: bytes | None) -> Shown:
    outlines = state.plan.outlines
    outline = outlines.get(url, outlines.get(NOT_FOUND))
    if outline is None:
        return Shown(url=url, is_found=False, outline=None, content=None, key="")
    (page,) = render_batch(state.spec, (fill_page(state.plan, outline),))
    content = good if page.diagnostic is not None else page.content
    index = state.index.key if state.index is not None and url == SEARCH else ""
    return Shown(
        url=url,
        is_found=url in outlines,
        outline=outline,
        content=content,
        key=hash_value((content, index)),
        problem=page.diagnostic,
    )
