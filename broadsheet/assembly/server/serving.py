"""The preview as a running server: its socket, its threads, and its end.

Responsible for the order in which the parts begin and end, so that nothing of them is left behind.
Not responsible for what any of them does.
"""

from __future__ import annotations

import errno
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from types import FrameType

import msgspec
import uvicorn

from broadsheet.assembly.project import Project
from broadsheet.assembly.server.answering import make_application
from broadsheet.assembly.server.events import EventStreams
from broadsheet.assembly.server.guarding import allow_hosts
from broadsheet.assembly.server.keeping_up import KeepingUp
from broadsheet.assembly.server.limits import make_config
from broadsheet.assembly.server.opening import OpenInEditor
from broadsheet.assembly.server.preview_state import PreviewState

_TRIED_PORTS = 20
# While a change is worked in, a request waits for at most this long until it gets its turn.
_SWITCH_SECONDS = 0.001


class ServeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a digest is served.

    Attributes:
        host: What to bind to.
        port: The port; 0 takes one that is free.
        opens_browser: Whether the front page is opened in the browser.
        editor: Opens source files; None where that was not asked for.
        polls: Whether files are looked at again and again.
        is_strict: Whether pages show warnings as they show errors.
    """

    host: str
    port: int
    opens_browser: bool = False
    editor: OpenInEditor | None = None
    polls: bool = False
    is_strict: bool = False


class PortTakenError(OSError):
    """Another program listens on the port.

    Attributes:
        free: A port near it that is free, or 0.
    """

    def __init__(self, free: int) -> None:
        """Remember what could be used instead."""
        super().__init__(errno.EADDRINUSE, "the port is taken")
        self.free = free


class Telling(msgspec.Struct, frozen=True):
    """Who is told what, in the thread where it happens.

    Attributes:
        ready: Called with the address of the front page and the first state.
        changed: Called with each later state.
        remark: Called with a sentence about the server itself.
    """

    ready: Callable[[str, PreviewState], None]
    changed: Callable[[PreviewState], None]
    remark: Callable[[str], None]


class _Server(uvicorn.Server):
    """uvicorn's server; the streams of events end when it does, instead of keeping it."""

    def __init__(self, config: uvicorn.Config, streams: EventStreams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._streams.close()
        await super().shutdown(sockets)


def serve_digest(project: Project, options: ServeOptions, telling: Telling) -> None:
    """Serve a digest until a signal ends it.

    Args:
        project: Where the digest lies.
        options: How it is served.
        telling: Who is told what.

    Raises:
        PortTakenError: Another program listens on the port.
        OSError: The host cannot be bound to.
        KeyboardInterrupt: A signal ended it; everything has been cleared away.
    """
    with bind(options.host, options.port) as listener:
        for name in ("SIGTERM", "SIGHUP"):
            if (number := getattr(signal, name, None)) is not None:
                signal.signal(number, _interrupt)
        sys.setswitchinterval(_SWITCH_SECONDS)
        with KeepingUp(
            project,
            telling.changed,
            telling.remark,
            polls=options.polls,
            is_strict=options.is_strict,
        ) as keeping:
            _run(keeping, options, listener, telling)


def _run(
    keeping: KeepingUp, options: ServeOptions, listener: socket.socket, telling: Telling
) -> None:
    port = listener.getsockname()[1]
    preview = keeping.preview
    streams = EventStreams(preview)
    hosts = allow_hosts(options.host, port)
    application = make_application(
        preview, streams, hosts, options.editor, secrets.token_urlsafe(24)
    )
    url = f"http://{_reachable(options.host)}:{port}{preview.state.base}"
    telling.ready(url, preview.state)
    if options.opens_browser:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
    _Server(make_config(application), streams).run(sockets=[listener])


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: A name or an address; of a name that has several, the first of the older kind.
        port: The port; 0 takes one that is free.

    Raises:
        PortTakenError: Another program listens there.
        OSError: The host has no address of this machine.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, address = min((family, address) for family, _, _, _, address in found)
    try:
        return _listen(family, (host_of(address), port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTakenError(_find_free(family, host_of(address), port)) from error


def host_of(address: tuple[object, ...]) -> str:
    """Return the host of an address as `getaddrinfo` gives it."""
    return str(address[0])


def _listen(family: int, address: tuple[str, int]) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


def _find_free(family: int, host: str, port: int) -> int:
    for candidate in range(port + 1, min(port + _TRIED_PORTS, 65_535)):
        try:
            _listen(family, (host, candidate)).close()
        except OSError:
            continue
        return candidate
    return 0


def _reachable(host: str) -> str:
    """Return what a browser on this machine calls a host that was bound to."""
    if host in ("0.0.0.0", ""):  # noqa: S104 - compared with, not bound to
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
