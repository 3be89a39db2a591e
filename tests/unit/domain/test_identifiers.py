"""Ids, slugs, and the identifiers that papers carry elsewhere."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.domain.identifiers import (
    direction_of,
    is_id,
    is_reserved,
    normalise_name,
    parse_arxiv,
    parse_doi,
    parse_language,
    parse_orcid,
    parse_other_identifier,
    resolver_url,
    slugify,
)
from broadsheet.domain.links import safe_url

SICI = "(SICI)1097-4571(199809)49:11<1002::AID-ASI7>3.0.CO;2-V"


@pytest.mark.parametrize("text", ["a", "0", "2403.02884", "cs-0101001", "a_b.c-d", "a" * 80])
def test_an_id_is_a_short_word_of_safe_signs(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a.",
        "-a",
        "_a",
        ".a",
        "A",
        "é",
        "a b",
        "a/b",
        "a\n",
        "a" * 81,
        "２",
        "a\\b",
        "a%20b",
    ],
)
def test_other_text_is_no_id(text: str) -> None:
    assert not is_id(text)


def test_names_of_devices_and_of_our_own_pages_are_reserved() -> None:
    reserved = ["con", "prn", "aux", "nul", "com0", "com9", "lpt1", "nul.txt", "index", "page"]
    free = ["console", "com10", "com", "auxiliary", "index-2", "pages", "x.con"]

    assert [is_reserved(word) for word in reserved] == [True] * len(reserved)
    assert [is_reserved(word) for word in free] == [False] * len(free)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("2403.02884", "2403.02884"),
        ("0704.0001", "0704.0001"),
        ("2301.00010", "2301.00010"),
        ("2403.02884v12", "2403.02884"),
        ("arXiv:2403.02884v1", "2403.02884"),
        ("https://arxiv.org/abs/2403.02884v2", "2403.02884"),
        ("http://arxiv.org/pdf/2403.02884.pdf", "2403.02884"),
        ("https://arxiv.org/pdf/2403.02884v2.pdf", "2403.02884"),
        (" 2403.02884 ", "2403.02884"),
        ("cs/0101001", "cs/0101001"),
        ("cs-0101001", "cs/0101001"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("hep-th-9901001", "hep-th/9901001"),
    ],
)
def test_an_arxiv_id_loses_version_and_address(text: str, parsed: str) -> None:
    assert parse_arxiv(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2403.288",
        "2403.028840",
        "2413.00001",
        "2400.00001",
        "240.02884",
        "cs/1301",
        "cs/9913001",
        "２403.02884",
        "2403.02884x",
        "https://example.org/abs/2403.02884",
        "CS/0101001",
        "2403,02884",
    ],
)
def test_other_text_is_no_arxiv_id(text: str) -> None:
    assert parse_arxiv(text) is None


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("10.1000/xyz", "10.1000/xyz"),
        ("10.1000/XYZ", "10.1000/xyz"),
        ("https://doi.org/10.1000/XYZ", "10.1000/xyz"),
        ("http://dx.doi.org/10.1000/xyz", "10.1000/xyz"),
        ("doi: 10.1000/xyz", "10.1000/xyz"),
        ("10.1000.10/123(4):5;6-7", "10.1000.10/123(4):5;6-7"),
        (f"10.1002/{SICI}", f"10.1002/{SICI.lower()}"),
        (f"https://doi.org/10.1002/{quote(SICI)}", f"10.1002/{SICI.lower()}"),
    ],
)
def test_a_doi_is_lower_case_without_resolver(text: str, parsed: str) -> None:
    assert parse_doi(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.1000",
        "10.1000/",
        "10.100/x",
        "11.1000/x",
        "10.1000/a b",
        '10.1000/a"b',
        "10.1000/{b}",
        "１０.1000/x",
        "10.１０００/x",
        "https://example.org/10.1000/x",
    ],
)
def test_other_text_is_no_doi(text: str) -> None:
    assert parse_doi(text) is None


@pytest.mark.parametrize(
    ("kind", "identifier", "address"),
    [
        ("arxiv", "math.GT/0309136", "https://arxiv.org/abs/math.GT/0309136"),
        ("doi", "10.1000/a#b?c%d", "https://doi.org/10.1000/a%23b%3Fc%25d"),
        (
            "doi",
            f"10.1002/{SICI.lower()}",
            "https://doi.org/10.1002/(sici)1097-4571(199809)49:11%3C1002::aid-asi7%3E3.0.co;2-v",
        ),
        ("openreview", "rJX_mpi-Z", "https://openreview.net/forum?id=rJX_mpi-Z"),
        ("orcid", "0000-0002-1694-233X", "https://orcid.org/0000-0002-1694-233X"),
    ],
)
def test_an_identifier_resolves_to_an_address_in_which_every_sign_is_allowed(
    kind: str, identifier: str, address: str
) -> None:
    assert resolver_url(kind, identifier) == address
    assert safe_url(address) == address


def test_an_orcid_id_needs_its_check_digit() -> None:
    good = ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"]
    written = [good[0], f"https://orcid.org/{good[1]}", " 0000-0002-1694-233x "]
    bad = ["0000-0002-1825-0098", "0000000218250097", "0000-0002-1825", "", "０000-0002-1825-0097"]

    assert [parse_orcid(text) for text in written] == good
    assert [parse_orcid(text) for text in bad] == [None] * len(bad)


@given(digits=st.from_regex(r"[0-9]{15}", fullmatch=True))
def test_exactly_one_check_digit_fits_an_orcid_id(digits: str) -> None:
    fours = f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:]}"

    assert sum(parse_orcid(fours + check) is not None for check in "0123456789X") == 1


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("openreview", "rJXMpikCZ", "rJX MpikCZ"),
        ("acl", "2020.acl-main.1", "2020/acl"),
        ("pmid", "31452104", "031452104"),
        ("pmid", "1", "PMC31"),
        ("pmid", "999999999", "３１"),
    ],
)
def test_other_identifiers_stay_as_given(kind: str, good: str, bad: str) -> None:
    assert parse_other_identifier(kind, good) == good
    assert parse_other_identifier(kind, bad) is None


def test_language_tags_are_well_formed() -> None:
    assert [parse_language(tag) for tag in ("en", "pt-BR", "zh-Hans-CN", "e", "en_US", "")] == [
        "en",
        "pt-BR",
        "zh-Hans-CN",
        None,
        None,
        None,
    ]


def test_a_language_knows_its_direction() -> None:
    rtl = ["ar", "he-IL", "fa", "az-Arab", "UR"]
    ltr = ["en", "zh-Hans", "ar-Latn", "az"]

    assert [direction_of(tag) for tag in rtl] == ["rtl"] * len(rtl)
    assert [direction_of(tag) for tag in ltr] == ["ltr"] * len(ltr)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Furu Wei", "furu-wei"),
        ("José Álvarez", "jose-alvarez"),
        ("Søren Großmann", "soren-grossmann"),
        ("O'Neil, Jr.", "o-neil-jr"),
        ("  spaces  ", "spaces"),
        ("ﬁne", "fine"),
        ("x" * 90, "x" * 60),
    ],
)
def test_a_slug_keeps_the_letters(name: str, slug: str) -> None:
    assert slugify(name) == slug


@pytest.mark.parametrize(
    "name", ["王芳", "", "😀", "Иван Петров", "con", "index", "C++/C#", "王芳 x"]
)
def test_a_name_that_leaves_nothing_still_gets_an_id_of_its_own(name: str) -> None:
    slug = slugify(name)

    assert is_id(slug)
    assert not is_reserved(slug)
    assert slugify(unicodedata.normalize("NFD", name)) == slug


@given(names=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=30))
def test_slugs_of_many_names_are_ids_and_differ(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        slug = slugify(name, taken)
        assert is_id(slug)
        assert not is_reserved(slug)
        assert slug not in taken
        taken.add(slug)


def test_a_taken_slug_gets_a_suffix_that_depends_on_the_name_alone() -> None:
    first = slugify("Jose", {"jose"})

    assert first == slugify("Jose", {"jose", "other"})
    assert first.startswith("jose-")
    assert first != slugify("José", {"jose"})


@given(text=st.text(max_size=20))
def test_a_name_is_normalised_once_and_for_all(text: str) -> None:
    once = normalise_name(text)

    assert normalise_name(once) == once
    assert normalise_name(unicodedata.normalize("NFD", text)) == once
