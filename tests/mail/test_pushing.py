"""`mail push`: drafts at stand-ins for Buttondown and listmonk that check what they are given."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result
from scenarios import paper, write_digest

from broadsheet.assembly.commands import broadsheet

KEY = "2025-03-19"
UUID = "0f3a0b1c-0000-4000-8000-0123456789ab"
BUTTONDOWN_FIELDS = {"subject", "body", "status", "slug", "template", "metadata"}
LISTMONK_FIELDS = {
    "name",
    "subject",
    "lists",
    "type",
    "content_type",
    "body",
    "altbody",
    "tags",
    "messenger",
}


class Provider:
    """What both stand-ins share: they note requests and keep drafts.

    Attributes:
        kept: Drafts by their id.
        asked: Method and path of each request.
        token: The only `Authorization` that is taken.
    """

    def __init__(self, token: str) -> None:
        """Begin without a draft."""
        self.kept: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.token = token

    def answer(self, method: str, path: str, query: dict[str, list[str]], sent: Any) -> Any:
        """Return status and answer; each provider has its own."""
        raise AssertionError(method, path, query, sent)


class Buttondown(Provider):
    """Its emails, as docs.buttondown.com describes them."""

    def answer(self, method: str, path: str, query: dict[str, list[str]], sent: Any) -> Any:
        """Return status and answer."""
        if method == "GET" and path == "/v1/emails":
            page = int(query["page"][0])
            everything = [{"id": key, **fields} for key, fields in self.kept.items()]
            shown = everything[page - 1 : page]  # one a page, so that pages are followed
            return 200, {
                "results": shown,
                "count": len(everything),
                "next": "more" if page < len(everything) else None,
            }
        assert set(sent) == BUTTONDOWN_FIELDS
        assert sent["status"] == "draft"
        assert len(sent["subject"]) <= 2000
        assert re.fullmatch(r"[a-z0-9-]+", sent["slug"])
        if method == "POST" and path == "/v1/emails":
            if any(kept["slug"] == sent["slug"] for kept in self.kept.values()):
                return 400, {"code": "email_duplicate"}
            self.kept[f"id-{len(self.kept)}"] = sent
            return 201, {"id": f"id-{len(self.kept) - 1}", **sent}
        assert method == "PATCH"
        self.kept[path.removeprefix("/v1/emails/")] |= sent
        return 200, sent


class Listmonk(Provider):
    """Its lists and campaigns, as listmonk.app/docs describes them."""

    def answer(self, method: str, path: str, query: dict[str, list[str]], sent: Any) -> Any:
        """Return status and answer."""
        if path == "/api/lists":
            assert query == {"per_page": ["all"]}
            return 200, {"data": {"results": [{"id": 7, "uuid": UUID, "name": "Daily"}]}}
        if method == "GET" and path == "/api/campaigns":
            assert query == {"tags": ["broadsheet"], "per_page": ["all"]}
            kept = [{"id": int(key), **fields} for key, fields in self.kept.items()]
            return 200, {"data": {"results": kept}}
        assert set(sent) == LISTMONK_FIELDS
        assert sent["lists"] == [7]
        assert (sent["type"], sent["content_type"]) == ("regular", "html")
        if method == "POST" and path == "/api/campaigns":
            self.kept[str(len(self.kept) + 1)] = {**sent, "status": "draft"}
            return 200, {"data": {"id": len(self.kept), "status": "draft"}}
        assert method == "PUT"
        self.kept[path.removeprefix("/api/campaigns/")] |= sent
        return 200, {"data": sent}


@contextmanager
def providing(provider: Provider) -> Iterator[str]:
    """Run a stand-in for the time of a block, and give its origin."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(f"{self.command} {parts.path}")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers["Authorization"] != provider.token:
                status, answer = 403, {"detail": "no"}
            else:
                sent = json.loads(body) if body else None
                query = parse_qs(parts.query)
                status, answer = provider.answer(self.command, parts.path, query, sent)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def write(
    root: Path, newsletter: str, title: str = r"\{\{ .Evil \}\} \{\% now \%\} & more"
) -> Path:
    settings = f"title: D\nbase_url: https://example.org/\nnewsletter:\n{newsletter}"
    files = {
        "content/site.yaml": settings,
        "content/papers/a.md": paper(title, featured=KEY),
    }
    return write_digest(root, files)


