"""Attacks on the preview from the network and from other sites: refused, and the server goes on.

Requests are written byte by byte to a socket, since no client library would send most of them.
"""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from preview_server import PreviewServer, wait_until
from scenarios import paper, record, write_digest

from broadsheet.assembly.server.limits import HEAD_BYTES, HEAD_SECONDS, MAX_CONNECTIONS

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tested is the warning
SECRET = b"the secret outside"
OTHERS = (b"/plain.txt", b"/assets/copied.0123456789.css", b"/assets/missing.0123456789.css")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacked")
    (folder / "secret.txt").write_bytes(SECRET)
    (folder / "content").mkdir()
    root = write_digest(
        folder / "digest",
        {
            "content/papers/alpha.md": paper("The alpha paper", topics="[agents]"),
            "content/topics/agents.md": record(name="Agents"),
            "content/static/.well-known/security.txt": "Contact: mailto:a@example.org\n",
            "content/static/plain.txt": "copied\n",
            "content/static/assets/copied.0123456789.css": "/* copied */\n",
            "content/static/.env": "published on purpose\n",
            "content/static/.git/config": "never published\n",
            ".env": SECRET,
            "notes.txt": SECRET,
        },
    )
    (root / "content" / "static" / "out.txt").symlink_to(folder / "secret.txt")
    (root / "content" / "static" / "outward").symlink_to(folder)
    return root


@pytest.fixture(scope="module")
def preview(root: Path) -> Iterator[PreviewServer]:
    with PreviewServer(root) as server:
        yield server


def send(preview: PreviewServer, request: bytes, seconds: float = 15.0) -> bytes:
    """Send bytes and return everything that comes back until the connection is closed."""
    with socket.create_connection(("127.0.0.1", preview.port), seconds) as connection:
        connection.sendall(request)
        return receive(connection)


def receive(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionError:
        pass
    return found


def ask(
    preview: PreviewServer,
    target: bytes,
    *headers: bytes,
    method: bytes = b"GET",
    host: bytes = b"",
) -> tuple[int, bytes]:
    """Return status and whole answer of one request."""
    authority = host or b"127.0.0.1:%d" % preview.port
    lines = (b"%s %s HTTP/1.1" % (method, target), b"Host: " + authority, *headers)
    answer = send(preview, b"\r\n".join((*lines, b"Connection: close", b"", b"")))
    return (int(answer.split(b" ", 2)[1]) if answer else 0), answer


def goes_on(preview: PreviewServer) -> bool:
    status, answer = ask(preview, b"/papers/alpha/")
    return status == 200 and b"The alpha paper" in answer and preview.process.poll() is None


UPWARD = (
    "..",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "%252e%252e",
    "..;",
    "%c0%ae%c0%ae",
    "%e0%80%ae.",
    "..%00",
)
SLASHES = ("/", "%2f", "%5c", "\\", "%252f", "%c0%af", "//")
TARGETS = (
    *sorted({f"/{up}{s}{up}{s}secret.txt" for up in UPWARD for s in SLASHES}),
    "/../secret.txt",
    "/papers/../../secret.txt",
    "/papers/alpha/%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret.txt",
    "//etc/passwd",
    "/etc/passwd",
    "/%2fetc%2fpasswd",
    "/C:%5cWindows%5cwin.ini",
    "/file:///etc/passwd",
    "/content/papers/alpha.md",
    "/content/site.yaml",
    "/.env%00.txt",
    "/notes.txt",
    "/out.txt",
    "/outward/secret.txt",
    "/.git/config",
    "/.broadsheet.json",
    "/.broadsheet/lock",
    "/_broadsheet/../notes.txt",
    "/_broadsheet/%2e%2e%2fserving.py",
    "/_broadsheet/serving.py",
    "/pagefind/../../notes.txt",
    "/assets/",
    "/assets/../notes.txt",
)


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_outside_the_site_is_served(preview: PreviewServer, target: str) -> None:
    status, answer = ask(preview, target.encode())
    assert status in {400, 404}
    assert SECRET not in answer
    assert b"root:" not in answer
    assert b"never published" not in answer


def test_no_request_has_ended_the_server(preview: PreviewServer) -> None:
    assert goes_on(preview)


def test_files_that_are_published_are_served_dotfiles_among_them(preview: PreviewServer) -> None:
    assert ask(preview, b"/.well-known/security.txt")[0] == 200
    assert ask(preview, b"/plain.txt")[1].endswith(b"copied\n")
    assert ask(preview, b"/.nojekyll")[0] == 200


def test_a_file_that_becomes_a_link_outward_is_not_followed(
    root: Path, preview: PreviewServer
) -> None:
    known = root / "content" / "static" / "plain.txt"
    known.unlink()
    known.symlink_to(root.parent / "secret.txt")
    try:
        status, answer = ask(preview, b"/plain.txt")
        assert status == 404
        assert SECRET not in answer
    finally:
        known.unlink()
        known.write_text("copied\n")
        wait_until(lambda: ask(preview, b"/plain.txt")[0] == 200, "the file is served again")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1.evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost:{port}@evil.example",
        "evil.example#127.0.0.1:{port}",
        "0.0.0.0:{port}",
        "[::]:{port}",
        "2130706433:{port}",
        "192.168.0.1:{port}",
    ],
)
def test_a_rebound_name_gets_nothing(preview: PreviewServer, host: str) -> None:
    status, answer = ask(preview, b"/", host=host.format(port=preview.port).encode())
    assert status == 421
    assert b"alpha" not in answer


