"""All records with their indices: what the rest of the program asks instead of the records.

Responsible for the frozen type and for the checks and derivations that need more than one record:
which topic a word means, which papers a topic holds, which digests exist. Indices hold ids. Not
responsible for I/O, for settings beyond the four that change what exists (passed as
`LibraryRules`), or for how anything is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

import msgspec

from broadsheet.domain.digests import Digest, derive_digests
from broadsheet.domain.names import NameIndex, index_authors, index_venues
from broadsheet.domain.records import DigestNote, Page, Paper, Person, Records, Status, Topic
from broadsheet.domain.references import check_references
from broadsheet.domain.topics import TopicIndex, index_topics
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding

R = TypeVar("R", Paper, Topic, DigestNote, Page)


class LibraryRules(msgspec.Struct, frozen=True, kw_only=True):
    """What decides which records and indices exist.

    Attributes:
        as_of: Leaves out everything featured after this day; None keeps all.
        has_drafts: Whether drafts are kept.
        open_topics: Whether papers may name topics that have no record.
        digest_kinds: The kinds of digests that exist, the main one first.
        min_papers: Papers a name needs for an author page; 0 turns them off.
    """

    as_of: date | None = None
    has_drafts: bool = False
    open_topics: bool = False
    digest_kinds: tuple[str, ...] = ("day", "week", "month")
    min_papers: int = 1


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """All records and what is derived from them.

    Attributes:
        papers: Papers by id, in the order of their ids.
        topics: Topics with their papers.
        digests: Digests by key, oldest first, all kinds together.
        digest_kinds: The kinds that exist, the main one first.
        notes: Editors' notes by digest key.
        pages: Free pages by slug.
        people: People by id.
        authors: Author names with their papers.
        venues: Venues with their papers.
        today: The newest featured day, or the given day; None while nothing is featured.
    """

    papers: Mapping[str, Paper]
    topics: TopicIndex
    digests: Mapping[str, Digest]
    digest_kinds: tuple[str, ...]
    notes: Mapping[str, DigestNote]
    pages: Mapping[str, Page]
    people: Mapping[str, Person]
    authors: NameIndex
    venues: NameIndex
    today: date | None

    def digests_of(self, kind: str) -> tuple[Digest, ...]:
        """Return the digests of one kind, oldest first."""
        return tuple(digest for digest in self.digests.values() if digest.kind == kind)

    def newest_digest(self) -> Digest | None:
        """Return the newest digest of the main kind, or None when there is none."""
        main = self.digests_of(self.digest_kinds[0]) if self.digest_kinds else ()
        return main[-1] if main else None


def build_library(records: Records, rules: LibraryRules) -> tuple[Library, tuple[Finding, ...]]:
    """Derive the library from the records.

    Args:
        records: Everything that was read; each record is valid by itself.
        rules: What decides which of them exist.

    Returns:
        The library, made of what is sound, and what is wrong between records.
    """
    records, duplicates = _drop_duplicates(records)
    papers = {p.id: p for p in sorted(records.papers, key=lambda p: p.id) if _exists(p, rules)}
    topics, topic_findings = index_topics(records, papers, open_topics=rules.open_topics)
    notes = {note.key: note for note in records.digests}
    digests, digest_findings = derive_digests(papers, notes, rules.digest_kinds)
    authors, author_findings = index_authors(papers, records.people, rules.min_papers)
    library = Library(
        papers=papers,
        topics=topics,
        digests=digests,
        digest_kinds=rules.digest_kinds,
        notes=notes,
        pages={page.slug: page for page in records.pages},
        people={person.id: person for person in records.people},
        authors=authors,
        venues=index_venues(papers),
        today=_find_today(papers, rules.as_of),
    )
    references = check_references(records, digests)
    return library, (
        *duplicates,
        *topic_findings,
        *digest_findings,
        *author_findings,
        *references,
    )


def _exists(paper: Paper, rules: LibraryRules) -> bool:
    if paper.status is Status.DRAFT and not rules.has_drafts:
        return False
    return rules.as_of is None or paper.featured is None or paper.featured <= rules.as_of


def _find_today(papers: Mapping[str, Paper], as_of: date | None) -> date | None:
    days = [paper.featured for paper in papers.values() if paper.featured is not None]
    return as_of or max(days, default=None)


def _drop_duplicates(records: Records) -> tuple[Records, tuple[Finding, ...]]:
    """Keep the first of two records of a kind with one id, whatever folders they are filed in."""
    findings: list[Finding] = []
    kept = msgspec.structs.replace(
        records,
        papers=_keep_first(records.papers, lambda paper: paper.id, findings),
        topics=_keep_first(records.topics, lambda topic: topic.slug, findings),
        digests=_keep_first(records.digests, lambda note: note.key, findings),
        pages=_keep_first(records.pages, lambda page: page.slug, findings),
    )
    return kept, tuple(findings)


def _keep_first(
    records: tuple[R, ...], id_of: Callable[[R], str], findings: list[Finding]
) -> tuple[R, ...]:
    first: dict[str, R] = {}
    for record in records:
        record_id = id_of(record)
        kept = first.setdefault(record_id, record)
        if kept is not record:
            findings.append(
                Finding(
                    code=Code.DUPLICATE_ID,
                    message=f"two records have the id '{record_id}'",
                    source=record.source,
                    hint="rename one of the two files, or merge them",
                    related=(kept.source,),
                )
            )
    return tuple(first.values())
