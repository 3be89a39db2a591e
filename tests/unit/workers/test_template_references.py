"""What templates name, and what follows for the pages that a change or an own file affects."""

from __future__ import annotations

import pytest
from themes import DEFAULT, sources

from broadsheet.workers.template_references import find_overridden, find_references, hash_closures
from broadsheet.workers.theme import TemplateSource, layer_theme


def hash_layer(templates: dict[str, TemplateSource]) -> dict[str, str]:
    theme = layer_theme({}, templates)
    return hash_closures(theme, find_references(theme))


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
    before, after = (hash_layer(layer) for layer in (DEFAULT, other))
    assert {name for name in before if before[name] != after[name]} == affected


def test_a_template_that_is_named_while_rendering_may_be_any() -> None:
    layer = {**DEFAULT, **sources(any_html="{% extends x %}")}
    other = {**layer, "lone.html": TemplateSource("default/lone.html", "alone!")}
    before, after = (hash_layer(templates) for templates in (layer, other))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"any.html", "default/any.html", "lone.html", "default/lone.html"}


OVERRIDDEN: dict[str, tuple[dict[str, str], set[str]]] = {
    "nothing": ({}, set()),
    "a page": ({"lone_html": "mine"}, {"lone.html"}),
    "a page that builds on the default": (
        {"paper_html": '{% extends "default/paper.html" %}'},
        {"paper.html"},
    ),
    "the shell": (
        {"base_html": "mine"},
        {"base.html", "paper.html", "default/paper.html"},
    ),
    "the macros": (
        {"parts_html": "mine"},
        {"parts.html", "page.html", "default/page.html"},
    ),
    "a file that no page uses": ({"new_html": "mine"}, {"new.html"}),
}


@pytest.mark.parametrize("what", OVERRIDDEN)
def test_an_own_file_takes_part_in_the_templates_that_draw_it_in(what: str) -> None:
    own, affected = OVERRIDDEN[what]
    assert find_overridden(layer_theme(sources(**own), DEFAULT)) == affected
