"""The email edition of a digest, from the same records as its page.

Responsible for what stands in it, for everybody and for readers who chose some topics. Not
responsible for fitting it into the size that mail programs show (`workers.composing`) or for
sending it.
"""

from __future__ import annotations

from collections import Counter
from html import escape

import msgspec

from broadsheet.domain.digests import Digest
from broadsheet.domain.settings import MailSettings
from broadsheet.planning import addresses
from broadsheet.planning.edition import Edition, date_of_digest
from broadsheet.planning.email_views import UNSUBSCRIBE_MARK, EmailEdition, EmailPaper
from broadsheet.planning.plan_front import find_plate
from broadsheet.planning.plan_types import PagePlan, cut_at_word, make_head
from broadsheet.planning.site_views import PageHead
from broadsheet.planning.views import RichText, TopicCount

MAX_SUBJECT_TITLE = 110
MAX_PREHEADER = 140
MAX_SUMMARY = 280
MAX_TOPICS = 12


class EmailPlan(msgspec.Struct, frozen=True, kw_only=True):
    """An email edition, planned.

    Attributes:
        head: What it knows of itself; its root is the site's complete address.
        view: What the templates may see.
    """

    head: PageHead
    view: EmailEdition


def plan_email(
    edition: Edition,
    digest: Digest,
    choice: tuple[str, ...] = (),
    *,
    is_for_provider: bool = False,
) -> EmailPlan | None:
    """Plan the email edition of a digest.

    Args:
        edition: The records, their texts and the settings.
        digest: The digest.
        choice: Slugs of the topics that the reader chose; none of them means all.
        is_for_provider: Whether a provider will send it, and fill in where to unsubscribe.

    Returns:
        The edition, or None when no paper in the digest has one of the topics.
    """
    wanted = {i for slug in choice for i in edition.library.topics.papers.get(slug, ())}
    ids = tuple(i for i in digest.papers if not choice or i in wanted)
    if not ids:
        return None
    papers = tuple(_make_paper(edition, i, number) for number, i in enumerate(ids, start=1))
    note = edition.library.notes.get(digest.key)
    text = edition.texts[note.source] if note is not None else None
    mail = edition.settings.mail or MailSettings(sender="")
    topics = edition.library.topics.by_slug
    view = EmailEdition(
        key=digest.key,
        kind=digest.kind,
        subject=_subject(edition, digest, papers),
        preheader=_preheader(papers),
        date=date_of_digest(digest),
        number=edition.digest_number(digest),
        count=len(papers),
        title=note.title if note is not None else "",
        curator=edition.digest_curator(digest),
        note=text.body if text is not None else None,
        url=addresses.digest_url(digest.key),
        lead=papers[0],
        plate=find_plate(edition, ids[0], papers[0].summary),
        papers=papers[1:],
        topics=_count_topics(edition, ids),
        chosen=tuple(topics[slug].name for slug in choice if slug in topics),
        unsubscribe=UNSUBSCRIBE_MARK if is_for_provider else _unsubscribe(mail),
        postal_address=mail.postal_address,
    )
    base = edition.settings.base_url
    head = make_head(edition.settings, view.url, title=view.subject, root=base)
    return EmailPlan(head=head, view=view)


def email_pages(plan: EmailPlan, view: EmailEdition) -> tuple[PagePlan, PagePlan]:
    """Return an edition's two parts as the renderer takes them: HTML and plain text.

    Args:
        plan: The edition.
        view: What its templates are to see.
    """
    url = f"{plan.head.url}email"
    html = PagePlan(url=f"{url}.html", template="email.html", view=view, head=plan.head, key="")
    text = PagePlan(url=f"{url}.txt", template="email.txt", view=view, head=plan.head, key="")
    return html, text


def _make_paper(edition: Edition, paper_id: str, number: int) -> EmailPaper:
    card = edition.cards[paper_id]
    return EmailPaper(
        number=number,
        url=card.url,
        title=card.title,
        language=card.language,
        direction=card.direction,
        notice=card.notice,
        by=card.by,
        topics=tuple(topic.text for topic in card.topics[:2]),
        summary=card.tldr or _excerpt(edition, paper_id),
        code=card.code,
    )


def _excerpt(edition: Edition, paper_id: str) -> RichText | None:
    abstract = edition.texts[edition.library.papers[paper_id].source].abstract
    if abstract is None:
        return None
    words = cut_at_word(abstract.plain, MAX_SUMMARY)
    return RichText(escape(words, quote=False), words)


def _subject(edition: Edition, digest: Digest, papers: tuple[EmailPaper, ...]) -> str:
    number = edition.digest_number(digest)
    date = date_of_digest(digest).text
    start = f"{edition.settings.title} {number}" if number else f"{edition.settings.title}, {date}"
    title = cut_at_word(papers[0].title.plain, MAX_SUBJECT_TITLE)
    more = f", and {len(papers) - 1} more" if len(papers) > 1 else ""
    return " ".join(f"{start}: {title}{more}".split())


def _preheader(papers: tuple[EmailPaper, ...]) -> str:
    words = [paper.summary.plain for paper in papers[:1] if paper.summary]
    words += [paper.title.plain for paper in papers[1:3]]
    return cut_at_word(" ".join(w if w[-1:] in ".?!…" else f"{w}." for w in words), MAX_PREHEADER)


def _count_topics(edition: Edition, ids: tuple[str, ...]) -> tuple[TopicCount, ...]:
    counts = Counter(slug for i in ids for slug in edition.library.topics.of_paper[i])
    ranked = sorted(counts, key=lambda slug: (-counts[slug], slug))[:MAX_TOPICS]
    return tuple(edition.topic_count(slug, counts[slug]) for slug in ranked)


def _unsubscribe(mail: MailSettings) -> str:
    if mail.unsubscribe:
        return UNSUBSCRIBE_MARK
    if mail.unsubscribe_mail:
        return f"mailto:{mail.unsubscribe_mail}?subject=unsubscribe"
    return ""
