"""What is being planned: the library, its texts, the settings, and the parts built once for all.

Responsible for the small views that stand on many pages (labels, dates, counts). Not responsible
for cards (`cards`) or for whole pages (the `plan_*` modules).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

import msgspec

from broadsheet.domain.dates import (
    PartialDate,
    name_digest,
    name_partial_date,
    name_weekday,
)
from broadsheet.domain.digests import Digest
from broadsheet.domain.library import Library
from broadsheet.domain.records import Paper, Topic
from broadsheet.domain.settings import Settings
from broadsheet.planning import addresses
from broadsheet.planning.cards import Cards, make_cards, marked_title
from broadsheet.planning.cited_papers import CitedPapers
from broadsheet.planning.relations import Related
from broadsheet.planning.shown import ShownOnly
from broadsheet.planning.texts import Texts
from broadsheet.planning.views import (
    Anchor,
    CardGroup,
    DateText,
    Fact,
    FactValue,
    PaperCard,
    RichText,
    TopicCount,
    TopicLabel,
)

_NONE: frozenset[str] = frozenset()


def _know_none(_url: str, _ids: tuple[str, ...]) -> Mapping[str, bytes]:
    return {}


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that planning a page may ask.

    Attributes:
        library: All records and indices.
        settings: The digest's settings.
        short: Converted texts without abstract, body and formulas, by the path of the record; in a
            page's hands none, since titles and TL;DRs are asked of cards.
        labels: A label for each topic, by slug.
        cards: A card for each paper, by id; those of lists hold its COinS (`Cards.listed`). In a
            page's hands, of those that it lists.
        cited: What each paper's citation is made of, by its id; the same holds.
        texts: Converted texts by the path of the record; in a page's hands, of those that it shows.
        related: The papers beside each paper; in a page's hands, of those that it shows.
        known_entries: Tells of a file of the interface, by its address and the papers in it, the
            entries that an earlier build wrote and that are the same now, by the papers' ids.
    """

    library: Library
    settings: Settings
    short: Texts
    labels: Mapping[str, TopicLabel]
    cards: Cards
    cited: CitedPapers
    texts: Texts
    related: Related
    known_entries: Callable[[str, tuple[str, ...]], Mapping[str, bytes]] = _know_none

    def showing(
        self, sources: tuple[str, ...], listed: Iterable[str] = (), *, has_related: bool = False
    ) -> Edition:
        """Return the same without what pages may not see of all records but some.

        Args:
            sources: Paths of the records whose texts are left.
            listed: Ids of the papers whose titles and TL;DRs are left.
            has_related: Whether the papers beside those of `sources` are left.
        """
        ids = frozenset(listed)
        shown = frozenset(self._ids_of(sources)) if has_related else _NONE
        return Edition(
            library=self.library,
            settings=self.settings,
            short={},
            labels=self.labels,
            cards=self.cards.within(ids),
            cited=self.cited.within(ids),
            texts=ShownOnly(self.texts, frozenset(sources)),
            related=ShownOnly(self.related, shown),
            known_entries=self.known_entries,
        )

    def _ids_of(self, sources: tuple[str, ...]) -> Iterator[str]:
        papers = self.library.papers
        for source in sources:
            name = source.rpartition("/")[2].removesuffix(".md")
            if name in papers and papers[name].source == source:
                yield name

    def title_of(self, paper_id: str) -> RichText:
        """Return a paper's title."""
        return self.cards[paper_id].title

    def paper_anchor(self, paper_id: str) -> Anchor:
        """Return a link to a paper, with its title."""
        title = marked_title(self.cards[paper_id])
        return Anchor(text=title.plain, url=addresses.paper_url(paper_id), title=title)

    def digest_anchor(self, digest: Digest) -> Anchor:
        """Return a link to a digest, with its date in words."""
        return Anchor(text=date_of_digest(digest).long, url=addresses.digest_url(digest.key))

    def topic_anchor(self, slug: str) -> Anchor:
        """Return a link to a topic, with its whole name."""
        topic = self.library.topics.by_slug[slug]
        return Anchor(text=topic.name, url=addresses.topic_url(slug))

    def topic_count(self, slug: str, count: int | None = None) -> TopicCount:
        """Return a topic with its number of papers, or with another number."""
        topic = self.library.topics.by_slug[slug]
        total = len(self.library.topics.papers[slug]) if count is None else count
        return TopicCount(
            slug=slug,
            name=topic.name,
            text=topic.short,
            url=addresses.topic_url(slug),
            count=total,
        )

    def digest_number(self, digest: Digest) -> str:
        """Return `No. 56`, or nothing for a digest without a number."""
        note = self.library.notes.get(digest.key)
        return f"No. {note.number}" if note is not None and note.number else ""

    def digest_curator(self, digest: Digest) -> str:
        """Return who picked a digest's papers; may be empty."""
        note = self.library.notes.get(digest.key)
        return (note.curator if note is not None else "") or self.settings.curator


