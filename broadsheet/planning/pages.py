"""What templates may see: one view for each kind of page.

Responsible for the shape of the pages' views. Not responsible for filling them (the `plan_*`
modules). A template is called with `site` (`SiteView`) and `page` (`PageHead`), both of
`site_views`, and `view` (one of the page views below), and with `root`, the way from the page to
the site's root.
"""

from __future__ import annotations

from broadsheet.planning.views import (
    Anchor,
    CalendarMonth,
    CardGroup,
    DateText,
    DigestDay,
    ExternalLink,
    Fact,
    Notice,
    Pager,
    PaperCard,
    RichText,
    Spark,
    TopicCount,
    TopicLabel,
    View,
)


class FrontPage(View, frozen=True, kw_only=True):
    """`front.html`: the newest digest, trending, topics, feeds.

    Attributes:
        date: The digest's date or span of dates; None while no paper is featured.
        number: `No. 56`, or empty.
        count: Papers in the digest.
        curator: Who picked them; may be empty.
        digest: The digest's page, or None.
        digest_title: The editor's own title for the digest; may be empty.
        lead: The lead story, or None.
        excerpt: The lead's note, else the beginning of its abstract.
        stories: Two to four papers after the lead.
        rest: The next papers of the digest.
        trending: At most five papers; empty hides the block.
        trending_note: What the ranking rests on.
        marks_new: Whether new papers are marked: not where all of them are new.
        strip: Recent digests, five a week; empty hides the block.
        topics: Topics with counts, most papers first.
    """

    date: DateText | None
    number: str
    count: int
    curator: str
    digest: Anchor | None
    digest_title: str
    lead: PaperCard | None
    excerpt: RichText | None
    stories: tuple[PaperCard, ...]
    rest: tuple[PaperCard, ...]
    trending: tuple[PaperCard, ...]
    trending_note: str
    marks_new: bool
    strip: tuple[DigestDay, ...]
    topics: tuple[TopicCount, ...]


class RelatedCard(View, frozen=True):
    """A paper that belongs beside another.

    Attributes:
        card: The paper.
        reasons: What the two share, in a few words; may be empty.
    """

    card: PaperCard
    reasons: str


class AuthorName(View, frozen=True, kw_only=True):
    """An author as written on a paper.

    Attributes:
        name: The name as written.
        url: Address of the author's page, or empty.
        orcid: Complete address of the ORCID record, or empty.
        affiliation: As written on the paper, or empty.
    """

    name: str
    url: str
    orcid: str
    affiliation: str


class PaperPage(View, frozen=True, kw_only=True):
    """`paper.html`: one paper.

    Attributes:
        id: The record's id.
        title: The title.
        notice: `Retracted` or `Withdrawn`, to be put before the title; else empty.
        is_draft: Whether the record is a draft.
        notices: What happened to the paper, first in the column.
        digest: The digest it is listed in, or None.
        number: `No. 56`, or empty.
        citation_date: `YYYY/MM/DD`, or `YYYY` where no day is known; empty without a date.
        authors: All authors in order.
        topics: All labels.
        tldr: One or two sentences, or None.
        links: Buttons; the first is the solid one.
        note: Why it was picked: the record's body, or None.
        note_by: Who says so; may be empty.
        abstract: The abstract, in paragraphs.
        facts: The details list.
        related: The papers beside it, the nearest first; at most five.
        previous: The paper before it in its digest, or None.
        following: The paper after it in its digest, or None.
    """

    id: str
    title: RichText
    notice: str
    is_draft: bool
    notices: tuple[Notice, ...]
    digest: Anchor | None
    number: str
    citation_date: str
    authors: tuple[AuthorName, ...]
    topics: tuple[TopicLabel, ...]
    tldr: RichText | None
    links: tuple[ExternalLink, ...]
    note: RichText | None
    note_by: str
    abstract: RichText | None
    facts: tuple[Fact, ...]
    related: tuple[RelatedCard, ...]
    previous: Anchor | None
    following: Anchor | None


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


class NamesPage(View, frozen=True, kw_only=True):
    """`authors.html` and `venues.html`: an index of names.

    Attributes:
        heading: `Authors` or `Venues`.
        standfirst: One sentence below it.
        groups: Names by letter.
        pager: None when there is one page.
    """

    heading: str
    standfirst: str
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
    marks_new: bool = False


class FilterChoice(View, frozen=True):
    """A value that a filter can have.

    Attributes:
        value: As the index holds it.
        text: As readers see it.
    """

    value: str
    text: str


class SearchPage(View, frozen=True, kw_only=True):
    """`search.html`: the search form, filled by script.

    Attributes:
        total: Papers in the index.
        topics: Choices of the topic filter.
        years: Choices of the year filter, newest first.
        venues: Choices of the venue filter, those with most papers; in the order of their names.
        has_code: Whether any paper has code.
        has_authors: Whether there is a list of authors.
        examples: Words to try, from the digest itself.
    """

    total: int
    topics: tuple[FilterChoice, ...]
    years: tuple[FilterChoice, ...]
    venues: tuple[FilterChoice, ...]
    has_code: bool
    has_authors: bool
    examples: tuple[str, ...]


class ReadingListPage(View, frozen=True, kw_only=True):
    """`reading-list.html`: filled by script from the browser's own storage."""


class FreePage(View, frozen=True, kw_only=True):
    """`page.html`: a free page.

    Attributes:
        title: The heading.
        description: The line below it; may be empty.
        body: The page's text.
    """

    title: str
    description: str
    body: RichText


class NotFoundPage(View, frozen=True, kw_only=True):
    """`404.html`: what a reader sees at an address that does not exist.

    Attributes:
        digest: The newest digest, or None.
        count: Papers in it.
        cards: Its first papers.
    """

    digest: Anchor | None
    count: int
    cards: tuple[PaperCard, ...]
