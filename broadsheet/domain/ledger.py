"""The ledger of published addresses: `content/permalinks.txt`, one a line, sorted.

Responsible for reading it, whoever edited it, and for its text with further addresses. Not
responsible for which addresses are permanent (`planning.permalinks`) or for writing the file
(`effects.ledger_file`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Outcome, Severity, Span
from broadsheet.foundations.schema import brief
from broadsheet.foundations.sources import RawFile, decode_source

_HEADING = ("# Published addresses, one a line. 'broadsheet check --fix' adds new ones.",)
_ADDRESS = re.compile(r"/(?:[A-Za-z0-9._~%-]+/)*[A-Za-z0-9._~%-]*")


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger.

    Attributes:
        spans: Where each address stands, by address: `/papers/2403.02884/`.
        comments: Lines that begin with `#`, in their order.
        is_begun: Whether there is a file.
    """

    spans: Mapping[str, Span] = {}
    comments: tuple[str, ...] = ()
    is_begun: bool = False


def read_ledger(raw: RawFile | None) -> Outcome[Ledger | None]:
    """Read the ledger.

    Args:
        raw: The file, or None when there is none.

    Returns:
        The ledger, or None with an error for each line that is no address; and a warning for each
        address that stands there twice.
    """
    if raw is None:
        return Outcome(Ledger())
    source = decode_source(raw)
    if source.value is None:
        return Outcome(None, source.diagnostics)
    spans: dict[str, Span] = {}
    comments: list[str] = []
    problems: list[Diagnostic] = []
    for number, line in enumerate(source.value.text.split("\n"), start=1):
        text = line.strip()
        if text.startswith("#"):
            comments.append(text)
        elif text:
            start = line.index(text) + 1
            span = source.value.span(number, start, number, start + len(text))
            if not _may_be_address(text):
                problems.append(_no_address(span, text))
            elif spans.setdefault(text, span) is not span:
                problems.append(_repeated(span, text))
    is_sound = not any(problem.severity is Severity.ERROR for problem in problems)
    ledger = Ledger(spans=spans, comments=tuple(comments), is_begun=True)
    return Outcome(ledger if is_sound else None, tuple(problems))


def write_ledger(ledger: Ledger, addresses: Iterable[str]) -> str:
    """Return the ledger's text with further addresses; none that it holds is lost.

    Args:
        ledger: The ledger as it is.
        addresses: What is to stand in it, too.
    """
    lines = sorted({*ledger.spans, *addresses})
    return "\n".join((*(ledger.comments or _HEADING), *lines, ""))


def _may_be_address(text: str) -> bool:
    segments = text.split("/")
    return bool(_ADDRESS.fullmatch(text)) and not {".", ".."} & set(segments)


def _no_address(span: Span, text: str) -> Diagnostic:
    return Diagnostic(
        code=Code.PERMALINK_INVALID,
        severity=Severity.ERROR,
        message=f"'{brief(text)}' is not an address of the site",
        span=span,
        hint="write one from the root, such as /papers/2403.02884/, or '#' before a comment",
    )


def _repeated(span: Span, text: str) -> Diagnostic:
    return Diagnostic(
        code=Code.DUPLICATE_VALUE,
        severity=Severity.WARNING,
        message=f"the ledger names '{text}' a second time",
        span=span,
        hint="'broadsheet check --fix' puts it in order",
    )
