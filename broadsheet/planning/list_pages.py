"""What templates may see: one view for each kind of page that lists something.

Responsible for the shape of the views of topics, digests, the archive, names, and lists of papers.
Not responsible for filling them (the `plan_*` modules) or for the other pages (`pages`).
"""

from __future__ import annotations

from broadsheet.planning.calendar_views import CalendarMonth, DigestDay
from broadsheet.planning.citation_views import CitationFile
from broadsheet.planning.views import (
    Anchor,
    CardGroup,
    DateText,
    ExternalLink,
    Fact,
    Pager,
    RichText,
    Spark,
    TopicCount,
    View,
)


class TopicEntry(View, frozen=True, kw_only=True):
    """A topic in the topics index.

    Attributes:
        topic: The topic and its count.
        path: The `d` of the sparkline, 52 weeks, in a view box of 207 by 16; empty while fewer than
            two of them have papers.
        newest: Its newest paper, or None.
        parent: The topic above it, or None.
    """

    topic: TopicCount
    path: str
    newest: Anchor | None
    parent: Anchor | None


class TopicsPage(View, frozen=True, kw_only=True):
    """`topics.html`: the topics index.

    Attributes:
        standfirst: One sentence below the heading.
        entries: The topics, most active first.
        pager: None when there is one page.
    """

    standfirst: str
    entries: tuple[TopicEntry, ...]
    pager: Pager | None


class TopicPage(View, frozen=True, kw_only=True):
    """`topic.html`: one topic.

    Attributes:
        slug: Identifies the topic, so that lists can omit its label.
        name: The topic's name.
        parents: The topics above it, the root first.
        description: One sentence or two.
        introduction: The record's body; only on the first page.
        groups: Papers by month, newest first.
        pager: None when there is one page.
        activity: 26 weeks of papers.
        facts: The details list.
        children: Topics below it.
        related: Topics that share papers with it, most first.
    """

    slug: str
    name: str
    parents: tuple[Anchor, ...]
    description: str
    introduction: RichText | None
    groups: tuple[CardGroup, ...]
    pager: Pager | None
    activity: Spark | None
    facts: tuple[Fact, ...]
    children: tuple[TopicCount, ...]
    related: tuple[TopicCount, ...]


class DigestPage(View, frozen=True, kw_only=True):
    """`digest.html`: the issue of a day, a week or a month.

    Attributes:
        kind: `day`, `week` or `month`.
        date: Its date; `text` and `long` are the heading's words.
        title: The editor's own title; may be empty.
        summary: `No. 56, 24 papers, 8 with code`.
        curator: Who picked the papers; may be empty.
        note: The editorial note; only on the first page.
        sections: In-page links to the groups, with counts.
        groups: Papers by primary topic, in editorial order.
        pager: None when there is one page.
        days: The days of a week or month; empty for a day.
        parts: Digests that this one belongs to: a day's week and month.
        files: Files with the citations of its papers.
        previous: The digest of the same kind before it, or None.
        following: The digest of the same kind after it, or None.
    """

    kind: str
    date: DateText
    title: str
    summary: str
    curator: str
    note: RichText | None
    sections: tuple[CardGroup, ...]
    groups: tuple[CardGroup, ...]
    pager: Pager | None
    days: tuple[DigestDay, ...]
    parts: tuple[Anchor, ...]
    files: tuple[CitationFile, ...]
    previous: Anchor | None
    following: Anchor | None


class ArchivePage(View, frozen=True, kw_only=True):
    """`archive.html`: the calendar of one year's digests.

    Attributes:
        year: The year shown.
        months: Its months, newest first.
        newer: The year after it, or None.
        older: The year before it, or None.
    """

    year: str
    months: tuple[CalendarMonth, ...]
    newer: Anchor | None
    older: Anchor | None


class NameEntry(View, frozen=True, kw_only=True):
    """An author or venue in an index.

    Attributes:
        text: The name.
        url: Address of its page.
        count: Papers.
    """

    text: str
    url: str
    count: int


class NameGroup(View, frozen=True, kw_only=True):
    """Entries under one letter.

    Attributes:
        anchor: The heading's `id`.
        heading: The letter; empty for a list without heading.
        entries: The names.
    """

    anchor: str
    heading: str
    entries: tuple[NameEntry, ...]


class LetterLink(View, frozen=True, kw_only=True):
    """A letter of an index of names.

    Attributes:
        text: The letter.
        url: Address of the page on which its names begin; empty for the page being shown.
        anchor: The heading's `id` there.
    """

    text: str
    url: str
    anchor: str


class NamesPage(View, frozen=True, kw_only=True):
    """`authors.html` and `venues.html`: an index of names.

    Attributes:
        heading: `Authors` or `Venues`.
        standfirst: One sentence below it.
        letters: Links to the letters of all pages; empty for a single letter.
        groups: Names by letter.
        pager: None when there is one page.
    """

    heading: str
    standfirst: str
    letters: tuple[LetterLink, ...]
    groups: tuple[NameGroup, ...]
    pager: Pager | None


class ListingPage(View, frozen=True, kw_only=True):
    """`author.html`, `venue.html`, `papers.html`, `trending.html`: papers under a heading.

    Attributes:
        kind: `author`, `venue`, `papers` or `trending`.
        label: The quiet line above the heading, or None.
        heading: The heading.
        standfirst: One sentence below it; may be empty.
        groups: The papers.
        pager: None when there is one page.
        topics: What an author or venue is about, most papers first.
        facts: The details list.
        links: Links out, such as an author's home page.
        hint: A quiet remark in the margin; may be empty.
        numbered: Whether the rows carry numbers.
        files: Files with the citations of all papers of the site; only where these are listed.
        marks_new: Whether new papers are marked: only where some are and some are not.
    """

    kind: str
    label: Anchor | None
    heading: str
    standfirst: str
    groups: tuple[CardGroup, ...]
    pager: Pager | None
    topics: tuple[TopicCount, ...]
    facts: tuple[Fact, ...]
    links: tuple[ExternalLink, ...]
    hint: str
    numbered: bool
    files: tuple[CitationFile, ...] = ()
    marks_new: bool = False
