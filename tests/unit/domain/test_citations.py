"""What is cited: the venue and not its preprint, the paper and not the digest."""

from __future__ import annotations

from typing import Any

from broadsheet.domain.citations import Citation, citable, citation_key, cite_paper
from broadsheet.domain.dates import PartialDate
from broadsheet.domain.records import Author, Body, Link, Paper, Status, Venue

PAGE = "https://digest.example/papers/x/"


def make(**fields: Any) -> Paper:
    fields = {"id": "2403.02884", "source": "content/papers/x.md", "title": "T", **fields}
    return Paper(**fields)


def cite(**fields: Any) -> Citation:
    return cite_paper(make(**fields), PAGE)


def test_a_preprint_is_cited_as_one() -> None:
    cited = cite(arxiv="2403.02884", date=PartialDate(2024, 3, 5), categories=("cs.CL", "cs.LG"))
    assert (cited.type, cited.issued, cited.publisher) == (
        "article",
        PartialDate(2024, 3, 5),
        "arXiv",
    )
    assert (cited.doi, cited.category) == ("10.48550/arXiv.2403.02884", "cs.CL")
    assert cited.url == "https://arxiv.org/abs/2403.02884"


def test_a_published_paper_is_cited_as_published_and_keeps_its_arxiv_id() -> None:
    cited = cite(
        arxiv="2403.02884",
        doi="10.48550/arxiv.2403.02884",
        date=PartialDate(2024, 3, 5),
        venue=Venue(name="ICML 2025"),
    )
    assert (cited.type, cited.container) == ("paper-conference", "ICML 2025")
    assert (cited.issued, cited.doi, cited.arxiv) == (PartialDate(2025), "", "2403.02884")


def test_a_paper_without_preprint_is_cited_to_the_day() -> None:
    venue = Venue(name="Nature", year=2024, pages="1 – 9")
    cited = cite(date=PartialDate(2024, 3, 5), venue=venue, doi="10.1000/x")
    assert (cited.issued, cited.pages, cited.doi) == (PartialDate(2024, 3, 5), "1-9", "10.1000/x")


def test_the_address_is_the_papers_own_and_the_page_stands_in_where_it_has_none() -> None:
    arxiv = {"arxiv": "2403.02884"}
    venue = {"venue": Venue(name="ACL 2024")}
    assert cite(**arxiv, doi="10.1000/x").url == "https://doi.org/10.1000/x"
    assert cite(**arxiv, **venue, acl="2024.acl-long.1").url == (
        "https://aclanthology.org/2024.acl-long.1"
    )
    assert cite(**arxiv, acl="2024.acl-long.1").url == "https://arxiv.org/abs/2403.02884"
    assert cite(links=(Link("pdf", "https://a.example/x.pdf"),)).url == "https://a.example/x.pdf"
    assert cite().url == PAGE


def test_theses_and_reports_name_their_institution() -> None:
    thesis = cite(venue=Venue(name="Master's thesis, MIT"))
    assert (thesis.type, thesis.genre, thesis.publisher) == ("thesis", "Master's thesis", "MIT")
    report = cite(venue=Venue(name="Technical report, Bell Labs"))
    assert (report.type, report.genre, report.publisher) == (
        "report",
        "Technical report",
        "Bell Labs",
    )


def test_a_key_is_ascii_and_survives_publication() -> None:
    authors = (Author(name="Łukasz Ørsted-Müller"), Author(name="B C"))
    before = make(authors=authors, date=PartialDate(2024, 3))
    after = make(
        authors=authors, date=PartialDate(2024, 3), venue=Venue(name="ICML 2025"), doi="10.1/x"
    )
    assert citation_key(before) == citation_key(after) == "orstedmuller2024-2403.02884"
    assert citation_key(make(authors=(Author(name="王芳"),))) == "paper-2403.02884"
    assert citation_key(make()) == "paper-2403.02884"


def test_retractions_are_told() -> None:
    assert cite(status=Status.RETRACTED).warning == "Retracted"


def test_what_a_citation_does_not_say_does_not_change_what_it_is_made_of() -> None:
    paper = make(arxiv="2403.02884", authors=(Author(name="A B"),), abstract="One.")
    other = make(
        arxiv="2403.02884", authors=(Author(name="A B"),), abstract="Two.", body=Body("x"), votes=3
    )
    assert citable(paper) == citable(other)
    assert cite_paper(citable(paper), PAGE) == cite_paper(paper, PAGE)
