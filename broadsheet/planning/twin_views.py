"""What the Markdown twin of a paper's page is made of.

Responsible for the shape of its view. Not responsible for filling it (`plan_twins`) or for the
Markdown (`workers.markdown_twins`).
"""

from __future__ import annotations

from broadsheet.planning.views import ExternalLink, Fact, Notice, View


class LinkInNote(View, frozen=True, kw_only=True):
    """A link within the site in a note, as it is written there.

    Attributes:
        written: The address as written, or a whole `[[…]]`.
        href: Where it leads, complete where the site's address is known.
        title: The words of a `[[…]]` that has none of its own, plain.
    """

    written: str
    href: str
    title: str


class PaperTwin(View, frozen=True, kw_only=True):
    """Format `twin`: a paper's page in Markdown.

    Attributes:
        title: Plain text, with `Retracted: ` or `Withdrawn: ` before it where that is so.
        page: Address of the page, complete where the site's address is known.
        root: What addresses within the site begin with.
        authors: All names in order.
        notices: What happened to the paper.
        topics: Names of its topics.
        facts: The details list.
        links: Where the paper is.
        tldr: Plain text, or empty.
        note: Our own words as they are written, in Markdown; or empty.
        note_by: Whose they are; may be empty.
        links_in_note: Links within the site that stand in the note.
        abstract: Plain text in paragraphs, or empty.
    """

    title: str
    page: str
    root: str
    authors: tuple[str, ...]
    notices: tuple[Notice, ...]
    topics: tuple[str, ...]
    facts: tuple[Fact, ...]
    links: tuple[ExternalLink, ...]
    tldr: str
    note: str
    note_by: str
    links_in_note: tuple[LinkInNote, ...]
    abstract: str
