"""What templates may see: what every page knows of the site and of itself.

Responsible for the shape of `site` and `page`. Not responsible for filling them (`plan`,
`plan_types`).
"""

from __future__ import annotations

from broadsheet.planning.views import Anchor, View


class FeedLink(View, frozen=True, kw_only=True):
    """A feed offered by autodiscovery and in the footer.

    Attributes:
        title: What it carries.
        url: Address within the site.
        type: Its media type.
    """

    title: str
    url: str
    type: str


class NavigationItem(View, frozen=True, kw_only=True):
    """An entry of the sections bar.

    Attributes:
        key: Compared with `PageHead.section` to mark where the reader is.
        text: The link's words.
        url: Address within the site, or empty when `href` is set.
        href: Complete address elsewhere, or empty.
    """

    key: str
    text: str
    url: str
    href: str = ""


class FormField(View, frozen=True, kw_only=True):
    """A field of a form with a fixed value.

    Attributes:
        name: Its name.
        value: Its value.
    """

    name: str
    value: str


class FormChoice(View, frozen=True, kw_only=True):
    """One of the frequencies or topics that a reader can choose.

    Attributes:
        name: Name of the field.
        value: What the provider calls the choice.
        key: `day`, `week` or `month`; or the topic's slug, so that its own page can choose it.
        text: The label's words.
    """

    name: str
    value: str
    key: str
    text: str


class SubscribeView(View, frozen=True, kw_only=True):
    """What stands where readers subscribe.

    Attributes:
        action: Complete address that the form posts to; empty where nobody takes subscriptions, so
            that feeds and `contact` are offered in its place.
        email_field: Name of the field for the address.
        hidden: Fields with fixed values.
        honeypot: Name of a field that must stay empty, or empty.
        frequencies: How often there can be mail, of which one is chosen; may be empty.
        topics: Topics of which any may be chosen; may be empty.
        contact: Address for those who subscribe or leave by mail; may be empty.
    """

    action: str = ""
    email_field: str = ""
    hidden: tuple[FormField, ...] = ()
    honeypot: str = ""
    frequencies: tuple[FormChoice, ...] = ()
    topics: tuple[FormChoice, ...] = ()
    contact: str = ""


class SiteView(View, frozen=True, kw_only=True):
    """What every page knows of the site.

    Attributes:
        title: The digest's name.
        tagline: One line below it.
        curator: Who picks the papers; may be empty.
        language: BCP 47 tag of the site.
        direction: `ltr` or `rtl`.
        base_url: Complete address of the root, ending in a slash.
        navigation: The sections bar.
        pages: Lists and free pages, for the footer.
        feeds: Feeds of the whole site.
        assets: Logical name of an asset to its address within the site.
        source_url: Address that record paths are appended to, or empty.
        theme: The theme options of `site.yaml`, as text.
        has_search: Whether there is an index to search, and with it a search page.
        manifest: Address within the site of the web manifest, or empty.
        subscribe: The form by which readers subscribe.
    """

    title: str
    tagline: str
    curator: str
    language: str
    direction: str
    base_url: str
    navigation: tuple[NavigationItem, ...]
    pages: tuple[Anchor, ...]
    feeds: tuple[FeedLink, ...]
    assets: dict[str, str]
    source_url: str
    theme: dict[str, str]
    has_search: bool
    manifest: str = ""
    subscribe: SubscribeView = SubscribeView()


class PageHead(View, frozen=True, kw_only=True):
    """What every page knows of itself.

    Attributes:
        url: Address within the site; empty for the front page.
        root: Way from the page to the root: `./`, `../../`; absolute for the 404 page.
        title: The document's title, without the site's name.
        description: Plain text for search engines, at most about 200 characters.
        section: Key of the navigation item the page belongs to.
        is_section: Whether the page is that section's own page.
        language: BCP 47 tag of the site; a record in another language marks its own part.
        direction: `ltr` or `rtl`.
        has_math: Whether a formula stands on the page, so that it needs the math font.
        is_indexed: Whether search engines may index the page.
        feeds: Feeds that this page offers beside the site's.
        image: Address within the site of a picture for cards of social networks; empty means the
            theme's `social.png`.
        source: Path of the record the page is made from, or empty.
    """

    url: str
    root: str
    title: str
    description: str
    section: str
    is_section: bool
    language: str
    direction: str
    has_math: bool = False
    is_indexed: bool = True
    feeds: tuple[FeedLink, ...] = ()
    image: str = ""
    source: str = ""
