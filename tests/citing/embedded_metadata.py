"""What Zotero makes of a page that no translator knows: the rules of its Embedded Metadata.

Responsible for those rules that a paper's page is about. Names are matched by their ends, as it
does; JSON-LD is not read at all.
"""

from __future__ import annotations

from typing import Any

from lxml import html

_FIELDS = {
    "title": "title",
    "publication_date": "date",
    "journal_title": "publicationTitle",
    "inbook_title": "bookTitle",
    "conference_title": "conferenceName",
    "dissertation_institution": "university",
    "technical_report_institution": "institution",
    "volume": "volume",
    "issue": "issue",
    "publisher": "publisher",
    "abstract": "abstractNote",
    "doi": "DOI",
    "public_url": "url",
    "language": "language",
}
_TYPES = (
    ("journal_title", "journalArticle"),
    ("technical_report_institution", "report"),
    ("conference_title", "conferencePaper"),
    ("dissertation_institution", "thesis"),
)


def save_page(text: str) -> dict[str, Any]:
    """Return the item that Zotero saves of a page.

    Args:
        text: The page's HTML.
    """
    page = html.fromstring(text)
    tags: dict[str, list[str]] = {}
    for meta in select(page, "//head/meta[@name and @content]"):
        tags.setdefault(meta.get("name"), []).append(meta.get("content"))

    def read(name: str) -> list[str]:
        return next((v for k, v in tags.items() if k.endswith(f"citation_{name}")), [])

    item: dict[str, Any] = {
        "itemType": next((kind for name, kind in _TYPES if read(name)), "journalArticle")
    }
    item |= {field: values[0] for name, field in _FIELDS.items() if (values := read(name))}
    item.setdefault("abstractNote", next(iter(tags.get("description", ())), ""))
    creators = [name for tag in read("author") for name in split_people(tag, len(read("author")))]
    pages = "-".join(part for name in ("firstpage", "lastpage") for part in read(name)[:1])
    keywords = [word.strip() for tag in read("keywords") for word in tag.split(";")]
    pdf = "".join(read("pdf_url"))
    found = {"creators": creators, "pages": pages, "tags": keywords, "pdf": pdf}
    item |= {name: value for name, value in found.items() if value}
    return {name: value for name, value in item.items() if value}


def select(page: html.HtmlElement, path: str) -> list[Any]:
    """Return what an XPath finds on a page."""
    found: Any = page.xpath(path)
    return list(found)


def split_people(tag: str, tags: int) -> list[str]:
    """Return the people of one tag: a single tag with commas is several of them."""
    if tags == 1 and "," in tag:
        return [name.strip() for name in tag.split(",")]
    if "," in tag:
        family, _, given = tag.partition(", ")
        return [f"{given} {family}"]
    return [tag]
