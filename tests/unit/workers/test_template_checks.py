"""What is wrong with templates: found before a page is rendered, or explained afterwards."""

from __future__ import annotations

import pytest
from themes import DEFAULT, sources

from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.workers.template_checks import check_theme, explain_template_error
from broadsheet.workers.template_references import find_references
from broadsheet.workers.theme import Theme, layer_theme, make_environment

Problem = tuple[str, str, int, str, str]


def render(theme: Theme, name: str, **values: object) -> str:
    return make_environment(theme).get_template(name).render(**values)


def problem(found: Diagnostic) -> Problem:
    return found.code.value, found.span.path, found.span.line, found.message, found.hint


def check(theme: Theme) -> tuple[Diagnostic, ...]:
    return check_theme(theme, find_references(theme))


def test_templates_that_do_not_parse_are_reported_once_with_their_line() -> None:
    theme = layer_theme({}, sources(a_html="one\n{% if %}\n", b_html="{{ x", c_html="fine"))
    found = [(d.code.value, d.span.path, d.span.line) for d in check(theme)]
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


LOOPS = {
    "a template that includes itself": {"a_html": "\n{% include 'a.html' %}"},
    "a macro that calls itself": {"a_html": "{% macro m(x) %}\n{{ m(x) }}{% endmacro %}{{ m(1) }}"},
}


@pytest.mark.parametrize("what", LOOPS)
def test_a_template_without_end_is_explained_at_the_line_that_goes_on(what: str) -> None:
    theme = layer_theme(sources(**LOOPS[what]), {})
    with pytest.raises(RecursionError) as raised:
        render(theme, "a.html")
    message = "the template draws itself in, or calls its own macro, without end"
    assert problem(explain_template_error(theme, "a.html", raised.value)) == (
        "template-failed",
        "templates/a.html",
        2,
        message,
        "end it with a condition",
    )


def test_an_error_in_the_default_theme_is_not_blamed_on_the_file_of_that_name() -> None:
    default = sources("default/", a_html="\n{{ gone }}")
    theme = layer_theme(sources(a_html="{% extends 'default/a.html' %}"), default)
    with pytest.raises(Exception, match="gone") as raised:
        render(theme, "a.html")
    found = explain_template_error(theme, "a.html", raised.value)
    assert (found.span.path, found.span.line, found.span.excerpt) == (
        "default/a.html",
        2,
        "{{ gone }}",
    )


def missing(line: int, names: str, hint: str) -> list[Problem]:
    message = f"there is no template {names}"
    return [("template-missing", "templates/new.html", line, message, hint)]


NAMES: dict[str, tuple[str, list[Problem]]] = {
    "a parent": ("{% extends 'bse.html' %}", missing(1, "'bse.html'", "did you mean 'base.html'?")),
    "a part": ("\n{% include '0' %}", missing(2, "'0'", "check its name")),
    "one of a choice": ("{% include ['0', 'base.html'] %}", []),
    "all of a choice": ("{% include ['0', '1'] %}", missing(1, "'0', '1'", "check its name")),
    "a part that may be missing": ("{% include '0' ignore missing %}", []),
    "a name that is worked out": ("{% include x %}", []),
    "macros": ("{% from '0' import a %}", missing(1, "'0'", "check its name")),
    "a module": ("{% import '0' as a %}", missing(1, "'0'", "check its name")),
}


@pytest.mark.parametrize("what", NAMES)
def test_names_of_templates_that_do_not_exist_are_found_without_rendering(what: str) -> None:
    text, expected = NAMES[what]
    theme = layer_theme(sources(new_html=text), DEFAULT)
    assert [problem(found) for found in check(theme)] == expected


def cycle(name: str, way: str, hint: str = "extend another template") -> Problem:
    message = f"the template extends itself: {way}"
    return "template-cycle", f"templates/{name}", 1, message, hint


CYCLES: dict[str, tuple[dict[str, str], list[Problem]]] = {
    "by its own name": (
        {"paper_html": '{% extends "paper.html" %}'},
        [cycle("paper.html", "paper.html > paper.html", 'write "default/paper.html"')],
    ),
    "without a default": (
        {"new_html": '{% extends "new.html" %}'},
        [cycle("new.html", "new.html > new.html")],
    ),
    "by way of the default theme": (
        {"base_html": '{% extends "default/paper.html" %}'},
        [cycle("base.html", "base.html > default/paper.html > base.html")],
    ),
    "each other": (
        {"a_html": '{% extends "b.html" %}', "b_html": '{% extends "a.html" %}'},
        [
            cycle("a.html", "a.html > b.html > a.html"),
            cycle("b.html", "b.html > a.html > b.html"),
        ],
    ),
    "only its parent does": (
        {"a_html": '{% extends "b.html" %}', "b_html": '{% extends "b.html" %}'},
        [cycle("b.html", "b.html > b.html")],
    ),
    "the default of its name": ({"paper_html": '{% extends "default/paper.html" %}'}, []),
}


@pytest.mark.parametrize("what", CYCLES)
def test_a_template_that_extends_itself_is_found_without_rendering(what: str) -> None:
    own, expected = CYCLES[what]
    theme = layer_theme(sources(**own), DEFAULT)
    assert [problem(found) for found in check(theme)] == expected


def test_an_expression_that_is_nested_too_deeply_is_reported() -> None:
    theme = layer_theme(sources(a_html="{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}"), {})
    found = [(d.code.value, d.message, d.span.path) for d in check(theme)]
    message = "an expression is nested too deeply"
    assert found == [("template-syntax", message, "templates/a.html")]
