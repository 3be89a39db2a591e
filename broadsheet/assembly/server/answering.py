"""From a request to an answer: the preview as a Starlette application.

Responsible for addresses: which of them is a page, a file, a folder that lacks its slash, or
nothing; and for the headers of each answer. Nothing is looked up on disk by a name from a request:
only names that the state knows are served. What is named by its bytes may be kept, as on the
published site, so that a reload fetches the page alone; nothing else may. Not responsible for who
may ask (`guarding`).
"""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest
from html import escape
from pathlib import Path
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from broadsheet.assembly.server.events import EventStreams
from broadsheet.assembly.server.guarding import EVENTS_PATH, AllowedHosts, Guard
from broadsheet.assembly.server.media_types import HTML, media_type_of
from broadsheet.assembly.server.opening import FileToOpen, OpenInEditor
from broadsheet.assembly.server.patience import Patience
from broadsheet.assembly.server.preview import Preview, Shown
from broadsheet.assembly.server.preview_state import PreviewState
from broadsheet.assembly.server.tabs import Tab
from broadsheet.domain.folders import STATIC_FOLDER
from broadsheet.effects.asset_names import name_assets
from broadsheet.effects.manifest import SEARCH_FOLDER
from broadsheet.planning.addresses import output_path
from broadsheet.planning.headers import cache_control

OWN = "/_broadsheet/"
TOKEN_HEADER = "x-broadsheet-token"  # noqa: S105 - a header's name

_OWN_ASSETS = {
    asset.name: asset
    for asset in name_assets(
        {
            name: (Path(__file__).parent / "static" / name).read_bytes()
            for name in ("preview.js", "preview.css")
        }
    )
}
_OWN_CONTENTS = {asset.url: asset.content for asset in _OWN_ASSETS.values()}
_EMPTY_PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This page cannot be shown yet</title>
</head>
<body>
<main id="main"><p>This page cannot be shown before what is wrong has been mended.</p></main>
</body>
</html>
"""


def make_application(
    preview: Preview,
    streams: EventStreams,
    hosts: AllowedHosts,
    editor: OpenInEditor | None,
    token: str,
) -> Patience:
    """Return the application.

    Args:
        preview: What is served.
        streams: What tabs listen to.
        hosts: The names it answers to.
        editor: Opens files; None where that was not asked for.
        token: What a page must know to have a file opened.
    """
    pages = _Pages(preview, token if editor is not None else "")
    routes = [
        Route(EVENTS_PATH, _make_events(preview, streams)),
        Route(OWN + "{path:path}", _send_own),
        Route("/{path:path}", pages.answer),
    ]
    if editor is not None:
        routes.insert(0, Route(OWN + "open", _make_open(preview, editor, token), methods=["POST"]))
    policy = preview.state.plan.policy
    return Patience(
        Guard(Starlette(routes=routes), hosts, _headers(policy.headers_for("")).items())
    )


def _headers(site: dict[str, str], *, is_kept: bool = False) -> dict[str, str]:
    """Return the headers of an answer: the site's own, but nothing is lent.

    Args:
        site: The site's own.
        is_kept: Whether it may be kept for as long as the site says; else it never is.
    """
    kept = {} if is_kept else {"Cache-Control": "no-store"}
    return {**site, **kept, "Cross-Origin-Resource-Policy": "same-origin"}


class _Pages:
    """Everything below the site's root."""

    def __init__(self, preview: Preview, token: str) -> None:
        self._preview = preview
        self._token = token

    async def answer(self, request: Request) -> Response:
        return await run_in_threadpool(self._answer, request.url.path, request.url.query)

    def _answer(self, path: str, query: str) -> Response:
        state = self._preview.state
        if not path.startswith(state.base):
            is_above = state.base.startswith(path if path.endswith("/") else f"{path}/")
            if is_above:
                return self._redirect(state, state.base, query)
            return self._send(state, "404.txt", b"The site begins at " + state.base.encode(), 404)
        url = path.removeprefix(state.base)
        if url == "index.html" or url.endswith("/index.html"):
            url = url.removesuffix("index.html")
        if url not in state.plan.outlines and f"{url}/" in state.plan.outlines:
            return self._redirect(state, f"{state.base}{url}/", query)
        if url not in state.plan.outlines and (content := _read_file(state, url)) is not None:
            return self._send(state, url, content)
        return self._send_page(state, self._preview.show(state, url))

    def _redirect(self, state: PreviewState, location: str, query: str) -> Response:
        answer = self._send(state, "moved.txt", b"", 301)
        answer.headers["Location"] = quote(location) + (f"?{query}" if query else "")
        return answer

    def _send_page(self, state: PreviewState, shown: Shown) -> Response:
        path = output_path(shown.outline.url) if shown.outline is not None else "404.html"
        content, status = shown.content, 200 if shown.is_found else 404
        if content is None:
            content, status = _EMPTY_PAGE, 500 if shown.is_found else 404
        if media_type_of(path) == HTML:
            content = _add_script(content, shown, state, self._token)
        return self._send(state, path, content, status)

    def _send(self, state: PreviewState, path: str, content: bytes, status: int = 200) -> Response:
        site = state.plan.policy.headers_for(path)
        # A copied file may have such a name too, and other bytes tomorrow.
        headers = _headers(site, is_kept=path in state.assets)
        return Response(content, status, headers=headers, media_type=media_type_of(path))


