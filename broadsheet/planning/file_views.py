"""What templates may see: files for programs, such as feeds and the sitemap.

Responsible for the shape of their views. Not responsible for filling them (`plan_feeds`).
"""

from __future__ import annotations

from broadsheet.planning.views import View


class FeedEntry(View, frozen=True, kw_only=True):
    """An entry of an Atom feed.

    Attributes:
        id: Permanent `tag:` address (RFC 4151).
        title: Plain text.
        url: Complete address of the paper's page.
        published: RFC 3339 date and time.
        updated: RFC 3339 date and time.
        authors: Names as written.
        categories: Names of topics.
        html: The content, as HTML with complete addresses.
    """

    id: str
    title: str
    url: str
    published: str
    updated: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    html: str


class FeedPage(View, frozen=True, kw_only=True):
    """`feed.xml`: an Atom feed (RFC 4287).

    Attributes:
        id: Permanent `tag:` address of the feed.
        title: Plain text.
        self_url: Complete address of the feed.
        page_url: Complete address of the page it belongs to.
        updated: RFC 3339; the newest entry's.
        entries: Newest first.
    """

    id: str
    title: str
    self_url: str
    page_url: str
    updated: str
    entries: tuple[FeedEntry, ...]


class SitemapEntry(View, frozen=True, kw_only=True):
    """A line of the sitemap.

    Attributes:
        url: Complete address.
        modified: `YYYY-MM-DD`, or empty when unknown.
    """

    url: str
    modified: str


class SitemapPage(View, frozen=True, kw_only=True):
    """`sitemap.xml`: addresses for crawlers (sitemaps.org 0.9).

    Attributes:
        entries: At most 50,000 of them.
    """

    entries: tuple[SitemapEntry, ...]


class TextFile(View, frozen=True, kw_only=True):
    """Format `text`: a file whose words are worked out by the plan, printed as they are.

    Attributes:
        text: The whole file.
    """

    text: str


class OpenSearchDescription(View, frozen=True, kw_only=True):
    """`opensearch.xml`: how a browser searches the site.

    Attributes:
        short_name: At most 16 signs.
        long_name: The site's title.
        description: A sentence about the site.
        language: BCP 47.
        search_url: Complete address, with `{searchTerms}` in it.
        self_url: Complete address of the description.
    """

    short_name: str
    long_name: str
    description: str
    language: str
    search_url: str
    self_url: str