@pytest.mark.parametrize("host", ["localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_its_own_names_are_answered(preview: PreviewServer, host: str) -> None:
    assert ask(preview, b"/", host=host.format(port=preview.port).encode())[0] == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nHost: evil.example\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n",
    ],
)
def test_a_request_without_one_host_is_refused(preview: PreviewServer, head: bytes) -> None:
    request = head.replace(b"%d", str(preview.port).encode())
    status = int(send(preview, request).split(b" ", 2)[1])
    assert status in {400, 421}


@pytest.mark.parametrize(
    "headers",
    [
        (b"Origin: http://evil.example",),
        (b"Origin: null",),
        (b"Origin: https://127.0.0.1:{port}",),
        (b"Origin: http://127.0.0.1:1",),
        (b"Sec-Fetch-Site: cross-site", b"Sec-Fetch-Mode: no-cors", b"Sec-Fetch-Dest: script"),
        (b"Sec-Fetch-Site: same-site", b"Sec-Fetch-Mode: cors", b"Sec-Fetch-Dest: empty"),
        (b"Sec-Fetch-Site: cross-site", b"Sec-Fetch-Mode: navigate", b"Sec-Fetch-Dest: iframe"),
    ],
)
@pytest.mark.parametrize("target", [b"/", b"/_broadsheet/events", b"/_broadsheet/preview.js"])
def test_another_site_gets_nothing(
    preview: PreviewServer, headers: tuple[bytes, ...], target: bytes
) -> None:
    named = [line.replace(b"{port}", str(preview.port).encode()) for line in headers]
    status, answer = ask(preview, target, *named)
    assert status == 403
    assert b"access-control-allow" not in answer.lower()


def test_a_link_from_another_site_may_lead_here_but_not_into_the_events(
    preview: PreviewServer,
) -> None:
    visit = (
        b"Sec-Fetch-Site: cross-site",
        b"Sec-Fetch-Mode: navigate",
        b"Sec-Fetch-Dest: document",
    )
    assert ask(preview, b"/", *visit)[0] == 200
    assert ask(preview, b"/_broadsheet/events", *visit)[0] == 403


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE"])
def test_only_reading_is_answered(preview: PreviewServer, method: bytes) -> None:
    own = b"Origin: http://127.0.0.1:%d" % preview.port
    assert ask(preview, b"/", own, b"Content-Length: 0", method=method)[0] == 405
    assert ask(preview, b"/", b"Content-Length: 0", method=method)[0] == 403