def make_edition(
    library: Library, short: Texts, texts: Texts, related: Related, settings: Settings
) -> Edition:
    """Gather what is asked while planning.

    Args:
        library: All records and indices.
        short: Converted texts without their long parts, by the path of the record.
        texts: Converted texts by the path of the record.
        related: The papers beside each paper.
        settings: The digest's settings.
    """
    labels = {slug: _make_label(topic) for slug, topic in library.topics.by_slug.items()}
    return Edition(
        library=library,
        settings=settings,
        short=short,
        labels=labels,
        cards=make_cards(library, short, labels, settings),
        cited=CitedPapers(library.papers, short, settings.base_url),
        texts=texts,
        related=related,
    )


def _make_label(topic: Topic) -> TopicLabel:
    return TopicLabel(slug=topic.slug, text=topic.short, url=addresses.topic_url(topic.slug))


def date_of_paper(paper: Paper) -> DateText | None:
    """Return when a paper appeared, or None."""
    if paper.date is None:
        return None
    words = name_partial_date(paper.date)
    return DateText(iso=str(paper.date), text=words, long=words)


def date_of_digest(digest: Digest) -> DateText:
    """Return a digest's date: a day with its weekday, a week or a month."""
    return _name_digest(digest.key, digest.first if digest.kind == "day" else None)


@lru_cache(maxsize=1024)
def _name_digest(key: str, day: date | None) -> DateText:
    words = name_digest(key)
    return DateText(iso=key, text=words, long=words if day is None else name_weekday(day))


def group_cards(
    edition: Edition,
    headed: Iterable[tuple[tuple[str, str, str], str]],
    totals: Mapping[str, int],
    start: int,
) -> tuple[CardGroup, ...]:
    """Gather neighbours that share a heading into groups.

    Args:
        edition: What is being planned.
        headed: For each paper in order: its heading as (anchor, words, address), and its id.
        totals: Papers under each anchor in the whole list.
        start: Number of the first paper, from 1.
    """
    runs: list[tuple[tuple[str, str, str], list[PaperCard]]] = []
    for heading, paper_id in headed:
        if not runs or runs[-1][0] != heading:
            runs.append((heading, []))
        runs[-1][1].append(edition.cards.listed(paper_id))
    groups = []
    for (anchor, words, url), cards in runs:
        groups.append(
            CardGroup(
                anchor=anchor,
                heading=words,
                url=url,
                count=totals.get(anchor, len(cards)),
                start=start,
                cards=tuple(cards),
            )
        )
        start += len(cards)
    return tuple(groups)


def count_fact(term: str, number: int) -> Fact:
    """Return a line of a details list that holds a number."""
    return Fact(term=term, values=(FactValue(text=f"{number:,}"),))


def sort_newest_first(library: Library, ids: Iterable[str]) -> list[str]:
    """Order papers by the date a list goes by, and by id on one date; the last comes first.

    That date is when the paper appeared, else the day it was featured.
    """
    return sorted(ids, key=lambda i: (_newest_key(library.papers[i]), i), reverse=True)


def _newest_key(paper: Paper) -> tuple[int, int, int]:
    if paper.date is not None:
        return paper.date.year, paper.date.month, paper.date.day
    if paper.featured is not None:
        return paper.featured.year, paper.featured.month, paper.featured.day
    return 0, 0, 0


def month_heading(paper: Paper) -> tuple[str, str, str]:
    """Return the heading under which lists by month put a paper: anchor, words, no address."""
    year, month, _ = _newest_key(paper)
    if not year:
        return "undated", "Without a date", ""
    when = PartialDate(year, month)
    return f"m{when}", name_partial_date(when), ""


def count_by_month(library: Library, ids: Iterable[str]) -> Counter[str]:
    """Count papers under the anchors of `month_heading`."""
    return Counter(month_heading(library.papers[i])[0] for i in ids)
