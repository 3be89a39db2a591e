"""Our code of templates prints and reports what Jinja's own does, whatever an author writes."""

from __future__ import annotations

from typing import Any

import jinja2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.planning.views import Anchor, RichText
from broadsheet.workers.template_checks import explain_template_error
from broadsheet.workers.template_code import FastEnvironment
from broadsheet.workers.theme import TemplateSource, Theme, layer_theme, make_environment

ANCHOR = Anchor(text='a "b" & <c>', url="x/", title=RichText("<i>t</i>", "t"))
VALUES = {
    "anchor": ANCHOR,
    "options": {"colour": "red & blue", "items": "hidden by the method"},
    "anchors": (ANCHOR, msgspec.structs.replace(ANCHOR, text="", title=None)),
    "shelf": {"full": ("a", "b", "<c>"), "one": ["a"], "none": (), "lines": lambda: iter("ab")},
    "text": "100 % {of} 'it'\n",
    "html": Markup("<b>bold</b>"),
    "number": 3,
    "nothing": None,
}
# A page of one site, one that is as far from its root, one that is not, and one of another site.
SITES = (ANCHOR, msgspec.structs.replace(ANCHOR, text="other", url="y/z/"))
PLACES = ((SITES[0], "./"), (SITES[0], "./"), (SITES[0], "../<"), (SITES[1], "./"))
OF_SITE = (
    "site.text",
    "site.title or root",
    "root|upper ~ site['url']",
    "'here' if site.text == 'other' and root",
)
SOUND = st.sampled_from(
    (
        *OF_SITE,
        "anchor.text",
        "anchor.title",
        "anchor.title.plain",
        "anchors[1].text",
        "anchors|map(attribute='url')|join",
        "options.colour",
        "options.items is mapping",
        "options.absent|default('-')",
        "text",
        "text.upper()",
        "text ~ html",
        "html",
        "html|upper",
        "number",
        "nothing",
        "absent is defined",
        "anchor.__class__.__name__",
        "'<' if number else text",
        "'yes' if nothing",
    )
)
# What is there in some places only, or nowhere.
RISKY = st.sampled_from(
    (
        "anchor.title.absent",
        "anchors[1].title.plain",
        "options.absent",
        "options.absent.more",
        "number / 0",
        "nothing.any",
        "absent",
        "absent.more",
        "loop.index",
        "item.text",
        "site.absent",
        "item ~ root",
        "root|replace('.', kept)",
        "kept",
        "shown(anchor)",
        "super()",
    )
)
EXPRESSIONS = st.one_of(SOUND, SOUND, SOUND, RISKY)
LITERALS = st.sampled_from(("", "a", " 5 % %s %% {x} ", "\n", "'\"\\n", "·", "{# note #}", "<p>"))


LISTS = st.sampled_from(
    ("anchors", "shelf.full", "shelf.one", "shelf.none", "shelf.lines()", "site.url")
)
TURNS = (
    "{{% for item in {} %}}{{% if loop.first %}}({{% endif %}}{}"
    "{{% if not loop.last %}}, {{% else %}}){{% endif %}}{{% else %}}none{{% endfor %}}"
)
# Behind `else`, `loop` is the loop around.
AROUND = (
    "{{% for one in anchors %}}{{% for item in {} %}}{}{{% else %}}"
    "[{{{{ loop.first }}}}]{{% endfor %}}{{% endfor %}}"
)


