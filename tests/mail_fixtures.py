"""A digest that can be mailed, and a mail server on this machine that misbehaves on demand.

Responsible for what the tests of email share. Not responsible for any test.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from builds import ROOT
from click.testing import CliRunner, Result
from scenarios import paper, record, write_digest

from broadsheet.assembly.commands import broadsheet

KEY = "2025-03-19"
BASE = "base_url: https://example.org/\n"
MAIL = """\
mail:
  sender: digest@example.org
  unsubscribe: https://example.org/leave?a={address}
  unsubscribe_mail: leave@example.org
  postal_address: 1 Street, Town
  host: 127.0.0.1
  port: PORT
  security: SECURITY
  rate: 100000
"""


def write_mailed_digest(root: Path, port: int, security: str = "none", extra: str = "") -> Path:
    """Write a digest of three papers and two topics whose settings name a server."""
    settings = MAIL.replace("PORT", str(port)).replace("SECURITY", security)
    return write_digest(
        root,
        {
            "content/site.yaml": f"title: The Digest\n{BASE}{settings}{extra}",
            "content/topics/agents.md": record(name="Agents"),
            "content/topics/theory.md": record(name="Theory"),
            "content/topics/quiet.md": record(name="Quiet"),
            "content/papers/a.md": paper("On $x^2$", topics="[agents]", featured="2025-03-19"),
            "content/papers/b.md": paper("Proofs", topics="[theory]", featured="2025-03-19"),
            "content/papers/c.md": paper("Both", topics="[agents, theory]", featured="2025-03-19"),
        },
    )


def write_list(path: Path, *lines: str) -> Path:
    """Write a file of subscribers."""
    header = "address,name,frequency,topics,consent"
    path.write_text("\n".join((header, *lines, "")), encoding="utf-8")
    return path


class Post:
    """A mail server's handler that counts what it accepts, and does what it is told to.

    Attributes:
        accepted: Messages by recipient, as they came.
        at_rcpt: What is answered to a recipient; by default `250 OK`.
        at_data: What is answered to a message; an empty answer closes the connection before one.
        keeps: Whether a message that is not answered is kept all the same.
    """

    def __init__(self) -> None:
        """Begin with a server that takes everything."""
        self.accepted: dict[str, list[bytes]] = {}
        self.at_rcpt: Callable[[str], str] = lambda _: "250 OK"
        self.at_data: Callable[[str], str] = lambda _: "250 OK"
        self.keeps = True
        self.commands: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer to a recipient."""
        self.commands["RCPT"] += 1
        answer = self.at_rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        elif not answer:
            _hang_up(server)
        return answer or "421 bye"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Answer to a message."""
        (to,) = envelope.rcpt_tos
        answer = self.at_data(to)
        if answer.startswith("250") or (not answer and self.keeps):
            content = envelope.original_content or b""
            self.accepted.setdefault(to, []).append(content)
        if not answer:
            _hang_up(server)
            await asyncio.sleep(3600)
        return answer

    def counts(self) -> Mapping[str, int]:
        """Return how often each recipient got something."""
        return {to: len(messages) for to, messages in self.accepted.items()}


def _hang_up(server: SMTP) -> None:
    """Close the connection without a word, as a broken line does."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


class Door(Controller):
    """The server, with or without encryption and passwords."""

    def __init__(self, post: Post, tls: ssl.SSLContext | None, mode: str, **options: Any) -> None:
        """Choose a free port; nothing listens yet."""
        self._tls = tls
        self._mode = mode
        self._options = options
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        context = tls if mode == "tls" else None
        super().__init__(post, hostname="127.0.0.1", port=port, ssl_context=context)

    def factory(self) -> SMTP:
        """Make the protocol of one connection."""
        options = dict(self._options)
        if self._mode == "starttls":
            options |= {"tls_context": self._tls, "require_starttls": True}
        elif self._mode == "tls":
            options |= {"auth_require_tls": False}  # it cannot see that the line is encrypted
        return SMTP(
            self.handler,
            hostname="mail.example",
            enable_SMTPUTF8=True,
            loop=self.loop,
            **options,
        )


@contextmanager
def serving_mail(
    post: Post, mode: str = "none", tls: ssl.SSLContext | None = None, **options: Any
) -> Iterator[int]:
    """Run a mail server on this machine for the time of a block, and give its port."""
    door = Door(post, tls, mode, **options)
    door.start()
    try:
        yield door.port
    finally:
        door.stop()


def knows(user: str, password: str) -> Callable[..., AuthResult]:
    """Return an authenticator that knows one name and password."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any) -> Any:
        is_right = said == LoginPassword(user.encode(), password.encode())
        return AuthResult(success=is_right, handled=False)

    return check


def authority(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for this machine's address, and return the server's side and the file."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", str(key), "-out", str(certificate), "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate


def send(root: Path, people: Path, *words: str, yes: bool = True) -> Result:
    """Send an edition to a list, within this process."""
    arguments = ["-C", str(root), "mail", "send", KEY, "--to", str(people), *words]
    return CliRunner().invoke(
        broadsheet, [*arguments, *(["--yes"] if yes else [])], standalone_mode=False
    )


def report(result: Result) -> dict[str, Any]:
    """Return the report of a run with `--format json`."""
    return dict(json.loads(result.stdout))


def outcomes(result: Result) -> dict[str, str]:
    """Return what became of each recipient."""
    return {entry["to"]: entry["outcome"] for entry in report(result)["recipients"]}


def command_to_send(root: Path, people: Path, *words: str) -> list[str]:
    """Return the command that sends an edition in a process of its own."""
    start = [sys.executable, str(ROOT / "build.py"), "-C", str(root), "mail", "send", KEY]
    return [*start, "--to", str(people), "--yes", "--quiet", *words]