def _read_file(state: PreviewState, url: str) -> bytes | None:
    """Return the bytes of a file that the state knows, or None."""
    if (content := state.assets.get(url)) is not None:
        return content
    index = state.index
    if url in state.static:
        root = state.root / STATIC_FOLDER
        path = root / url
    elif index is not None and url.removeprefix(f"{SEARCH_FOLDER}/") in index.files:
        root = index.folder
        path = root / url.removeprefix(f"{SEARCH_FOLDER}/")
    else:
        return None
    try:
        # A known file may have been replaced by a link that leads out since it was looked at.
        return path.read_bytes() if path.resolve().is_relative_to(root.resolve()) else None
    except OSError:
        return None


def _add_script(content: bytes, shown: Shown, state: PreviewState, token: str) -> bytes:
    known = {
        "page": shown.url,
        "base": state.base,
        "key": shown.key,
        "token": token,
        "isGood": shown.content is not None,
        "style": OWN + _OWN_ASSETS["preview.css"].url,
    }
    # One attribute of a name that no script of a site looks for.
    attribute = f'data-broadsheet-preview="{escape(msgspec.json.encode(known).decode())}"'
    line = (
        f'<link rel="preload" as="style" href="{known["style"]}">\n'
        f'<script src="{OWN}{_OWN_ASSETS["preview.js"].url}" defer {attribute}></script>\n'
    ).encode()
    before, mark, after = content.partition(b"</head>")
    return before + line + mark + after if mark else content + line


async def _send_own(request: Request) -> Response:
    path = request.path_params["path"]
    if path not in _OWN_CONTENTS:
        return PlainTextResponse("no such file\n", 404, headers=_headers({}))
    site = {"X-Content-Type-Options": "nosniff", "Cache-Control": cache_control(path)}
    headers = _headers(site, is_kept=True)
    return Response(_OWN_CONTENTS[path], headers=headers, media_type=media_type_of(path))


def _make_events(preview: Preview, streams: EventStreams) -> Callable[[Request], object]:
    async def send_events(request: Request) -> Response:
        headers = _headers(preview.state.plan.policy.headers_for(""))
        if not streams.has_room():
            return PlainTextResponse("too many open tabs\n", 503, headers=headers)
        asked = request.query_params
        tab = Tab(url=asked.get("page", ""), key=asked.get("key", ""))
        stream = streams.follow(tab)
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    return send_events


def _make_open(preview: Preview, editor: OpenInEditor, token: str) -> Callable[[Request], object]:
    async def open_source(request: Request) -> Response:
        headers = _headers(preview.state.plan.policy.headers_for(""))
        if not compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), token.encode()):
            return PlainTextResponse("the page is not of this preview\n", 403, headers=headers)
        try:
            wanted = msgspec.json.decode(await request.body(), type=FileToOpen)
        except msgspec.DecodeError:
            return PlainTextResponse("this names no file\n", 400, headers=headers)
        if wanted.path not in preview.state.sources:
            return PlainTextResponse("no source of this site\n", 404, headers=headers)
        problem = await run_in_threadpool(editor.open, preview.state.root, wanted)
        return PlainTextResponse(problem, 500 if problem else 200, headers=headers)

    return open_source
