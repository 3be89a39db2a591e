"""Feeds in their two forms, and the list of them.

Responsible for Atom (RFC 4287), JSON Feed 1.1 (jsonfeed.org) and OPML 2.0, so that whatever a
record holds gives a file that parsers accept. Not responsible for what stands in them
(`planning.plan_feeds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from broadsheet.planning.feed_views import FeedEntry, FeedList, FeedPage
from broadsheet.planning.texts import ROOT_MARK

# What XML 1.0 leaves out of its characters (section 2.2).
_XML_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escape_xml(text: str) -> str:
    """Return text for XML, without the characters that XML 1.0 forbids."""
    return _XML_ILLEGAL.sub("", text).translate(_ESCAPES)


def write_atom(feed: FeedPage) -> str:
    """Return a feed as Atom."""
    return _XML_HEAD + "\n".join((*_atom_head(feed), *_atom_entries(feed), "</feed>", ""))


def _atom_head(feed: FeedPage) -> Iterator[str]:
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape_xml(feed.language)}">'
    yield f"<id>{escape_xml(feed.id)}</id>"
    yield f"<title>{escape_xml(feed.title)}</title>"
    if feed.subtitle:
        yield f"<subtitle>{escape_xml(feed.subtitle)}</subtitle>"
    yield f"<updated>{feed.updated}</updated>"
    yield f"<author><name>{escape_xml(feed.author)}</name></author>"
    yield _atom_link("self", "application/atom+xml", feed.base + feed.url)
    yield _atom_link("alternate", "text/html", feed.base + feed.page)
    if feed.hub:
        yield f'<link rel="hub" href="{escape_xml(feed.hub)}"/>'
    yield "<generator>Broadsheet</generator>"


def _atom_entries(feed: FeedPage) -> Iterator[str]:
    for entry in feed.entries:
        language = f' xml:lang="{escape_xml(entry.language)}"' if entry.language else ""
        yield f"<entry{language}>"
        yield f"<id>{escape_xml(entry.id)}</id>"
        yield f"<title>{escape_xml(entry.title)}</title>"
        yield _atom_link("alternate", "text/html", feed.base + entry.url)
        yield f"<published>{entry.published}</published>"
        yield f"<updated>{entry.updated}</updated>"
        for name in entry.authors:
            yield f"<author><name>{escape_xml(name)}</name></author>"
        for tag in entry.tags:
            yield f'<category term="{escape_xml(tag)}"/>'
        if entry.summary:
            yield f"<summary>{escape_xml(entry.summary)}</summary>"
        yield f'<content type="html">{escape_xml(_content(feed, entry))}</content>'
        yield "</entry>"


def _atom_link(relation: str, media_type: str, href: str) -> str:
    return f'<link rel="{relation}" type="{media_type}" href="{escape_xml(href)}"/>'


def _content(feed: FeedPage, entry: FeedEntry) -> str:
    return entry.html.replace(ROOT_MARK, feed.base)


def write_json_feed(feed: FeedPage) -> str:
    """Return a feed as JSON Feed 1.1."""
    written = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.base + feed.page,
        "feed_url": feed.base + feed.url,
        "description": feed.subtitle,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
    }
    shown = {name: value for name, value in written.items() if value}
    shown["items"] = [_json_item(feed, entry) for entry in feed.entries]
    return msgspec.json.encode(shown).decode() + "\n"


def _json_item(feed: FeedPage, entry: FeedEntry) -> dict[str, object]:
    written = {
        "id": entry.id,
        "url": feed.base + entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.tags),
        "language": entry.language,
    }
    shown: dict[str, object] = {name: value for name, value in written.items() if value}
    return shown | {"content_html": _content(feed, entry)}


def write_opml(listed: FeedList) -> str:
    """Return the list of all feeds as OPML 2.0."""
    lines = ['<opml version="2.0">']
    lines.append(f"<head><title>{escape_xml(listed.title)}</title></head>")
    lines.append("<body>")
    for group in listed.groups:
        lines += [f'<outline text="{escape_xml(group.title)}">'] if group.title else []
        for feed in group.feeds:
            words, page = escape_xml(feed.title), escape_xml(feed.page)
            addresses = f'xmlUrl="{escape_xml(feed.url)}" htmlUrl="{page}"'
            lines.append(f'<outline type="rss" text="{words}" title="{words}" {addresses}/>')
        lines += ["</outline>"] if group.title else []
    return _XML_HEAD + "\n".join((*lines, "</body>", "</opml>", ""))
