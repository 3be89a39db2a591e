"""Templates to Python code that is cheap to run for thousands of pages.

Responsible for what Jinja writes in other words than its own: what is printed, how attributes are
read, how a block's pieces are put together. The words mean the same: every page has the same bytes,
and every error the same message and line. Not responsible for anything else that Jinja's compiler
does, or for the environment (`theme`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from itertools import takewhile
from keyword import iskeyword
from typing import Any, NamedTuple

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import LoopContext
from jinja2.utils import missing
from markupsafe import Markup, escape

from broadsheet.workers.shared_parts import SharedParts, split_runs


def _find_escape() -> Callable[[str], str]:
    """Return what escapes plain text: MarkupSafe's own, without the object that it wraps it in.

    Where another release of MarkupSafe calls it otherwise, it is what everybody may call.
    """
    try:
        from markupsafe._speedups import _escape_inner
    except ImportError:
        return lambda text: str(escape(text))
    is_known = _escape_inner("<&>\"' ") == str(escape("<&>\"' "))
    return _escape_inner if is_known else lambda text: str(escape(text))


escape_plain = _find_escape()


def write_value(value: object) -> str:
    """Return what a template prints for a value, escaped unless it is HTML already.

    Args:
        value: Anything, also what knows its own HTML (`__html__`).
    """
    if type(value) is Markup:
        return value
    as_html = getattr(value, "__html__", None)
    return escape(value) if as_html is None else as_html()


class Turn(NamedTuple):
    """What a template can ask of `loop` where it asks for nothing else.

    Attributes:
        first: Whether it is the first turn.
        last: Whether it is the last one.
    """

    first: bool
    last: bool


_ONLY, _FIRST, _BETWEEN, _LAST = (
    Turn(first, last)
    for first, last in ((True, True), (True, False), (False, False), (False, True))
)


class Walked(NamedTuple):
    """What a loop goes through that asks for its first and last turn alone.

    Attributes:
        items: The items.
    """

    items: Iterable[Any]


def go_through(items: Any, *rest: Any) -> Iterable[tuple[Any, Any]]:
    """Return the items of a loop, each with what it may ask of `loop`.

    Args:
        items: Anything a template loops over.
        rest: What Jinja gives its own kind of loop.
    """
    return _walk(items.items) if type(items) is Walked else LoopContext(items, *rest)


def _walk(items: Iterable[Any]) -> Iterator[tuple[Any, Turn]]:
    coming = iter(items)
    held = next(coming, missing)
    if held is missing:
        return
    turn, last = _FIRST, _ONLY
    for item in coming:
        yield held, turn
        held, turn, last = item, _BETWEEN, _LAST
    yield held, last


class FastCode(CodeGenerator):
    """Jinja's compiler, with some of its sentences written otherwise.

    What is printed between two tags is one string, made at once, in place of an item each; a block
    hands on one string, which passes through the chain of templates once. An attribute is read
    without a call into Python, and where a statement begins with it, plainly; where that fails, it
    is read again in Jinja's way, which looks for items and finds the words for errors.
    """

    _hands_on_pieces = False

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """Write a whole template."""
        # Names that hold what was read ahead, by the identity of its expression.
        self._read: dict[int, str] = {}
        self._walked: set[int] = set()
        self._runs = 0
        # Jinja writes such includes so that they cannot stand between pieces that are gathered.
        self._hands_on_pieces = any(not part.with_context for part in node.find_all(nodes.Include))
        super().visit_Template(node, frame)

    def write_commons(self) -> None:
        """Write what the code of a template and of its blocks begins with."""
        super().write_commons()
        self.writeline("LoopContext = environment.go_through")
        self.writeline("Walked = environment.walked")
        self.writeline("escape_plain = environment.escape_plain")
        self.writeline("write_value = environment.write_value")

    def blockvisit(self, body: Iterable[nodes.Node], frame: Frame) -> None:
        """Write statements; the outermost ones of a block gather what they print."""
        is_gathered = frame.buffer is not None or frame.require_output_check
        if is_gathered or self._hands_on_pieces:
            super().blockvisit(body, frame)
            return
        self.buffer(frame)
        for is_shared, run in split_runs(body):
            if is_shared and self.name is not None and not frame.eval_ctx.volatile:
                self._write_shared(run, frame)
            else:
                super().blockvisit(run, frame)
        # A page is encoded piece by piece: one that is ASCII in a twentieth of the time.
        self.writeline(
            f"yield from {frame.buffer}" if frame.rootlevel else f"yield concat({frame.buffer})"
        )

    def _write_shared(self, run: list[nodes.Node], frame: Frame) -> None:
        """Write statements that print what they printed on an earlier page, which is kept."""
        self._runs += 1
        name = f"{self.name} {self._runs}"
        parts, text = self.temporary_identifier(), self.temporary_identifier()
        names = (frame.symbols.find_ref(word) or f"resolve({word!r})" for word in ("site", "root"))
        self.writeline(f"{parts} = environment.shared_parts.find({', '.join(names)})")
        self.writeline(f"{text} = {parts}.get({name!r})")
        self.writeline(f"if {text} is None:")
        self.indent()
        outer = frame.buffer
        self.buffer(frame)
        super().blockvisit(run, frame)
        self.writeline(f"{text} = {parts}[{name!r}] = concat({frame.buffer})")
        self.outdent()
        frame.buffer = outer
        self.writeline(f"{outer}.append({text})")

    def visit_If(self, node: nodes.If, frame: Frame) -> None:  # noqa: N802
        """Write a condition."""
        self._read_ahead(_find_first(node.test), frame)
        super().visit_If(node, frame)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802
        """Write a loop."""
        self._read_ahead(node.iter, frame)
        if id(node.iter) in self._read and _asks_for_ends(node):
            self._walked.add(id(node.iter))
        super().visit_For(node, frame)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        """Write what is printed between two tags."""
        if frame.require_output_check or frame.eval_ctx.volatile:
            super().visit_Output(node, frame)
            return
        form, values = _split_output(node)
        # Nothing is read ahead of a call, which may change what is read.
        for value in takewhile(_has_no_effect, values):
            self._read_ahead(value, frame)
        self.start_write(frame, node)
        self.write(repr(form % ()) if not values else f"{form!r} % (")
        for value in values:
            self.newline(value)
            self._write_printed(value, frame)
            self.write(",")
        if values:
            self.write(")")
        self.end_write(frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Write how an attribute is read; where there is none, Jinja looks further."""
        if read := self._read.get(id(node)):
            self.write("Walked(" if id(node) in self._walked else "(")
            self._write_reading(node, frame)
            self.write(f" if {read} is missing else {read})")
            return
        self.write("(_value if (_value := getattr((_owner := ")
        self.visit(node.node, frame)
        name = repr(node.attr)
        self.write(f"), {name}, missing)) is not missing else environment.getattr(_owner, {name}))")

    def visit_Call(  # noqa: N802
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 - Jinja's
    ) -> None:
        """Write a call; a macro is called without looking for what it takes."""
        called = node.node
        has_calls = any(node.find_all(nodes.Call))
        if forward_caller or has_calls or not isinstance(called, nodes.Name):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        ref = frame.symbols.ref(called.name)
        self.write(f"({ref}(context.eval_ctx")
        self.signature(node, frame)
        self.write(f") if type({ref}) is Macro else ")
        super().visit_Call(node, frame)
        self.write(")")

    def _write_reading(self, node: nodes.Expr, frame: Frame) -> None:
        """Write how attributes are read in Jinja's way, in few words: it is seldom done."""
        if not isinstance(node, nodes.Getattr):
            self.visit(node, frame)
            return
        self.write("environment.getattr(")
        self._write_reading(node.node, frame)
        self.write(f", {node.attr!r})")

    def _read_ahead(self, expression: nodes.Node, frame: Frame) -> None:
        """Write how attributes of a name are read plainly, before the statement that needs them."""
        way: list[str] = []
        owner: nodes.Node = expression
        while isinstance(owner, nodes.Getattr):
            way.append(owner.attr)
            owner = owner.node
        if not way or not isinstance(owner, nodes.Name) or not all(map(_is_plain, way)):
            return
        name = self._read[id(expression)] = self.temporary_identifier()
        path = ".".join((frame.symbols.ref(owner.name), *reversed(way)))
        self.writeline(f"try: {name} = {path}", expression)
        self.writeline(f"except Exception: {name} = missing")

    def _write_printed(self, value: nodes.Expr, frame: Frame) -> None:
        if not frame.eval_ctx.autoescape:
            self.visit(value, frame)
        elif name := self._read.get(id(value)):
            self.write(f"escape_plain({name}) if type({name}) is str else write_value(")
            self.visit(value, frame)
            self.write(")")
        else:
            self.write("escape_plain(_value) if type(_value := ")
            self.visit(value, frame)
            self.write(") is str else write_value(_value)")


