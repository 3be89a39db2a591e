"""A paper as it stands in lists, on many pages alike.

Responsible for making each paper's card once, for its words that stand elsewhere too, and for
letting a page see the cards of those papers only that it says it lists. Not responsible for which
papers stand in a list (the `plan_*` modules).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from broadsheet.domain.library import Library
from broadsheet.domain.records import Paper, Status
from broadsheet.domain.settings import Settings
from broadsheet.planning import addresses
from broadsheet.planning.coins import write_coins
from broadsheet.planning.plan_types import own_language
from broadsheet.planning.shown import check_listed
from broadsheet.planning.texts import Texts
from broadsheet.planning.views import PaperCard, RichText, TopicLabel

# What is put before the title, which is struck: nobody should rely on the paper any more.
NOTICES = {
    Status.RETRACTED: "Retracted",
    Status.WITHDRAWN: "Withdrawn",
    Status.SUPERSEDED: "Superseded",
}


class _CardMaker:
    """Makes cards, and holds those that were made, for all pages."""

    __slots__ = ("_labels", "_new", "_settings", "library", "listed", "made", "short")

    def __init__(
        self,
        library: Library,
        short: Texts,
        labels: Mapping[str, TopicLabel],
        settings: Settings,
    ) -> None:
        """Begin without any."""
        newest = library.newest_digest()
        self.library = library
        self.short = short
        self._labels = labels
        self._settings = settings
        self._new = frozenset(newest.papers) if newest is not None else frozenset()
        self.made: dict[str, PaperCard] = {}
        self.listed: dict[str, PaperCard] = {}

    def make(self, paper: Paper) -> PaperCard:
        lines = self.short[paper.source].lines
        language, direction = own_language(self._settings, paper.language)
        return PaperCard(
            id=paper.id,
            url=addresses.paper_url(paper.id),
            title=lines["title"],
            language=language,
            direction=direction,
            by=shorten_authors(tuple(author.name for author in paper.authors)),
            tldr=lines.get("tldr"),
            topics=tuple(self._labels[slug] for slug in self.library.topics.of_paper[paper.id]),
            code=code_of(paper),
            notice=NOTICES.get(paper.status, ""),
            is_new=paper.id in self._new,
            is_draft=paper.status is Status.DRAFT,
        )


class Cards(Mapping[str, PaperCard]):
    """A card for each paper by its id, made when it is first asked for."""

    __slots__ = ("_maker", "shown")

    def __init__(self, maker: _CardMaker, shown: frozenset[str] | None = None) -> None:
        """Show the cards of some papers only, or of all; to ask for another is a bug."""
        self._maker = maker
        self.shown = shown

    def within(self, ids: frozenset[str]) -> Cards:
        """Return the same for some papers only."""
        return Cards(self._maker, ids)

    def __getitem__(self, paper_id: str) -> PaperCard:
        """Return a paper's card.

        Raises:
            KeyError: There is no such paper.
            NotShownError: It may not be seen.
        """
        check_listed(paper_id, self.shown)
        maker = self._maker
        card = maker.made.get(paper_id)
        if card is None:
            card = maker.made[paper_id] = maker.make(maker.library.papers[paper_id])
        return card

    def lines(self, paper_id: str) -> Mapping[str, RichText]:
        """Return a paper's title and TL;DR, for what needs no card."""
        check_listed(paper_id, self.shown)
        return self._maker.short[self._maker.library.papers[paper_id].source].lines

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of all papers."""
        return iter(self._maker.library.papers)

    def __len__(self) -> int:
        """Return the number of papers."""
        return len(self._maker.library.papers)

    def listed(self, paper_id: str) -> PaperCard:
        """Return a paper's card with its COinS, which takes longer to write than all else."""
        check_listed(paper_id, self.shown)
        maker = self._maker
        card = maker.listed.get(paper_id)
        if card is None:
            bare = self[paper_id]
            coins = write_coins(maker.library.papers[paper_id], bare.title.plain)
            card = maker.listed[paper_id] = msgspec.structs.replace(bare, coins=coins)
        return card


def make_cards(
    library: Library, short: Texts, labels: Mapping[str, TopicLabel], settings: Settings
) -> Cards:
    """Return the cards of all papers, none of them made yet.

    Args:
        library: All records and indices.
        short: Converted texts without their long parts, by the path of the record.
        labels: A label for each topic, by slug.
        settings: The digest's settings.
    """
    return Cards(_CardMaker(library, short, labels, settings))


def code_of(paper: Paper) -> str:
    """Return the address of a paper's code, or nothing."""
    return next((link.href for link in paper.links if link.kind == "code"), "")


def marked_title(card: PaperCard) -> RichText:
    """Return a title behind what became of the paper, struck then: `Retracted: …`."""
    if not card.notice:
        return card.title
    html = f"{card.notice}: <s>{card.title.html}</s>"
    return RichText(html, f"{card.notice}: {card.title.plain}")


def shorten_authors(names: tuple[str, ...]) -> str:
    """Return authors as one line: three names, then how many others.

    Args:
        names: All names in order.

    Returns:
        `A`, `A and B`, `A, B and C`, or `A, B, C and 3 others`; empty for nobody.
    """
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
