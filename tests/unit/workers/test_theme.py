"""Themes: layers, what a template depends on, and errors that name the template's own line."""

from __future__ import annotations

import pytest

from broadsheet.workers.theme import (
    TemplateSource,
    Theme,
    check_theme,
    explain_template_error,
    hash_closures,
    layer_theme,
    make_environment,
)


def sources(**texts: str) -> dict[str, TemplateSource]:
    named = {name.replace("_", "."): text for name, text in texts.items()}
    return {name: TemplateSource(f"templates/{name}", text) for name, text in named.items()}


DEFAULT = sources(
    base_html="<b>{% block main %}{% endblock %}</b>",
    paper_html='{% extends "base.html" %}{% block main %}paper{% endblock %}',
    page_html='{% from "parts.html" import x %}{{ x() }}',
    parts_html="{% macro x() %}x{% endmacro %}",
    lone_html="alone",
)


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


@pytest.mark.parametrize(
    ("changed", "affected"),
    [
        ("base.html", {"base.html", "paper.html", "default/base.html", "default/paper.html"}),
        ("parts.html", {"parts.html", "page.html", "default/parts.html", "default/page.html"}),
        ("lone.html", {"lone.html", "default/lone.html"}),
    ],
)
def test_a_change_affects_the_templates_that_build_on_it(changed: str, affected: set[str]) -> None:
    other = {
        **DEFAULT,
        changed: TemplateSource(f"templates/{changed}", DEFAULT[changed].text + "!"),
    }
    before, after = (hash_closures(layer_theme({}, layer)) for layer in (DEFAULT, other))
    assert {name for name in before if before[name] != after[name]} == affected


def test_text_is_escaped_whatever_the_template_is_called() -> None:
    theme = layer_theme({}, sources(a_txt="{{ x }}", a_xml="{{ x }}", a_html="{{ x }}"))
    shown = {render(theme, name, x="<&'\">") for name in ("a.txt", "a.xml", "a.html")}
    assert shown == {"&lt;&amp;&#39;&#34;&gt;"}


def test_templates_that_do_not_parse_are_reported_once_with_their_line() -> None:
    theme = layer_theme({}, sources(a_html="one\n{% if %}\n", b_html="{{ x", c_html="fine"))
    found = [(d.code.value, d.span.path, d.span.line) for d in check_theme(theme)]
    assert found == [
        ("template-syntax", "templates/a.html", 2),
        ("template-syntax", "templates/b.html", 1),
    ]


FAILING = {
    "an undefined name": ("one\n{{ gone }}", "template-failed", 2),
    "an undefined attribute": ("{{ site.gone }}", "template-failed", 1),
    "a failing filter": ("\n\n{{ 1 // 0 }}", "template-failed", 3),
    "a missing template": ("{% include 'gone.html' %}", "template-missing", 1),
}


@pytest.mark.parametrize("what", FAILING)
def test_an_error_while_rendering_names_the_template_s_line(what: str) -> None:
    text, code, line = FAILING[what]
    theme = layer_theme({}, sources(a_html=text))
    with pytest.raises(Exception, match=r".") as raised:
        render(theme, "a.html", site={})
    assert isinstance(raised.value, Exception)
    found = explain_template_error(theme, "a.html", raised.value)
    assert (found.code.value, found.span.path, found.span.line) == (code, "templates/a.html", line)


def test_an_error_in_an_included_template_names_that_one() -> None:
    theme = layer_theme({}, sources(a_html="{% include 'b.html' %}", b_html="\n{{ gone }}"))
    with pytest.raises(Exception, match="gone") as raised:
        render(theme, "a.html")
    found = explain_template_error(theme, "a.html", raised.value)
    assert (found.span.path, found.span.line) == ("templates/b.html", 2)
