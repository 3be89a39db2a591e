"""Views to pages.

Responsible for rendering a batch of plans in any process: everything it needs comes by argument,
nothing is logged, nothing is written. Not responsible for which pages need it (`assembly.pipeline`)
or for where their bytes go (`effects.staging`).
"""

from __future__ import annotations

import jinja2
import msgspec

from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.planning.plan_types import PagePlan
from broadsheet.planning.site_views import SiteView
from broadsheet.planning.texts import ROOT_MARK
from broadsheet.workers.data_files import DATA_FORMATS, ENCODED_FORMATS
from broadsheet.workers.template_checks import explain_template_error
from broadsheet.workers.template_code import FastEnvironment
from broadsheet.workers.theme import Theme, environment_of

# What an expression of a template may raise.
_TEMPLATE_ERRORS = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    LookupError,
    RecursionError,
)


_ROOT_BYTES = ROOT_MARK.encode()


class RenderSpec(msgspec.Struct, frozen=True):
    """What all pages of a batch are rendered with.

    Attributes:
        site: What every page knows of the site.
        theme: The theme, encoded with MessagePack so that a worker can tell cheaply whether it
            has its environment already.
    """

    site: SiteView
    theme: bytes


class RenderedPage(msgspec.Struct, frozen=True):
    """One output.

    Attributes:
        path: File, relative to the output folder.
        content: Its bytes; empty when it failed.
        diagnostic: Why it failed, or None.
    """

    path: str
    content: bytes
    diagnostic: Diagnostic | None = None


def render_batch(spec: RenderSpec, plans: tuple[PagePlan, ...]) -> tuple[RenderedPage, ...]:
    """Render several pages; the same as one after the other.

    Args:
        spec: What they are rendered with.
        plans: The pages.

    Returns:
        One result a plan, in order; a template's error is a diagnostic of its page.
    """
    environment = environment_of(spec.theme)
    return tuple(_render(environment, spec, plan) for plan in plans)


def _render(environment: FastEnvironment, spec: RenderSpec, plan: PagePlan) -> RenderedPage:
    if write := DATA_FORMATS.get(plan.template):
        return RenderedPage(plan.path, write(plan.view).encode("utf-8", "replace"))
    if encode := ENCODED_FORMATS.get(plan.template):
        return RenderedPage(plan.path, encode(plan.view))
    root = plan.head.root if plan.head is not None else "./"
    environment.shared_parts.admit(spec.site, root)
    try:
        template = environment.get_template(plan.template)
        pieces = template.generate(site=spec.site, page=plan.head, view=plan.view, root=root)
        content = b"".join([piece.encode("utf-8", "replace") for piece in pieces])
    except _TEMPLATE_ERRORS as error:
        theme = msgspec.msgpack.decode(spec.theme, type=Theme)
        return RenderedPage(plan.path, b"", explain_template_error(theme, plan.template, error))
    return RenderedPage(plan.path, _place(content, root))


def _place(content: bytes, root: str) -> bytes:
    """Return a page with the way to the root in the mark's place; most have no mark."""
    # One byte is found far faster than three, or than the mark in text.
    has_mark = _ROOT_BYTES[:1] in content
    return content.replace(_ROOT_BYTES, root.encode()) if has_mark else content
