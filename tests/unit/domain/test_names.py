"""Authors and venues grouped by name."""

from __future__ import annotations

import unicodedata

import pytest

from broadsheet.domain.names import NameIndex, index_authors, index_venues, venue_name
from broadsheet.domain.records import Author, Paper, Person, Venue
from broadsheet.foundations.diagnostics import Finding


def brief(finding: Finding) -> tuple[str, str, tuple[str | int, ...], str]:
    return (
        finding.code.value,
        finding.source.removeprefix("content/"),
        finding.field,
        finding.hint,
    )


def by(**authors: tuple[Author, ...]) -> dict[str, Paper]:
    return {
        name: Paper(id=name, source=f"{name}.md", title=name, authors=people)
        for name, people in authors.items()
    }


def author(name: str, orcid: str = "") -> Author:
    return Author(name=name, orcid=orcid)


def entries(names: NameIndex) -> dict[str, tuple[str, tuple[str, ...], str]]:
    return {
        entry.slug: (entry.name, entry.papers, entry.person) for entry in names.by_slug.values()
    }


ORCID = "0000-0002-1825-0097"


def test_names_written_alike_are_one_author_and_others_are_not_merged() -> None:
    decomposed = unicodedata.normalize("NFD", "José Álvarez")
    names, found = index_authors(
        by(
            a=(author("José Álvarez"),),
            b=(author(decomposed), author("J. Álvarez")),
            c=(author("JOSÉ  ÁLVAREZ"), author("José Álvarez")),
            d=(author("Jose Alvarez"),),
        ),
        (),
        1,
    )

    slug = names.slug_of_author(author("josé álvarez"))
    assert found == ()
    assert entries(names)[slug] == ("José Álvarez", ("a", "b", "c"), "")
    assert len(names.by_slug) == 3
    assert names.slug_of_name("J. Álvarez") == "j-alvarez"
    assert names.slug_of_name("Jose Alvarez") not in {"", slug}
    assert names.slug_of_name("Nobody") == ""


def test_a_person_gathers_variants_and_records_with_the_same_orcid_id() -> None:
    people = (Person(id="furu-wei", name="Furu Wei", variants=("F. Wei", "韦福如"), orcid=ORCID),)
    names, found = index_authors(
        by(a=(author("f. wei"),), b=(author("Fu Ru Wei", ORCID),), c=(author("韦福如"),), d=()),
        people,
        1,
    )

    assert found == ()
    assert entries(names) == {"furu-wei": ("Furu Wei", ("a", "b", "c"), "furu-wei")}
    assert names.slug_of_author(author("Somebody", ORCID)) == "furu-wei"
    assert names.slug_of_author(author("Furu Wei")) == "furu-wei"


def test_the_slug_of_a_person_is_never_given_to_another_name() -> None:
    names, _ = index_authors(
        by(a=(author("Ada"),), b=(author("Someone"),)), (Person(id="ada", name="Someone"),), 1
    )

    assert entries(names)["ada"] == ("Someone", ("b",), "ada")
    assert names.slug_of_name("Ada") not in {"", "ada"}


def test_names_with_too_few_papers_have_no_page_unless_they_are_listed() -> None:
    written = by(a=(author("One"), author("Two"), author("Listed")), b=(author("Two"),))
    people = (Person(id="listed", name="Listed"),)

    assert list(index_authors(written, people, 2)[0].by_slug) == ["listed", "two"]
    assert index_authors(written, people, 0)[0] == NameIndex(by_slug={}, slugs={})


def test_a_name_or_orcid_id_that_two_people_claim_is_reported_where_it_stands() -> None:
    people = (
        Person(id="a", name="A B", variants=("a b", "A. B."), orcid=ORCID),
        Person(id="b", name="B", variants=("x", "A. b."), orcid=ORCID),
        Person(id="c", name="a  B"),
    )

    _, found = index_authors({}, people, 1)

    hint = "delete it in one of the two entries"
    assert [brief(finding) for finding in found] == [
        ("name-conflict", "people.yaml", ("b", "variants", 1), hint),
        ("name-conflict", "people.yaml", ("b", "orcid"), hint),
        ("name-conflict", "people.yaml", ("c", "name"), hint),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ICML 2024", "ICML"),
        ("ICML, 2024", "ICML"),
        ("ICML (2024)", "ICML"),
        ("2024", "2024"),
        ("Interspeech 12024", "Interspeech 12024"),
        ("Proceedings of 1984 ", "Proceedings of"),
        ("Nature", "Nature"),
    ],
)
def test_the_year_at_the_end_is_no_part_of_a_venues_name(written: str, name: str) -> None:
    assert venue_name(written) == name


def test_venues_of_several_years_are_one_venue() -> None:
    written = ["ICML 2024", "icml", "ICML (2023)", "ICML Workshop 2024"]
    names = index_venues(
        {
            str(n): Paper(id=str(n), source="", title="", venue=Venue(name=venue))
            for n, venue in enumerate(written)
        }
    )

    assert entries(names) == {
        "icml": ("ICML", ("0", "1", "2"), ""),
        "icml-workshop": ("ICML Workshop", ("3",), ""),
    }
