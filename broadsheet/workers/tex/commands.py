r"""What TeX's commands print in running text.

Responsible for reading a command with its arguments: styles, links, citations, numbers with units,
notes. Not responsible for accents (`accents`), for where arguments begin and end (`parsing`) or for
the tables (`symbols`).
"""

from __future__ import annotations

from collections.abc import Callable

from broadsheet.domain.links import safe_url
from broadsheet.workers.tex import symbols
from broadsheet.workers.tex.accents import read_accent
from broadsheet.workers.tex.cursors import Cursor
from broadsheet.workers.tex.segments import (
    Code,
    Link,
    Segment,
    Styled,
    Text,
    letters_of,
    style_segments,
)
from broadsheet.workers.tex.typography import join_text, unescape_address

# How far the second delimiter of `\verb` may stand from the first.
MAX_VERBATIM = 1_000
_OPENERS = {")": "(", "]": "["}


def read_command(cursor: Cursor, name: str, before: list[Segment]) -> list[Segment]:
    """Read a command whose name has been read.

    Args:
        cursor: Stands behind the name.
        name: The name, without backslash.
        before: What was printed so far; a citation takes the space before it away.
    """
    words = cursor.expand(name)
    if words is not None:
        cursor.skip("{}")
        return list(words)
    if name in symbols.ACCENTS:
        accented = read_accent(cursor, name)
        return [accented if accented is not None else Text(name)]
    symbol = symbols.SYMBOLS.get(name)
    if symbol is not None:
        if not cursor.skip("{}") and name in symbols.LETTERS:
            cursor.skip(" ")
        return [Text(symbol)]
    style = symbols.STYLES.get(name)
    if style is not None:
        children = cursor.argument()
        return [style_segments(style, children)] if children else []
    if name in symbols.SILENT:
        return _skip_silent(cursor, name, before)
    reader = _READERS.get(name)
    if reader is not None:
        return reader(cursor)
    if name not in symbols.TRANSPARENT:
        cursor.note_unknown(name)
        cursor.skip("{}")
        if not cursor.has_argument():
            return [Text(name)]
    return list(cursor.argument())


def read_link(cursor: Cursor, _name: str = "") -> list[Segment]:
    r"""Read the arguments of `\href` or `\url`; one that is no safe address is its words.

    Args:
        cursor: Stands behind the name.
    """
    address = cursor.source_argument()
    if address is None:
        return []
    words = cursor.argument() if cursor.has_argument() else ()
    shown = unescape_address(address)
    words = words or (Text(shown),)
    href = safe_url(shown) if shown.lower().startswith(("http", "mailto:")) else None
    return [Link(href, _without_links(words))] if href is not None else list(words)


def _without_links(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return segments without links, since a link holds no other link."""
    out: list[Segment] = []
    for segment in segments:
        if isinstance(segment, Link):
            out.extend(segment.children)
        elif isinstance(segment, Styled):
            out.append(Styled(segment.style, _without_links(segment.children)))
        else:
            out.append(segment)
    return join_text(out)


def _skip_silent(cursor: Cursor, name: str, before: list[Segment]) -> list[Segment]:
    """Leave out a citation or the like, with its arguments and the space before it."""
    arguments = symbols.SILENT[name]
    if arguments:
        cursor.skip_options()
    else:
        cursor.skip("{}")
    for _ in range(arguments):
        if cursor.has_argument() and cursor.source_argument() is None:
            break
    if name in symbols.CITATIONS and before and isinstance(before[-1], Text):
        before[-1] = Text(before[-1].text.rstrip())
        _drop_empty_brackets(cursor, before)
    return []


def _drop_empty_brackets(cursor: Cursor, before: list[Segment]) -> None:
    r"""Take away brackets that held citations only: `[\citenum{a}]`, `(\cite{a}, \cite{b})`."""
    opener = _OPENERS.get(cursor.text[cursor.position : cursor.position + 1])
    if opener is None:
        return
    for index in range(len(before) - 1, -1, -1):
        segment = before[index]
        words = segment.text.rstrip(" ,;\u00a0") if isinstance(segment, Text) else "-"
        if words.endswith(opener):
            before[index:] = [Text(words[:-1].rstrip())]
            cursor.position += 1
        if words:
            return


def _read_verbatim(cursor: Cursor) -> list[Segment]:
    delimiter = cursor.text[cursor.position : cursor.position + 1]
    if delimiter == "{":
        return _read_code(cursor)
    start = cursor.position + 1
    end = cursor.text.find(delimiter, start, start + MAX_VERBATIM) if delimiter.strip() else -1
    if end < 0:
        return []
    cursor.position = end + 1
    return [Code(cursor.text[start:end])]


def _read_code(cursor: Cursor) -> list[Segment]:
    words = letters_of(cursor.argument())
    return [Code(words)] if words else []


def _read_note(cursor: Cursor) -> list[Segment]:
    words = cursor.argument()
    return [Text(" ("), *words, Text(")")] if words else []


def _read_quotation(cursor: Cursor) -> list[Segment]:
    return [Text("“"), *cursor.argument(), Text("”")]


def _read_second(cursor: Cursor) -> list[Segment]:
    cursor.argument()
    return list(cursor.argument())


def _read_first(cursor: Cursor) -> list[Segment]:
    words = list(cursor.argument())
    cursor.argument()
    return words


def _read_quantity(cursor: Cursor) -> list[Segment]:
    number = cursor.argument()
    return [*number, Text("\u00a0"), *cursor.argument()]


def _read_range(cursor: Cursor) -> list[Segment]:
    first = cursor.argument()
    last = cursor.argument()
    unit = cursor.argument()
    return [*first, Text("–"), *last, *((Text("\u00a0"), *unit) if unit else ())]


def _read_angle(cursor: Cursor) -> list[Segment]:
    return [*cursor.argument(), Text("°")]


def _read_fraction(cursor: Cursor) -> list[Segment]:
    top = cursor.argument()
    return [*top, Text("/"), *cursor.argument()]


def _read_line_break(cursor: Cursor) -> list[Segment]:
    cursor.skip_options()
    return [Text(" ")]


_READERS: dict[str, Callable[[Cursor], list[Segment]]] = {
    "SI": _read_quantity,
    "SIrange": _read_range,
    "ang": _read_angle,
    "colorbox": _read_second,
    "enquote": _read_quotation,
    "footnote": _read_note,
    "frac": _read_fraction,
    "href": read_link,
    "linebreak": _read_line_break,
    "lstinline": _read_verbatim,
    "newline": _read_line_break,
    "numrange": _read_range,
    "qty": _read_quantity,
    "qtyrange": _read_range,
    "replaced": _read_first,
    "textcolor": _read_second,
    "thanks": _read_note,
    "url": read_link,
    "verb": _read_verbatim,
}
