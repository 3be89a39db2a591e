"""The link checker: every address in a built site, resolved as a browser would.

Responsible for finding addresses in pages, in the feed and in the sitemap, for resolving them
against the page they stand on, and for telling which lead nowhere. Not responsible for addresses on
other hosts, which are counted only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

ATTRIBUTES = ("href", "src", "action", "data-root", "data-module", "poster", "cite")
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Link(NamedTuple):
    """An address and where it stands.

    Attributes:
        page: File, relative to the site's folder.
        kind: Element and attribute: `a href`.
        value: The address as written.
        base: The address it is resolved against.
    """

    page: str
    kind: str
    value: str
    base: str


class BuiltSite:
    """A built site on disk.

    Attributes:
        folder: The output folder.
        base_url: Complete address of its root, ending in a slash.
    """

    def __init__(self, folder: Path, base_url: str) -> None:
        """Look at a folder as if it were served at an address."""
        self.folder = folder
        self.base_url = base_url

    @cached_property
    def pages(self) -> dict[str, html.HtmlElement]:
        """Every HTML file, parsed, by its path; the search index holds none."""
        found = sorted(self.folder.rglob("*.html"))
        return {
            path.relative_to(self.folder).as_posix(): html.document_fromstring(path.read_bytes())
            for path in found
        }

    @cached_property
    def ids(self) -> dict[str, frozenset[str]]:
        """The ids of each page."""
        return {
            path: frozenset(str(value) for value in page.xpath("//@id"))
            for path, page in self.pages.items()
        }

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every address in pages, feed and sitemap."""
        found = [link for path in self.pages for link in self._links_of(path)]
        return (*found, *self._links_of_feed(), *self._links_of_sitemap())

    def address_of(self, path: str) -> str:
        """Return the complete address at which a file is found."""
        return self.base_url + path.removesuffix("index.html")

    def broken(self) -> list[str]:
        """Return one line for each address within the site that leads nowhere."""
        lines = (self._explain(link) for link in self.links)
        return [line for line in lines if line]

    def count(self) -> Counter[str]:
        """Count addresses by what they are: `page`, `fragment`, `file`, `elsewhere`."""
        return Counter(self._kind_of(link) for link in self.links)

    def links_from(self, path: str, address: str) -> set[str]:
        """Return what a page's addresses mean when the page is served at an address."""
        return {urljoin(address, link.value) for link in self._links_of(path)}

    def resolve(self, path: str, value: str) -> str:
        """Return the file that an address on a page leads to."""
        return self._file_of(urljoin(self.address_of(path), value))

    def _links_of(self, path: str) -> Iterator[Link]:
        base = self.address_of(path)
        for element in self.pages[path].iter():
            if not isinstance(element.tag, str):
                continue
            for name, value in element.attrib.items():
                if name in ATTRIBUTES:
                    yield Link(path, f"{element.tag} {name}", str(value), base)
                elif name == "content" and element.get("http-equiv") == "refresh":
                    yield Link(path, "meta refresh", str(value).partition("url=")[2], base)
                elif name == "srcset":
                    for part in str(value).split(","):
                        yield Link(path, "srcset", part.split()[0], base)

    def _links_of_feed(self) -> Iterator[Link]:
        root = etree.parse(self.folder / "feed.xml").getroot()
        for element in root.iter(f"{ATOM}link"):
            yield Link("feed.xml", "feed link", element.get("href", ""), "")
        for element in root.iter(f"{ATOM}content"):
            fragment = html.fragment_fromstring(element.text or "", create_parent="div")
            for value in fragment.xpath(".//@href | .//@src"):
                yield Link("feed.xml", "feed content", str(value), "")

    def _links_of_sitemap(self) -> Iterator[Link]:
        root = etree.parse(self.folder / "sitemap.xml").getroot()
        for element in root.iter(f"{SITEMAP}loc"):
            yield Link("sitemap.xml", "sitemap loc", element.text or "", "")

    def _kind_of(self, link: Link) -> str:
        url = urljoin(link.base, link.value)
        if not url.startswith(self.base_url):
            return "elsewhere"
        if urlsplit(url).fragment:
            return "fragment"
        return "page" if self._file_of(url).endswith(".html") else "file"

    def _file_of(self, url: str) -> str:
        path = unquote(url.removeprefix(self.base_url).split("#")[0].split("?")[0])
        return f"{path}index.html" if not path or path.endswith("/") else path

    def _explain(self, link: Link) -> str:
        """Return what is wrong with an address, or nothing."""
        where = f"{link.page}: {link.kind}={link.value!r}"
        if link.value.startswith("/") and link.page != "404.html":
            return f"{where} is not relative"
        url = urljoin(link.base, link.value)
        if urlsplit(url).scheme not in ("http", "https", "mailto"):
            return f"{where} is no complete address"
        if not url.startswith(self.base_url):
            same_host = urlsplit(url).netloc == urlsplit(self.base_url).netloc
            return f"{where} leaves the site's folder" if same_host else ""
        path = self._file_of(url)
        if not (self.folder / path).is_file():
            return f"{where} leads to no file"
        fragment = unquote(urlsplit(url).fragment)
        if fragment and fragment not in self.ids.get(path, frozenset()):
            return f"{where} leads to no id"
        return ""
