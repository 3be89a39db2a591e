"""What templates may see: one view for each kind of page.

Responsible for the shape of the pages' views. Not responsible for filling them (the `plan_*`
modules) or for pages that list something (`list_pages`). A template is called with `site`
(`SiteView`) and `page` (`PageHead`), both of `site_views`, and `view` (one of the page views), and
with `root`, the way from the page to the site's root.
"""

from __future__ import annotations

from broadsheet.planning.calendar_views import DigestDay
from broadsheet.planning.citation_views import CitationFile, CitedPaper, Signpost
from broadsheet.planning.views import (
    Anchor,
    DateText,
    ExternalLink,
    Fact,
    Notice,
    PaperCard,
    RichText,
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
        plate: The lead's picture: its equation, or None.
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
    plate: RichText | None
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
        why: What joins the two, as a sentence without its stop; may be empty.
    """

    card: PaperCard
    why: str


class AuthorName(View, frozen=True, kw_only=True):
    """An author as written on a paper.

    Attributes:
        name: The name as written.
        url: Address of the author's page, or empty.
        home: Complete address of the author's own page, or empty.
        orcid: Complete address of the ORCID record, or empty.
        affiliation: As written on the paper, or empty.
    """

    name: str
    url: str
    home: str
    orcid: str
    affiliation: str


class PaperPage(View, frozen=True, kw_only=True):
    """`paper.html`: one paper.

    Attributes:
        id: The record's id.
        title: The title.
        language: BCP 47 tag where it is not the site's, else empty.
        direction: `ltr` or `rtl` with a language of its own, else empty.
        notice: `Retracted` or `Withdrawn`, to be put before the title; else empty.
        is_draft: Whether the record is a draft.
        notices: What happened to the paper, first in the column.
        digest: The digest it is listed in, or None.
        number: `No. 56`, or empty.
        cited: What its citation is made of; the filter `cite` writes it.
        files: Files with its citation, for reference managers.
        pdf: Complete address of its PDF for Google Scholar and Zotero, or empty.
        signposts: Typed links for machines.
        twin: Address within the site of the page as Markdown, or empty.
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
    language: str
    direction: str
    notice: str
    is_draft: bool
    notices: tuple[Notice, ...]
    digest: Anchor | None
    number: str
    cited: CitedPaper
    files: tuple[CitationFile, ...]
    pdf: str
    signposts: tuple[Signpost, ...]
    twin: str
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
        language: BCP 47 tag where it is not the site's, else empty.
        direction: `ltr` or `rtl` with a language of its own, else empty.
        body: The page's text.
    """

    title: str
    description: str
    language: str
    direction: str
    body: RichText


class RedirectPage(View, frozen=True, kw_only=True):
    """`redirect.html`: what stands at an old address of a record.

    Attributes:
        target: Where the record is now.
    """

    target: Anchor


class RemovedPage(View, frozen=True, kw_only=True):
    """`removed.html`: what stands where a record was removed on purpose.

    Attributes:
        reason: Why it is gone, in a sentence.
    """

    reason: str


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
