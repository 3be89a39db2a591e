"""The filters of common words in an index of a large library."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import cbor2
import pytest
from builds import ROOT

from broadsheet.effects import bare_tree
from broadsheet.effects.common_filters import MOST_BEST, add_common_filters
from broadsheet.effects.index_parts import IndexParts
from broadsheet.effects.index_proof import find_index_fault
from broadsheet.effects.searching import make_search_index
from broadsheet.planning.search_records import SearchRecord
from broadsheet.workers.common_words import CommonWords, find_common_words
from broadsheet.workers.pagefind_ranking import META_WEIGHTS, TERM_SIMILARITY

SIZE = 4_200
TITLED = 50


def make_records() -> tuple[SearchRecord, ...]:
    """Return papers that all use models; a few have the word in the title, one uses it twice."""
    return tuple(
        SearchRecord(
            url=f"papers/{number}/",
            title="Modelling wombats" if number % (SIZE // TITLED) == 0 else "Wombats",
            text="the models dig deep" + " in models" * (number == 11),
            metadata={},
            filters={"year": (str(2000 + number % 20),)},
            date=f"{2000 + number % 20}-01-01",
        )
        for number in range(SIZE)
    )


@pytest.fixture(scope="module")
def records() -> tuple[SearchRecord, ...]:
    return make_records()


@pytest.fixture(scope="module")
def bundle(records: tuple[SearchRecord, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made, problems = make_search_index(records, "en", tmp_path_factory.mktemp("cache"))
    assert problems == ()
    assert made is not None
    return made


def read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd")


def papers_of(bundle: Path, name: str) -> list[int]:
    """Return the papers that a filter names, as the page finds them."""
    parts = IndexParts(bundle)
    ((_, ((value, numbers),)),) = [
        cbor2.loads(read(bundle / f"filter/{file}.pf_filter"))
        for known, file in parts.meta.filters
        if known == name
    ]
    assert value == "y"
    fragments = [parts.meta.pages[number][0] for number in numbers]
    urls = [json.loads(read(bundle / f"fragment/{f}.pf_fragment"))["url"] for f in fragments]
    return sorted(int(url.removeprefix("/papers/").removesuffix(".html")) for url in urls)


def test_the_index_is_whole_with_them_and_keeps_its_own(bundle: Path) -> None:
    assert find_index_fault(bundle) == ""
    assert "year" in dict(IndexParts(bundle).meta.filters)


def test_a_beginning_has_the_papers_whose_titles_hold_it(bundle: Path) -> None:
    known = json.loads((bundle / "words.json").read_text())
    assert known["titles"]["model"] == known["titles"]["mod"] == "title-mod"
    titled = [number for number in range(SIZE) if number % (SIZE // TITLED) == 0]
    assert papers_of(bundle, "title-mod") == titled


def test_a_word_alone_has_the_papers_that_stand_first_for_it(bundle: Path) -> None:
    known = json.loads((bundle / "words.json").read_text())
    assert known["alone"]["models"] == "best-models"
    best = papers_of(bundle, "best-models")
    assert len(best) == MOST_BEST
    titled = {number for number in range(SIZE) if number % (SIZE // TITLED) == 0}
    assert titled | {11} <= set(best)


def test_where_papers_have_other_numbers_there_are_none(
    bundle: Path, records: tuple[SearchRecord, ...]
) -> None:
    parts = IndexParts(bundle)
    found = find_common_words(records)
    assert add_common_filters(parts, found, records, range(SIZE)) == CommonWords()
    assert IndexParts(bundle).meta == parts.meta


def test_they_name_the_same_papers_where_the_disk_lists_files_in_another_order(
    bundle: Path,
    records: tuple[SearchRecord, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bare_tree, "MEMORY", tmp_path / "none")
    other, _ = make_search_index(records, "en", tmp_path / "cache")
    assert other is not None
    assert papers_of(other, "title-mod") == papers_of(bundle, "title-mod")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"plain", r"pf_meta cannot be read: Not a gzipped file"),
        (gzip.compress(b"other"), r"pf_meta does not begin as Pagefind's files do"),
        (
            gzip.compress(b"pagefind_dcd\x86e")[:-9],
            r"pf_meta cannot be read: Compressed file ended",
        ),
        (gzip.compress(b"pagefind_dcd\x86e"), r"pf_meta cannot be read: premature end of stream"),
        (gzip.compress(b"pagefind_dcd\x81\x01"), r"it has another form than expected"),
    ],
)
def test_an_index_that_cannot_be_read_is_told(
    tmp_path: Path, bundle: Path, content: bytes, reason: str
) -> None:
    (meta,) = bundle.glob("*.pf_meta")
    entry = bundle / "pagefind-entry.json"
    (tmp_path / entry.name).write_bytes(entry.read_bytes())
    (tmp_path / meta.name).write_bytes(content)
    with pytest.raises(ValueError, match=reason):
        IndexParts(tmp_path)


def test_papers_are_ranked_with_the_weights_of_the_page() -> None:
    script = (ROOT / "templates/static/finding.js").read_text(encoding="utf-8")
    (ranking,) = re.findall(r"^const RANKING = (.+);$", script, re.MULTILINE)
    assert json.loads(re.sub(r"(\w+):", r'"\1":', ranking)) == {
        "termSimilarity": TERM_SIMILARITY,
        "metaWeights": META_WEIGHTS,
    }
