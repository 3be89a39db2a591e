"""A new digest: the starter's files, filled in.

Responsible for what the starter's marks stand for. Not responsible for writing the files
(`effects.new_files`).
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from broadsheet import __version__
from broadsheet.domain.dates import day_key, month_key, week_key
from broadsheet.domain.identifiers import parse_tag_authority

# Files that would act on the package itself under their own name.
_RENAMED = {"gitignore": ".gitignore"}
_MARK = re.compile(r"@(\w+)@")
_DIGEST_NOTE = "content/digests/digest.md"


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What a new digest begins with.

    Attributes:
        title: Its name.
        base_url: Complete address of its root, ending in a slash, or empty.
        curator: Who picks the papers, or empty.
        day: The day of its first digest.
    """

    title: str
    base_url: str
    curator: str
    day: date


def fill_starter(starter: Path, start: Start) -> dict[str, bytes]:
    """Return the files of a new digest by their path.

    Args:
        starter: Folder of the starter.
        start: What it begins with.
    """
    values = {
        "title": _quote(start.title),
        "title_text": start.title,
        "base_url": _base_url_line(start.base_url),
        "feed": _feed_lines(start),
        "curator": _curator_line(start.curator),
        "day": day_key(start.day),
        "week": week_key(start.day),
        "month": month_key(start.day),
        "version": __version__,
    }
    files = {}
    for path in sorted(starter.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(starter).as_posix()
            name = _RENAMED.get(name, name).replace(
                _DIGEST_NOTE, f"content/digests/{day_key(start.day)}.md"
            )
            files[name] = _fill(path.read_text(encoding="utf-8"), values).encode()
    return files


def _fill(text: str, values: dict[str, str]) -> str:
    """Put values where their marks stand, in one pass: a value may look like a mark."""
    return _MARK.sub(lambda mark: values[mark[1]], text)


def _quote(text: str) -> str:
    """Return text as a YAML scalar between double quotes, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _base_url_line(base_url: str) -> str:
    if base_url:
        return f"base_url: {_quote(base_url)}"
    return "# Set this before readers subscribe:\n# base_url: https://papers.example/"


def _feed_lines(start: Start) -> str:
    """Return what the ids of feed entries begin with: the host, and the day the digest began.

    The editor keeps the line when the site moves, so that no entry becomes new to readers.
    """
    host = urlsplit(start.base_url).hostname or ""
    if authority := parse_tag_authority(f"{host},{day_key(start.day)}"):
        words = "# Feed readers know entries by this; never change it."
        return f"{words}\nfeed:\n  authority: {authority}"
    words = "# Set this, too, and never change it: feed readers know entries by it."
    return f"{words}\n# feed:\n#   authority: papers.example,{day_key(start.day)}"


def _curator_line(curator: str) -> str:
    return f"curator: {_quote(curator)}" if curator else "# curator: Who picks the papers"
