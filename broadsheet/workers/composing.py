"""The email edition: two parts of one message, within the size that mail programs show.

Responsible for rendering both, for inlining the styles, and for leaving out whole papers where
there are too many. A pure function. Not responsible for headers (`messages`) or for sending.
"""

from __future__ import annotations

from functools import lru_cache

import css_inline
import msgspec

from broadsheet.foundations.diagnostics import Diagnostic, Outcome
from broadsheet.planning.email_views import EmailEdition
from broadsheet.planning.plan_email import EmailPlan, email_pages
from broadsheet.planning.plan_types import PagePlan
from broadsheet.workers.email_text import fit_for_mail
from broadsheet.workers.rendering import RenderSpec, render_batch

# Gmail clips messages near 102 kB of HTML. What is left is for each recipient's own address, which
# is filled in later.
MAX_HTML = 95_000
RESERVE = 1_500


class ComposedEmail(msgspec.Struct, frozen=True, kw_only=True):
    """An edition, ready but for what differs from recipient to recipient.

    Attributes:
        key: The digest's key.
        subject: One line.
        html: The HTML part; `UNSUBSCRIBE_MARK` stands for the recipient's own address.
        text: The plain part, with the same mark.
        count: Papers in the edition.
        left_out: How many of them are only on the site.
    """

    key: str
    subject: str
    html: str
    text: str
    count: int
    left_out: int


class _TemplateError(Exception):
    """A template of the digest's own could not be rendered."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def compose_email(spec: RenderSpec, plan: EmailPlan) -> Outcome[ComposedEmail | None]:
    """Render an edition; of too many papers, as many as fit, with how many more there are.

    Args:
        spec: What pages are rendered with.
        plan: The edition.

    Returns:
        The email, or None with what is wrong with a template.
    """
    whole = fit_for_mail(plan.view, plan.head.root)
    try:
        view, html = _fit_size(spec, plan, whole)
        text = _render(spec, email_pages(plan, view)[1])
    except _TemplateError as error:
        return Outcome(None, (error.diagnostic,))
    return Outcome(
        ComposedEmail(
            key=view.key,
            subject=view.subject,
            html=html,
            text=text,
            count=view.count,
            left_out=view.left_out,
        )
    )


def _fit_size(spec: RenderSpec, plan: EmailPlan, whole: EmailEdition) -> tuple[EmailEdition, str]:
    """Find the most papers that fit; where not even one does, the note goes too."""

    def attempt(count: int, view: EmailEdition) -> tuple[EmailEdition, str]:
        left_out = len(view.papers) - count
        cut = msgspec.structs.replace(view, papers=view.papers[:count], left_out=left_out)
        return cut, _inliner().inline(_render(spec, email_pages(plan, cut)[0]))

    best = attempt(len(whole.papers), whole)
    if _fits(best[1]):
        return best
    best = attempt(0, whole)
    if whole.note is not None and not _fits(best[1]):
        whole = msgspec.structs.replace(whole, note=None, is_note_elsewhere=True)
        best = attempt(0, whole)
    low, high = 0, len(whole.papers)
    while high - low > 1:
        middle = (low + high) // 2
        tried = attempt(middle, whole)
        if _fits(tried[1]):
            low, best = middle, tried
        else:
            high = middle
    return best


def _fits(html: str) -> bool:
    return len(html.encode()) <= MAX_HTML - RESERVE


def _render(spec: RenderSpec, page: PagePlan) -> str:
    (rendered,) = render_batch(spec, (page,))
    if rendered.diagnostic is not None:
        raise _TemplateError(rendered.diagnostic)
    return rendered.content.decode()


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    """Return what moves rules into `style`; a sheet marked `data-css-inline="keep"` stays too."""
    return css_inline.CSSInliner(load_remote_stylesheets=False)
