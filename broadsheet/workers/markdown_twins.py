"""A paper's page as Markdown (CommonMark).

Responsible for the order of its parts, for escaping what is no Markdown, and for making the links
of a note lead on from anywhere. Not responsible for what stands in it (`planning.plan_twins`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.planning.twin_views import LinkInNote, PaperTwin
from broadsheet.planning.views import Fact, FactValue, Notice
from broadsheet.workers.citing.references import escape_markdown

# Fenced blocks and spans of code, in which nothing is a link or a heading.
_CODE = re.compile(
    r"(^ {0,3}(```+|~~~+)[^\n]*\n.*?(?:^ {0,3}\2[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\3(?!`))",
    re.DOTALL | re.MULTILINE,
)
_HEADING = re.compile(r"^( {0,3})(#{1,6})(?=[ \t])", re.MULTILINE)
_LINE_SIGN = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))(?=[.)]?(?:\s|$))", re.MULTILINE)
_HERE = re.compile(r"(\]\(<?|\]:\s+<?|href=[\"'])(?=#)")
_TOP = 3


def write_twin(view: PaperTwin) -> str:
    """Return the file."""
    blocks = [f"# {_escape(view.title)}"]
    if view.authors:
        blocks.append(", ".join(map(_escape, view.authors)))
    blocks += [_write_notice(view, notice) for notice in view.notices]
    blocks.append("\n".join(f"- {line}" for line in _details(view)))
    blocks += ["## TL;DR", _escape(view.tldr)] if view.tldr else []
    note = _write_note(view) if view.note else ""
    # A record without an abstract shows its body in the abstract's place, as its page does.
    if note and view.abstract:
        by = [f"— {_escape(view.note_by)}"] if view.note_by else []
        blocks += ["## Why it was picked", note, *by]
    abstract = _escape(view.abstract) if view.abstract else note
    blocks += ["## Abstract", abstract] if abstract else []
    return "\n\n".join((*blocks, ""))[:-1]


def _escape(text: str) -> str:
    """Return plain text as Markdown that shows it to the letter."""
    return _LINE_SIGN.sub(_escape_sign, escape_markdown(text))


def _escape_sign(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}"


def _details(view: PaperTwin) -> Iterator[str]:
    yield f"Page: <{view.page}>"
    if view.topics:
        yield f"Topics: {', '.join(map(_escape, view.topics))}"
    yield from (_write_fact(view, fact) for fact in view.facts)
    if view.links:
        yield "Links: " + ", ".join(_link(link.label, link.href) for link in view.links)


def _write_fact(view: PaperTwin, fact: Fact) -> str:
    return f"{fact.term}: {', '.join(_write_value(view, value) for value in fact.values)}"


def _write_value(view: PaperTwin, value: FactValue) -> str:
    href = value.href or (view.root + value.url if value.url else "")
    return _link(value.text, href) if href else _escape(value.iso or value.text)


def _write_notice(view: PaperTwin, notice: Notice) -> str:
    words = [f"**{notice.heading}.**", *([_escape(notice.text)] if notice.text else [])]
    if notice.successor is not None:
        words.append(
            f"Replaced by {_link(notice.successor.text, view.root + notice.successor.url)}"
        )
    return f"> {' '.join(' '.join(words).split())}"


def _link(words: str, href: str) -> str:
    return (
        f"[{_escape(words)}](<{href}>)"
        if re.search(r"[()]", href)
        else f"[{_escape(words)}]({href})"
    )


def _write_note(view: PaperTwin) -> str:
    """Return the note with links that lead on from anywhere and headings below the twin's own."""
    pieces = _split_code(view.note)
    levels = [
        len(m[2]) for is_code, piece in pieces if not is_code for m in _HEADING.finditer(piece)
    ]
    shift = _TOP - min(levels, default=_TOP)
    return "".join(
        piece if is_code else _write_prose(view, piece, shift) for is_code, piece in pieces
    )


def _split_code(note: str) -> list[tuple[bool, str]]:
    pieces = []
    end = 0
    for match in _CODE.finditer(note):
        pieces += [(False, note[end : match.start()]), (True, match[0])]
        end = match.end()
    return [*pieces, (False, note[end:])]


def _write_prose(view: PaperTwin, text: str, shift: int) -> str:
    text = _HEADING.sub(lambda m: m[1] + "#" * min(len(m[2]) + shift, 6), text)
    text = _HERE.sub(lambda m: m[1] + view.page, text)
    for link in view.links_in_note:
        text = _write_links(text, link)
    return text


def _write_links(text: str, link: LinkInNote) -> str:
    if link.written.startswith("[["):
        words = link.written[2:-2].partition("|")[2]
        shown = words.strip() or escape_markdown(link.title)
        return text.replace(link.written, f"[{shown}]({link.href})")
    pattern = rf"(\]\(\s*<?|\]:\s+<?|(?:href|src)=[\"']?){re.escape(link.written)}(?=[\s)>\"']|$)"
    return re.sub(pattern, lambda match: match[1] + link.href, text, flags=re.MULTILINE)