def _find_first(condition: nodes.Node) -> nodes.Node:
    """Return what is evaluated first, whatever becomes of a condition."""
    while True:
        if isinstance(condition, nodes.And | nodes.Or):
            condition = condition.left
        elif isinstance(condition, nodes.Not):
            condition = condition.node
        elif isinstance(condition, nodes.Compare):
            condition = condition.expr
        else:
            return condition


def _asks_for_ends(node: nodes.For) -> bool:
    """Tell whether a loop asks for its first and last turn alone, and shows itself nowhere."""
    names = [name for name in node.find_all(nodes.Name) if name.name == "loop"]
    within = [name for part in node.body for name in _names_in(part) if name.name == "loop"]
    hidden = (nodes.Block, nodes.Include, nodes.Import, nodes.FromImport)
    # Elsewhere, as behind `else`, the word means the loop around this one, and Jinja goes by that.
    if len(within) != len(names):
        return False
    if not names or node.recursive or node.test or any(node.find_all(hidden)):
        return False
    asked = node.find_all(nodes.Getattr)
    ends = {id(part.node) for part in asked if part.attr in Turn._fields}
    return all(id(name) in ends for name in names)


def _names_in(node: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    yield from node.find_all(nodes.Name)


def _has_no_effect(value: nodes.Expr) -> bool:
    while isinstance(value, nodes.Getattr):
        value = value.node
    return isinstance(value, nodes.Name | nodes.Const)


def _is_plain(name: str) -> bool:
    """Tell whether an attribute can be spelled in Python as in a template."""
    return name.isascii() and not name.startswith("_") and not iskeyword(name)


def _split_output(node: nodes.Output) -> tuple[str, list[nodes.Expr]]:
    """Return what is printed as a format, in which `%s` stands for each of the values after it."""
    form, values = "", []
    for child in node.nodes:
        if isinstance(child, nodes.TemplateData):
            form += child.data.replace("%", "%%")
        else:
            form += "%s"
            values.append(child)
    return form, values


class FastEnvironment(jinja2.Environment):
    """An environment whose templates become `FastCode`."""

    code_generator_class = FastCode
    go_through = staticmethod(go_through)
    walked = Walked
    escape_plain = staticmethod(escape_plain)
    write_value = staticmethod(write_value)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Begin without a template, as Jinja's own."""
        super().__init__(*args, **options)
        self.shared_parts = SharedParts()
        self._loaded: dict[str, jinja2.Template] = {}

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> jinja2.Template:
        """Return a template; Jinja looks twice a page whether one has changed, and none does."""
        if not isinstance(name, str) or globals:
            return super().get_template(name, parent, globals)
        found = self._loaded.get(name)
        if found is None:
            found = self._loaded[name] = super().get_template(name, parent)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what every template knows: one dictionary, for each page begins with a copy."""
        return {**self.globals, **(d or {})}
