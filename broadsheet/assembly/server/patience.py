"""How long an answer may take, so that who takes nothing in does not hold a connection for ever.

Responsible for that one limit. The stream of events is excepted, which ends when its tab does.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.assembly.server.guarding import EVENTS_PATH
from broadsheet.assembly.server.limits import ANSWER_SECONDS


class Patience:
    """The ASGI layer that gives up on answers that nobody takes."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer within the time."""
        if scope["type"] == "http" and scope["path"] == EVENTS_PATH:
            await self._app(scope, receive, send)
            return
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._app(scope, receive, send)
