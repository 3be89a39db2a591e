"""What programs read from a built page: Zotero, Google Scholar, search engines, crawlers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import extruct
import pytest
import signposting
from browser.site_server import SiteServer
from builds import publish
from citing.embedded_metadata import save_page, select
from lxml import html
from scenarios import check, codes, paper, write_digest

SITE = "title: The Digest\nbase_url: https://digest.example/a/\n"
ATTACK = "</script><script>alert(1)</script><!-- & ]]> \"x\" 'y'"
PREPRINT = paper(
    "Learning $\\alpha$-divergences: \\emph{A} study",
    authors="[Ada Lovelace, 'van Gogh, Vincent', 王芳, Gemini Team]",
    date="2024-03-05",
    arxiv="2403.02884",
    categories="[cs.CL]",
    keywords="[one, two]",
    abstract="'It costs $5 < $6 and holds $x^2$.'",
)
ARTICLE = paper(
    "An article",
    authors="[{name: Ada Lovelace, orcid: 0000-0002-1825-0097, affiliation: Here}]",
    date="2023-05-06",
    arxiv="2305.01234",
    doi="10.1000/XYZ",
    venue="{name: Journal of Things, volume: 3, issue: 4, pages: 11–19, year: 2024}",
    links="{pdf: 'https://else.example/x.pdf'}",
)
TALK = paper(
    "A talk", authors="[Ben Ito]", date="2024-02", venue="ICML 2024", acl="2024.acl-long.1"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {
        "content/site.yaml": SITE + "exports: [bib, csl.json]\n",
        "content/papers/preprint.md": PREPRINT,
        "content/papers/article.md": ARTICLE,
        "content/papers/talk.md": TALK,
        "content/papers/attack.md": paper(ATTACK, authors=json.dumps([ATTACK]), date="2024"),
        "content/papers/gone.md": paper(
            "Gone", status="retracted", date="2024", authors="[Eve Oz]"
        ),
        "content/papers/old.md": paper("Old", status="withdrawn", superseded_by="talk"),
    }
    return publish(write_digest(tmp_path_factory.mktemp("meta"), files))


def read_page(site: Path, paper_id: str) -> str:
    return (site / "papers" / paper_id / "index.html").read_text(encoding="utf-8")


def read_signposts(site: Path, paper_id: str) -> signposting.Signposting:
    with SiteServer({"/a/": site}) as server:
        return signposting.find_signposting_html(f"{server.origin}/a/papers/{paper_id}/")


def json_ld(text: str) -> dict[str, object]:
    found = extruct.extract(text, syntaxes=["json-ld"])["json-ld"]
    assert len(found) == 1
    item: dict[str, object] = found[0]
    return item


def test_zotero_saves_a_preprint_whole(site: Path) -> None:
    assert save_page(read_page(site, "preprint")) == {
        "itemType": "journalArticle",
        "title": "Learning α-divergences: A study",
        "creators": ["Ada Lovelace", "Vincent van Gogh", "王芳", "Gemini Team"],
        "date": "2024/03/05",
        "publisher": "arXiv",
        "DOI": "10.48550/arXiv.2403.02884",
        "url": "https://arxiv.org/abs/2403.02884",
        "abstractNote": "It costs $5 < $6 and holds x².",
        "language": "en",
        "tags": ["one", "two"],
        "pdf": "https://arxiv.org/pdf/2403.02884",
    }


def test_zotero_saves_an_article_as_it_was_published(site: Path) -> None:
    assert save_page(read_page(site, "article")) == {
        "itemType": "journalArticle",
        "title": "An article",
        "creators": ["Ada Lovelace"],
        "date": "2024",
        "publicationTitle": "Journal of Things",
        "volume": "3",
        "issue": "4",
        "pages": "11-19",
        "DOI": "10.1000/xyz",
        "url": "https://doi.org/10.1000/xyz",
        "language": "en",
        "pdf": "https://else.example/x.pdf",
    }


def test_zotero_saves_a_talk_with_its_conference(site: Path) -> None:
    saved = save_page(read_page(site, "talk"))
    assert (saved["itemType"], saved["conferenceName"]) == ("conferencePaper", "ICML 2024")
    assert (saved["date"], saved["url"]) == ("2024", "https://aclanthology.org/2024.acl-long.1")


def test_zotero_saves_every_paper_of_the_first_edition(edition: Path) -> None:
    papers = check(edition.parent).library.papers
    assert len(papers) == 90
    for record in papers.values():
        saved = save_page(read_page(edition, record.id))
        assert saved.get("creators", []) == [author.name for author in record.authors]
        assert saved["title"]
        assert saved["abstractNote"]
        assert saved["pdf"]
        assert str(saved["date"])[:4].isdigit()
        arxiv = f"https://arxiv.org/abs/{record.arxiv}"
        assert record.arxiv
        assert saved["url"] == arxiv or saved.get("DOI") == record.doi or record.acl
        assert ("conferenceName" in saved or "publicationTitle" in saved) == bool(record.venue)


def test_no_title_breaks_out_of_the_json(site: Path) -> None:
    text = read_page(site, "attack")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert block is not None
    assert re.search("[<>&\u2028\u2029]", block[1]) is None
    assert len(select(html.fromstring(text), "//script")) == 3
    assert json_ld(text)["name"] == ATTACK.replace("--", "–")


def test_json_ld_says_what_was_published(site: Path) -> None:
    assert json_ld(read_page(site, "article")) == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": "https://digest.example/a/papers/article/",
        "url": "https://digest.example/a/papers/article/",
        "name": "An article",
        "headline": "An article",
        "author": [
            {
                "@type": "Person",
                "@id": "https://orcid.org/0000-0002-1825-0097",
                "name": "Ada Lovelace",
                "affiliation": {"@type": "Organization", "name": "Here"},
            }
        ],
        "datePublished": "2024",
        "dateCreated": "2023-05-06",
        "inLanguage": "en",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1000/xyz"},
            {"@type": "PropertyValue", "propertyID": "arXiv", "value": "2305.01234"},
        ],
        "sameAs": ["https://doi.org/10.1000/xyz", "https://arxiv.org/abs/2305.01234"],
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": "4",
            "isPartOf": {
                "@type": "PublicationVolume",
                "volumeNumber": "3",
                "isPartOf": {"@type": "Periodical", "name": "Journal of Things"},
            },
        },
        "pagination": "11-19",
        "isAccessibleForFree": True,
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": "https://else.example/x.pdf",
            "encodingFormat": "application/pdf",
        },
    }


def test_a_digest_never_claims_the_identifier_of_somebody_elses_paper(site: Path) -> None:
    found = read_signposts(site, "article")
    assert found.citeAs is None
    assert found.authors == set()
    assert found.items == set()
    text = read_page(site, "article")
    assert '<link rel="related" href="https://doi.org/10.1000/xyz">' in text


def test_lists_hold_a_coins_for_each_paper_and_papers_pages_hold_none(site: Path) -> None:
    page = html.fromstring((site / "papers" / "index.html").read_text(encoding="utf-8"))
    objects = {
        parse_qs(title)["rft_val_fmt"][0]: parse_qs(title)
        for title in select(page, "//span[@class='Z3988']/@title")
    }
    assert len(select(page, "//span[@class='Z3988']")) == len(select(page, "//article"))
    talk = objects["info:ofi/fmt:kev:mtx:book"]
    assert (talk["rft.btitle"], talk["rft.au"]) == (["ICML 2024"], ["Ben Ito"])
    assert "Z3988" not in read_page(site, "article")


def test_a_card_has_a_picture_of_the_size_it_says(site: Path) -> None:
    page = html.fromstring(read_page(site, "article"))
    (address,) = select(page, "//meta[@property='og:image']/@content")
    picture = (site / address.removeprefix("https://digest.example/a/")).read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    size = (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24]))
    said = select(page, "//meta[starts-with(@property, 'og:image:')]/@content")
    assert [str(part) for part in size] == said[:2] == ["1200", "630"]
    assert select(page, "//meta[@property='og:type']/@content") == ["article"]


def test_files_of_many_papers_leave_out_what_was_withdrawn(site: Path) -> None:
    for ending in ("bib", "ris", "csl.json"):
        text = (site / f"papers.{ending}").read_text(encoding="utf-8")
        assert "lovelace2024-preprint" in text
        assert "-gone" not in text
        assert "-old" not in text


def test_a_retracted_papers_own_citation_says_so(site: Path) -> None:
    page = html.fromstring(read_page(site, "gone"))
    bibtex, plain, markdown = (pre.text for pre in select(page, "//pre"))
    assert "note   = {Retracted}" in bibtex
    assert "[Retracted] Gone." in plain
    assert markdown.startswith("**Retracted:** ")
    assert json_ld(read_page(site, "gone"))["creativeWorkStatus"] == "Retracted"


def test_a_papers_own_files_are_there_where_asked_for(site: Path) -> None:
    folder = site / "papers" / "preprint"
    assert sorted(path.name for path in folder.iterdir()) == [
        "index.html",
        "preprint.bib",
        "preprint.csl.json",
    ]
    (item,) = json.loads((folder / "preprint.csl.json").read_text(encoding="utf-8"))
    assert item["abstract"] == "It costs $5 < $6 and holds x²."


PUBLISHER: dict[str, str | bytes] = {
    "content/site.yaml": SITE + "role: publisher\nexports: [bib]\n",
    "content/papers/ours.md": paper(
        "Ours",
        doi="10.1000/ours",
        authors="[{name: Ada Lovelace, orcid: 0000-0002-1825-0097}]",
        links="{pdf: 'https://digest.example/a/papers/ours/ours.pdf'}",
    ),
    "content/static/papers/ours/ours.pdf": b"%PDF-1.7",
}


def test_a_publishers_page_stands_for_its_paper(tmp_path: Path) -> None:
    site = publish(write_digest(tmp_path, PUBLISHER))
    page = "https://digest.example/a/papers/ours/"
    found = read_signposts(site, "ours")
    assert str(found.citeAs and found.citeAs.target) == "https://doi.org/10.1000/ours"
    assert {str(link.target) for link in found.authors} == {"https://orcid.org/0000-0002-1825-0097"}
    assert {(str(i.target), i.type) for i in found.items} == {
        (page + "ours.pdf", "application/pdf")
    }
    assert {str(link.target) for link in found.describedBy} == {page + "ours.bib"}
    assert save_page(read_page(site, "ours"))["pdf"] == page + "ours.pdf"


@pytest.mark.parametrize(
    "pdf", ["https://else.example/ours.pdf", "https://digest.example/a/papers/ours/missing.pdf"]
)
def test_a_publishers_pdf_lies_beside_its_page(tmp_path: Path, pdf: str) -> None:
    record = paper("Ours", links=f"{{pdf: '{pdf}'}}")
    found = check(write_digest(tmp_path, {**PUBLISHER, "content/papers/ours.md": record}))
    assert codes(found.diagnostics) == ["foreign-pdf"]
    assert (found.diagnostics[0].span.line, found.diagnostics[0].span.path) == (
        3,
        "content/papers/ours.md",
    )
