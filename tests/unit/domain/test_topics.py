"""Topics as a forest, other words for them, and topics that only papers name."""

from __future__ import annotations

from typing import Any

import pytest

from broadsheet.domain.records import Paper, Records, Topic
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


def test_open_topics_with_one_slug_are_different_topics_whatever_the_order() -> None:
    words = ("C", "C++", "C#", "İ", "i", "page", "Page")
    made, _ = index(
        of=papers(**{f"p{n}": (word,) for n, word in enumerate(words)}), open_topics=True
    )
    turned, _ = index(
        of=papers(**{f"p{n}": (word,) for n, word in enumerate(reversed(words))}), open_topics=True
    )

    names = {slug: topic.name for slug, topic in made.by_slug.items()}
    assert {name: slug for slug, name in names.items() if slug in {"c", "i", "page"}} == {
        "C": "c",
        "I": "i",
    }
    assert sorted(names.values()) == ["C", "C#", "C++", "I", "Page", "İ"]
    assert {slug: topic.name for slug, topic in turned.by_slug.items()} == names
    assert [len(ids) for ids in made.papers.values()].count(1) == 5


def test_open_topics_that_differ_by_case_or_hyphen_are_one() -> None:
    made, _ = index(
        topic("nlp"), of=papers(a=("Code  Models", "NLP"), b=("code-models",)), open_topics=True
    )

    assert made.of_paper == {"a": ("code-models", "nlp"), "b": ("code-models",)}
    assert made.by_slug["code-models"].name == "Code  Models"


def test_a_topic_may_be_named_by_its_name_unless_two_have_it() -> None:
    made, found = index(
        Topic(slug="x", source="content/topics/x.md", name="Empty one", short="E"),
        Topic(slug="a", source="content/topics/a.md", name="Twice", short="A"),
        Topic(slug="b", source="content/topics/b.md", name="twice", short="B"),
        Topic(slug="c", source="content/topics/c.md", name="X", short="C"),
        of=papers(p=("Empty One",), q=("empty-one", "X"), r=("Twice",)),
    )

    assert made.of_paper == {"p": ("x",), "q": ("x",), "r": ()}
    assert [row[:3] for row in found] == [("unknown-topic", "papers/r.md", ("topics", 0))]


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
