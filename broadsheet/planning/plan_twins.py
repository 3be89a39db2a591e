"""The Markdown twin of each paper's page, where `exports` asks for it.

Responsible for what stands in a twin. Not responsible for the Markdown (`workers.markdown_twins`)
or for the page itself (`plan_papers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from broadsheet.domain.records import Paper
from broadsheet.domain.settings import MARKDOWN, Settings
from broadsheet.planning import addresses
from broadsheet.planning.cards import marked_title
from broadsheet.planning.edition import Edition
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.paper_details import (
    list_successor,
    paper_facts,
    paper_links,
    paper_notices,
    place_in_digest,
)
from broadsheet.planning.twin_views import LinkInNote, PaperTwin


def plan_twins(edition: Edition) -> Iterator[Outline]:
    """Plan a twin for each paper, or none.

    Args:
        edition: What is being planned.
    """
    for paper in edition.library.papers.values() if has_twins(edition.settings) else ():
        yield Outline(
            url=addresses.twin_url(paper.id),
            template="twin",
            fill=partial(_fill_twin, paper=paper),
            shows=(paper.source,),
            lists=partial(_list_papers, paper=paper),
            sources=(paper.source,),
            is_page=False,
        )


def has_twins(settings: Settings) -> bool:
    """Tell whether papers' pages have twins."""
    return MARKDOWN in settings.exports


def _fill_twin(edition: Edition, paper: Paper) -> Filled:
    settings, card = edition.settings, edition.cards[paper.id]
    url = addresses.twin_url(paper.id)
    root = settings.base_url or addresses.root_of(url)
    abstract = edition.texts[paper.source].abstract
    view = PaperTwin(
        title=marked_title(card).plain,
        page=root + card.url,
        root=root,
        authors=tuple(author.name for author in paper.authors),
        notices=paper_notices(edition, paper),
        topics=tuple(
            edition.library.topics.by_slug[slug].name
            for slug in edition.library.topics.of_paper[paper.id]
        ),
        facts=paper_facts(edition, paper, place_in_digest(edition, paper)),
        links=paper_links(paper),
        tldr=card.tldr.plain if card.tldr is not None else "",
        note=edition.texts[paper.source].written,
        note_by=paper.curator or settings.curator,
        links_in_note=tuple(_links_in_note(edition, paper, root)),
        abstract=abstract.plain if abstract is not None else "",
    )
    return Filled(view)


def _list_papers(edition: Edition, paper: Paper) -> Iterator[str]:
    yield paper.id
    yield from list_successor(edition, paper)
    for url, _ in edition.short[paper.source].targets:
        if (linked := _paper_at(edition, url)) is not None:
            yield linked.id


def _paper_at(edition: Edition, url: str) -> Paper | None:
    return edition.library.papers.get(url.removeprefix(addresses.PAPERS).rstrip("/"))


def _links_in_note(edition: Edition, paper: Paper, root: str) -> Iterator[LinkInNote]:
    for url, written in edition.texts[paper.source].targets:
        linked = _paper_at(edition, url)
        title = edition.cards[linked.id].title.plain if linked is not None else ""
        yield LinkInNote(written=written, href=root + url, title=title)
