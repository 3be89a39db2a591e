"""The text of one record's Markdown file, written from plain values.

Responsible for the order of the fields, for YAML quoting, and for proving that a written record
reads back as the values it was written from. Not responsible for where the values come from, for
file names, or for whether they make sense: the sources beside this module decide that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

# A plain scalar that every YAML reader takes for the same text: it begins with a letter, holds
# nothing that could end it, and is not one of the words that YAML 1.1 reads as a value.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .,;()/+&'=?%~@-]|:(?=\S)|(?<=\S)#)*(?<! )")
_FLOW_PLAIN = re.compile(r"[A-Za-z][\w.-]*")
_WORD_VALUES = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_UNWRITABLE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Record:
    """The values of one record; an empty value is a field that is left out."""

    title: str
    authors: Sequence[str] = ()
    date: str = ""
    updated: str = ""
    featured: str = ""
    topics: Sequence[str] = ()
    categories: Sequence[str] = ()
    tldr: str = ""
    arxiv: str = ""
    doi: str = ""
    venue: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    curator: str = ""
    abstract: str = ""
    body: str = ""


def record_text(record: Record) -> str:
    """Return the whole text of the record's file, front matter first."""
    one_line = {
        "date": record.date,
        "updated": record.updated,
        "featured": record.featured,
        "topics": flow_list(record.topics) if record.topics else "",
        "categories": flow_list(record.categories) if record.categories else "",
        "tldr": quoted(record.tldr) if record.tldr else "",
        "arxiv": quoted(record.arxiv) if record.arxiv else "",
        "doi": scalar(record.doi) if record.doi else "",
        "venue": scalar(record.venue) if record.venue else "",
    }
    links = [f"  {kind}: {scalar(address)}" for kind, address in record.links.items()]
    lines = ["---", f"title: {quoted(record.title)}"]
    lines += ["authors:"] if record.authors else []
    lines += [f"  - {scalar(name)}" for name in record.authors]
    lines += [f"{name}: {value}" for name, value in one_line.items() if value]
    lines += ["links:", *links] if links else []
    lines += [f"curator: {scalar(record.curator)}"] if record.curator else []
    lines += literal_block("abstract", record.abstract) if record.abstract else []
    lines.append("---")
    if record.body:
        lines += ["", record.body.strip("\n")]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return the text as a quoted YAML scalar in which every character stands for itself."""
    _refuse_unwritable(text)
    if "\n" in text:
        raise ValueError(f"a one-line field holds a line break: {text!r}")
    if "\\" in text or '"' in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def scalar(text: str) -> str:
    """Return the text as a block-style YAML scalar, quoted only where YAML needs it."""
    if _PLAIN.fullmatch(text) and not text.endswith(":") and text.lower() not in _WORD_VALUES:
        return text
    return quoted(text)


def flow_list(words: Sequence[str]) -> str:
    """Return the words as a YAML list on one line."""
    return f"[{', '.join(_flow_scalar(word) for word in words)}]"


def literal_block(name: str, text: str) -> list[str]:
    """Return the lines of a field whose text, raw TeX and all, is kept in a literal block."""
    _refuse_unwritable(text)
    if text != text.strip("\n"):
        raise ValueError(f"{name!r} begins or ends with an empty line")
    indicator = "|2" if text.startswith((" ", "\t")) else "|"
    lines = [f"{name}: {indicator}"]
    lines += [f"  {line}" if line else "" for line in text.split("\n")]
    return lines


def check_reads_back(text: str, record: Record) -> None:
    """Raise AssertionError unless the file's text reads back as exactly the record's values."""
    head, body = text.removeprefix("---\n").split("\n---\n", 1)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    fields = yaml.load(head + "\n", Loader=loader)  # noqa: S506 - every scalar stays text
    values: dict[str, object] = {
        "title": record.title,
        "authors": list(record.authors),
        "date": record.date,
        "updated": record.updated,
        "featured": record.featured,
        "topics": list(record.topics),
        "categories": list(record.categories),
        "tldr": record.tldr,
        "arxiv": record.arxiv,
        "doi": record.doi,
        "venue": record.venue,
        "links": dict(record.links),
        "curator": record.curator,
        # A literal block ends its last line, which the abstract itself does not.
        "abstract": record.abstract and record.abstract + "\n",
    }
    expected = [(name, value) for name, value in values.items() if value]
    assert list(fields.items()) == expected, f"{record.title!r} reads back as {fields!r}"
    assert body.strip("\n") == record.body.strip("\n"), f"{record.title!r} has another body"


def _flow_scalar(word: str) -> str:
    if _FLOW_PLAIN.fullmatch(word) and word.lower() not in _WORD_VALUES:
        return word
    return quoted(word)


def _refuse_unwritable(text: str) -> None:
    bad = _UNWRITABLE.search(text)
    if bad:
        raise ValueError(f"character U+{ord(bad[0]):04X} cannot stand in a record: {text!r}")
