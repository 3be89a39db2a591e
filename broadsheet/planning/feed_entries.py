"""Entries of feeds: papers and digests as text that feed readers can show.

Responsible for an entry's words, dates and permanent id. Not responsible for which entries a feed
has (`plan_feeds`) or for how a feed is written (`workers.feed_files`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from html import escape
from zoneinfo import ZoneInfo

from broadsheet.domain.digests import Digest
from broadsheet.domain.identifiers import is_arxiv_version
from broadsheet.domain.records import Paper
from broadsheet.planning.cards import marked_title
from broadsheet.planning.edition import Edition, date_of_digest
from broadsheet.planning.feed_views import FeedEntry
from broadsheet.planning.paper_details import paper_notices
from broadsheet.planning.plan_types import cut_at_word
from broadsheet.planning.texts import ROOT_MARK
from broadsheet.planning.views import PaperCard

# Papers that the entry of one digest shows; what a mail program or a reader's list can take.
MOST_PAPERS = 150
MOST_SUMMARY = 300

_MATH = re.compile(r"<math [^>]*>.*?</math>", re.DOTALL)
# The boxes that keep a formula in one piece or let it scroll; they hold nothing but words.
_MATH_BOX = re.compile(r'<span class="(?:nb|mx)"[^>]*>([^<]*)</span>')
_ANCHOR = re.compile(r'(<(?:h[1-6]|li|sup)) id="[^"]*"')
_FRAGMENT_LINK = re.compile(r'(<a [^>]*?href=")#')


def tag_of(edition: Edition, name: str) -> str:
    """Return a permanent `tag:` address (RFC 4151), which no change of the site's address touches.

    Args:
        edition: What is being planned.
        name: What it names within the digest: `paper:2403.02884`.
    """
    return f"tag:{edition.settings.feed.authority}:{name}"


def first_id_of(paper: Paper) -> str:
    """Return the id under which a paper first appeared: its oldest alias that is an id, or its own.

    A paper that is called by another id from now on is no new entry to those who have read it.
    Versions (`2403.02884v1`) never were an id.
    """
    ids = (alias for alias in paper.aliases if "/" not in alias and not is_arxiv_version(alias))
    return next(ids, paper.id)


def day_of_entry(edition: Edition, paper: Paper) -> date | None:
    """Return the day on which a paper entered the feeds, or None for one that never did.

    It is the day that it was featured; in a digest that features nothing, the day it appeared.
    """
    if edition.library.digests:
        return paper.featured
    if paper.featured is None and paper.date is not None and paper.date.day:
        return paper.date.first_day()
    return paper.featured


def paper_entry(edition: Edition, paper: Paper) -> FeedEntry:
    """Return a paper as an entry with its full text.

    Args:
        edition: What is being planned.
        paper: The paper, which entered the feeds on some day.
    """
    published = day_of_entry(edition, paper) or date.min
    card = edition.cards[paper.id]
    topics = edition.library.topics.by_slug
    return FeedEntry(
        id=tag_of(edition, f"paper:{first_id_of(paper)}"),
        title=marked_title(card).plain,
        url=card.url,
        published=moment(edition, published),
        updated=moment(edition, max(published, _updated_day(paper, published))),
        authors=tuple(author.name for author in paper.authors),
        tags=tuple(topics[label.slug].name for label in card.topics),
        summary=card.tldr.plain if card.tldr is not None else "",
        language=card.language,
        html=_paper_html(edition, paper),
    )


def digest_entry(edition: Edition, digest: Digest) -> FeedEntry:
    """Return a digest as one entry: its note and its papers, as a mail service can send them.

    Args:
        edition: What is being planned.
        digest: The digest; of a week or month, one that has come to its end.
    """
    note = edition.library.notes.get(digest.key)
    when, number = date_of_digest(digest), edition.digest_number(digest)
    title = ", ".join(part for part in (when.long, number) if part)
    title += f": {note.title}" if note is not None and note.title else ""
    curator = edition.digest_curator(digest)
    titles = "; ".join(marked_title(edition.cards[i]).plain for i in digest.papers)
    return FeedEntry(
        id=tag_of(edition, f"digest:{digest.key}"),
        title=title,
        url=edition.digest_anchor(digest).url,
        published=moment(edition, digest.last),
        updated=moment(edition, digest.last),
        authors=(curator,) if curator else (),
        tags=(),
        summary=cut_at_word(titles, MOST_SUMMARY),
        language="",
        html=_digest_html(edition, digest),
    )


def moment(edition: Edition, day: date) -> str:
    """Return midnight of a day in the digest's time zone (RFC 3339).

    Before zones had whole minutes, RFC 3339 cannot write them; such a day begins in UTC.
    """
    begin = datetime.combine(day, time(), ZoneInfo(edition.settings.time_zone))
    offset = begin.utcoffset()
    if offset is not None and offset.total_seconds() % 60:
        begin = begin.replace(tzinfo=UTC)
    return begin.isoformat()


def _paper_html(edition: Edition, paper: Paper) -> str:
    text = edition.texts[paper.source]
    card = edition.cards[paper.id]
    parts = list(_notice_html(edition, paper))
    if card.tldr is not None:
        parts.append(f"<p><strong>{escape(card.tldr.plain, quote=False)}</strong></p>")
    shown = "\n".join(part.html for part in (text.body, text.abstract) if part is not None)
    parts.append(for_readers(shown, card.url, iter(text.formulas)))
    return "\n".join(parts).strip()


def _notice_html(edition: Edition, paper: Paper) -> Iterator[str]:
    for notice in paper_notices(edition, paper):
        words = f"<strong>{notice.heading}.</strong>"
        words += f" {escape(notice.text, quote=False)}" if notice.text else ""
        if notice.successor is not None:
            link = _link(notice.successor.url, notice.successor.text)
            words += f" Replaced by {link}."
        yield f"<p>{words}</p>"


def _digest_html(edition: Edition, digest: Digest) -> str:
    note = edition.library.notes.get(digest.key)
    url = edition.digest_anchor(digest).url
    parts = []
    if note is not None and (body := edition.texts[note.source].body) is not None:
        formulas = edition.texts[note.source].formulas
        parts.append(for_readers(body.html, url, iter(formulas)))
    parts += [_listed_paper(edition, edition.cards[i]) for i in digest.papers[:MOST_PAPERS]]
    if (more := len(digest.papers) - MOST_PAPERS) > 0:
        parts.append(f"<p>{_link(url, f'{more:,} more on the site')}</p>")
    return "\n".join(parts)


def _listed_paper(edition: Edition, card: PaperCard) -> str:
    title = _link(card.url, card.title.plain)
    if card.notice:
        title = f"{card.notice}: <s>{title}</s>"
    parts = [f"<h3>{title}</h3>"]
    parts += [f"<p><em>{escape(card.by, quote=False)}</em></p>"] if card.by else []
    summary = card.tldr
    if summary is None:
        summary = edition.texts[edition.library.papers[card.id].source].abstract
    if summary is not None:
        short = cut_at_word(summary.plain, 2 * MOST_SUMMARY)
        parts.append(f"<p>{escape(short, quote=False)}</p>")
    return "\n".join(parts)


def _link(url: str, words: str) -> str:
    return f'<a href="{ROOT_MARK}{escape(url)}">{escape(words, quote=False)}</a>'


def for_readers(html: str, url: str, formulas: Iterator[str]) -> str:
    """Return HTML for feed readers, which strip MathML and show many texts on one page.

    Args:
        html: The text.
        url: Address within the site of the text's page, where links within the text lead.
        formulas: Plain text of each formula.
    """
    html = _MATH.sub(lambda _: escape(next(formulas), quote=False), html)
    html = _MATH_BOX.sub(r"\1", html)
    html = _ANCHOR.sub(r"\1", html)
    return _FRAGMENT_LINK.sub(rf"\1{ROOT_MARK}{url}#", html)


def _updated_day(paper: Paper, otherwise: date) -> date:
    """Return the day of the last version where the record knows it to the day."""
    if paper.updated is None or not paper.updated.day:
        return otherwise
    return paper.updated.first_day()
