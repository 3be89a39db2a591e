"""YAML as a tree of nodes with positions, in the small dialect that records may use.

Responsible for composing text into PyYAML nodes whose scalars are all still text, for refusing what
records must not hold (anchors, aliases, tags, merge keys, duplicate keys, deep nesting), and for
saying in the user's terms what is wrong with text that is not YAML. Not responsible for fences
(`front_matter`) or for types (`schema`).

The traps and their frequencies were measured on real records: 61 % of real titles fail unquoted,
and libyaml overflows the stack on 60,000 open brackets, so depth is checked before composing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import yaml

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Severity, error_at
from broadsheet.foundations.sources import CONTROL, MAX_ALIKE
from broadsheet.foundations.yaml_syntax import explain_syntax_error
from broadsheet.foundations.yaml_text import YamlText

MAX_DEPTH = 10
_OWN_LIMIT = "maximum nesting depth"

_Base: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Loader(_Base):  # type: ignore[misc]  # which one it is depends on the system
    """Composes nodes whose scalars are all text, so that nothing is to be found out about tags."""

    def resolve(self, *_: object) -> None:
        """Give a node no tag."""

    def descend_resolver(self, *_: object) -> None:
        """Pass over where a node stands."""

    def ascend_resolver(self) -> None:
        """Pass over where a node ends."""


# Without any of these, text cannot hold an anchor, an alias or a tag, and without the second (or as
# many brackets) it cannot nest deeply enough on few lines to overflow libyaml's stack.
_NEEDS_SCAN = "&*!"
_NESTED_ITEMS = re.compile(r"(?:[-?]\s+){4}")
# As many levels of items do libyaml no harm yet; what is too deep of them is found in the tree.
_HARMLESS_ITEMS = 100
_TEXT = frozenset({yaml.ScalarNode})
_FLAT = frozenset({yaml.ScalarNode, yaml.SequenceNode})
_LINE_BREAKS = re.compile("[\x85\u2028\u2029]")


def compose_yaml(yaml_text: YamlText) -> tuple[yaml.Node | None, tuple[Diagnostic, ...]]:
    """Compose YAML text into a node tree whose scalars are text.

    Args:
        yaml_text: The text and its place.

    Returns:
        The root node (None for empty text or when anything had to be refused) and the problems.
    """
    text = yaml_text.text
    breaks = () if text.isascii() else islice(_LINE_BREAKS.finditer(text), MAX_ALIKE)
    problems = [_line_break_error(yaml_text, match) for match in breaks]
    if problems:  # YAML counts them as lines and nobody else does
        return None, tuple(problems)
    try:
        if _may_hold_features(text):
            problems.extend(islice(_refuse_features(yaml_text), MAX_ALIKE))
        if problems:
            return None, tuple(problems)
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        return None, (*problems, _explain(yaml_text, error))
    if node is None:
        return None, ()
    if "\\" in text and '"' in text:
        problems.extend(islice(_refuse_escapes(yaml_text, node), MAX_ALIKE))
    if not _is_plain_mapping(node):
        problems.extend(islice(_check_tree(yaml_text, node, 1), MAX_ALIKE))
    return (None if problems else node), tuple(problems)


def find_node(node: yaml.Node | None, path: tuple[str | int, ...]) -> yaml.Node | None:
    """Follow keys and indices down a node tree.

    Args:
        node: Where to begin.
        path: Text for a key, numbers for an index; for a key as the last step that holds no value,
            the nearest node on the way is returned.

    Returns:
        The node, or the nearest one on the way to it.
    """
    for step in path:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif (
            isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value)
        ):
            found = node.value[step]
        if found is None:
            return node
        node = found
    return node


def _explain(yaml_text: YamlText, error: yaml.YAMLError) -> Diagnostic:
    """Explain what stopped the parser; libyaml 0.2.6 has a limit to nesting of its own."""
    if _OWN_LIMIT not in (getattr(error, "problem", None) or ""):
        return explain_syntax_error(yaml_text, error)
    # It stops a thousand levels down; the parser in Python gets to the first that is too deep.
    return next(_refuse_features(yaml_text, yaml.BaseLoader))


def _may_hold_features(text: str) -> bool:
    return (
        any(sign in text for sign in _NEEDS_SCAN)
        or text.count("[") + text.count("{") > MAX_DEPTH
        # Signs are counted in a tenth of the time that the pattern takes.
        or (
            text.count("-") + text.count("?") > _HARMLESS_ITEMS
            and _NESTED_ITEMS.search(text) is not None
        )
    )


def _refuse_features(yaml_text: YamlText, loader: type[Any] = Loader) -> Iterator[Diagnostic]:
    """Find what the dialect leaves out, from the event stream, which needs no recursion."""
    depth = 0
    for event in yaml.parse(yaml_text.text, Loader=loader):
        if isinstance(event, yaml.AliasEvent):
            yield _anchor_error(yaml_text, event, "*")
        elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            if event.anchor:
                yield _anchor_error(yaml_text, event, "&")
            if event.tag is not None:
                yield _tag_error(yaml_text, event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                yield _depth_error(yaml_text, event.start_mark)
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _is_plain_mapping(node: yaml.Node) -> bool:
    """Tell at once of nearly all front matter that it holds nothing that `_check_tree` finds."""
    if not isinstance(node, yaml.MappingNode):
        return False
    keys, values = zip(*node.value, strict=True) if node.value else ((), ())
    names = {key.value for key in keys if type(key) is yaml.ScalarNode}
    items = [item for value in values if type(value) is yaml.SequenceNode for item in value.value]
    return (
        len(names) == len(keys)
        and "<<" not in names
        and _TEXT.issuperset(map(type, items))
        and _FLAT.issuperset(map(type, values))
    )


def _check_tree(yaml_text: YamlText, node: yaml.Node, depth: int) -> Iterator[Diagnostic]:
    """Find duplicate keys, merge keys, keys that are not text, and deep nesting."""
    if depth > MAX_DEPTH and isinstance(node, yaml.CollectionNode):
        yield _depth_error(yaml_text, node.start_mark)
        return
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode):
                yield from _check_tree(yaml_text, item, depth + 1)
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, yaml.Node] = {}
        for key, value in node.value:
            yield from _check_key(yaml_text, key, seen)
            if not isinstance(value, yaml.ScalarNode):
                yield from _check_tree(yaml_text, value, depth + 1)


def _refuse_escapes(yaml_text: YamlText, root: yaml.Node) -> Iterator[Diagnostic]:
    """Find control characters that double quotes make of a backslash, as of the one in TeX."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif getattr(node, "style", "") == '"' and (match := CONTROL.search(node.value)):
            sign = f"U+{ord(match[0]):04X}"
            message = f"double quotes make the control character {sign} of a backslash in this text"
            hint = "use single quotes or a block scalar ('|'), which keep every backslash"
            yield error_at(Code.YAML_ESCAPE, message, yaml_text.span(node), hint)


