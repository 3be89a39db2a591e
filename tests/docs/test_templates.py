"""The contract of templates: every view and every field, in the words of the types.

With `--update-golden` the lists of `docs/templates.md` are written anew between their marks.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

import pytest
from builds import ROOT

import broadsheet.planning
from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project, default_theme_folder, theme_fixtures_folder
from broadsheet.effects.theme_files import read_theme
from broadsheet.planning.plan import fill_page
from broadsheet.planning.site_views import PageHead, SiteView
from broadsheet.planning.views import View
from broadsheet.workers.template_references import find_blocks

PAGE = ROOT / "docs" / "templates.md"
PLAIN = {"str": "text", "int": "number", "float": "number", "bool": "yes or no"}


def stretch(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name} -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def find_views() -> dict[str, type[View]]:
    """Return every view by its name."""
    for module in pkgutil.iter_modules(broadsheet.planning.__path__, "broadsheet.planning."):
        importlib.import_module(module.name)
    found: dict[str, type[View]] = {}
    waiting: list[type[View]] = [View]
    for view in waiting:
        waiting += view.__subclasses__()
        found[view.__name__] = view
    return {name: view for name, view in sorted(found.items()) if view is not View}


VIEWS = find_views()


def describe_type(annotation: str) -> str:
    """Return a type as people say it: `tuple[PaperCard, ...]` is a list of `PaperCard`."""
    if annotation.endswith(" | None"):
        return f"{describe_type(annotation.removesuffix(' | None'))}, or none"
    if match := re.fullmatch(r"tuple\[(.+), \.\.\.\]", annotation):
        return f"list of {describe_type(match[1])}"
    if match := re.fullmatch(r"tuple\[(.+)\]", annotation):
        return " and ".join(describe_type(part) for part in match[1].split(", "))
    if match := re.fullmatch(r"dict\[str, (.+)\]", annotation):
        return f"{describe_type(match[1])} by name"
    if annotation in VIEWS:
        return f"[{annotation}](#{annotation.lower()})"
    return PLAIN.get(annotation, f"`{annotation}`")


def read_docstring(view: type[View]) -> tuple[str, dict[str, str]]:
    """Return a view's sentence and what it says of each field."""
    text = inspect.cleandoc(view.__doc__ or "")
    head, _, attributes = text.partition("\nAttributes:\n")
    about = {
        match[1]: " ".join(match[2].split())
        for match in re.finditer(r"^    (\w+): (.+(?:\n {5,}.+)*)", attributes, re.MULTILINE)
    }
    return " ".join(head.split()), about


def describe(name: str, view: type[View]) -> str:
    sentence, about = read_docstring(view)
    lines = [f"### {name}", "", sentence, ""]
    fields = view.__struct_fields__
    if fields:
        lines += ["| field | what it is | about |", "| --- | --- | --- |"]
        lines += [
            f"| `{field}` | {describe_type(annotation_of(view, field))} | {about[field]} |"
            for field in fields
        ]
        lines.append("")
    return "\n".join(lines)


def annotation_of(view: type[View], field: str) -> str:
    found = next(c.__annotations__[field] for c in view.__mro__ if field in c.__annotations__)
    return found if isinstance(found, str) else found.__name__


def used_views() -> Iterator[tuple[str, str]]:
    """Yield the template and the view's name of each page of the invented digests."""
    for fixture in theme_fixtures_folder().iterdir():
        site = check_site(Project(fixture), BuildOptions(executor="serial", has_drafts=True))
        for outline in site.plan.outlines.values():
            if outline.template in site.theme.theme.templates:
                view = fill_page(site.plan, outline).view
                yield outline.template, type(view).__name__


def names_within(annotation: str) -> set[str]:
    return set(re.findall(r"\w+", annotation)) & VIEWS.keys()


def reachable(names: set[str]) -> set[str]:
    """Return views with everything that can be reached through their fields."""
    found: set[str] = set()
    waiting = sorted(names)
    for name in waiting:
        if name not in found:
            found.add(name)
            for field in VIEWS[name].__struct_fields__:
                waiting += sorted(names_within(annotation_of(VIEWS[name], field)) - found)
    return found


def documented(name: str, said: str, request: pytest.FixtureRequest) -> str:
    text = PAGE.read_text(encoding="utf-8")
    assert len(stretch(name).findall(text)) == 1
    if request.config.getoption("--update-golden"):
        text = stretch(name).sub(lambda match: match[1] + said + match[3], text)
        PAGE.write_text(text, encoding="utf-8")
    (written,) = stretch(name).findall(text)
    return str(written[1])


@pytest.mark.parametrize("name", VIEWS)
def test_every_field_of_a_view_is_explained_and_no_other(name: str) -> None:
    sentence, about = read_docstring(VIEWS[name])
    assert sentence
    assert sorted(about) == sorted(VIEWS[name].__struct_fields__)


def test_the_page_lists_every_template_with_its_view_and_blocks(
    request: pytest.FixtureRequest,
) -> None:
    theme = read_theme(default_theme_folder(), None).theme
    rows = ["| template | view | blocks |", "| --- | --- | --- |"]
    for template, view in sorted(set(used_views())):
        blocks = ", ".join(f"`{block}`" for block in find_blocks(theme, template))
        rows.append(f"| `{template}` | [{view}](#{view.lower()}) | {blocks} |")
    said = "\n".join((*rows, ""))
    assert documented("templates", said, request) == said


def test_the_page_lists_every_view_that_a_template_may_see(request: pytest.FixtureRequest) -> None:
    seen = {view for _, view in used_views()} | {SiteView.__name__, PageHead.__name__}
    said = "\n".join(describe(name, VIEWS[name]) for name in sorted(reachable(seen)))
    assert documented("views", said, request) == said


def test_every_block_of_the_shell_is_explained() -> None:
    theme = read_theme(default_theme_folder(), None).theme
    text = PAGE.read_text(encoding="utf-8")
    missing = [b for b in find_blocks(theme, "base.html") if f"| `{b}` | " not in text]
    assert missing == []