def _tags(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a statement around others."""
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, EXPRESSIONS, inner, inner),
        st.builds("{{% if {} and {} %}}{}{{% endif %}}".format, EXPRESSIONS, EXPRESSIONS, inner),
        st.builds("{{% for item in {} %}}{}{{% endfor %}}".format, LISTS, inner),
        st.builds(TURNS.format, LISTS, inner),
        st.builds(AROUND.format, LISTS, inner),
        st.builds("{{% for item in anchors if {} %}}{}{{% endfor %}}".format, EXPRESSIONS, inner),
        st.builds("{{% for item in {} %}}{}{{% endfor %}}".format, EXPRESSIONS, inner),
        st.builds("{{% set kept %}}{}{{% endset %}}{{{{ kept }}}}".format, inner),
        st.builds("{{% set kept = {} %}}{}".format, EXPRESSIONS, inner),
        st.builds("{{% filter upper %}}{}{{% endfilter %}}".format, inner),
        st.builds(
            "{{% macro shown(item) %}}{}{{% endmacro %}}{{{{ shown(anchor) }}}}".format, inner
        ),
        st.builds("{{% autoescape false %}}{}{{% endautoescape %}}".format, inner),
        st.builds("{{% autoescape number %}}{}{{% endautoescape %}}".format, inner),
        # Sound ones only: where a `with` fails, Jinja names the line of whatever stands before it.
        st.builds("{{% with kept = {} %}}{}{{% endwith %}}".format, SOUND, inner),
        st.builds("{{% include 'part.html' %}}{}".format, inner),
        st.builds("{{% from 'part.html' import shown %}}{}".format, inner),
        st.builds("{{% call(x) wrap(anchor) %}}{}{{% endcall %}}".format, inner),
    )


PRINTED = st.builds("{{{{ {} }}}}\n{{{{ {} }}}}%".format, SOUND, EXPRESSIONS)
NAMES = ("kept", "kept", "kept", "root", "site")
# What the site and the way to its root decide alone, or seem to.
SHARED = st.builds(
    "{{% for item in {} %}}{{{{ item }}}}{{{{ {} }}}}{{% else %}}{{{{ {} }}}}{{% endfor %}}".format,
    st.sampled_from(("site.url", "site.text|list", "root", "kept", "shelf.one")),
    st.sampled_from((*OF_SITE, "loop.index", "kept", "number")),
    st.sampled_from((*OF_SITE, "kept", "number")),
)
BODIES = st.recursive(LITERALS | PRINTED, _tags, max_leaves=8)
PART = (
    "{% macro shown(x) %}<{{ x.text }}>{% endmacro %}"
    "{% macro wrap(x) %}({{ caller(x.url) }}){% endmacro %}{{ '<' }}{{ text|default('&') }}"
)
WRAP = "{% from 'part.html' import wrap %}"


# Only outside what gathers its text: within a macro Jinja's own code prints a generator's address.
STILL = st.sampled_from(("", "{% include 'still.html' without context %}"))


@given(page=BODIES, one=BODIES, two=BODIES, still=STILL, suffix=st.sampled_from(("html", "txt")))
def test_templates_print_and_report_what_jinja_s_own_code_does(
    page: str, one: str, two: str, still: str, suffix: str
) -> None:
    block = f"{{% block one %}}{one}{still}{{% endblock %}}"
    shell = f"{WRAP}{block}-\n{still}{page}\n{{{{ self.one() }}}}{{% block two %}}{{% endblock %}}"
    override = f"{{% block two %}}{two}{{% endblock %}}"
    texts = {
        "part.html": PART,
        "still.html": "still {{ 1 + 1 }}",
        f"shell.{suffix}": shell,
        f"page.{suffix}": f"{{% extends 'shell.{suffix}' %}}{WRAP}\n{override}",
    }
    theme = layer_theme({}, {name: TemplateSource(name, text) for name, text in texts.items()})
    for name in (f"shell.{suffix}", f"page.{suffix}"):
        assert _render(theme, name, is_fast=True) == _render(theme, name, is_fast=False)


@given(parts=st.lists(LITERALS | SHARED, min_size=1, max_size=4), name=st.sampled_from(NAMES))
def test_parts_that_pages_share_are_what_jinja_s_own_code_prints_on_each(
    parts: list[str], name: str
) -> None:
    text = f"{{% set {name} = number %}}{''.join(parts)}{{{{ kept }}}}"
    theme = layer_theme({}, {"page.html": TemplateSource("page.html", text)})
    pages = _render(theme, "page.html", is_fast=True)
    assert pages == _render(theme, "page.html", is_fast=False)


@pytest.mark.parametrize("items", ["shelf.full", "shelf.one", "shelf.none"])
@pytest.mark.parametrize("form", [TURNS, AROUND])
def test_loops_say_first_and_last_as_jinja_s_own_do(form: str, items: str) -> None:
    text = form.format(items, "x")
    theme = layer_theme({}, {"page.html": TemplateSource("page.html", text)})
    page = _render(theme, "page.html", is_fast=True)
    assert page == _render(theme, "page.html", is_fast=False)
    assert all(isinstance(text, str) for text in page)


def test_what_the_site_decides_alone_is_printed_once_for_pages_that_lie_as_deep() -> None:
    text = "{% for sign in site.url %}{{ sign }}{{ root }}{% endfor %} {{ page }} {{ site.text }}"
    theme = layer_theme({}, {"page.html": TemplateSource("page.html", text)})
    environment = make_environment(theme)
    assert isinstance(environment, FastEnvironment)
    template = environment.get_template("page.html")
    environment.shared_parts.admit(SITES[1], "./")
    pages = [template.render(site=SITES[1], root="./", page=number) for number in range(2)]
    assert pages == [f"y.//./z.//./ {number} other" for number in range(2)]
    assert list(environment.shared_parts.find(SITES[1], "./").values()) == ["y.//./z.//./"]


# What a template makes of the two names, and what a block prints of them then.
REBOUND = {
    "a value that changes": (
        "{% set site = namespace(n=1) %}{{ self.one() }}{% set site.n = 2 %}{{ self.one() }}",
        "{{ site.n }}",
    ),
    "a list that grows": (
        "{% set site = [1] %}{{ self.one() }}{% set added = site.append(2) %}{{ self.one() }}",
        "{{ site|length }}",
    ),
    "no key": ("{% set root = [root] %}{{ self.one() }}", "{{ root[0] }}{{ site.text }}"),
    "marked text": (
        "{% set root = '<p>'|safe if number else '<p>' %}{{ self.one() }}",
        "{{ root }}{{ site.text }}",
    ),
    "equal numbers": (
        "{% set root = 1 if number else true %}{{ self.one() }}",
        "{{ root }}{{ site.text }}",
    ),
}


@pytest.mark.parametrize(("text", "block"), REBOUND.values(), ids=REBOUND)
def test_parts_are_not_shared_where_a_template_gives_their_names_other_values(
    text: str, block: str
) -> None:
    block = f"{{% block one %}}[{block}]{{% endblock %}}"
    texts = {
        "shell.html": block,
        "page.html": f"{{% extends 'shell.html' %}}{text.split('{{ self', maxsplit=1)[0]}",
        "alone.html": f"{text}{{% if none %}}{block}{{% endif %}}",
    }
    theme = layer_theme({}, {name: TemplateSource(name, text) for name, text in texts.items()})
    pages = _render(theme, "alone.html", is_fast=True)
    assert pages == _render(theme, "alone.html", is_fast=False)
    assert all(isinstance(page, str) for page in pages)
    pages = _render(theme, "page.html", is_fast=True)
    assert pages == _render(theme, "page.html", is_fast=False)
    assert all(isinstance(page, str) for page in pages)


def test_of_ways_that_a_template_makes_up_nothing_is_kept() -> None:
    text = "{% set root = root ~ page %}{% block one %}{{ root }}{{ site.text }}{% endblock %}"
    theme = layer_theme({}, {"page.html": TemplateSource("page.html", text)})
    environment = make_environment(theme)
    environment.shared_parts.admit(SITES[1], "./")
    template = environment.get_template("page.html")
    pages = [template.render(site=SITES[1], root="./", page=number) for number in range(3)]
    assert pages == [f"./{number}other" for number in range(3)]
    assert environment.shared_parts.find(SITES[1], "./") == {}


def test_the_environment_of_pages_is_the_fast_one() -> None:
    assert isinstance(make_environment(Theme({})), FastEnvironment)


def _render(theme: Theme, name: str, *, is_fast: bool) -> list[str | Diagnostic]:
    environment = make_environment(theme)
    if not is_fast:
        environment.code_generator_class = CodeGenerator  # type: ignore[assignment] # Jinja's own
    pages = [
        {**VALUES, "site": site, "root": root, "number": number, "kept": -number}
        for number, (site, root) in enumerate(PLACES)
    ]
    return [_render_page(environment, theme, name, values) for values in pages]


def _render_page(
    environment: jinja2.Environment, theme: Theme, name: str, values: dict[str, Any]
) -> str | Diagnostic:
    try:
        if isinstance(environment, FastEnvironment):
            environment.shared_parts.admit(values["site"], values["root"])
        return environment.get_template(name).render(values)
    except RecursionError:
        return "without end"  # the line on which the stack is full is another one
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as error:
        return explain_template_error(theme, name, error)
