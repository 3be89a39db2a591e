"""What templates may see: the parts that several pages share.

Responsible for the shape of the small values that pages are made of (a paper in a list, a label, a
date, a pager). Not responsible for filling them (the `plan_*` modules) or for the pages themselves
(`pages.py`). Every view is frozen, holds plain values only, and hashes to the same bytes in every
process.

Two words for addresses hold in every view: `url` is an address within the site, without a leading
slash, to be written as ``{{ root }}{{ x.url }}``; `href` is a complete address somewhere else that
has passed `domain.links.safe_url`.
"""

from __future__ import annotations

import msgspec


class View(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The base of every view: a frozen value with keyword fields."""


class RichText(msgspec.Struct, frozen=True, array_like=True):
    """One text in two renderings of the same source.

    Templates print the HTML (`{{ title }}` is safe under autoescape because `__html__` says so) and
    the plain variant where no markup may stand (`{{ title.plain }}`).

    Attributes:
        html: Sanitised HTML.
        plain: The same text without markup, not escaped.
    """

    html: str
    plain: str

    def __html__(self) -> str:
        """Return the HTML, as `markupsafe.escape` asks for it."""
        return self.html

    def __str__(self) -> str:
        """Return the plain variant."""
        return self.plain

    def __bool__(self) -> bool:
        """Tell whether there is any text."""
        return bool(self.plain)


class DateText(View, frozen=True, kw_only=True):
    """A date for a `<time>` element.

    Attributes:
        iso: `2025-03-19`, `2025-03` or `2025`.
        text: `19 March 2025`, as precise as the record.
        long: With the weekday where the day is known: `Wednesday, 19 March 2025`.
    """

    iso: str
    text: str
    long: str


class Anchor(View, frozen=True, kw_only=True):
    """A link to a page of this site.

    Attributes:
        text: The link's words.
        url: Address within the site.
        title: The same words with markup, where the target has such a title.
    """

    text: str
    url: str
    title: RichText | None = None


class ExternalLink(View, frozen=True, kw_only=True):
    """A link that leaves the site.

    Attributes:
        kind: `pdf`, `code`, `project`, … as in the record's `links`.
        label: The button's words.
        href: A complete, safe address.
    """

    kind: str
    label: str
    href: str


class TopicLabel(View, frozen=True, kw_only=True):
    """A topic as a label in lists.

    Attributes:
        slug: Identifies the topic, so that its own page can omit the label.
        text: The topic's `short`, at most 24 characters.
        url: Address of the topic's page.
    """

    slug: str
    text: str
    url: str


class PaperCard(View, frozen=True, kw_only=True):
    """A paper as a row, a story or an entry of a ranking.

    Attributes:
        id: The record's id; also the value of `data-save`.
        url: Address of the paper's page.
        title: The title.
        language: BCP 47 tag of the paper where it is not the site's, else empty.
        direction: `ltr` or `rtl` with a language of its own, else empty.
        by: Authors as one line, shortened: `A, B, C and 3 others`; empty when unknown.
        tldr: One or two sentences, or None.
        topics: All labels of the paper, the primary first; lists show two.
        code: Address of the code, or empty.
        notice: `Retracted` or `Withdrawn`, to be put before the title; else empty.
        is_new: Whether it was first featured in the newest digest.
        is_draft: Whether the record is a draft.
        coins: Its citation as a COinS, in lists from which reference managers import; else empty.
    """

    id: str
    url: str
    title: RichText
    language: str
    direction: str
    by: str
    tldr: RichText | None
    topics: tuple[TopicLabel, ...]
    code: str
    notice: str
    is_new: bool
    is_draft: bool
    coins: str = ""


class CardGroup(View, frozen=True, kw_only=True):
    """A run of papers under one heading.

    Attributes:
        anchor: The heading's `id`; unique on its page.
        heading: The heading's words; empty for a list without heading.
        url: Address the heading leads to, or empty.
        count: Papers in the whole group, which may go on on the next page.
        start: Number of the first card in the page's numbering, from 1.
        cards: The papers.
    """

    anchor: str
    heading: str
    url: str
    count: int
    start: int
    cards: tuple[PaperCard, ...]


class PagerLink(View, frozen=True, kw_only=True):
    """One entry of a pager.

    Attributes:
        text: A page number, or `…` for a gap.
        url: Address of that page; empty for a gap.
        is_current: Whether it is the page being shown.
    """

    text: str
    url: str
    is_current: bool


class Pager(View, frozen=True, kw_only=True):
    """Links between the pages of a list; absent when the list has one page.

    Attributes:
        links: Numbers and gaps in order.
        newer: Address of the page before, or empty. May be the list's own address.
        older: Address of the page after, or empty.
    """

    links: tuple[PagerLink, ...]
    newer: str
    older: str


class Spark(View, frozen=True, kw_only=True):
    """A sparkline: one bar a week.

    Attributes:
        path: The `d` of an SVG path.
        width: Width of the view box, in its units; its height is 24.
        label: The trend in words.
    """

    path: str
    width: int
    label: str


class FactValue(View, frozen=True, kw_only=True):
    """One value of a fact: text, a link within the site, a link out, or a date.

    Attributes:
        text: The words.
        url: Address within the site, or empty.
        href: Complete address elsewhere, or empty.
        iso: Value of `datetime` when the text is a date, else empty.
    """

    text: str
    url: str = ""
    href: str = ""
    iso: str = ""


class Fact(View, frozen=True, kw_only=True):
    """A line of a details list.

    Attributes:
        term: What it is about: `Venue`, `Identifier`.
        values: Its values, shown separated by commas.
        url: Address that the term leads to, or empty.
    """

    term: str
    values: tuple[FactValue, ...]
    url: str = ""


class Notice(View, frozen=True, kw_only=True):
    """A correction, withdrawal or retraction, shown first in the column.

    Attributes:
        anchor: The heading's `id`.
        heading: `Retracted`, `Corrected`, …
        text: What happened, from `status_note`; may be empty.
        successor: The record that replaces this one, or None.
    """

    anchor: str
    heading: str
    text: str
    successor: Anchor | None


class TopicCount(View, frozen=True, kw_only=True):
    """A topic with its number of papers.

    Attributes:
        slug: Identifies the topic.
        name: The whole name.
        text: The short name.
        url: Address of its page.
        count: Papers that carry it or a topic below it.
    """

    slug: str
    name: str
    text: str
    url: str
    count: int
