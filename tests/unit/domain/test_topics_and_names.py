"""Topics as a forest with other words for them, and authors and venues grouped by name."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from broadsheet.domain.names import NameIndex, index_authors, index_venues, venue_name
from broadsheet.domain.records import Author, Paper, Person, Records, Topic, Venue
from broadsheet.domain.topics import TopicIndex, count_shared, index_topics
from broadsheet.foundations.diagnostics import Finding


def topic(slug: str, **values: Any) -> Topic:
    return Topic(
        slug=slug, source=f"content/topics/{slug}.md", name=slug.title(), short=slug, **values
    )


def papers(**topics: tuple[str, ...]) -> dict[str, Paper]:
    return {
        name: Paper(id=name, source=f"content/papers/{name}.md", title=name, topics=words)
        for name, words in topics.items()
    }


def index(
    *topics: Topic,
    of: dict[str, Paper] | None = None,
    open_topics: bool = False,
    broken: tuple[str, ...] = (),
) -> tuple[TopicIndex, list[tuple[str, str, tuple[str | int, ...], str]]]:
    """Return the index, and each finding as code, file, field and hint."""
    records = Records(topics=topics, broken=frozenset(broken))
    made, found = index_topics(records, of or {}, open_topics=open_topics)
    return made, [brief(finding) for finding in found]


def brief(finding: Finding) -> tuple[str, str, tuple[str | int, ...], str]:
    return (
        finding.code.value,
        finding.source.removeprefix("content/"),
        finding.field,
        finding.hint,
    )


def test_a_topic_holds_its_own_papers_and_those_of_topics_below() -> None:
    made, found = index(
        topic("root"),
        topic("mid", parent="root"),
        topic("leaf", parent="mid"),
        of=papers(a=("leaf",), b=("mid", "leaf"), c=("root",), d=()),
    )

    assert found == []
    assert made.papers == {"leaf": ("a", "b"), "mid": ("a", "b"), "root": ("a", "b", "c")}
    assert made.children == {"leaf": (), "mid": ("leaf",), "root": ("mid",)}
    assert made.ancestors("leaf") == ("mid", "root")
    assert made.of_paper == {"a": ("leaf",), "b": ("mid", "leaf"), "c": ("root",), "d": ()}


def test_other_words_for_a_topic_resolve_to_it_whatever_their_case() -> None:
    made, found = index(
        topic("nlp", aliases=("cs.CL", "Machine Translation", "Straße")),
        of=papers(a=("cs.cl",), b=("machine-translation", "nlp"), c=("STRASSE",)),
    )

    assert found == []
    assert made.of_paper == {"a": ("nlp",), "b": ("nlp",), "c": ("nlp",)}


def test_an_undeclared_topic_is_an_error_with_a_suggestion() -> None:
    made, found = index(
        topic("reasoning", aliases=("thinking",)),
        of=papers(a=("reasonin", "reasoning"), b=("thinkin",), c=("zzz",)),
    )

    assert found == [
        ("unknown-topic", "papers/a.md", ("topics", 0), "did you mean 'reasoning'?"),
        ("unknown-topic", "papers/b.md", ("topics", 0), "did you mean 'reasoning'?"),
        (
            "unknown-topic",
            "papers/c.md",
            ("topics", 0),
            "add content/topics/zzz.md, or 'topics: open' to site.yaml",
        ),
    ]
    assert made.of_paper == {"a": ("reasoning",), "b": (), "c": ()}


def test_open_topics_come_to_be_by_being_named() -> None:
    made, found = index(of=papers(a=("new-topic", "new-topic")), open_topics=True)

    assert found == []
    assert made.by_slug["new-topic"] == Topic(
        slug="new-topic", source="", name="New topic", short="New topic"
    )
    assert made.papers == {"new-topic": ("a",)}


def test_a_topic_whose_record_is_broken_is_not_reported_again() -> None:
    made, found = index(
        topic("child", parent="broken"), of=papers(a=("broken", "child")), broken=("topics/broken",)
    )

    assert found == []
    assert made.by_slug["child"].parent == ""
    assert made.of_paper == {"a": ("child",)}


def test_a_broken_record_of_another_kind_hides_nothing() -> None:
    _, found = index(of=papers(a=("vision",)), broken=("pages/vision",))

    assert [code for code, *_ in found] == ["unknown-topic"]


@pytest.mark.parametrize(
    ("parents", "reported"),
    [
        ({"a": "a"}, ["a"]),
        ({"a": "b", "b": "a"}, ["a"]),
        ({"c": "b", "b": "a", "a": "c", "below": "a"}, ["a"]),
        ({"a": "b", "b": "a", "x": "y", "y": "x"}, ["a", "x"]),
    ],
)
def test_each_cycle_is_reported_once_and_cut(parents: dict[str, str], reported: list[str]) -> None:
    made, found = index(*(topic(slug, parent=parent) for slug, parent in parents.items()))

    assert found == [
        ("topic-cycle", f"topics/{slug}.md", ("parent",), "delete one of the parents")
        for slug in reported
    ]
    assert all(len(made.ancestors(slug)) < len(parents) for slug in parents)


def test_an_unknown_parent_is_an_error_and_is_cut() -> None:
    made, found = index(topic("vision"), topic("a", parent="visoin"), topic("b", parent="zzz"))

    assert found == [
        ("unknown-topic", "topics/a.md", ("parent",), "did you mean 'vision'?"),
        ("unknown-topic", "topics/b.md", ("parent",), "declare it in content/topics/"),
    ]
    assert [made.by_slug[slug].parent for slug in ("a", "b")] == ["", ""]


def test_a_word_may_mean_one_topic_only() -> None:
    _, found = index(
        topic("a", aliases=("one", "a", "ONE")),
        topic("b", aliases=("two", "One")),
        topic("c", aliases=("b",)),
    )

    hint = "delete it in one of the two records"
    assert found == [
        ("alias-conflict", "topics/b.md", ("aliases", 1), hint),
        ("alias-conflict", "topics/c.md", ("aliases", 0), hint),
    ]


def test_shared_papers_are_counted_without_the_topics_kin() -> None:
    made, _ = index(
        topic("a"),
        topic("b", parent="a"),
        topic("c"),
        of=papers(x=("b", "c"), y=("a", "c"), z=("c",)),
    )

    assert count_shared(made, "a") == {"c": 2}
    assert count_shared(made, "c") == {"a": 1, "b": 1}


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
