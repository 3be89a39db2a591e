"""The only place that spells an address of the site.

Responsible for the addresses of section 7 of the design, all relative to the root and without a
leading slash, and for the way from a page back to the root. Not responsible for whether two pages
want the same address (`plan`).
"""

from __future__ import annotations

from urllib.parse import urlsplit

FRONT = ""
PAPERS = "papers/"
TOPICS = "topics/"
AUTHORS = "authors/"
VENUES = "venues/"
DIGESTS = "digests/"
TRENDING = "trending/"
SEARCH = "search/"
READING_LIST = "reading-list/"
FEED = "feed.xml"
REDIRECTS = "_redirects"
FEED_LIST = "feeds.opml"
SITEMAP = "sitemap.xml"
SECURITY = ".well-known/security.txt"
MANIFEST = "site.webmanifest"
NOT_FOUND = "404.html"
OPENSEARCH = "opensearch.xml"
# What a host answers with at the address of a folder.
PAGE_FILE = "index.html"


def paper_url(paper_id: str) -> str:
    """Return the address of a paper's page."""
    return f"{PAPERS}{paper_id}/"


def topic_url(slug: str) -> str:
    """Return the address of a topic's page."""
    return f"{TOPICS}{slug}/"


def digest_url(key: str) -> str:
    """Return the address of a digest's page."""
    return f"{DIGESTS}{key}/"


def author_url(slug: str) -> str:
    """Return the address of an author's page."""
    return f"{AUTHORS}{slug}/"


def venue_url(slug: str) -> str:
    """Return the address of a venue's page."""
    return f"{VENUES}{slug}/"


def alias_url(alias: str) -> str:
    """Return the old address that an alias of a paper keeps: of an old id, or a path."""
    return alias[1:] if alias.startswith("/") else paper_url(alias)


def free_page_url(slug: str) -> str:
    """Return the address of a free page."""
    return f"{slug}/"


def record_url(path: str) -> str | None:
    """Return the address of the page that a record's file makes, or None for any other file.

    Args:
        path: The file, relative to the digest's root: `content/papers/2024/2403.02884.md`.
    """
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != "content":
        return None
    stem = parts[-1].rpartition(".")[0] or parts[-1]
    spell = {
        "papers": paper_url,
        "topics": topic_url,
        "digests": digest_url,
        "pages": free_page_url,
    }.get(parts[1])
    return spell(stem) if spell is not None else None


def bibliography_url(list_url: str, ending: str) -> str:
    """Return the address of the citations of a list's papers.

    Args:
        list_url: The list's own address; of the site's, the root's.
        ending: `bib`, `ris` or `csl.json`.
    """
    return f"{list_url}papers.{ending}"


def citation_url(paper_id: str, ending: str) -> str:
    """Return the address of one paper's citation, whose name tells what it is once it is saved."""
    return f"{paper_url(paper_id)}{paper_id}.{ending}"


def twin_url(paper_id: str) -> str:
    """Return the address of the Markdown twin of a paper's page."""
    return f"{paper_url(paper_id)}index.md"


def social_image_url(paper_id: str) -> str:
    """Return where a paper's picture for cards of social networks lies."""
    return f"{paper_url(paper_id)}social.png"


def feed_url(page_url: str) -> str:
    """Return the address of the Atom feed that belongs to a page."""
    return f"{page_url}{FEED}"


def json_feed_url(page_url: str) -> str:
    """Return the address of the JSON Feed that belongs to a page."""
    return f"{page_url}feed.json"


def pager_url(list_url: str, number: int) -> str:
    """Return the address of a later page of a list.

    Args:
        list_url: The list's own address, which is its first page's.
        number: From 1.
    """
    return list_url if number == 1 else f"{list_url}page/{number}/"


def sitemap_part_url(number: int) -> str:
    """Return the address of a part of a sitemap that one file cannot hold, from 1."""
    return f"sitemap-{number}.xml"


def output_path(url: str) -> str:
    """Return the file, relative to the output folder, that answers at an address."""
    return url + PAGE_FILE if not url or url.endswith("/") else url


def root_of(url: str) -> str:
    """Return the way from a page to the root: `./` for the front page, `../../` for a paper."""
    return "../" * url.count("/") or "./"


def base_path(base_url: str) -> str:
    """Return the path of the root on its host: `/` or `/a/b/`."""
    path = urlsplit(base_url).path
    return path if path.endswith("/") else f"{path}/"
