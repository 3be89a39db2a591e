"""Small themes for tests: templates as values, without a disk."""

from __future__ import annotations

from broadsheet.workers.theme import TemplateSource


def sources(prefix: str = "templates/", /, **texts: str) -> dict[str, TemplateSource]:
    """Return templates by name; `paper_html="…"` is the text of `paper.html`."""
    named = {name.replace("_", "."): text for name, text in texts.items()}
    return {name: TemplateSource(prefix + name, text) for name, text in named.items()}


DEFAULT = sources(
    "default/",
    base_html="<b>{% block main %}{% endblock %}</b>",
    paper_html='{% extends "base.html" %}{% block main %}paper{% endblock %}',
    page_html='{% from "parts.html" import x %}{{ x() }}',
    parts_html="{% macro x() %}x{% endmacro %}",
    lone_html="alone",
)
