"""Views to files for programs, whose form is not the theme's to change.

Responsible for the table of formats and for writing each from its view. A plan names a format where
a page's names a template; a template's name has a dot, a format's has none. Not responsible for
what stands in the files (`planning`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import msgspec

from broadsheet.planning.api_views import JsonFile, JsonShard
from broadsheet.planning.file_views import SitemapIndex, TextFile
from broadsheet.planning.social_images import SOCIAL_IMAGE
from broadsheet.workers.citing.bibliographies import write_bibtex, write_csl_json, write_ris
from broadsheet.workers.drawing import draw_social_image
from broadsheet.workers.feed_files import write_atom, write_json_feed, write_opml
from broadsheet.workers.markdown_twins import write_twin


def write_json(view: JsonFile) -> str:
    """Return a file of the interface, on one line."""
    return msgspec.json.encode(view.content).decode() + "\n"


def write_json_shard(view: JsonShard) -> bytes:
    """Return a file of the interface whose entries are written already, as `write_json` would."""
    around = msgspec.json.encode(view.head) if view.head is not None else b"[]"
    start, end = around.split(b"[]")
    return b"".join((start, b"[", b",".join(view.entries), b"]", end, b"\n"))


def write_text(view: TextFile) -> str:
    """Return a file whose words were worked out by the plan."""
    return view.text


def write_sitemap_index(view: SitemapIndex) -> str:
    """Return a sitemap index (sitemaps.org 0.9)."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for entry in view.sitemaps:
        modified = f"<lastmod>{entry.modified}</lastmod>" if entry.modified else ""
        lines.append(f"<sitemap><loc>{escape(entry.url)}</loc>{modified}</sitemap>")
    return "\n".join((*lines, "</sitemapindex>", ""))


# Each writer takes the view that plans of its format carry; the values' types differ from format
# to format.
DATA_FORMATS: Mapping[str, Callable[[Any], str]] = {
    "atom": write_atom,
    "json": write_json,
    "json-feed": write_json_feed,
    "opml": write_opml,
    "sitemap-index": write_sitemap_index,
    "text": write_text,
    "twin": write_twin,
}

# The same for what is no text, or is encoded entry by entry.
ENCODED_FORMATS: Mapping[str, Callable[[Any], bytes]] = {
    SOCIAL_IMAGE: draw_social_image,
    "bibtex": write_bibtex,
    "csl-json": write_csl_json,
    "json-shard": write_json_shard,
    "ris": write_ris,
}
