"""References from one record to another by id.

Responsible for reporting references that lead nowhere and identifiers that two records share. Not
responsible for topics (`topics`), for links in bodies (`workers.markup`) or for old addresses
(`planning.plan_redirects`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from broadsheet.domain.digests import Digest
from broadsheet.domain.records import DigestNote, Paper, Records
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding, Severity
from broadsheet.foundations.schema import ask_for, nearest


def check_references(records: Records, digests: Mapping[str, Digest]) -> tuple[Finding, ...]:
    """Check what records say about other records.

    Args:
        records: Everything that was read, drafts included, so that a reference to a draft is sound.
        digests: The digests that exist, by key.
    """
    known = {paper.id: paper for paper in records.papers}
    findings: list[Finding] = []
    for paper in records.papers:
        findings += _check_successor(paper, known, records.broken)
    for note in records.digests:
        findings += _check_note(note, known, records.broken, digests)
    findings += _check_shared_identifiers(records.papers)
    return tuple(findings)


def _check_successor(
    paper: Paper, known: Mapping[str, Paper], broken: frozenset[str]
) -> Iterator[Finding]:
    successor = paper.superseded_by
    if successor == paper.id:
        yield Finding(
            code=Code.FIELD_CONFLICT,
            message="the paper is superseded by itself",
            source=paper.source,
            field=("superseded_by",),
            hint="name the record that replaces it",
        )
    elif successor and successor not in known and f"papers/{successor}" not in broken:
        yield _unknown(paper.source, ("superseded_by",), successor, known)


def _check_note(
    note: DigestNote,
    known: Mapping[str, Paper],
    broken: frozenset[str],
    digests: Mapping[str, Digest],
) -> Iterator[Finding]:
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("order", position), paper_id) for position, paper_id in enumerate(note.order)
    ]
    if note.lead:
        named.insert(0, (("lead",), note.lead))
    members = set(digests[note.key].papers) if note.key in digests else set()
    for field, paper_id in named:
        if paper_id not in known:
            if f"papers/{paper_id}" not in broken:
                yield _unknown(note.source, field, paper_id, known)
        elif note.key in digests and paper_id not in members:
            yield Finding(
                code=Code.NOT_IN_DIGEST,
                severity=Severity.WARNING,
                message=f"'{paper_id}' is not featured in {note.key}",
                source=note.source,
                field=field,
                hint="check its 'featured' day",
            )


def _check_shared_identifiers(papers: tuple[Paper, ...]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Paper] = {}
    for paper in papers:
        for kind in ("arxiv", "doi", "openreview", "acl", "pmid"):
            value = getattr(paper, kind)
            if not value:
                continue
            first = seen.setdefault((kind, value), paper)
            if first is not paper:
                yield Finding(
                    code=Code.DUPLICATE_PAPER,
                    severity=Severity.WARNING,
                    message=f"'{first.id}' has the same {kind} identifier",
                    source=paper.source,
                    field=(kind,),
                    hint="keep one record and make the other id an alias",
                    related=(first.source,),
                )


def _unknown(
    source: str, field: tuple[str | int, ...], paper_id: str, known: Mapping[str, Paper]
) -> Finding:
    return Finding(
        code=Code.UNKNOWN_PAPER,
        message=f"there is no paper '{paper_id}'",
        source=source,
        field=field,
        hint=ask_for(nearest(paper_id, known)) or "use the stem of its file's name",
    )
