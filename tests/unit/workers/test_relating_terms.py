"""The words of a library as numbers: what is a word, which forms are one, what neighbours are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.planning.relations import PaperText
from broadsheet.workers.relating.empty_words import BROAD_WORDS, EMPTY_WORDS, says_nothing
from broadsheet.workers.relating.streams import join_streams, read_words
from broadsheet.workers.relating.terms import Terms, count_terms, fold_word, mark_known


def count(*texts: tuple[str, str]) -> Terms:
    """Count the words of papers, each given as title and text."""
    return count_terms(read_words(PaperText(title, text) for title, text in texts))


def tally(terms: Terms) -> list[dict[str, float]]:
    """Return how often each paper holds each word, the title counted as it is."""
    rows = terms.words.toarray().tolist()
    return [
        {word: times for word, times in zip(terms.vocabulary.words, row, strict=True) if times}
        for row in rows
    ]


def pairs(terms: Terms) -> list[set[str]]:
    """Return each paper's pairs of neighbouring words."""
    words = terms.vocabulary.words
    written = [f"{words[first]} {words[second]}" for first, second in terms.pair_words.tolist()]
    rows = terms.pairs.toarray().tolist()
    return [{pair for pair, held in zip(written, row, strict=True) if held} for row in rows]


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Models", "model"),
        ("model", "model"),
        ("LLMs", "llm"),
        ("loss", "loss"),
        ("bias", "bia"),
        ("status", "status"),
        ("basis", "basis"),
        ("was", "was"),
        ("GPUs", "gpu"),
        ("GPU", "gpu"),
        ("APIs", "api"),
        ("LLM-based", "llm"),
        ("LLMs-as-judges", "llm"),
        ("MMSearch-R1", "mmsearch"),
        ("T5-base", "t5"),
        ("L-Mul", "l-mul"),
        ("Fine-Tuning", "fine-tuning"),
        ("multi-GPU", "multi-gpu"),
    ],
)
def test_forms_of_a_word_are_folded_together(word: str, folded: str) -> None:
    assert fold_word(word) == folded


def test_a_word_of_the_title_counts_twice() -> None:
    assert tally(count(("Glaciers", "glaciers and ice"))) == [{"Glaciers": 3, "and": 1, "ice": 1}]


def test_a_word_is_written_as_it_mostly_is() -> None:
    assert count(("", "LLMs LLM LLM llm"), ("", "LLMs")).vocabulary.words == ("LLM",)
    assert count(("", "b B")).vocabulary.words == ("B",)


def test_numbers_are_no_words_and_signs_of_solid_scripts_are() -> None:
    assert set(tally(count(("", "3 of 12 GSM8K 量化方法")))[0]) == {"of", "GSM8K", *"量化方法"}


def test_pairs_are_neighbours_that_two_papers_hold() -> None:
    terms = count(
        ("Diffusion models", "sparse attention here"),
        ("On diffusion models", "attention is sparse"),
        ("Sparse attention", ""),
    )
    assert pairs(terms) == [
        {"Diffusion models", "sparse attention"},
        {"Diffusion models"},
        {"sparse attention"},
    ]


def test_neither_title_and_text_nor_two_papers_make_a_pair() -> None:
    terms = count(("glaciers", "violins"), ("glaciers", "violins"), ("violins", "glaciers"))
    assert pairs(terms) == [set(), set(), set()]


@pytest.mark.parametrize(
    "between", [" (", ") ", ", ", ": ", ". ", " 3 ", "\n\n", " https://x.example/a ", "/"]
)
def test_what_is_more_than_a_space_parts_neighbours(between: str) -> None:
    text = f"glaciers{between}moraine"
    assert pairs(count(("", text), ("", text))) == [set(), set()]


@pytest.mark.parametrize("between", [" ", "\n", "  "])
def test_spaces_make_neighbours(between: str) -> None:
    text = f"glaciers{between}moraine"
    assert pairs(count(("", text), ("", text))) == [{"glaciers moraine"}] * 2


@pytest.mark.parametrize(
    "address",
    ["https://github.com/ice/floe", "www.github.com", "github.com/ice", "a.github.io/floe?x=y"],
)
def test_addresses_are_no_words(address: str) -> None:
    assert tally(count(("", f"glaciers at {address} melt"))) == [
        {"glaciers": 1, "at": 1, "melt": 1}
    ]


@pytest.mark.parametrize(
    ("word", "is_empty"),
    [
        ("employing", True),
        ("employed", True),
        ("use", True),
        ("using", True),
        ("studie", True),
        ("letting", True),
        ("highlight", True),
        ("quantization", False),
        ("glacier", False),
        ("reasoning", False),
        ("training", False),
    ],
)
def test_forms_of_empty_words_are_empty(word: str, *, is_empty: bool) -> None:
    assert says_nothing(word) is is_empty


def test_no_word_is_in_both_lists() -> None:
    assert EMPTY_WORDS.isdisjoint(BROAD_WORDS)


def test_empty_words_make_no_pair() -> None:
    assert pairs(count(("the glaciers", ""), ("the glaciers", ""))) == [set(), set()]


@pytest.mark.parametrize("texts", [(), (("", ""),), (("", ""), ("", "")), (("1", "2"),)])
def test_papers_without_words_have_none(texts: tuple[tuple[str, str], ...]) -> None:
    terms = count(*texts)
    assert terms.words.shape == (len(texts), 0)
    assert terms.pairs.shape == (len(texts), 0)


@given(st.lists(st.tuples(st.text(max_size=50), st.text(max_size=50)), max_size=6))
def test_any_text_can_be_counted(texts: list[tuple[str, str]]) -> None:
    terms = count(*texts)
    size = len(terms.vocabulary.words)
    assert terms.words.shape == (len(texts), size)
    assert len(terms.vocabulary.folded) == len(set(terms.vocabulary.folded)) == size
    assert terms.pairs.shape == (len(texts), len(terms.pair_words))


def test_keywords_are_words_and_make_no_pair_with_each_other() -> None:
    papers = [PaperText("", "", ("glaciers", "cold moraine"))] * 2
    terms = count_terms(read_words(papers))
    assert tally(terms) == [{"cold": 1, "glaciers": 1, "moraine": 1}] * 2
    assert pairs(terms) == [{"cold moraine"}] * 2


PAPERS = st.builds(
    PaperText,
    st.text(max_size=30),
    st.text(max_size=50) | st.just("Glaciers: the ice (see https://x.example).\n\nEnd"),
    st.lists(st.text(max_size=9), max_size=2).map(tuple),
)


@given(st.lists(PAPERS, max_size=6), st.data())
def test_streams_that_were_put_together_are_those_of_the_texts(
    papers: list[PaperText], data: st.DataObject
) -> None:
    known = data.draw(st.permutations(papers))[: len(papers) // 2]
    fresh = [paper for paper in papers if paper not in known]
    chosen = [known.index(paper) if paper in known else None for paper in papers]
    joined = join_streams(read_words(known), read_words(fresh), chosen)
    assert joined == read_words(papers)


def test_names_that_one_row_alone_holds_are_left_out() -> None:
    assert mark_known([("a", "b"), ("b", "c"), (), ("c",)]).toarray().tolist() == [
        [1, 0],
        [1, 1],
        [0, 0],
        [0, 1],
    ]


@pytest.mark.parametrize("rows", [[], [()], [(), ()], [("a",)]])
def test_rows_that_share_nothing_have_no_columns(rows: list[tuple[str, ...]]) -> None:
    assert mark_known(rows).shape == (len(rows), 0)
