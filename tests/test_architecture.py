"""The shape of the program: who may import whom, how long things are, what is documented.

Everything is read from the source with `ast`, so that a rule holds for code that no test runs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2.meta
import jinja2.nodes
import pytest

from broadsheet.assembly.project import default_theme_folder
from broadsheet.effects.theme_files import read_theme
from broadsheet.workers.theme import make_environment

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "broadsheet"
MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}

LAYERS = ("foundations", "domain", "planning", "workers", "effects", "assembly")
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
BROAD = {"Exception", "BaseException"}
# The outermost frame turns bugs into exit codes; an executor hands on whatever its work raised.
MAY_CATCH_ALL = {"assembly/commands/__init__.py", "effects/executors.py"}
MAY_IMPORT_PIPELINE = ("assembly/commands/", "assembly/server")
TEMPLATE_NAMES = {"site", "page", "view", "root"}


def parse(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"), filename=name)


def imported_modules(name: str) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever it does so."""
    for node in ast.walk(parse(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: write imports in full"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(name: str) -> int:
    parts = name.split(".")
    return LAYERS.index(parts[1]) if len(parts) > 1 and parts[1] in LAYERS else -1


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_from_its_own_layer_and_those_below(name: str) -> None:
    folder = name.split("/", maxsplit=1)[0]
    if folder not in LAYERS:
        return
    upward = [
        module
        for module in imported_modules(name)
        if module.split(".")[0] == "broadsheet" and layer_of(module) > LAYERS.index(folder)
    ]
    assert upward == []


def test_every_folder_of_the_package_is_a_layer() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(LAYERS)


def test_only_commands_and_the_server_know_the_pipeline() -> None:
    users = [
        name
        for name in MODULES
        if "broadsheet.assembly.pipeline" in set(imported_modules(name))
        and not name.startswith(MAY_IMPORT_PIPELINE)
    ]
    assert users == []


def test_planning_and_below_touch_neither_disk_nor_clock_nor_processes() -> None:
    banned = {"os", "subprocess", "shutil", "tempfile", "socket", "time", "random", "threading"}
    found = {
        f"{name}: {module}"
        for name in MODULES
        if name.split("/")[0] in LAYERS[: LAYERS.index("effects")]
        for module in imported_modules(name)
        if module.split(".")[0] in banned
    }
    assert found == set()


def test_nothing_asks_for_the_current_date() -> None:
    asked = {"today", "now", "utcnow"}
    found = [
        f"{name}:{node.lineno}"
        for name in MODULES
        for node in ast.walk(parse(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asked
    ]
    assert found == []


@pytest.mark.parametrize("name", MODULES)
def test_a_file_has_at_most_400_lines(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


def test_a_function_has_at_most_60_lines() -> None:
    long = {
        f"{name}:{node.lineno} {node.name}": lines
        for name in MODULES
        for node in ast.walk(parse(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_there_are_no_global_variables_to_write_to() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name in MODULES
        for node in ast.walk(parse(name))
        if isinstance(node, ast.Global | ast.Nonlocal)
    ]
    assert found == []


def caught_names(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {"BaseException"}
    return {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}


def test_everything_is_caught_in_two_places_only() -> None:
    found = {
        name
        for name in MODULES
        for node in ast.walk(parse(name))
        if isinstance(node, ast.ExceptHandler) and caught_names(node) & BROAD
    }
    assert found == MAY_CATCH_ALL


Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_names(
    node: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[str, Documented]]:
    for child in node.body:
        if isinstance(child, Documented) and not child.name.startswith("_"):
            yield prefix + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public_names(child, f"{prefix}{child.name}.")


def test_every_module_and_every_public_name_has_a_docstring() -> None:
    bare = [name for name in MODULES if not ast.get_docstring(parse(name))]
    bare += [
        f"{name}: {qualified}"
        for name in MODULES
        for qualified, node in public_names(parse(name))
        if not ast.get_docstring(node)
    ]
    assert bare == []


def test_the_page_on_architecture_lists_every_module_and_no_other() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w/]+\.py)` \| .+ \|$", page, re.MULTILINE)
    assert sorted(listed) == sorted(MODULES)


def test_a_long_module_says_what_it_is_not_responsible_for() -> None:
    silent = [
        name
        for name in MODULES
        if len(MODULES[name].read_text(encoding="utf-8").splitlines()) > 200
        and "responsible for" not in (ast.get_docstring(parse(name)) or "").lower()
    ]
    assert silent == []


def undeclared_names(template: jinja2.nodes.Template) -> set[str]:
    """Return the names that a template asks of its caller; macros that it imports are its own."""
    macros = {
        name if isinstance(name, str) else name[1]
        for node in template.find_all(jinja2.nodes.FromImport)
        for name in node.names
    }
    # What a template sets outside of its blocks is seen within them.
    own = {
        node.target.name
        for node in template.body
        if isinstance(node, jinja2.nodes.Assign) and isinstance(node.target, jinja2.nodes.Name)
    }
    return jinja2.meta.find_undeclared_variables(template) - macros - own


def test_templates_see_views_only() -> None:
    theme = read_theme(default_theme_folder(), None).theme
    environment = make_environment(theme)
    strangers = {
        f"{name}: {variable}"
        for name, source in theme.templates.items()
        for variable in undeclared_names(environment.parse(source.text))
        if variable not in TEMPLATE_NAMES
    }
    assert len(theme.templates) >= 28
    assert strangers == set()


def test_templates_never_switch_escaping_off() -> None:
    theme = read_theme(default_theme_folder(), None).theme
    found = {
        source.path
        for source in theme.templates.values()
        if "autoescape" in source.text or "|safe" in source.text.replace(" ", "")
    }
    assert found == set()


def test_every_template_is_rendered_extended_or_imported() -> None:
    theme = read_theme(default_theme_folder(), None).theme
    environment = make_environment(theme)
    used = {
        str(node.value.value)
        for name in MODULES
        if name.startswith("planning/")
        for node in ast.walk(parse(name))
        if isinstance(node, ast.keyword)
        and node.arg == "template"
        and isinstance(node.value, ast.Constant)
    }
    for source in theme.templates.values():
        parsed = environment.parse(source.text)
        used |= {name for name in jinja2.meta.find_referenced_templates(parsed) if name}
    own = {name for name in theme.templates if not name.startswith("default/")}
    assert own - used == set()