def test_nothing_is_opened_without_editor(preview: PreviewServer) -> None:
    own = b"Origin: http://127.0.0.1:%d" % preview.port
    assert ask(preview, b"/_broadsheet/open", own, b"Content-Length: 0", method=b"POST")[0] == 405


def test_only_known_files_are_opened_and_only_with_the_token(root: Path, tmp_path: Path) -> None:
    editor = tmp_path / "code"
    editor.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/opened"\n')
    editor.chmod(0o755)
    with PreviewServer(root, "--editor", environment={"VISUAL": str(editor)}) as server:
        page = ask(server, b"/papers/alpha/")[1].decode()
        token = page.split("&quot;token&quot;:&quot;")[1].split("&quot;")[0]
        assert post(server, "", '{"path": "content/papers/alpha.md"}') == 403
        assert post(server, "wrong", '{"path": "content/papers/alpha.md"}') == 403
        for path in ("../secret.txt", "/etc/passwd", "notes.txt", "content/papers/../../notes.txt"):
            assert post(server, token, f'{{"path": "{path}"}}') == 404
        assert post(server, token, '{"path": ["a"]}') == 400
        assert post(server, token, "x" * 5_000) == 413
        assert not (tmp_path / "opened").exists()
        assert post(server, token, '{"path": "content/papers/alpha.md", "line": 2}') == 200
        wait_until((tmp_path / "opened").exists, "the editor has been started")


def post(server: PreviewServer, token: str, body: str) -> int:
    lines = (
        "POST /_broadsheet/open HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"Origin: {server.origin}",
        f"X-Broadsheet-Token: {token}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "",
        body,
    )
    return int(send(server, "\r\n".join(lines).encode()).split(b" ", 2)[1])


KEPT = b"cache-control: public, max-age=31536000, immutable"


def test_every_answer_carries_the_sites_headers(preview: PreviewServer) -> None:
    targets = (b"/", b"/nothing-there/", b"/papers", b"/feed.xml", *assets(preview), *OTHERS)
    for target in targets:
        head = ask(preview, target)[1].split(b"\r\n\r\n")[0].lower()
        assert b"content-security-policy: default-src 'none'; script-src 'self'" in head
        assert b"x-content-type-options: nosniff" in head
        assert b"cross-origin-resource-policy: same-origin" in head
        assert b"access-control-allow" not in head
        assert b"\r\nserver:" not in head
        assert (KEPT if target in assets(preview) else b"cache-control: no-store") in head


def test_only_what_is_named_by_its_bytes_is_kept(preview: PreviewServer) -> None:
    own = re.findall(rb'"(/_broadsheet/assets/preview\.[0-9a-f]{10}\.[a-z]+)"', page(preview))
    assert len(own) == 2
    for target in own:
        status, answer = ask(preview, target)
        head = answer.split(b"\r\n\r\n")[0].lower()
        assert status == 200
        assert KEPT in head
        assert b"cross-origin-resource-policy: same-origin" in head
    # The same names with other bytes, one that is copied as it is, and the stream of events.
    others = (own[0].replace(b"preview.", b"preview.0"), b"/_broadsheet/preview.js", *OTHERS)
    for target in others:
        assert b"cache-control: no-store" in ask(preview, target)[1].lower()


def page(preview: PreviewServer) -> bytes:
    return ask(preview, b"/")[1]


def assets(preview: PreviewServer) -> list[bytes]:
    """Return the addresses of the theme's files that the front page loads."""
    return [b"/" + url for url in re.findall(rb'(?:href|src)="\./(assets/[^"]+)"', page(preview))]


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /" + b"a" * (HEAD_BYTES + 1) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * (HEAD_BYTES + 1) + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00" * 40_000,
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    ],
)
def test_oversized_and_malformed_requests_are_refused(
    preview: PreviewServer, request_head: bytes
) -> None:
    answer = send(preview, request_head)
    assert answer == b"" or answer.split(b" ", 2)[1] in {b"400", b"421", b"431"}
    assert goes_on(preview)


