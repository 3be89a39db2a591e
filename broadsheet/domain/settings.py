"""The settings of a digest, as `content/site.yaml` gives them.

Responsible for the frozen type and its defaults. Not responsible for reading it (`schemas`).
"""

from __future__ import annotations

from datetime import date

import msgspec

DIGEST_KINDS = ("day", "week", "month")
CITATION_FILES = ("bib", "ris", "csl.json")
MARKDOWN = "markdown"
EXPORTS = (*CITATION_FILES, MARKDOWN)


class PageSizes(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries a page of a list holds.

    Attributes:
        front: Rows below the stories on the front page.
        papers: Papers on a page of all papers, of an author, of a venue and of trending.
        topic: Papers on a page of a topic.
        topics: Topics on a page of the topics index.
        digest: Papers on a page of a digest.
        authors: Names on a page of the authors and venues.
    """

    front: int = 20
    papers: int = 50
    topic: int = 50
    topics: int = 100
    digest: int = 100
    authors: int = 200


class FeedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What feeds there are, and how they are named.

    Attributes:
        entries: Entries at most.
        authority: What the permanent ids of feeds and entries begin with (RFC 4151): a name that
            was the digest's on some day. The default is nobody's, and never changes.
        hub: Complete address of a WebSub hub, or empty.
        venues: Names of the venues that have feeds.
    """

    entries: int = 50
    authority: str = "broadsheet.invalid,2025"
    hub: str = ""
    venues: tuple[str, ...] = ()


class AuthorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets an author page.

    Attributes:
        min_papers: Papers a name needs; 0 turns author pages off.
    """

    min_papers: int = 1


class NavigationEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the sections bar.

    Attributes:
        text: The link's words.
        to: An address within the site without a leading slash, or a complete address.
    """

    text: str
    to: str


class Newsletter(msgspec.Struct, frozen=True, kw_only=True):
    """Where readers subscribe by email.

    Attributes:
        provider: `buttondown`, `mailchimp`, `listmonk` or `form`; empty for nobody.
        address: Buttondown: the account. listmonk: its root, ending in a slash. Mailchimp and
            `form`: where the form posts to.
        frequencies: What the provider calls `day`, `week` and `month`, as far as it has them.
        frequency_field: The form's field for it, where the provider has no fixed one.
        topics: What the provider calls topics, by their slugs.
        topic_field: The form's field for them, where the provider has no fixed one.
        lists: listmonk: UUIDs of lists that everybody joins.
        email_field: `form`: the field for the address.
        honeypot: `form`: a field that must stay empty.
        hidden: Further fields with fixed values.
        contact: Address for those who want to subscribe or leave by mail; may be empty.
        api: Root of the provider's interface for programs; empty for its own.
    """

    provider: str = ""
    address: str = ""
    frequencies: dict[str, str] = {}
    frequency_field: str = ""
    topics: dict[str, str] = {}
    topic_field: str = ""
    lists: tuple[str, ...] = ()
    email_field: str = "email"
    honeypot: str = ""
    hidden: dict[str, str] = {}
    contact: str = ""
    api: str = ""


class MailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How `mail send` sends.

    Attributes:
        sender: Whom the mail comes from.
        reply_to: Whom answers go to; empty for the sender.
        list_id: `List-Id`; empty for one made of the sender's domain.
        unsubscribe: https address at which a reader leaves; `{address}` stands for theirs.
        unsubscribe_mail: Address at which they leave by mail.
        one_click: `yes` when a POST to `unsubscribe` alone unsubscribes (RFC 8058).
        postal_address: Printed at the foot; may be empty.
        host: The mail server.
        port: Its port; 0 for the usual one.
        security: `starttls`, `tls` or `none`.
        rate: Messages a minute at most.
    """

    sender: str
    reply_to: str = ""
    list_id: str = ""
    unsubscribe: str = ""
    unsubscribe_mail: str = ""
    one_click: str = "no"
    postal_address: str = ""
    host: str = ""
    port: int = 0
    security: str = "starttls"
    rate: int = 300


class SecuritySettings(msgspec.Struct, frozen=True, kw_only=True):
    """What `security.txt` says (RFC 9116).

    Attributes:
        contact: URIs at which problems are reported, the preferred one first.
        expires: The day from which the file is not to be relied on.
        languages: BCP 47 tags; empty means the site's language.
        policy: https address of a page on how problems are handled, or empty.
    """

    contact: tuple[str, ...]
    expires: date
    languages: tuple[str, ...] = ()
    policy: str = ""


class ManifestIcon(msgspec.Struct, frozen=True, kw_only=True):
    """An icon of the web manifest.

    Attributes:
        src: Address within the site.
        size: Width and height in pixels; 0 for a picture of any size.
        purpose: `any`, `maskable` or `monochrome`.
    """

    src: str
    size: int = 0
    purpose: str = "any"


class ManifestSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the web manifest says.

    Attributes:
        short_name: What stands below the icon; may be empty.
        background: Colour until the page is there, `#rrggbb`.
        theme: Colour of the window's frame.
        icons: Its icons; empty means the theme's own.
    """

    short_name: str = ""
    background: str = "#fcfcfa"
    theme: str = "#fcfcfa"
    icons: tuple[ManifestIcon, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a digest.

    Attributes:
        title: The digest's name.
        tagline: One line below it.
        description: One or two sentences for search engines.
        base_url: Complete address of the root, ending in a slash.
        language: BCP 47 tag.
        curator: Who picks the papers.
        time_zone: IANA name; the zone of dates in feeds.
        page_sizes: Entries on a page, by list.
        feed: What feeds there are, and how they are named.
        authors: Who gets a page.
        navigation: The sections bar; empty means the default one.
        newsletter: Where readers subscribe by email; None offers the feeds.
        mail: How `mail send` sends; None where nothing is sent.
        theme: Options of the theme, as text.
        link_policy: `follow`, or `nofollow` to mark links out of bodies `rel=nofollow`.
        role: `digest` (others' papers) or `publisher` (our own).
        digests: The kinds of digests that exist; the first is the front page's.
        topics: `declared` or `open`.
        source_url: Address that a record's path is appended to, or empty.
        exports: Files beside each paper's page: endings of those with its citation, and `markdown`
            for a twin of the page; empty means none.
        social_images: Whether each paper has a picture of its own for cards of social networks.
        security: What `security.txt` says; None where there is none.
        manifest: What the web manifest says; None where there is none.
        macros: TeX commands of the digest's own: name without backslash, and what it stands for.
        extra: `x-…` fields.
    """

    title: str = "Broadsheet"
    tagline: str = ""
    description: str = ""
    base_url: str = ""
    language: str = "en"
    curator: str = ""
    time_zone: str = "UTC"
    page_sizes: PageSizes = PageSizes()
    feed: FeedSettings = FeedSettings()
    authors: AuthorSettings = AuthorSettings()
    navigation: tuple[NavigationEntry, ...] = ()
    newsletter: Newsletter | None = None
    mail: MailSettings | None = None
    theme: dict[str, str] = {}
    link_policy: str = "follow"
    role: str = "digest"
    digests: tuple[str, ...] = DIGEST_KINDS
    topics: str = "declared"
    source_url: str = ""
    exports: tuple[str, ...] = ()
    social_images: bool = False
    security: SecuritySettings | None = None
    manifest: ManifestSettings | None = None
    macros: dict[str, str] = {}
    extra: dict[str, object] = {}
