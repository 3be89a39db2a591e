"""What the templates of the email edition may see.

Responsible for the shape of their view. Not responsible for filling it (`plan_email`) or for what
mail programs cannot show (`workers.email_text`).
"""

from __future__ import annotations

from broadsheet.planning.views import DateText, RichText, TopicCount, View

# Stands where each recipient's own address to unsubscribe at goes; a private-use character that
# `workers.markup` takes out of every input.
UNSUBSCRIBE_MARK = "\ue00f"


class EmailPaper(View, frozen=True, kw_only=True):
    """A paper in an edition.

    Attributes:
        number: Its number in the issue, from 1.
        url: Address of its page, within the site.
        title: The title.
        language: BCP 47 tag of the paper where it is not the site's, else empty.
        direction: `ltr` or `rtl` with a language of its own, else empty.
        notice: `Retracted` or `Withdrawn`, to be put before the title; else empty.
        by: Authors as one line, shortened; may be empty.
        topics: Short names of its first two topics.
        summary: The TL;DR, else the beginning of the abstract, or None.
        code: Complete address of the code, or empty.
    """

    number: int
    url: str
    title: RichText
    language: str
    direction: str
    notice: str
    by: str
    topics: tuple[str, ...]
    summary: RichText | None
    code: str


class EmailEdition(View, frozen=True, kw_only=True):
    """`email.html` and `email.txt`: a digest as an email.

    Attributes:
        key: `2025-03-19`, `2025-W12` or `2025-03`.
        kind: `day`, `week` or `month`.
        subject: The message's subject.
        preheader: What inboxes show behind the subject.
        date: The digest's date.
        number: `No. 56`, or empty.
        count: Papers in the edition, shown or not.
        title: The editor's own title; may be empty.
        curator: Who picked the papers; may be empty.
        note: The editorial note, or None.
        is_note_elsewhere: Whether there is a note that was too long for the email.
        url: Address of the digest's page, within the site.
        lead: The first paper, or None.
        plate: The first displayed formula of its abstract, if it is short and can be text; or None.
        papers: The others that the email has room for.
        left_out: How many more are on the site.
        topics: Topics of the edition with their papers in it, most first.
        chosen: Names of the topics that the reader chose; empty for all.
        unsubscribe: Where to unsubscribe: a complete address or the mark for one; may be empty.
        postal_address: Of whoever sends it; may be empty.
    """

    key: str
    kind: str
    subject: str
    preheader: str
    date: DateText
    number: str
    count: int
    title: str
    curator: str
    note: RichText | None
    is_note_elsewhere: bool = False
    url: str
    lead: EmailPaper | None
    plate: RichText | None
    papers: tuple[EmailPaper, ...]
    left_out: int = 0
    topics: tuple[TopicCount, ...]
    chosen: tuple[str, ...]
    unsubscribe: str
    postal_address: str
