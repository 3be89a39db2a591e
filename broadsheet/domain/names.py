"""Authors and venues as indices: one entry for each name, with its papers.

Responsible for deciding which names belong together. Names written alike (NFC, case, spaces) share
an entry; a person in `people.yaml` gathers the variants listed there and the records that carry
their ORCID iD; nobody is merged by guesswork. Not responsible for how names are shortened in lists
(`planning.cards`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from broadsheet.domain.identifiers import normalise_name, slugify
from broadsheet.domain.records import Author, Paper, Person
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding

_YEAR = re.compile(r"[\s,(]*\b(?:19|20)\d\d\b\)?\s*$")


class NameEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A name with its papers.

    Attributes:
        slug: Its address below `/authors/` or `/venues/`.
        name: The name shown: the person's, else as most papers write it.
        papers: Ids of its papers, by id.
        person: Id of the person in `people.yaml`, or empty.
    """

    slug: str
    name: str
    papers: tuple[str, ...]
    person: str = ""


class NameIndex(msgspec.Struct, frozen=True, kw_only=True):
    """Names with their papers.

    Attributes:
        by_slug: Entries that have a page, in the order of their slugs.
        slugs: Normalised name (or `orcid:` and an iD) to slug, for the entries that have a page.
    """

    by_slug: Mapping[str, NameEntry]
    slugs: Mapping[str, str]

    def slug_of_author(self, author: Author) -> str:
        """Return the slug of an author's page, or nothing when there is none."""
        if not self.slugs:
            return ""
        return self.slugs.get(f"orcid:{author.orcid}", "") or self.slugs.get(
            _normalise(author.name), ""
        )

    def slug_of_name(self, name: str) -> str:
        """Return the slug of a name's page, or nothing when there is none."""
        return self.slugs.get(_normalise(name), "")


def index_authors(
    papers: Mapping[str, Paper], people: Iterable[Person], min_papers: int
) -> tuple[NameIndex, tuple[Finding, ...]]:
    """Group the authors of all papers.

    Args:
        papers: The papers that exist, by id.
        people: Entries of `people.yaml`.
        min_papers: Papers a name needs for a page; 0 means that there are no pages.

    Returns:
        The index, and names that two people claim.
    """
    people = tuple(people)
    owners, findings = _index_people(people)
    if not min_papers:
        return NameIndex(by_slug={}, slugs={}), findings
    spellings: dict[str, dict[str, int]] = {}
    listed: dict[str, list[str]] = {}
    for paper in papers.values():
        for author in paper.authors:
            word = _normalise(author.name)
            key = owners.get(f"orcid:{author.orcid}") or owners.get(word) or word
            counts = spellings.setdefault(key, {})
            counts[author.name] = counts.get(author.name, 0) + 1
            ids = listed.setdefault(key, [])
            if not ids or ids[-1] != paper.id:
                ids.append(paper.id)
    return _assemble(people, owners, spellings, listed, min_papers), findings


def index_venues(papers: Mapping[str, Paper]) -> NameIndex:
    """Group papers by venue; the year at the end of a venue's name does not make another venue."""
    spellings: dict[str, dict[str, int]] = {}
    listed: dict[str, list[str]] = {}
    for paper in papers.values():
        if paper.venue is None:
            continue
        name = venue_name(paper.venue.name)
        word = _normalise(name)
        counts = spellings.setdefault(word, {})
        counts[name] = counts.get(name, 0) + 1
        listed.setdefault(word, []).append(paper.id)
    return _assemble((), {}, spellings, listed, 1)


def venue_name(text: str) -> str:
    """Return a venue's name without the year at its end: `ICML 2024` is `ICML`."""
    return _YEAR.sub("", text).rstrip(" ,") or text


def _normalise(name: str) -> str:
    return " ".join(normalise_name(name).split())


def _index_people(people: tuple[Person, ...]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Map every name and ORCID iD of a person to `person:` and the id."""
    owners: dict[str, str] = {}
    findings = []
    for person in people:
        for word, text, field in _words_of(person):
            owner = owners.setdefault(word, f"person:{person.id}")
            if owner != f"person:{person.id}":
                findings.append(
                    Finding(
                        code=Code.NAME_CONFLICT,
                        message=f"'{text}' already belongs to '{owner.removeprefix('person:')}'",
                        source="content/people.yaml",
                        field=(person.id, *field),
                        hint="delete it in one of the two entries",
                    )
                )
    return owners, tuple(findings)


def _words_of(person: Person) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Yield what a person is known by: normalised, as written, and the field it stands in."""
    yield _normalise(person.name), person.name, ("name",)
    for position, variant in enumerate(person.variants):
        yield _normalise(variant), variant, ("variants", position)
    if person.orcid:
        yield f"orcid:{person.orcid}", person.orcid, ("orcid",)


def _assemble(
    people: tuple[Person, ...],
    owners: Mapping[str, str],
    spellings: Mapping[str, Mapping[str, int]],
    listed: Mapping[str, list[str]],
    min_papers: int,
) -> NameIndex:
    known = {f"person:{person.id}": person for person in people}
    taken = {person.id for person in people}
    entries: list[NameEntry] = []
    slugs: dict[str, str] = {}
    for key in sorted(spellings):
        person = known.get(key)
        if person is None and len(listed[key]) < min_papers:
            continue
        name = person.name if person else _most_common(spellings[key])
        slug = person.id if person else slugify(name, taken)
        taken.add(slug)
        slugs[key] = slug
        entries.append(
            NameEntry(
                slug=slug,
                name=name,
                papers=tuple(listed[key]),
                person=person.id if person else "",
            )
        )
    slugs |= {word: slugs[owner] for word, owner in owners.items() if owner in slugs}
    entries.sort(key=lambda entry: entry.slug)
    return NameIndex(by_slug={entry.slug: entry for entry in entries}, slugs=slugs)


def _most_common(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda name: (-counts[name], name))
