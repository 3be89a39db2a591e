"""The stream of events that each open tab listens to.

Responsible for one message when a tab begins to listen and one after every change of the state, for
the number of streams, and for ending them all at once. Not responsible for what messages say
(`tabs`).

Source: the WHATWG HTML standard, "Server-sent events".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
from starlette.concurrency import run_in_threadpool

from broadsheet.assembly.server.limits import MAX_EVENT_STREAMS
from broadsheet.assembly.server.preview import Preview
from broadsheet.assembly.server.tabs import Tab, tell_tab

# A stream that nobody reads any more is noticed when something is written to it.
_STILL_THERE_SECONDS = 15.0
_ENCODER = msgspec.json.Encoder()


class EventStreams:
    """All streams of one server."""

    def __init__(self, preview: Preview) -> None:
        """Begin without any.

        Args:
            preview: Whose changes are told.
        """
        self._preview = preview
        self._open: set[asyncio.Event] = set()
        self._is_closing = False

    def has_room(self) -> bool:
        """Tell whether one more stream may be opened."""
        return len(self._open) < MAX_EVENT_STREAMS and not self._is_closing

    def close(self) -> None:
        """End all streams; to be called in the server's own thread."""
        self._is_closing = True
        for wake in self._open:
            wake.set()

    async def follow(self, tab: Tab) -> AsyncIterator[bytes]:
        """Yield a tab's events until the server ends or the tab does.

        Args:
            tab: What the tab shows.
        """
        wake = asyncio.Event()
        loop = asyncio.get_running_loop()

        def listen() -> None:
            loop.call_soon_threadsafe(wake.set)

        self._open.add(wake)
        self._preview.listen(listen)
        try:
            yield b"retry: 700\n\n"
            while not self._is_closing:
                wake.clear()
                state = self._preview.state
                if state.generation == tab.generation:
                    yield b": still there\n\n"
                else:
                    tab, message = await run_in_threadpool(tell_tab, self._preview, state, tab)
                    yield b"data: " + _ENCODER.encode(message) + b"\n\n"
                try:
                    async with asyncio.timeout(_STILL_THERE_SECONDS):
                        await wake.wait()
                except TimeoutError:
                    continue
        finally:
            self._preview.leave(listen)
            self._open.discard(wake)