def test_bodies_of_requests_that_read_are_refused(preview: PreviewServer) -> None:
    assert ask(preview, b"/", b"Content-Length: 99999999")[0] == 400
    assert ask(preview, b"/", b"Transfer-Encoding: chunked")[0] == 400


@pytest.mark.slow
def test_a_request_that_trickles_in_is_cut_off(preview: PreviewServer) -> None:
    with socket.create_connection(("127.0.0.1", preview.port), HEAD_SECONDS + 10) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
        start = time.monotonic()
        while time.monotonic() - start < HEAD_SECONDS + 8:
            try:
                slow.sendall(b"a")
                slow.settimeout(0.5)
                if slow.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            pytest.fail("the connection was held")
    assert goes_on(preview)


def test_two_hundred_idle_connections_do_not_keep_others_out(preview: PreviewServer) -> None:
    with ExitStack() as stack:
        for _ in range(200):
            connection = socket.create_connection(("127.0.0.1", preview.port), 10)
            stack.enter_context(connection)
            connection.sendall(b"GET / HTTP/1.1\r\n")
        assert goes_on(preview)
        for _ in range(MAX_CONNECTIONS):
            stack.enter_context(socket.create_connection(("127.0.0.1", preview.port), 10))
    wait_until(lambda: goes_on(preview), "it answers once they are gone")


def test_two_hundred_event_streams_do_not_keep_others_out(preview: PreviewServer) -> None:
    request = b"GET /_broadsheet/events?page=&key= HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
    statuses = []
    with ExitStack() as stack:
        for _ in range(200):
            connection = socket.create_connection(("127.0.0.1", preview.port), 20)
            stack.enter_context(connection)
            connection.sendall(request.replace(b"%d", str(preview.port).encode()))
            statuses.append(connection.recv(16).split(b" ")[1])
        assert {b"200", b"503"} == set(statuses)
        assert goes_on(preview)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_and_leaves_nothing(tmp_path: Path, number: int) -> None:
    root = write_digest(tmp_path, {"content/papers/alpha.md": paper("The alpha paper")})
    with PreviewServer(root) as server, ExitStack() as stack:
        for _ in range(3):
            stream = socket.create_connection(("127.0.0.1", server.port), 20)
            stack.enter_context(stream)
            stream.sendall(
                b"GET /_broadsheet/events?page=&key= HTTP/1.1\r\n"
                b"Host: 127.0.0.1:%d\r\n\r\n" % server.port
            )
            assert b"200 OK" in stream.recv(65_536)
        start = time.monotonic()
        assert server.end(number) == 130
        assert time.monotonic() - start < 10
        assert server.said().rstrip().endswith("interrupted")
    assert children_of(server.process.pid) == []
    cache = root / ".broadsheet"
    assert [path.name for path in cache.rglob("search-*") if path.is_dir()] == []


def children_of(pid: int) -> list[str]:
    """Return the command lines of processes in sessions that a process began, on Linux."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            about = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, IndexError):
            continue
        if about[1] == str(pid) or (
            "catching_up" in words and (entry / "environ").exists() and str(pid) in words
        ):
            found.append(words)
    return found


def test_a_taken_port_is_told_with_a_proposal(preview: PreviewServer, root: Path) -> None:
    second = PreviewServer(root, "--port", str(preview.port))
    assert second.process.wait(30) == 2
    wait_until(lambda: f"port {preview.port} is in use" in second.said(), "it says so")
    assert "try --port" in second.said()
    second.end()


def test_a_wider_bind_warns_and_answers_to_addresses_only(root: Path) -> None:
    with PreviewServer(root, "--host", EVERYWHERE) as server:
        wait_until(lambda: "warning: with --host 0.0.0.0" in server.said(), "it warns")
        assert ask(server, b"/")[0] == 200
        assert ask(server, b"/", host=b"192.168.7.7:%d" % server.port)[0] == 200
        assert ask(server, b"/", host=b"evil.example:%d" % server.port)[0] == 421
        assert ask(server, b"/", b"Origin: http://evil.example:%d" % server.port)[0] == 403
