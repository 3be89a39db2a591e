"""A theme as a value: its templates' sources, and the Jinja environment made of them.

Responsible for the layers (the digest's own templates above the default theme), for what a
template depends on, and for turning Jinja's errors into diagnostics. Not responsible for reading
files (`effects.theme_files`) or for the views (`planning.pages`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import jinja2
import jinja2.meta
import msgspec

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at
from broadsheet.foundations.hashing import hash_value
from broadsheet.foundations.sources import SourceText

DEFAULT_PREFIX = "default/"


class TemplateSource(msgspec.Struct, frozen=True):
    """A template's text.

    Attributes:
        path: Where it was read from, for messages.
        text: The template.
    """

    path: str
    text: str


class Theme(msgspec.Struct, frozen=True):
    """All templates that pages are rendered with.

    Attributes:
        templates: By name. The default theme's stand under their name and under `default/` and
            their name, so that a digest's own `paper.html` can extend `default/paper.html` and
            override one block.
    """

    templates: dict[str, TemplateSource]


def layer_theme(own: Mapping[str, TemplateSource], default: Mapping[str, TemplateSource]) -> Theme:
    """Put a digest's own templates above the default theme's.

    Args:
        own: Templates of the digest, by name.
        default: Templates of the default theme, by name.
    """
    prefixed = {DEFAULT_PREFIX + name: source for name, source in default.items()}
    return Theme({**default, **prefixed, **own})


def hash_closures(theme: Theme) -> dict[str, str]:
    """Return, for each template, a hash over it and everything it may extend, include or import."""
    environment = make_environment(theme)
    referenced: dict[str, set[str] | None] = {}
    for name, source in theme.templates.items():
        try:
            found = jinja2.meta.find_referenced_templates(environment.parse(source.text))
            names = {other for other in found if other is not None}
            referenced[name] = names
        except jinja2.TemplateError:
            referenced[name] = None
    return {name: _hash_closure(theme, referenced, name) for name in theme.templates}


def _hash_closure(theme: Theme, referenced: Mapping[str, set[str] | None], name: str) -> str:
    closure: set[str] = set()
    open_names = [name]
    while open_names:
        current = open_names.pop()
        if current in closure or current not in theme.templates:
            continue
        closure.add(current)
        open_names.extend(referenced[current] or ())
    return hash_value([(item, theme.templates[item].text) for item in sorted(closure)])


def check_theme(theme: Theme) -> tuple[Diagnostic, ...]:
    """Compile every template and report those that are not valid."""
    environment = make_environment(theme)
    problems = []
    for source in dict.fromkeys(theme.templates.values()):
        try:
            environment.compile(source.text, filename=source.path)
        except jinja2.TemplateSyntaxError as error:
            problems.append(_syntax_problem(source, error))
    return tuple(problems)


def explain_template_error(theme: Theme, name: str, error: Exception) -> Diagnostic:
    """Return the diagnostic for an error that a template raised while it was rendered.

    Args:
        theme: The templates.
        name: The template that was rendered.
        error: What it raised.
    """
    if isinstance(error, jinja2.TemplateNotFound):
        source = theme.templates.get(name, TemplateSource(f"templates/{name}", ""))
        message = f"there is no template '{error.name}'"
        return error_at(Code.TEMPLATE_MISSING, message, _line_span(source, 1), "check its name")
    path, line = _innermost_line(theme, error) or (f"templates/{name}", 1)
    known = next((s for s in theme.templates.values() if s.path == path), None)
    message = re.sub(r"'[\w.]*\.(\w+) object'", r"'\1'", str(error)) or type(error).__name__
    hint = "docs/templates.md lists what a template may use"
    span = _line_span(known or TemplateSource(path, ""), line)
    return error_at(Code.TEMPLATE_FAILED, message, span, hint)


def make_environment(theme: Theme) -> jinja2.Environment:
    """Return the environment that all pages are rendered in.

    Autoescape is on for every template, whatever its name, and an undefined name is an error.
    """
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_make_loader(theme)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


_Loaded = tuple[str, str | None, Callable[[], bool] | None]


def _make_loader(theme: Theme) -> Callable[[str], _Loaded | None]:
    def load(name: str) -> _Loaded | None:
        source = theme.templates.get(name)
        return None if source is None else (source.text, source.path, lambda: True)

    return load


@lru_cache(maxsize=2)
def environment_of(packed: bytes) -> jinja2.Environment:
    """Return this worker's environment for a theme encoded with MessagePack; it is made once."""
    return make_environment(msgspec.msgpack.decode(packed, type=Theme))


def _syntax_problem(source: TemplateSource, error: jinja2.TemplateSyntaxError) -> Diagnostic:
    message = error.message or "not a valid template"
    return error_at(Code.TEMPLATE_SYNTAX, message, _line_span(source, error.lineno))


def _innermost_line(theme: Theme, error: Exception) -> tuple[str, int] | None:
    """Return the template line nearest to the error, from the traceback that Jinja rewrites."""
    paths = {source.path for source in theme.templates.values()}
    found = None
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename in paths:
            found = (frame.tb_frame.f_code.co_filename, frame.tb_lineno)
        frame = frame.tb_next
    return found


def _line_span(source: TemplateSource, line: int) -> Span:
    text = SourceText(source.path, source.text)
    return text.span(line, 1, line, len(text.line(line)) + 1)
