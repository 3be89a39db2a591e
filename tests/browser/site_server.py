"""A web server for tests: built sites on 127.0.0.1, with the site's own response headers.

Responsible for answering as a host of static files does: a folder's `index.html`, media types,
`404.html` with status 404, and `HeaderPolicy` on every response, so that a page which its own
policy would break is broken in the tests too. Several sites can be mounted under base paths of one
origin. Benchmarks have text compressed, as hosts do, and every answer's size told. Not responsible
for building the sites.
"""

from __future__ import annotations

import gzip
import http.server
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from broadsheet.planning.headers import HeaderPolicy

_MEDIA_TYPES = {
    ".bib": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".opml": "text/x-opml; charset=utf-8",
    ".pf_fragment": "application/octet-stream",
    ".pf_index": "application/octet-stream",
    ".pf_meta": "application/octet-stream",
    ".png": "image/png",
    ".ris": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
# Pagefind names its compressed WebAssembly, filters and metadata like this and unpacks them itself.
_MEDIA_TYPES[".pagefind"] = _MEDIA_TYPES[".pf_filter"] = "application/octet-stream"
# What hosts compress.
_TEXT = ("text/", "application/json", "application/xml", "image/svg+xml")

OnServed = Callable[[str, int], None]


@cache
def _compress(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self,
        mounts: Mapping[str, Path],
        policy: HeaderPolicy,
        on_served: OnServed,
        *,
        compresses: bool,
    ) -> None:
        self.mounts = dict(mounts)
        self.policy = policy
        self.on_served = on_served
        self.compresses = compresses
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        # A browser that leaves a page closes its connections; that is no fault.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        base = max((b for b in self.server.mounts if path.startswith(b)), key=len, default="")
        if not base:
            self._answer(HTTPStatus.NOT_FOUND, "no-site.txt", b"no site is mounted here")
            return
        folder = self.server.mounts[base]
        relative = path.removeprefix(base)
        if ".." in PurePosixPath(relative).parts:
            self._answer(HTTPStatus.BAD_REQUEST, "refused.txt", b"refused")
            return
        file = folder / relative
        if file.is_dir() and relative and not relative.endswith("/"):
            self._answer(HTTPStatus.MOVED_PERMANENTLY, "moved.txt", b"", location=f"{path}/")
            return
        if file.is_dir():
            file /= "index.html"
        status = HTTPStatus.OK
        if not file.is_file():
            status, file = HTTPStatus.NOT_FOUND, folder / "404.html"
        self._answer(status, file.relative_to(folder).as_posix(), file.read_bytes())

    def _answer(self, status: HTTPStatus, name: str, body: bytes, location: str = "") -> None:
        media_type = _MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
        is_compressed = self.server.compresses and media_type.startswith(_TEXT)
        if is_compressed and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = _compress(body)
        else:
            is_compressed = False
        self._header_bytes = 0
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        if is_compressed:
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(body)))
        for header, value in self.server.policy.headers_for(name).items():
            self.send_header(header, value)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)
        status_line = f"{self.protocol_version} {status.value} {status.phrase}\r\n"
        head = len(status_line) + self._header_bytes + len("\r\n")
        self.server.on_served(self.path, head + len(body))

    def send_header(self, keyword: str, value: str) -> None:
        self._header_bytes += len(f"{keyword}: {value}\r\n")
        super().send_header(keyword, value)

    def log_message(self, *_: object) -> None:
        """Say nothing: what goes wrong is seen by the browser's watch."""


class SiteServer:
    """Built sites on one origin, as a context manager.

    Attributes:
        origin: `http://127.0.0.1:PORT`, without a slash.
    """

    def __init__(
        self,
        mounts: Mapping[str, Path],
        policy: HeaderPolicy | None = None,
        *,
        compresses: bool = False,
        on_served: OnServed = lambda *_: None,
    ) -> None:
        """Bind a free port.

        Args:
            mounts: Output folders by base path; each begins and ends in a slash.
            policy: The headers to send; by default those of a site without a newsletter.
            compresses: Whether text goes out with gzip where the browser takes it.
            on_served: Called in the server's thread with each answer's path and its bytes on the
                wire, headers included.
        """
        wrong = [base for base in mounts if not (base.startswith("/") and base.endswith("/"))]
        if wrong:
            raise ValueError(f"a base path begins and ends in a slash: {wrong[0]!r}")
        self._server = _Server(mounts, policy or HeaderPolicy(), on_served, compresses=compresses)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
