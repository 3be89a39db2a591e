"""Which requests the preview answers: those that a page of its own, or its user, has sent.

Responsible for the rules on Host, Origin, `Sec-Fetch-*`, methods and paths, as functions of a
request's head, and for the ASGI layer that applies them before anything else sees the request. Not
responsible for limits on size, time and connections (`limits`) or for what is served (`answering`).

Sources: the WHATWG Fetch standard (Origin), W3C Fetch Metadata; RFC 9110, 15.5.20 (status 421).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
# Answers to these carry what a page may not have sent, or go on for ever.
EVENTS_PATH = "/_broadsheet/events"

MAX_BODY_BYTES = 4_096

_SAFE_METHODS = ("GET", "HEAD")
_OWN_SITES = ("same-origin", "none")
_WILD = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to


class Head(msgspec.Struct, frozen=True):
    """What is judged of a request.

    Attributes:
        method: As sent.
        raw_path: The target's path as sent, still percent-encoded.
        headers: Names in lower case with their values; a name may occur more than once.
    """

    method: str
    raw_path: bytes
    headers: tuple[tuple[str, str], ...]

    def values(self, name: str) -> tuple[str, ...]:
        """Return all values of a header."""
        return tuple(value for other, value in self.headers if other == name)

    def value(self, name: str) -> str:
        """Return the first value of a header, or nothing."""
        return next(iter(self.values(name)), "")


class Refusal(msgspec.Struct, frozen=True):
    """Why a request is not answered.

    Attributes:
        status: HTTP status.
        reason: One sentence for the person who reads it.
    """

    status: int
    reason: str


class AllowedHosts(msgspec.Struct, frozen=True):
    """The names under which the preview may be asked for.

    Attributes:
        authorities: Host with port, in lower case, as the Host header has them.
        any_address: Whether an IP address with the port will do as well: it needs no name server,
            so a rebound name cannot stand in for it.
        port: The port.
    """

    authorities: frozenset[str]
    any_address: bool
    port: int

    def admits(self, authority: str) -> bool:
        """Tell whether a Host header, or the part of an Origin after `http://`, is one of them."""
        authority = authority.lower()
        if authority in self.authorities:
            return True
        if not self.any_address:
            return False
        host, colon, port = authority.rpartition(":")
        if not colon or (authority.endswith("]")):
            host, port = authority, "80"
        return port == str(self.port) and _is_address(host)


def allow_hosts(host: str, port: int) -> AllowedHosts:
    """Return the names that a server bound to a host and port answers to.

    Args:
        host: What `--host` said: a name, an address, or `0.0.0.0` and `::` for all of them.
        port: The port.
    """
    names = [*LOOPBACK_NAMES]
    if host not in _WILD:
        names.append(f"[{host}]" if ":" in host else host)
    authorities = {f"{name}:{port}".lower() for name in names}
    if port == 80:
        authorities |= {name.lower() for name in names}
    return AllowedHosts(frozenset(authorities), host in _WILD, port)


def is_loopback(host: str) -> bool:
    """Tell whether a host to bind to is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def judge(head: Head, hosts: AllowedHosts) -> Refusal | None:
    """Return why a request is refused, or None.

    Args:
        head: The request.
        hosts: The names that the preview answers to.
    """
    named = head.values("host")
    if len(named) != 1 or not hosts.admits(named[0]):
        reason = "This preview answers to its own address only; see --host."
        return Refusal(421, reason)
    return _judge_path(head.raw_path) or _judge_body(head) or _judge_sender(head, hosts)


def _judge_path(raw_path: bytes) -> Refusal | None:
    """Refuse paths that mean something else to whoever decodes them once more."""
    decoded = unquote_to_bytes(raw_path)
    if not raw_path.startswith(b"/"):
        return Refusal(400, "The request names no path of this site.")
    if b"\\" in decoded or any(byte < 0x20 or byte == 0x7F for byte in decoded):
        return Refusal(400, "The path holds a sign that no address of this site has.")
    if any(part in (b".", b"..") for part in decoded.split(b"/")):
        return Refusal(400, "The path leads upward.")
    try:
        decoded.decode("utf-8")
    except UnicodeDecodeError:
        return Refusal(400, "The path is not UTF-8.")
    return None


def _judge_body(head: Head) -> Refusal | None:
    """Refuse what nobody sends here: a body with a question, or one of more than a few lines."""
    length = head.value("content-length")
    if head.method in _SAFE_METHODS:
        if head.value("transfer-encoding") or length not in ("", "0"):
            return Refusal(400, "A request that only reads has no body.")
    elif not length.isdecimal() or int(length) > MAX_BODY_BYTES:
        return Refusal(413, "The request is too long, or does not say how long it is.")
    return None


def _judge_sender(head: Head, hosts: AllowedHosts) -> Refusal | None:
    is_reading = head.method in _SAFE_METHODS
    origins = head.values("origin")
    if any(not _is_own(origin, hosts) for origin in origins):
        return Refusal(403, "The request comes from another site.")
    if not is_reading and not origins:
        return Refusal(403, "The request does not say which site it comes from.")
    site = head.value("sec-fetch-site")
    if site and site not in _OWN_SITES:
        is_visit = (
            is_reading
            and head.raw_path != EVENTS_PATH.encode()
            and head.value("sec-fetch-mode") == "navigate"
            and head.value("sec-fetch-dest") == "document"
        )
        if not is_visit:
            return Refusal(403, "Another site asks for a part of this one.")
    return None


def _is_own(origin: str, hosts: AllowedHosts) -> bool:
    scheme, mark, authority = origin.partition("://")
    return scheme == "http" and bool(mark) and hosts.admits(authority)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


class Guard:
    """The ASGI layer that refuses what `judge` refuses."""

    def __init__(
        self, app: ASGIApp, hosts: AllowedHosts, headers: Iterable[tuple[str, str]]
    ) -> None:
        """Stand before an application.

        Args:
            app: The application.
            hosts: The names that it answers to.
            headers: What refusals carry.
        """
        self._app = app
        self._hosts = hosts
        self._headers = {**dict(headers), "Connection": "close"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        pairs = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in scope["headers"]
        )
        refusal = judge(Head(scope["method"], scope["raw_path"], pairs), self._hosts)
        if refusal is None:
            await self._app(scope, receive, send)
            return
        text = f"{refusal.reason}\n"
        answer = PlainTextResponse(text, refusal.status, headers=self._headers)
        await answer(scope, receive, send)
