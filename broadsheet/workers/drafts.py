"""An edition as the draft of a provider's campaign.

Responsible for the fields that Buttondown's and listmonk's interfaces take, and for keeping the
words of a paper apart from the providers' own template languages. A pure function. Not responsible
for the requests (`effects.newsletter_api`).

Sources: docs.buttondown.com/api-emails-create; listmonk.app/docs/apis/campaigns.
"""

from __future__ import annotations

import msgspec

from broadsheet.planning.email_views import UNSUBSCRIBE_MARK
from broadsheet.workers.composing import ComposedEmail

# Both providers read `{{ … }}` and `{% … %}` in a body. A brace as a character reference is shown
# as a brace and begins nothing.
_BRACES = {ord("{"): "&#123;", ord("}"): "&#125;"}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft, by which a later push finds it again.

    Attributes:
        key: The digest's key.
        fields: What is sent, as JSON; a list of listmonk is still its UUID.
    """

    key: str
    fields: dict[str, object]


def buttondown_draft(email: ComposedEmail) -> Draft:
    """Return an edition as Buttondown takes it.

    `status` is always said: without it Buttondown sends at once. The mode and template called
    naked keep the HTML as it is; in another, a blank line would begin a paragraph within a table.
    """
    body = _protect_html(email.html).replace(UNSUBSCRIBE_MARK, "{{ unsubscribe_url }}")
    return Draft(
        key=email.key,
        fields={
            "subject": _protect_line(email.subject),
            "body": f"<!-- buttondown-editor-mode: naked -->{body}",
            "status": "draft",
            "slug": email.key.lower(),
            "template": "naked",
            "metadata": {"broadsheet": email.key},
        },
    )


def listmonk_draft(email: ComposedEmail, name: str, lists: tuple[str, ...]) -> Draft:
    """Return an edition as listmonk takes it.

    Args:
        email: The edition.
        name: The campaign's name.
        lists: UUIDs of the lists that get it.
    """
    html = _protect_html(email.html).replace(UNSUBSCRIBE_MARK, "{{ UnsubscribeURL }}")
    text = _protect_text(email.text).replace(UNSUBSCRIBE_MARK, "{{ UnsubscribeURL }}")
    return Draft(
        key=email.key,
        fields={
            "name": f"{name} {email.key}",
            "subject": _protect_text(email.subject),
            "lists": list(lists),
            "type": "regular",
            "content_type": "html",
            "body": html,
            "altbody": text,
            "tags": ["broadsheet", email.key.lower()],
            "messenger": "email",
        },
    )


def _protect_html(html: str) -> str:
    """Return HTML in which no brace outside a stylesheet begins a template's expression."""
    start = html.find("<body")
    head, body = html[:start], html[start:]
    # In a stylesheet a reference would stay as it is; a space between two braces means nothing.
    head = head.replace("{{", "{ {").replace("}}", "} }").replace("{%", "{ %")
    return head + body.translate(_BRACES)


def _protect_text(text: str) -> str:
    """Return text for Go's templates, in which a quoted brace is a brace."""
    return text.replace("{{", '{{ "{{" }}')


def _protect_line(text: str) -> str:
    return text.replace("{{", "{ {").replace("{%", "{ %")
