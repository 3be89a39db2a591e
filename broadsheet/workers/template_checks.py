"""What is wrong with templates, as diagnostics.

Responsible for what can be seen before a page is rendered (syntax, names of other templates,
templates that extend themselves) and for explaining an error that rendering raised. Not
responsible for rendering (`rendering`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import jinja2

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at
from broadsheet.foundations.schema import ask_for, nearest
from broadsheet.foundations.sources import SourceText
from broadsheet.workers.template_references import Reference, References
from broadsheet.workers.theme import (
    DEFAULT_PREFIX,
    TemplateSource,
    Theme,
    environment_of,
    pack_theme,
)

_REFERENCE_HINT = "docs/templates.md lists what a template may use"


def check_theme(theme: Theme, references: References) -> tuple[Diagnostic, ...]:
    """Return what is wrong with templates before any page is rendered.

    Args:
        theme: The templates.
        references: What they name.

    Returns:
        A `template-syntax` error for one that is not valid Jinja, `template-missing` where one
        names a template that does not exist, `template-cycle` for one that extends itself.
    """
    unique = {source: name for name, source in theme.templates.items()}
    return (
        *_find_invalid(theme),
        *(p for source, name in unique.items() for p in _find_missing(theme, references, name)),
        *(p for name in theme.own for p in _find_cycle(theme, references, name)),
    )


def explain_template_error(theme: Theme, name: str, error: Exception) -> Diagnostic:
    """Return the diagnostic for an error that a template raised while it was rendered.

    Args:
        theme: The templates.
        name: The template that was rendered.
        error: What it raised.
    """
    path, line = _innermost_line(theme, error) or (f"templates/{name}", 1)
    source = next((s for s in theme.templates.values() if s.path == path), None)
    span = _line_span(source or TemplateSource(path, ""), line)
    if isinstance(error, jinja2.TemplateNotFound):
        return _missing_problem(theme, (str(error.name),), span)
    message = re.sub(r"'[\w.]*\.(\w+) object'", r"'\1'", str(error)) or type(error).__name__
    if isinstance(error, RecursionError):
        message = "the template draws itself in, or calls its own macro, without end"
        return error_at(Code.TEMPLATE_FAILED, message, span, "end it with a condition")
    return error_at(Code.TEMPLATE_FAILED, message, span, _REFERENCE_HINT)


def _find_invalid(theme: Theme) -> Iterator[Diagnostic]:
    # Pages are rendered with this very environment, also by processes that are forked later: they
    # find there what is compiled here.
    environment = environment_of(pack_theme(theme))
    names: dict[TemplateSource, str] = {}
    for name, source in theme.templates.items():
        names.setdefault(source, name)
    for source, name in names.items():
        try:
            environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            message = error.message or "not a valid template"
            yield error_at(Code.TEMPLATE_SYNTAX, message, _line_span(source, error.lineno))
        except RecursionError:
            message = "an expression is nested too deeply"
            yield error_at(Code.TEMPLATE_SYNTAX, message, Span(source.path), "split it")


def _find_missing(theme: Theme, references: References, name: str) -> Iterator[Diagnostic]:
    for reference in references[name]:
        is_found = any(other in theme.templates for other in reference.names)
        if reference.is_complete and not reference.is_optional and not is_found:
            span = _line_span(theme.templates[name], reference.line)
            yield _missing_problem(theme, reference.names, span)


def _missing_problem(theme: Theme, names: tuple[str, ...], span: Span) -> Diagnostic:
    quoted = ", ".join(f"'{name}'" for name in names)
    hint = ask_for(nearest(names[0], theme.templates) if names else "")
    message = f"there is no template {quoted}"
    return error_at(Code.TEMPLATE_MISSING, message, span, hint or "check its name")


def _find_cycle(theme: Theme, references: References, name: str) -> Iterator[Diagnostic]:
    """Find the way on which a template comes to extend itself, by its first parents."""
    way = [name]
    first = _parent_of(references, name)
    parent = first
    while parent is not None and parent.names[0] not in way:
        way.append(parent.names[0])
        parent = _parent_of(references, way[-1])
    if first is None or parent is None or parent.names[0] != name:
        return
    message = f"the template extends itself: {' > '.join((*way, name))}"
    default = DEFAULT_PREFIX + name
    is_spelling = len(way) == 1 and default in theme.templates
    hint = f'write "{default}"' if is_spelling else "extend another template"
    yield error_at(
        Code.TEMPLATE_CYCLE, message, _line_span(theme.templates[name], first.line), hint
    )


def _parent_of(references: References, name: str) -> Reference | None:
    """Return the first place where a template spells out what it extends."""
    parents = (r for r in references.get(name, ()) if r.is_parent and r.names)
    return next(parents, None)


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
