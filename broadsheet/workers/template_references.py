"""What templates name: the ones they extend, include and import.

Responsible for reading such names from a template's syntax, and for what follows from them: what a
template depends on, and which templates build on a digest's own. Not responsible for whether the
names are right (`template_checks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import jinja2
import msgspec
from jinja2 import nodes

from broadsheet.foundations.hashing import hash_value
from broadsheet.workers.theme import TemplateSource, Theme, make_environment


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A place where a template names others.

    Attributes:
        line: Line of the template, from 1.
        names: Names as written, of which the first that exists is used.
        is_complete: Whether these are all names that it can mean; false where one is worked out
            while the page is rendered.
        is_parent: Whether it is the template's `extends`.
        is_optional: Whether it says `ignore missing`.
    """

    line: int
    names: tuple[str, ...]
    is_complete: bool
    is_parent: bool
    is_optional: bool


References = Mapping[str, tuple[Reference, ...]]


def find_references(theme: Theme) -> dict[str, tuple[Reference, ...]]:
    """Return where each template names others, in the order of their lines.

    Args:
        theme: The templates; one that is not valid Jinja names nothing.
    """
    environment = make_environment(theme)
    found: dict[TemplateSource, tuple[Reference, ...]] = {}
    # The default theme's stand under two names each.
    for source in dict.fromkeys(theme.templates.values()):
        try:
            found[source] = tuple(_references_of(environment.parse(source.text)))
        except (jinja2.TemplateError, RecursionError):
            found[source] = ()
    return {name: found[source] for name, source in theme.templates.items()}


def find_closures(theme: Theme, references: References) -> dict[str, frozenset[str]]:
    """Return, for each template, its own name and those of all templates that it may draw in.

    Args:
        theme: The templates.
        references: What they name. A name that is worked out may be any template's.
    """
    direct = {
        name: set(theme.templates)
        if any(not reference.is_complete for reference in references[name])
        else {other for reference in references[name] for other in reference.names}
        for name in theme.templates
    }
    return {name: _close(direct, name) for name in theme.templates}


def _close(direct: Mapping[str, set[str]], name: str) -> frozenset[str]:
    closure: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in direct and current not in closure:
            closure.add(current)
            waiting.extend(direct[current])
    return frozenset(closure)


def hash_closures(theme: Theme, references: References) -> dict[str, str]:
    """Return, for each template, a hash over it and everything it may extend, include or import.

    Args:
        theme: The templates.
        references: What they name.
    """
    closures = find_closures(theme, references)
    return {
        name: hash_value([(item, theme.templates[item].text) for item in sorted(closure)])
        for name, closure in closures.items()
    }


def find_overridden(theme: Theme) -> frozenset[str]:
    """Return the templates that a digest's own files take part in, its own included."""
    if not theme.own:
        return frozenset()
    closures = find_closures(theme, find_references(theme))
    return frozenset(name for name, closure in closures.items() if closure & set(theme.own))


def find_blocks(theme: Theme, name: str) -> tuple[str, ...]:
    """Return the blocks that a template fills itself, then those that it has from its parents.

    Args:
        theme: The templates, which are valid Jinja.
        name: The template.
    """
    references = find_references(theme)
    environment = make_environment(theme)
    found: dict[str, None] = {}
    waiting = [name]
    for current in waiting:
        blocks = environment.parse(theme.templates[current].text).find_all(nodes.Block)
        found |= dict.fromkeys(block.name for block in blocks)
        waiting += [n for r in references[current] if r.is_parent for n in r.names]
    return tuple(found)


def _references_of(template: nodes.Template) -> Iterator[Reference]:
    for node in template.find_all(nodes.Stmt):
        if not isinstance(node, nodes.Extends | nodes.FromImport | nodes.Import | nodes.Include):
            continue
        names = _written_names(node.template)
        yield Reference(
            line=node.lineno,
            names=names or (),
            is_complete=names is not None,
            is_parent=isinstance(node, nodes.Extends),
            is_optional=isinstance(node, nodes.Include) and node.ignore_missing,
        )


def _written_names(expression: nodes.Expr) -> tuple[str, ...] | None:
    """Return the names that an expression spells out, or None when it has to be worked out."""
    parts = expression.items if isinstance(expression, nodes.Tuple | nodes.List) else [expression]
    names = [part.value for part in parts if isinstance(part, nodes.Const)]
    if len(names) != len(parts) or not all(isinstance(name, str) for name in names):
        return None
    return tuple(names)
