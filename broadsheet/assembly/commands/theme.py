"""`broadsheet theme`: templates of one's own, and whether they hold."""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.commands.common import (
    ReportOptions,
    open_project,
    report_diagnostics,
    report_options,
    say,
)
from broadsheet.assembly.pipeline import build_site, check_site
from broadsheet.assembly.project import Project, default_theme_folder, theme_fixtures_folder
from broadsheet.effects.new_files import write_new_files
from broadsheet.effects.theme_files import read_theme
from broadsheet.effects.theme_proof import find_theme_faults
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, sort_diagnostics
from broadsheet.workers.template_references import find_blocks, find_closures, find_references
from broadsheet.workers.theme import DEFAULT_PREFIX

# The invented digests that templates are rendered on, and whether each can be searched.
FIXTURES = {"complete": True, "bare": False}


@click.group()
def theme() -> None:
    """Templates of your own: copy one of the default theme's, and check them all."""


@theme.command()
@click.argument("template")
@click.option("--block", help="Write a template that changes this block only.")
@report_options
@click.pass_obj
def eject(
    directory: str,
    *,
    template: str,
    block: str | None,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Copy TEMPLATE of the default theme into templates/, or begin to change a block of it."""
    options = ReportOptions(style, is_quiet, is_strict)
    project = open_project(directory)
    source = _find_default(template)
    default = read_theme(default_theme_folder(), None).theme
    blocks = find_blocks(default, template) if template in default.templates else ()
    content = source.read_bytes()
    if block is not None:
        if block not in blocks:
            known = ", ".join(blocks) or "none"
            raise click.BadParameter(f"'{template}' has no block '{block}'; it has: {known}")
        content = _override(template, block)
    path = f"{project.templates.name}/{template}"
    code = report_diagnostics(write_new_files(project.root, {path: content}), options)
    if code:
        return code
    say(f"wrote {path}, which now stands above the default theme's", options)
    if block is None and blocks:
        say(
            "a later version of the default one will not reach it; to change one block and keep "
            f"the rest, delete it and give --block ({', '.join(blocks)})",
            options,
        )
    return code


@theme.command()
@report_options
@click.pass_obj
def check(directory: str, *, style: str, is_quiet: bool, is_strict: bool) -> int:
    """Render every template on invented papers, which show every part of a page."""
    options = ReportOptions(style, is_quiet, is_strict)
    project = open_project(directory)
    problems: list[Diagnostic] = []
    rendered: set[str] = set()
    for name, has_search in FIXTURES.items():
        with tempfile.TemporaryDirectory(prefix="broadsheet-") as scratch:
            root = Path(scratch).resolve()
            shutil.copytree(theme_fixtures_folder() / name / "content", root / "content")
            if project.templates.is_dir():
                shutil.copytree(project.templates, root / "templates")
            problems += _check_fixture(Project(root), rendered, has_search=has_search)
    unused = _find_unused(project, rendered)
    code = report_diagnostics(sort_diagnostics(problems), options)
    for name in unused:
        say(f"templates/{name} was not rendered: no page asks for it, nor any template", options)
    if not code:
        say(f"{len(rendered)} templates rendered, nothing to report", options)
    return code


def _check_fixture(
    project: Project, rendered: set[str], *, has_search: bool
) -> Iterator[Diagnostic]:
    """Yield what is wrong on one fixture; the names of its templates are added to `rendered`."""
    options = BuildOptions(executor="serial", has_drafts=True, has_search=has_search)
    site = check_site(project, options)
    known = site.theme.theme.templates
    rendered |= {o.template for o in site.plan.outlines.values() if o.template in known}
    result = build_site(project, options)
    # An example without an address is there to be built; a warning about it is nobody's fault.
    yield from (d for d in result.diagnostics if d.code is not Code.NO_BASE_URL)
    if result.how:
        templates = {
            outline.path: known[outline.template].path
            for outline in site.plan.outlines.values()
            if outline.template in known
        }
        yield from find_theme_faults(result.output, site.settings.base_url, templates)


def _find_unused(project: Project, rendered: set[str]) -> list[str]:
    """Return the digest's own templates that no rendered one is or draws in."""
    templates = read_theme(default_theme_folder(), project.templates).theme
    closures = find_closures(templates, find_references(templates))
    drawn_in = {name for template in rendered for name in closures.get(template, ())}
    return [name for name in templates.own if name not in drawn_in]


def _find_default(template: str) -> Path:
    folder = default_theme_folder()
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    if template not in names:
        near = difflib.get_close_matches(template, names, 1)
        hint = f"; did you mean '{near[0]}'?" if near else f"; there are: {', '.join(names)}"
        raise click.BadParameter(f"the default theme has no '{template}'{hint}")
    return folder / template


def _override(template: str, block: str) -> bytes:
    lines = (
        f'{{% extends "{DEFAULT_PREFIX}{template}" %}}',
        "",
        f"{{% block {block} %}}",
        "{# super() is what the default theme has here: write before, after or in place of it. #}",
        "{{ super() }}",
        "{% endblock %}",
        "",
    )
    return "\n".join(lines).encode()
