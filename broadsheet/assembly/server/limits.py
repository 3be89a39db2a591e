"""Limits on what a connection may cost: its size, its time, and how many there are.

Responsible for uvicorn's settings and for the one limit that it lacks: the time in which a
request's head has to arrive. Not responsible for who may ask (`guarding`).
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 8.0
HEAD_BYTES = 16_384
MAX_CONNECTIONS = 240
MAX_EVENT_STREAMS = 96
ANSWER_SECONDS = 60.0
KEEP_ALIVE_SECONDS = 20


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it; a request whose head takes too long is cut off.

    uvicorn waits for ever for a first request, so that a few silent connections would do to keep
    everyone else out.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for a request, or turn away one connection too many."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take in a piece of a request."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            if self._deadline is None:
                self._await_head()
        else:
            self._forget_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time limit."""
        self._forget_head()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._forget_head()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._cut_off)

    def _forget_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _cut_off(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()


def make_config(app: Any) -> Config:
    """Return uvicorn's settings for an ASGI application."""
    return Config(
        app,
        http=PunctualProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=0,
        backlog=256,
    )
