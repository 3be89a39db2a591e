"""Citations to be read: one line of plain text, and one of Markdown.

Responsible for their order, initials and punctuation. Not responsible for what is cited
(`domain.citations`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from broadsheet.domain.citations import Citation
from broadsheet.domain.person_names import CitedName, shown_name

# Of more authors than this, the first ones are named, and how many others there are.
MAX_NAMED = 10
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~$]")
_CLOSERS = tuple(".?!…")


def write_plain(citation: Citation, title: str) -> str:
    """Return a reference as plain text: authors, title, where, year, address.

    Args:
        citation: How a paper is cited.
        title: Its title, plain.
    """
    names = _join_names(_with_initials, citation.authors)
    warning = f"[{citation.warning}] " if citation.warning else ""
    parts = (names, warning + title, ", ".join(_where(citation)))
    return " ".join([*(_stop(part) for part in parts if part), citation.url]).strip()


def write_markdown(citation: Citation, title: str) -> str:
    """Return a reference as Markdown, its title a link.

    Args:
        citation: How a paper is cited.
        title: Its title, plain.
    """
    title = escape_markdown(title)
    if citation.url:
        title = (
            f"[{title}](<{citation.url}>)" if "(" in citation.url else f"[{title}]({citation.url})"
        )
    if citation.warning:
        title = f"**{citation.warning}:** {title}"
    names = escape_markdown(_join_names(shown_name, citation.authors))
    where = ", ".join(escape_markdown(part) for part in _where(citation))
    return ", ".join(part for part in (title, names, where) if part)


def _join_names(write: Callable[[CitedName], str], authors: tuple[CitedName, ...]) -> str:
    names = list(map(write, authors[:MAX_NAMED]))
    if len(authors) > MAX_NAMED:
        return f"{', '.join(names)}, and {len(authors) - MAX_NAMED} others"
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _with_initials(name: CitedName) -> str:
    """Return a name the way it is sorted, shortened: `van Gool, L.`."""
    if name.literal:
        return name.literal
    initials = " ".join([_shorten(word) for word in name.given.split()])
    family = f"{name.particle} {name.family}" if name.particle else name.family
    if initials and not name.suffix:
        return f"{family}, {initials}"
    return ", ".join([part for part in (family, initials, name.suffix) if part])


def _shorten(word: str) -> str:
    if "-" not in word:
        return f"{word[0]}."
    return "-".join([f"{part[0]}." for part in word.split("-") if part])


def _where(citation: Citation) -> Iterator[str]:
    if citation.container:
        number = f"{citation.volume}({citation.issue})" if citation.issue else citation.volume
        pages = f":{citation.pages}" if citation.pages and number else ""
        yield " ".join(part for part in (citation.container, number + pages) if part)
        if citation.pages and not number:
            yield f"pages {citation.pages}"
    elif citation.type == "article" and citation.arxiv:
        yield f"arXiv:{citation.arxiv}"
    else:
        yield from (part for part in (citation.genre, citation.publisher) if part)
    year = str(citation.issued.year) if citation.issued is not None else ""
    if year and not citation.container.endswith(year):
        yield year


def _stop(text: str) -> str:
    return text if text.endswith(_CLOSERS) else f"{text}."


def escape_markdown(text: str) -> str:
    """Return plain text whose signs mean nothing to Markdown within a line."""
    return _MARKDOWN_SPECIAL.sub(lambda match: "\\" + match[0], text)