def _check_key(
    yaml_text: YamlText, key: yaml.Node, seen: dict[str, yaml.Node]
) -> Iterator[Diagnostic]:
    if not isinstance(key, yaml.ScalarNode):
        message = "a field's name must be a word"
        yield error_at(
            Code.YAML_KEY, message, yaml_text.span(key), "quote the value that begins here"
        )
    elif key.value == "<<":
        message = "merge keys are not supported"
        yield error_at(Code.YAML_MERGE_KEY, message, yaml_text.span(key), "write the fields out")
    elif key.value in seen:
        yield Diagnostic(
            code=Code.YAML_DUPLICATE_KEY,
            severity=Severity.ERROR,
            message=f"the field '{key.value}' stands here a second time",
            span=yaml_text.span(key),
            hint="keep one of the two",
            related=(yaml_text.span(seen[key.value]),),
        )
    else:
        seen[key.value] = key


def _anchor_error(yaml_text: YamlText, event: yaml.NodeEvent, sign: str) -> Diagnostic:
    kind = "an anchor" if sign == "&" else "an alias"
    message = f"'{sign}' makes YAML read {kind} here, which is not supported"
    span = yaml_text.mark_span(event.start_mark)
    return error_at(Code.YAML_ANCHOR, message, span, "quote the value")


def _tag_error(
    yaml_text: YamlText, event: yaml.ScalarEvent | yaml.CollectionStartEvent
) -> Diagnostic:
    message = "'!' makes YAML read a tag here, which is not supported"
    return error_at(
        Code.YAML_TAG, message, yaml_text.mark_span(event.start_mark), "quote the value"
    )


def _depth_error(yaml_text: YamlText, mark: Any) -> Diagnostic:
    message = f"front matter may be nested {MAX_DEPTH} levels deep, not deeper"
    hint = "write it with fewer levels, or quote it if it is text"
    return error_at(Code.YAML_TOO_DEEP, message, yaml_text.mark_span(mark), hint)


def _line_break_error(yaml_text: YamlText, match: re.Match[str]) -> Diagnostic:
    start = yaml_text.start + match.start()
    message = f"the line break U+{ord(match[0]):04X} is not allowed in front matter"
    span = yaml_text.source.span_at(start, start + 1)
    return error_at(Code.CONTROL_CHARACTER, message, span, "replace it by a space")
