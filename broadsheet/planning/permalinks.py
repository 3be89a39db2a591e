"""Which addresses are permanent, and whether all that were published still answer.

Permanent is what an editor named: papers, topics with a record, digests, free pages, people of
`people.yaml`, and old addresses that aliases keep. Pages that are derived from how a name happens
to be written (authors without an entry, venues), lists and their later pages are not. Not
responsible for the ledger's form (`domain.ledger`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from broadsheet.domain.dates import day_key, month_key, week_key
from broadsheet.domain.folders import LEDGER_FILE
from broadsheet.domain.ledger import Ledger
from broadsheet.domain.library import Library
from broadsheet.domain.names import index_authors
from broadsheet.domain.records import Records, Status
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span, error_at
from broadsheet.planning import addresses
from broadsheet.planning.outlines import Outline

LEADS_ON, REMOVED = "redirect.html", "removed.html"
NAMED = 3


class BuiltRecords(msgspec.Struct, frozen=True):
    """What a build makes of the records.

    Attributes:
        records: Everything that was read.
        library: What is built of it.
        outlines: All outputs by address.
        static: Files that are copied to the root, relative to it.
        as_of: The day of the build; what is featured later has not vanished.
    """

    records: Records
    library: Library
    outlines: Mapping[str, Outline]
    static: tuple[str, ...]
    as_of: date | None


def list_permalinks(library: Library, outlines: Mapping[str, Outline]) -> tuple[str, ...]:
    """Return the permanent addresses of a site, in order, as the ledger spells them.

    Args:
        library: All records; drafts are not published, and no address of theirs is promised.
        outlines: All outputs by address.
    """
    drafts = _draft_sources(library)
    urls = {
        *(addresses.paper_url(p.id) for p in library.papers.values() if p.source not in drafts),
        *(addresses.topic_url(t.slug) for t in library.topics.by_slug.values() if t.source),
        *map(addresses.digest_url, _published_digests(library)),
        *map(addresses.free_page_url, library.pages),
        *(addresses.author_url(e.slug) for e in library.authors.by_slug.values() if e.person),
        *(
            outline.url
            for outline in outlines.values()
            if outline.template == LEADS_ON and drafts.isdisjoint(outline.sources)
        ),
    }
    return tuple(sorted(f"/{url}" for url in urls))


def find_unrecorded(ledger: Ledger, permalinks: Iterable[str]) -> tuple[str, ...]:
    """Return the permanent addresses that the ledger does not hold yet."""
    return tuple(address for address in permalinks if address not in ledger.spans)


def report_unrecorded(unrecorded: tuple[str, ...]) -> Diagnostic:
    """Return the warning that addresses are not recorded yet."""
    named = ", ".join(unrecorded[:NAMED])
    named += f" and {len(unrecorded) - NAMED:,} more" if len(unrecorded) > NAMED else ""
    verb = "is" if len(unrecorded) == 1 else "are"
    return Diagnostic(
        code=Code.PERMALINK_UNRECORDED,
        severity=Severity.WARNING,
        message=f"{named} {verb} not in the ledger of published addresses",
        span=Span(LEDGER_FILE),
        hint="'broadsheet check --fix' adds what is missing",
    )


def find_vanished(ledger: Ledger, built: BuiltRecords) -> Iterator[Diagnostic]:
    """Yield an error for each address of the ledger at which nothing will stand any more.

    Below an address that leads on or says that it was removed, all is accounted for.

    Args:
        ledger: The ledger.
        built: What will stand, and what is only queued.
    """
    if not ledger.spans:
        return
    library, outlines = built.library, built.outlines.values()
    drafts = _draft_sources(library)
    standing = {outline.path for outline in outlines if drafts.isdisjoint(outline.sources)}
    standing -= {addresses.output_path(addresses.digest_url(k)) for k in _draft_digests(library)}
    standing |= {*built.static, *queued_paths(built.records, built.as_of)}
    moved = {outline.url for outline in outlines if outline.template in (LEADS_ON, REMOVED)}
    for address, span in ledger.spans.items():
        url = address[1:]
        paths = (addresses.output_path(url), f"{url}/index.html")
        if standing.isdisjoint(paths) and not _is_below(url, moved):
            yield error_at(
                Code.PERMALINK_VANISHED,
                f"'{address}' was published, and nothing would stand there any more",
                span,
                "restore the record, add the address to another's 'aliases', or say in "
                "content/removed.yaml why it is gone",
            )


def _is_below(url: str, moved: set[str]) -> bool:
    parents = (url[: index + 1] for index, sign in enumerate(url) if sign == "/")
    return any(parent in moved for parent in parents)


def _draft_sources(library: Library) -> frozenset[str]:
    papers = library.papers.values()
    return frozenset(paper.source for paper in papers if paper.status is Status.DRAFT)


def _draft_digests(library: Library) -> Iterator[str]:
    """Yield the digests that hold nothing but drafts."""
    for key, digest in library.digests.items():
        if all(library.papers[i].status is Status.DRAFT for i in digest.papers):
            yield key


def _published_digests(library: Library) -> list[str]:
    drafts = set(_draft_digests(library))
    return [key for key in library.digests if key not in drafts]


def queued_paths(records: Records, as_of: date | None) -> Iterator[str]:
    """Yield the files that will stand where papers are featured later than a build's day.

    Args:
        records: Everything that was read.
        as_of: The day of the build; None queues nothing.
    """
    queued = {}
    for paper in records.papers:
        day = paper.featured
        if as_of is None or day is None or day <= as_of or paper.status is Status.DRAFT:
            continue
        queued[paper.id] = paper
        yield addresses.output_path(addresses.paper_url(paper.id))
        yield from (addresses.output_path(addresses.alias_url(alias)) for alias in paper.aliases)
        for key in (day_key(day), week_key(day), month_key(day)):
            yield addresses.output_path(addresses.digest_url(key))
    authors, _ = index_authors(queued, records.people, 1)
    for entry in authors.by_slug.values():
        if entry.person:
            yield addresses.output_path(addresses.author_url(entry.slug))
