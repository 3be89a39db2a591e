"""Pages at old addresses, which lead on to where a record is now.

Responsible for the addresses of aliases and for aliases that name a living address. Not responsible
for what an alias may look like (`domain.schemas`) or for words that mean a topic (`domain.topics`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import msgspec

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning import addresses
from broadsheet.planning.claims import Claims
from broadsheet.planning.edition import Edition
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pages import RedirectPage
from broadsheet.planning.plan_types import make_head
from broadsheet.planning.views import Anchor


class OldAddresses(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at old addresses.

    Attributes:
        outlines: A page for each, and the feeds that go on there.
        moves: Where each leads, by old address within the site.
        findings: An error for each alias whose address is taken.
    """

    outlines: tuple[Outline, ...]
    moves: Mapping[str, str]
    findings: tuple[Finding, ...]


class Alias(msgspec.Struct, frozen=True, kw_only=True):
    """An old address of a record.

    Attributes:
        text: The alias as it was read.
        source: Path of the record.
        position: Its index in the record's `aliases`.
        url: The old address within the site.
        target: Where the record is now: address within the site.
        name: What that is called; of a paper nothing, which its page asks of its card.
        paper: Id of the paper, or empty.
        is_id: Whether it is an old id of a paper, rather than a path.
    """

    text: str
    source: str
    position: int
    url: str
    target: str
    name: str = ""
    paper: str = ""
    is_id: bool = False


def plan_redirects(edition: Edition, claims: Claims, files: Iterable[Outline]) -> OldAddresses:
    """Plan a page for each old address.

    No static host can lead a feed reader on, so what is subscribed to at the old address of a topic
    stays a feed: the same one, under the same ids.

    Args:
        edition: What is being planned.
        claims: The files of all other outputs; each old address is claimed, too.
        files: The outlines of feeds.
    """
    outlines: list[Outline] = []
    moves: dict[str, str] = {}
    findings: list[Finding] = []
    feeds = {outline.url: outline for outline in files}
    for alias in (*_paper_aliases(edition), *_page_aliases(edition), *_topic_aliases(edition)):
        owner = _find_owner(alias, claims)
        if owner is not None:
            findings.append(_conflict(alias, owner))
        else:
            outlines.append(_plan_redirect(alias))
            moves[alias.url] = alias.target
            for old, new in _old_feeds(alias, feeds, claims):
                outlines.append(msgspec.structs.replace(feeds[new], url=old))
                moves[old] = new
    return OldAddresses(outlines=tuple(outlines), moves=moves, findings=tuple(findings))


def _paper_aliases(edition: Edition) -> Iterator[Alias]:
    for paper in edition.library.papers.values():
        for position, text in enumerate(paper.aliases):
            yield Alias(
                text=text,
                source=paper.source,
                position=position,
                url=addresses.alias_url(text),
                target=addresses.paper_url(paper.id),
                paper=paper.id,
                is_id=not text.startswith("/"),
            )


def _page_aliases(edition: Edition) -> Iterator[Alias]:
    for page in edition.library.pages.values():
        target = addresses.free_page_url(page.slug)
        for position, text in enumerate(page.aliases):
            url = text[1:] if text.startswith("/") else addresses.free_page_url(text)
            yield Alias(
                text=text,
                source=page.source,
                position=position,
                url=url,
                target=target,
                name=page.title,
            )


def _topic_aliases(edition: Edition) -> Iterator[Alias]:
    """Yield the old paths of topics; their other aliases are words that never were an address."""
    for topic in edition.library.topics.by_slug.values():
        target = addresses.topic_url(topic.slug)
        for position, text in enumerate(topic.aliases):
            if text.startswith("/"):
                yield Alias(
                    text=text,
                    source=topic.source,
                    position=position,
                    url=text[1:],
                    target=target,
                    name=topic.name,
                )


def _find_owner(alias: Alias, claims: Claims) -> tuple[str, ...] | None:
    """Claim an alias's address; return who has it already, or None.

    An old id that is also the name of something at the root (`feed.xml`, `topics`) was meant as a
    path, and is refused like one.
    """
    if alias.is_id:
        for path in (alias.text, addresses.output_path(f"{alias.text}/")):
            if (owner := claims.owner_of(path)) is not None:
                return owner
    return claims.claim(addresses.output_path(alias.url), (alias.source,))


def _old_feeds(
    alias: Alias, feeds: Mapping[str, Outline], claims: Claims
) -> Iterator[tuple[str, str]]:
    """Yield the old and the new address of each feed whose page moved."""
    for spell in (addresses.feed_url, addresses.json_feed_url):
        old, new = spell(alias.url), spell(alias.target)
        if new in feeds and alias.url.endswith("/") and claims.claim(old, ()) is None:
            yield old, new


def _conflict(alias: Alias, owner: tuple[str, ...]) -> Finding:
    others = tuple(source for source in owner if source != alias.source)
    if others:
        message, hint = "already leads to another record", "delete it in one of the two records"
    elif owner:
        message, hint = "is an address that the record has anyway", "delete it"
    else:
        message, hint = "is an address of the site itself", "delete it"
    return Finding(
        code=Code.ALIAS_CONFLICT,
        message=f"'{alias.text}' {message}",
        source=alias.source,
        field=("aliases", alias.position),
        hint=hint,
        related=others,
    )


def _plan_redirect(alias: Alias) -> Outline:
    return Outline(
        url=alias.url,
        template="redirect.html",
        fill=partial(_fill_redirect, alias=alias),
        lists=partial(_list_paper, alias=alias),
        sources=(alias.source,),
        is_indexed=False,
    )


def _list_paper(_edition: Edition, alias: Alias) -> tuple[str, ...]:
    return (alias.paper,) if alias.paper else ()


def _fill_redirect(edition: Edition, alias: Alias) -> Filled:
    target = Anchor(text=alias.name, url=alias.target)
    if alias.paper:
        target = edition.paper_anchor(alias.paper)
    head = make_head(edition.settings, alias.url, title=f"Moved: {target.text}")
    return Filled(RedirectPage(target=target), head)
