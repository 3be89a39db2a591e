"""The form by which readers subscribe, with the exact fields of each provider.

Responsible for where it posts to, for its fields, and for choices that lead to no topic or digest.
Not responsible for the settings' form (`domain.newsletter_schema`) or for the form's looks (the
theme).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from broadsheet.domain.library import Library
from broadsheet.domain.settings import Newsletter, Settings
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.foundations.schema import ask_for, nearest
from broadsheet.planning.site_views import FormChoice, FormField, SubscribeView

BUTTONDOWN_FORM = "https://buttondown.com/api/emails/embed-subscribe/"

_FREQUENCIES = {"day": "Daily", "week": "Weekly", "month": "Monthly"}
# The field that carries a choice, where the provider has a fixed one.
_CHOICE_FIELDS = {"buttondown": "tag", "listmonk": "l"}
_EMAIL_FIELDS = {"buttondown": "email", "mailchimp": "EMAIL", "listmonk": "email"}
_GROUP_VALUE = re.compile(r"group\[\d+\]\[(\d+)\]")


def plan_subscription(
    settings: Settings, library: Library
) -> tuple[SubscribeView, tuple[Finding, ...]]:
    """Plan what stands where readers subscribe.

    Args:
        settings: The digest's settings.
        library: All records and indices.

    Returns:
        The form, without an action where there is no provider; and an error for each choice that
        names a kind of digest or a topic that does not exist.
    """
    newsletter = settings.newsletter or Newsletter()
    if not newsletter.provider:
        return SubscribeView(contact=newsletter.contact), ()
    findings = (*_check_frequencies(settings, newsletter), *_check_topics(library, newsletter))
    view = SubscribeView(
        action=_action(newsletter),
        email_field=_EMAIL_FIELDS.get(newsletter.provider, newsletter.email_field),
        hidden=_hidden_fields(newsletter),
        honeypot=_honeypot(newsletter),
        frequencies=_frequency_choices(newsletter),
        topics=_topic_choices(library, newsletter),
        contact=newsletter.contact,
    )
    return view, findings


def form_origins(settings: Settings) -> tuple[str, ...]:
    """Return the origins that the site's form posts to, for its Content-Security-Policy."""
    if settings.newsletter is None or not settings.newsletter.provider:
        return ()
    parts = urlsplit(_action(settings.newsletter))
    return (f"{parts.scheme}://{parts.netloc}",)


def _action(newsletter: Newsletter) -> str:
    if newsletter.provider == "buttondown":
        return BUTTONDOWN_FORM + newsletter.address
    if newsletter.provider == "listmonk":
        return f"{newsletter.address}subscription/form"
    return newsletter.address


def _hidden_fields(newsletter: Newsletter) -> tuple[FormField, ...]:
    fields = [FormField(name=name, value=value) for name, value in newsletter.hidden.items()]
    if newsletter.provider == "buttondown":
        fields.append(FormField(name="embed", value="1"))
    fields += [FormField(name="l", value=uuid) for uuid in newsletter.lists]
    return tuple(fields)


def _honeypot(newsletter: Newsletter) -> str:
    """Return the field that people leave empty: a filled one tells the provider of a robot."""
    if newsletter.provider == "listmonk":
        return "nonce"
    if newsletter.provider == "mailchimp":
        query = dict(parse_qsl(urlsplit(newsletter.address).query))
        return f"b_{query['u']}_{query['id']}"
    return newsletter.honeypot


def _frequency_choices(newsletter: Newsletter) -> tuple[FormChoice, ...]:
    name = newsletter.frequency_field or _CHOICE_FIELDS.get(newsletter.provider, "")
    return tuple(
        FormChoice(name=name, value=newsletter.frequencies[kind], key=kind, text=words)
        for kind, words in _FREQUENCIES.items()
        if kind in newsletter.frequencies
    )


def _topic_choices(library: Library, newsletter: Newsletter) -> tuple[FormChoice, ...]:
    field = newsletter.topic_field or _CHOICE_FIELDS.get(newsletter.provider, "")
    choices = []
    for slug, written in newsletter.topics.items():
        topic = library.topics.by_slug.get(slug)
        if topic is None:
            continue
        name, value = field, written
        if group := _GROUP_VALUE.fullmatch(written) if not field else None:
            name, value = written, group[1]
        choices.append(FormChoice(name=name, value=value, key=slug, text=topic.short))
    return tuple(choices)


def _check_frequencies(settings: Settings, newsletter: Newsletter) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code=Code.FIELD_CONFLICT,
            message=f"'{kind}' is offered to subscribers, but this site has no such digests",
            source="content/site.yaml",
            field=("newsletter", "frequencies", kind),
            hint=f"add '{kind}' to 'digests', or delete the line",
        )
        for kind in newsletter.frequencies
        if kind not in settings.digests
    )


def _check_topics(library: Library, newsletter: Newsletter) -> tuple[Finding, ...]:
    known = library.topics.by_slug
    return tuple(
        Finding(
            code=Code.UNKNOWN_TOPIC,
            message=f"there is no topic '{slug}'",
            source="content/site.yaml",
            field=("newsletter", "topics", slug),
            hint=ask_for(nearest(slug, known)) or "write the slug of a topic",
        )
        for slug in newsletter.topics
        if slug not in known
    )
