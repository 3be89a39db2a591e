"""Themes: layers, and how they are rendered."""

from __future__ import annotations

from themes import DEFAULT, sources

from broadsheet.planning.views import RichText
from broadsheet.workers.theme import Theme, layer_theme, make_environment


def render(theme: Theme, name: str, **values: object) -> str:
    return make_environment(theme).get_template(name).render(**values)


def test_a_digest_s_own_template_stands_above_the_default_one() -> None:
    theme = layer_theme(sources(lone_html="mine"), DEFAULT)
    assert (render(theme, "lone.html"), render(theme, "default/lone.html")) == ("mine", "alone")


def test_one_block_of_a_default_template_can_be_replaced() -> None:
    own = '{% extends "default/paper.html" %}{% block main %}my {{ super() }}{% endblock %}'
    assert render(layer_theme(sources(paper_html=own), DEFAULT), "paper.html") == "<b>my paper</b>"


def test_a_default_template_extends_a_digest_s_own_base() -> None:
    own = "<i>{% block main %}{% endblock %}</i>"
    assert render(layer_theme(sources(base_html=own), DEFAULT), "paper.html") == "<i>paper</i>"


def test_text_is_escaped_in_every_template_but_plain_text() -> None:
    names = ("a.xml", "a.html", "a.json", "a.txt.html")
    theme = layer_theme({}, sources(**{name.replace(".", "_"): "{{ x }}" for name in names}))
    shown = {render(theme, name, x="<&'\">") for name in names}
    assert shown == {"&lt;&amp;&#39;&#34;&gt;"}
    plain = layer_theme({}, sources(a_txt="{{ x }} {{ y }}"))
    assert render(plain, "a.txt", x="<&'\">", y=RichText("<b>x</b>", "x")) == "<&'\"> x"
