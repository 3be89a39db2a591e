"""What a venue is, by its name."""

from __future__ import annotations

import pytest

from broadsheet.domain.records import Venue
from broadsheet.domain.venue_kinds import read_venue

KINDS = {
    "ICML 2024": "conference",
    "ICLR": "conference",
    "Findings of ACL 2024": "conference",
    "GEM Workshop 2025": "conference",
    "SBP-BRiMS 2021": "conference",
    "International Conference on Network Analysis (Springer), 2016": "conference",
    "Proceedings of the 41st International Conference on Machine Learning": "conference",
    "Lecture Notes in Computer Science": "conference",
    "Proceedings of the National Academy of Sciences": "journal",
    "Proceedings of the ACM on Programming Languages": "journal",
    "Journal of Machine Learning Research 23(154), 2022": "journal",
    "TMLR 2025": "journal",
    "Empirical Software Engineering, 2025": "journal",
    "Transactions of the Association for Computational Linguistics": "journal",
    "Nature": "journal",
    "Cell": "journal",
    "Neuron": "journal",
    "arXiv": "preprint",
    "arXiv preprint": "preprint",
    "CoRR": "preprint",
    "bioRxiv": "preprint",
    "PhD thesis, MIT": "thesis",
    "Master's thesis, ETH": "thesis",
    "Technical report, Bell Labs": "report",
    "NBER Working Paper": "report",
    "Handbook of Things": "chapter",
    "Cambridge University Press": "book",
}


@pytest.mark.parametrize("name", KINDS)
def test_the_name_tells_the_kind(name: str) -> None:
    assert read_venue(Venue(name=name)).kind == KINDS[name]


def test_the_record_knows_better() -> None:
    assert read_venue(Venue(name="Nature", kind="conference")).kind == "conference"


def test_a_volume_makes_a_journal() -> None:
    assert read_venue(Venue(name="ABCD", volume="3")).kind == "journal"


def test_volume_issue_and_year_are_read_off_a_journals_name() -> None:
    parts = read_venue(Venue(name="Journal of Machine Learning Research 23(154), 2022"))
    assert (parts.name, parts.volume, parts.issue, parts.year) == (
        "Journal of Machine Learning Research",
        "23",
        "154",
        2022,
    )


def test_a_conference_keeps_its_year() -> None:
    assert read_venue(Venue(name="ICML 2024")).name == "ICML 2024"
