"""Views of feeds: one value for a feed's two forms, and the list of all feeds.

Responsible for their shape. Not responsible for filling them (`plan_feeds`, `feed_entries`) or for
how they are written (`workers.feed_files`).
"""

from __future__ import annotations

from broadsheet.planning.views import View


class FeedEntry(View, frozen=True, kw_only=True):
    """An entry of a feed, the same in both forms.

    Attributes:
        id: Permanent `tag:` address (RFC 4151).
        title: Plain text.
        url: Address of its page within the site.
        published: RFC 3339 date and time.
        updated: RFC 3339 date and time.
        authors: Names as written.
        tags: Names of topics.
        summary: Plain text of one line; may be empty.
        language: BCP 47 tag where it is not the feed's, else empty.
        html: The content, as HTML without MathML; `ROOT_MARK` stands for the way to the root.
    """

    id: str
    title: str
    url: str
    published: str
    updated: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    summary: str
    language: str
    html: str


class FeedPage(View, frozen=True, kw_only=True):
    """Formats `atom` (RFC 4287) and `json-feed` (version 1.1): a feed.

    Attributes:
        id: Permanent `tag:` address of the feed, the same in both forms.
        title: Plain text.
        subtitle: Plain text; may be empty.
        author: Who answers for it.
        language: BCP 47 tag.
        base: What stands before addresses within the site: the root's complete address, or the way
            from the feed to it where the site has none.
        url: Address of this form within the site.
        page: Address within the site of the page that the feed belongs to.
        hub: Complete address of a WebSub hub, or empty.
        updated: RFC 3339; the newest entry's.
        entries: Newest first.
    """

    id: str
    title: str
    subtitle: str
    author: str
    language: str
    base: str
    url: str
    page: str
    hub: str
    updated: str
    entries: tuple[FeedEntry, ...]


class ListedFeed(View, frozen=True, kw_only=True):
    """A feed in the list of all.

    Attributes:
        title: Its title.
        url: Complete address of its Atom form.
        page: Complete address of the page that it belongs to.
    """

    title: str
    url: str
    page: str


class FeedGroup(View, frozen=True, kw_only=True):
    """Feeds of one kind.

    Attributes:
        title: `Topics`; empty for those of the whole site.
        feeds: The feeds, in the order of their pages.
    """

    title: str
    feeds: tuple[ListedFeed, ...]


class FeedList(View, frozen=True, kw_only=True):
    """Format `opml`: all feeds of the site (OPML 2.0), for a reader to import.

    Attributes:
        title: The site's title.
        groups: The feeds by kind.
    """

    title: str
    groups: tuple[FeedGroup, ...]
