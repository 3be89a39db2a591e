"""Drafts at Buttondown and listmonk, by their interfaces for programs.

Responsible for the requests, and for changing the draft of an earlier push instead of making
another. Not responsible for what a draft holds (`workers.drafts`). Nothing here sends mail.
"""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from broadsheet.domain.settings import Newsletter
from broadsheet.effects.credentials import Credentials
from broadsheet.workers.drafts import Draft

BUTTONDOWN_API = "https://api.buttondown.com/v1/"
TIMEOUT = 60
MAX_PAGES = 50


class ProviderError(Exception):
    """The provider does not take a draft; the message says what it said."""


class Pushed(msgspec.Struct, frozen=True):
    """What became of a draft.

    Attributes:
        how: `created` or `updated`.
        id: What the provider calls it.
    """

    how: str
    id: str


def push_draft(newsletter: Newsletter, draft: Draft, credentials: Credentials) -> Pushed:
    """Make a draft at the provider, or change the one of an earlier push.

    Args:
        newsletter: The provider.
        draft: What it is to hold.
        credentials: Token, and for listmonk the name that it belongs to.

    Raises:
        ProviderError: The provider refuses, cannot be reached, or has sent this edition already.
    """
    push = {"buttondown": _push_buttondown, "listmonk": _push_listmonk}[newsletter.provider]
    try:
        with _open_client(newsletter, credentials) as client:
            return push(client, draft)
    except httpx.HTTPError as error:
        raise ProviderError(f"{newsletter.provider} cannot be reached: {error}") from error


def api_root(newsletter: Newsletter) -> str:
    """Return the root of the provider's interface, ending in a slash."""
    default = BUTTONDOWN_API if newsletter.provider == "buttondown" else f"{newsletter.address}api/"
    return newsletter.api or default


def _open_client(newsletter: Newsletter, credentials: Credentials) -> httpx.Client:
    token = credentials.api_token
    if newsletter.provider == "listmonk":
        authorization = f"token {credentials.api_user}:{token}"
    else:
        authorization = f"Token {token}"
    headers = {"Authorization": authorization, "Accept": "application/json"}
    # A redirect could lead elsewhere, and the token would go with it.
    return httpx.Client(
        base_url=api_root(newsletter), headers=headers, timeout=TIMEOUT, follow_redirects=False
    )


def _push_buttondown(client: httpx.Client, draft: Draft) -> Pushed:
    known = _find_buttondown(client, draft.key)
    if known is None:
        made = _ask(client, "POST", "emails", json=draft.fields)
        return Pushed("created", str(made.get("id", "")))
    if known.get("status") != "draft":
        raise ProviderError(_not_a_draft(draft.key, known))
    _ask(client, "PATCH", f"emails/{known['id']}", json=draft.fields)
    return Pushed("updated", str(known["id"]))


def _find_buttondown(client: httpx.Client, key: str) -> dict[str, Any] | None:
    """Return the email of an earlier push, drafts and sent ones alike."""
    for page in range(1, MAX_PAGES + 1):
        listed = _ask(client, "GET", "emails", params={"page": str(page)})
        for email in listed.get("results", ()):
            if (email.get("metadata") or {}).get("broadsheet") == key:
                return dict(email)
        if not listed.get("next"):
            return None
    return None


def _push_listmonk(client: httpx.Client, draft: Draft) -> Pushed:
    fields = {**draft.fields, "lists": _list_numbers(client, draft)}
    known = _find_listmonk(client, str(draft.fields["name"]))
    if known is None:
        made = _ask(client, "POST", "campaigns", json=fields)
        return Pushed("created", str(made["data"]["id"]))
    if known.get("status") != "draft":
        raise ProviderError(_not_a_draft(draft.key, known))
    _ask(client, "PUT", f"campaigns/{known['id']}", json=fields)
    return Pushed("updated", str(known["id"]))


def _find_listmonk(client: httpx.Client, name: str) -> dict[str, Any] | None:
    params = {"tags": "broadsheet", "per_page": "all"}
    listed = _ask(client, "GET", "campaigns", params=params)
    found = (c for c in listed["data"]["results"] if c.get("name") == name)
    return next(found, None)


def _list_numbers(client: httpx.Client, draft: Draft) -> list[int]:
    """Return the numbers of lists, which the interface takes, by the UUIDs that its forms take."""
    listed = _ask(client, "GET", "lists", params={"per_page": "all"})
    numbers = {entry["uuid"]: int(entry["id"]) for entry in listed["data"]["results"]}
    wanted = draft.fields["lists"]
    if not isinstance(wanted, list):  # pragma: no cover - made by workers.drafts
        raise TypeError(wanted)
    if missing := [uuid for uuid in wanted if uuid not in numbers]:
        raise ProviderError(f"listmonk has no list {', '.join(missing)}")
    return [numbers[uuid] for uuid in wanted]


def _not_a_draft(key: str, known: dict[str, Any]) -> str:
    return f"{key} is there already and no draft any more ({known.get('status')}); nothing changed"


def _ask(client: httpx.Client, method: str, path: str, **what: Any) -> dict[str, Any]:
    response = client.request(method, path, **what)
    if response.status_code in (401, 403):
        raise ProviderError(f"the token is not accepted (status {response.status_code})")
    if not response.is_success:
        said = " ".join(response.text.split())[:300]
        raise ProviderError(f"{method} {path} was answered with {response.status_code}: {said}")
    try:
        answer = response.json()
    except ValueError as error:
        raise ProviderError(f"{method} {path} was not answered with JSON") from error
    if not isinstance(answer, dict):
        raise ProviderError(f"{method} {path} was not answered with an object")
    return answer
