"""What templates may see: files for programs, such as the sitemap.

Responsible for the shape of their views. Not responsible for filling them (the
`plan_*` modules) or for feeds (`feed_views`).
"""

from __future__ import annotations

from broadsheet.planning.views import View


class SitemapEntry(View, frozen=True, kw_only=True):
    """A line of the sitemap, or of its index.

    Attributes:
        url: Complete address.
        modified: `YYYY-MM-DD`, or empty when unknown.
    """

    url: str
    modified: str


class SitemapPage(View, frozen=True, kw_only=True):
    """`sitemap.xml`: addresses for crawlers (sitemaps.org 0.9), or one part of them.

    Attributes:
        entries: At most 50,000 of them.
    """

    entries: tuple[SitemapEntry, ...]


class SitemapIndex(View, frozen=True, kw_only=True):
    """Format `sitemap-index`: the files of a sitemap that is larger than one file may be.

    Attributes:
        sitemaps: The files, each with the day of the last change in it.
    """

    sitemaps: tuple[SitemapEntry, ...]


class TextFile(View, frozen=True, kw_only=True):
    """Format `text`: a file whose words are worked out by the plan, printed as they are.

    Attributes:
        text: The whole file.
    """

    text: str


class SocialImage(View, frozen=True, kw_only=True):
    """Format `social-image`: what stands on a paper's picture for cards of social networks.

    Attributes:
        site: The digest's name.
        title: The paper's title, behind what became of the paper.
        authors: Its authors on one line; may be empty.
    """

    site: str
    title: str
    authors: str


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
