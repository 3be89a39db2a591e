"""Parts of templates that are the same on every page that lies as deep.

Responsible for telling which statements print what the site and the way to its root decide alone,
and for keeping what they printed. Not responsible for the code that asks (`template_code`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from jinja2 import nodes

# What every page is rendered with alike, but for the way to the root, of which there are few.
_SHARED_NAMES = frozenset({"site", "root"})
# Of these it is known that they work out a value from values, and do nothing else.
_PURE_FILTERS = frozenset(
    {"default", "escape", "first", "join", "last", "length", "lower", "replace", "upper"}
)
_PURE_NODES = (
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Filter,
    nodes.BinExpr,
    nodes.UnaryExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.CondExpr,
    nodes.Concat,
    nodes.Tuple,
    nodes.List,
)


class SharedParts:
    """What was printed for a site, by the way to its root and then by the part's name.

    A template may give `site` and `root` other values, which may change from one moment to the
    next, be no keys, or differ from page to page. Nothing is kept of those.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held: tuple[object, dict[str, dict[str, str]]] = (None, {})

    def admit(self, site: object, root: str) -> None:
        """Let parts be kept of pages of a site that are as far from its root.

        Args:
            site: The site's view, which is frozen; another one has other parts.
            root: The way from the page to the root, of which there are few.
        """
        # One value, so that threads that render for two sites never see one's parts as the other's.
        held = self._held
        if held[0] is not site:
            held = self._held = (site, {})
        held[1].setdefault(root, {})

    def find(self, site: object, root: object) -> dict[str, str]:
        """Return the parts that are kept where a template names `site` and `root`.

        Args:
            site: What it knows as the site.
            root: What it knows as the way to the root.

        Returns:
            The parts, to be looked up and added to; for values that were not admitted none, and
            what is added to them is not kept.
        """
        admitted, ways = self._held
        # Of what equals a way, such as marked text, only the way itself prints the same.
        if site is not admitted or type(root) is not str:
            return {}
        parts = ways.get(root)
        return {} if parts is None else parts


def split_runs(body: Iterable[nodes.Node]) -> Iterator[tuple[bool, list[nodes.Node]]]:
    """Cut the statements of a block into runs, each with whether it is shared.

    A run that prints no value is not: there is nothing to save.

    Args:
        body: The statements.
    """
    for is_shared, run in groupby(body, _is_shared):
        statements = list(run)
        yield is_shared and any(map(_prints_value, statements)), statements


def _is_shared(statement: nodes.Node) -> bool:
    """Tell whether a statement prints the same on every page that lies as deep."""
    is_statement = isinstance(statement, nodes.Output | nodes.If | nodes.For)
    return is_statement and _is_pure(statement, _SHARED_NAMES)


def _is_pure(node: nodes.Node, names: frozenset[str]) -> bool:
    """Tell whether a node does nothing but work out a value from some names."""
    if isinstance(node, nodes.Name):
        return node.name in names
    if isinstance(node, nodes.For):
        targets = [node.target, *node.target.find_all(nodes.Name)]
        own = {target.name for target in targets if isinstance(target, nodes.Name)}
        within = names | own | {"loop"}
        tests = [node.test] if node.test is not None else []
        return (
            not node.recursive
            and all(_is_pure(part, names) for part in (node.iter, *node.else_))
            and all(_is_pure(part, within) for part in (*tests, *node.body))
        )
    if isinstance(node, nodes.Filter) and node.name not in _PURE_FILTERS:
        return False
    return isinstance(node, _PURE_NODES) and all(
        _is_pure(part, names) for part in node.iter_child_nodes()
    )


def _prints_value(statement: nodes.Node) -> bool:
    return statement.find(nodes.Name) is not None