def push(root: Path) -> Result:
    arguments = ["-C", str(root), "mail", "push", KEY]
    return CliRunner().invoke(broadsheet, arguments, standalone_mode=False)


def test_buttondown_gets_a_draft_and_a_second_push_changes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_NEWSLETTER_TOKEN", "t0ken")
    provider = Buttondown("Token t0ken")
    other = {"slug": "other", "status": "sent", "metadata": {}, "subject": "", "body": ""}
    provider.kept["id-other"] = dict(other)
    with providing(provider) as origin:
        root = write(tmp_path, f"  provider: buttondown\n  address: d\n  api: {origin}/v1\n")
        first, second = push(root), push(root)
        draft = provider.kept.pop("id-1")
        provider.kept["id-1"] = {**draft, "status": "sent"}
        third = push(root)
    assert "created as a draft, id id-1" in first.stdout
    assert "updated as a draft, id id-1" in second.stdout
    assert "no draft any more (sent); nothing changed" in third.stderr
    assert [r.return_value for r in (first, second, third)] == [0, 0, 1]
    assert provider.kept["id-other"] == other
    assert draft["metadata"] == {"broadsheet": KEY}
    body = draft["body"]
    assert body.startswith("<!-- buttondown-editor-mode: naked -->")
    assert "&#123;&#123; .Evil &#125;&#125; &#123;% now %&#125; &amp; more" in body
    assert re.findall(r"\{\{.*?\}\}|\{%.*?%\}", body) == ["{{ unsubscribe_url }}"]


def test_listmonk_gets_a_draft_and_a_second_push_changes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_NEWSLETTER_USER", "bot")
    monkeypatch.setenv("BROADSHEET_NEWSLETTER_TOKEN", "t0ken")
    provider = Listmonk("token bot:t0ken")
    with providing(provider) as origin:
        newsletter = f"  provider: listmonk\n  address: {origin}\n  frequencies: {{day: {UUID}}}\n"
        root = write(tmp_path, newsletter)
        first, second = push(root), push(root)
        draft = dict(provider.kept["1"])
        provider.kept["1"]["status"] = "finished"
        third = push(root)
    assert "created as a draft, id 1" in first.stdout
    assert "updated as a draft, id 1" in second.stdout
    assert "no draft any more (finished); nothing changed" in third.stderr
    assert len(provider.kept) == 1
    assert draft["name"] == f"D {KEY}"
    assert draft["tags"] == ["broadsheet", KEY]
    assert re.findall(r"\{\{.*?\}\}", draft["body"]) == ["{{ UnsubscribeURL }}"]
    assert '{{ "{{" }} .Evil' in draft["altbody"]
    assert '{{ "{{" }} .Evil' in draft["subject"]
    assert "Unsubscribe: {{ UnsubscribeURL }}" in draft["altbody"]


def test_a_wrong_token_is_told_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_NEWSLETTER_TOKEN", "hunter2")
    with providing(Buttondown("Token t0ken")) as origin:
        result = push(
            write(tmp_path, f"  provider: buttondown\n  address: d\n  api: {origin}/v1\n")
        )
    assert result.return_value == 1
    assert "the token is not accepted (status 403)" in result.stderr
    assert "hunter2" not in result.output


def test_a_list_that_listmonk_does_not_have_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_NEWSLETTER_USER", "bot")
    monkeypatch.setenv("BROADSHEET_NEWSLETTER_TOKEN", "t0ken")
    gone = UUID.replace("0f3a", "ffff")
    with providing(provider := Listmonk("token bot:t0ken")) as origin:
        newsletter = f"  provider: listmonk\n  address: {origin}\n  lists: [{gone}]\n"
        result = push(write(tmp_path, newsletter))
    assert f"listmonk has no list {gone}" in result.stderr
    assert provider.kept == {}


def test_without_a_token_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROADSHEET_NEWSLETTER_TOKEN", raising=False)
    with providing(provider := Buttondown("Token t0ken")) as origin:
        result = push(
            write(tmp_path, f"  provider: buttondown\n  address: d\n  api: {origin}/v1\n")
        )
    assert "set BROADSHEET_NEWSLETTER_TOKEN" in str(result.exception)
    assert provider.asked == []
