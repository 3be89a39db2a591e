"""Whether the addresses in a built site lead somewhere, as a browser would find out.

Responsible for pages, feeds and sitemaps of an output folder, whatever theme made them. Not
responsible for other hosts' addresses or for search results, which a script makes.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import msgspec

from broadsheet.effects.manifest import SEARCH_FOLDER
from broadsheet.planning.addresses import NOT_FOUND, base_path, output_path
from broadsheet.workers.html_links import PageLinks

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_XML_ADDRESS = re.compile(r"<loc>([^<]*)</loc>|\b(?:href|xmlUrl|htmlUrl)=\"([^\"]*)\"")


class BrokenLink(msgspec.Struct, frozen=True, order=True):
    """An address that leads nowhere.

    Attributes:
        page: The file it stands in, relative to the output folder.
        address: The address as written.
        reason: What is missing, to stand behind the address in a sentence.
    """

    page: str
    address: str
    reason: str


def list_files(output: Path) -> dict[str, int]:
    """Return the files of a built site by path, relative to its folder, with their bytes' number.

    What a host keeps at the root, such as `.git`, is left out.
    """
    found: dict[str, int] = {}
    stack = [(output, "")]
    while stack:
        folder, prefix = stack.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.is_dir():
                    if path != ".git":
                        stack.append((Path(entry.path), f"{path}/"))
                else:
                    found[path] = entry.stat().st_size
    return dict(sorted(found.items()))


def find_broken_links(output: Path, base_url: str) -> list[BrokenLink]:
    """Return the addresses within a built site that lead to no file, or to no id of a page.

    Args:
        output: The output folder.
        base_url: Complete address of the root that the site was built for, or empty.
    """
    files = list_files(output)
    checker = _Checker(frozenset(files), base_url)
    for path in files:
        if path.startswith(f"{SEARCH_FOLDER}/"):
            continue
        if path.endswith(".html"):
            text = (output / path).read_text(encoding="utf-8", errors="replace")
            checker.look_through_page(path, text)
        elif path.endswith((".xml", ".opml")):
            text = (output / path).read_text(encoding="utf-8", errors="replace")
            checker.look_through_xml(path, text)
    return sorted(checker.finish())


class _Checker:
    """What was seen so far of a site that is looked through page by page."""

    def __init__(self, files: frozenset[str], base_url: str) -> None:
        self.files = files
        self.base_url = base_url
        self.base_path = base_path(base_url) if base_url else "/"
        self.broken: list[BrokenLink] = []
        self.anchors: dict[str, frozenset[str]] = {}
        # Of each place on a page that is linked to, the first link to it.
        self.places: dict[tuple[str, str], BrokenLink] = {}
        self.known: dict[tuple[str, str], str | None] = {}

    def look_through_page(self, path: str, text: str) -> None:
        links = PageLinks(text)
        self.anchors[path] = links.anchors
        for address in links.addresses:
            self._judge(path, address)

    def look_through_xml(self, path: str, text: str) -> None:
        for match in _XML_ADDRESS.finditer(text):
            address = unescape(match[1] or match[2] or "").strip()
            if self.base_url and address.startswith(self.base_url):
                self._judge(path, address)

    def finish(self) -> Iterator[BrokenLink]:
        yield from self.broken
        for (path, anchor), link in self.places.items():
            if path in self.anchors and anchor not in self.anchors[path]:
                yield link

    def _judge(self, path: str, address: str) -> None:
        target, _, fragment = address.partition("#")
        target = target.partition("?")[0]
        folder = posixpath.dirname(path)
        key = (folder, target)
        if key not in self.known:
            self.known[key] = self._resolve(path, target)
        file = self.known[key] if target else path
        if file is None:
            return
        if file not in self.files:
            self.broken.append(BrokenLink(path, address, "leads to no file"))
        elif fragment and file.endswith(".html"):
            place = (file, unquote(fragment))
            self.places.setdefault(
                place, BrokenLink(path, address, "leads to no place on the page")
            )

    def _resolve(self, path: str, target: str) -> str | None:
        """Return the file that an address means; None for other hosts, ".." for one outside."""
        if self.base_url and target.startswith(self.base_url):
            return output_path(unquote(target.removeprefix(self.base_url)))
        if _SCHEME.match(target):
            return None
        if target.startswith("/"):
            if not target.startswith(self.base_path):
                return ".."
            return output_path(unquote(target.removeprefix(self.base_path)))
        if path == NOT_FOUND:
            return ".."  # it is shown at any address, so a relative one leads anywhere
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target)))
        if whole == ".":
            return output_path("")
        is_folder = target.endswith(("/", "/.", "/..")) or target in (".", "..")
        return output_path(f"{whole}/" if is_folder else whole)
