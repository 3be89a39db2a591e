"""Whether a search index is whole: every file that it names is there, and no other.

Responsible for the folder that Pagefind wrote, whose bytes differ from run to run. Not responsible
for making it (`searching`).
"""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

import msgspec

ENTRY = "pagefind-entry.json"
_PARTS = {"fragment": ".pf_fragment", "index": ".pf_index", "filter": ".pf_filter"}


class _Language(msgspec.Struct, frozen=True):
    hash: str
    page_count: int


class _Entry(msgspec.Struct, frozen=True):
    languages: dict[str, _Language]


def find_index_fault(folder: Path) -> str:
    """Return why an index is not whole, or nothing.

    Args:
        folder: The folder `pagefind/` of a site.
    """
    try:
        entry = msgspec.json.decode((folder / ENTRY).read_bytes(), type=_Entry)
    except OSError:
        return f"{ENTRY} is missing"
    except msgspec.DecodeError:
        return f"{ENTRY} cannot be read"
    if not entry.languages:
        return f"{ENTRY} names no language"
    named: set[str] = set()
    for language, about in entry.languages.items():
        meta = folder / f"pagefind.{about.hash}.pf_meta"
        try:
            names = _names_in(gzip.decompress(meta.read_bytes()), language)
        except (OSError, EOFError, zlib.error):
            return f"{meta.name} is missing or damaged"
        named |= names
    return _compare(folder, named)


def _names_in(meta: bytes, language: str) -> set[str]:
    """Return the names of the files that an index consists of: they stand in it as plain text."""
    pattern = re.escape(language.encode()) + rb"_[0-9a-f]{6,}"
    return {name.decode() for name in re.findall(pattern, meta)}


def _compare(folder: Path, named: set[str]) -> str:
    found: dict[str, Path] = {}
    for part, suffix in _PARTS.items():
        found |= {
            path.name.removesuffix(suffix): path for path in (folder / part).glob(f"*{suffix}")
        }
    missing = sorted(named - found.keys())
    if missing:
        return f"{missing[0]} and {len(missing) - 1} more files are missing"
    stray = sorted(found.keys() - named)
    if stray:
        return f"{found[stray[0]].name} belongs to another index"
    empty = [path.name for path in found.values() if not path.stat().st_size]
    return f"{empty[0]} is empty" if empty else ""
