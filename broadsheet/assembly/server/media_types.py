"""Media types of what the preview serves, the same on every machine.

Responsible for the table. Not responsible for what hosts send, which have tables of their own.
"""

from __future__ import annotations

from pathlib import PurePosixPath

BINARY = "application/octet-stream"
HTML = "text/html; charset=utf-8"

_TYPES = {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".bib": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": HTML,
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp4": "video/mp4",
    ".opml": "text/x-opml; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".ris": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


def media_type_of(path: str) -> str:
    """Return the media type of a file by its name; what is unknown is only to be saved."""
    return _TYPES.get(PurePosixPath(path).suffix.lower(), BINARY)
