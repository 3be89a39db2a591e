"""Small digests whose pages are compared with committed files: the main part, and files as a whole.

Each case is a folder of this one, with the pages that it is about. `--update-golden` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import publish
from scenarios import paper, record, write_digest
from site_links import BuiltSite

Golden = Callable[[str, str], str]

EVERYTHING = {
    "content/site.yaml": (
        "title: The Golden Digest\ntagline: Everything at once\nbase_url: https://golden.example/d/\n"
        "curator: The editors\ntime_zone: Europe/Berlin\nsource_url: https://git.example/edit/\n"
        "link_policy: nofollow\npage_sizes: {papers: 3}\nnavigation:\n  - text: Today\n    to: /\n"
        "  - text: Elsewhere\n    to: https://elsewhere.example/\n"
    ),
    "content/people.yaml": (
        "ada:\n  name: Ada Lovelace\n  variants: [A. Lovelace]\n  orcid: 0000-0002-1825-0097\n"
        "  url: https://ada.example/\n"
    ),
    "content/topics/models.md": record("About *models*.", name="Models"),
    "content/topics/large.md": record(
        name="Large models & <friends>",
        short="Large",
        parent="models",
        aliases="[big, /topics/big-ones/]",
    ),
    "content/topics/empty.md": record(name="Nothing yet"),
    "content/digests/2025-01-02.md": record(
        "A note with a [link](/papers/retracted/) and [another](https://x.example/).",
        title="'New: the year'",
        number="7",
        lead="corrected",
        order="[voted]",
    ),
    "content/digests/2025-W01.md": record("The week's note."),
    "content/pages/about.md": record(
        "## Who\n\nUs.\n\n| a | b |\n|---|---|\n| 1 | 2 |", title="About", aliases="info"
    ),
    "content/papers/voted.md": paper(
        "Voted: $O(n)$ & <b>bold</b>",
        "Why it was picked: **because**.",
        authors="[Ada Lovelace, Ben, Cid, Dee, Eve]",
        featured="2025-01-02",
        date="2024-12",
        topics="[big, models]",
        votes="12",
        aliases="[2412.00010v1, /posts/voted.html]",
        tldr="'It is < 5 % slower.'",
        arxiv="2412.00010",
        doi="10.1000/XYZ",
        venue="{name: Journal of Things, volume: 3, pages: 1-9, year: 2024}",
        links="{code: 'https://code.example/x', slides: 'https://slides.example/'}",
        categories="[cs.CL]",
        keywords="[one, two]",
        abstract="'First paragraph with $\\alpha$ < \\beta.'",
    ),
    "content/papers/corrected.md": paper(
        "A corrected paper",
        authors="[{name: A. Lovelace, affiliation: Somewhere}]",
        featured="2025-01-02",
        date="2024",
        status="corrected",
        status_note="Table 2 was wrong.",
        topics="[models]",
        venue="ICML 2024",
        doi="10.1002/(SICI)1097-4571(199809)49:11<1002::AID-ASI7>3.0.CO;2-V",
        tldr="Short.",
    ),
    "content/papers/retracted.md": paper(
        "A retracted paper",
        featured="2024-12-30",
        status="retracted",
        status_note="The data were invented.",
        superseded_by="voted",
        date="2023-05-06",
        updated="2024-01-01",
        curator="Ben",
    ),
    "content/papers/plain.md": paper("A paper without anything", "Its body is its abstract."),
    "content/papers/withdrawn.md": paper(
        "A withdrawn paper", featured="2024-12-29", status="withdrawn", language="de"
    ),
    "content/papers/draft.md": paper("A draft", status="draft"),
    "content/static/robots-extra.txt": "x",
    "content/static/.well-known/security.txt": "x",
}

UNDATED = {
    "content/papers/a.md": paper("First of no date", authors="[王芳]"),
    "content/papers/b.md": paper("Second of no date", topics="[]", votes="3"),
    "content/site.yaml": "title: Undated\n",
}

ARABIC = {
    "content/site.yaml": "title: أوراق\nlanguage: ar\nbase_url: https://ar.example/\n",
    "content/papers/a.md": paper("ورقة أولى", featured="2025-01-06", authors="[ليلى]"),
    "content/papers/b.md": paper("An English paper", featured="2025-01-06", language="en"),
    "content/pages/about.md": record("Text.", title="In English", language="en"),
}

OWN = {
    "templates/paper.html": (
        '{% extends "default/paper.html" %}\n'
        "{% block title %}{{ view.title.plain }} | mine{% endblock %}\n"
        "{% block main %}<p>Before.</p>{{ super() }}{% endblock %}\n"
    ),
    "templates/page.html": (
        '{% extends "base.html" %}\n{% block main %}<h1>{{ view.title }}</h1>{{ view.body }}'
        '<img src="{{ root }}{{ site.assets[\'logo.svg\'] }}" alt="">{% endblock %}\n'
    ),
    "templates/static/logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "content/papers/a.md": paper("Mine", "Note.", abstract="Text."),
    "content/pages/about.md": record("Body.", title="About"),
}

CASES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "everything": (
        EVERYTHING,
        (
            "index.html",
            "404.html",
            "papers/index.html",
            "papers/page/2/index.html",
            "papers/voted/index.html",
            "papers/corrected/index.html",
            "papers/retracted/index.html",
            "papers/plain/index.html",
            "papers/withdrawn/index.html",
            "papers/2412.00010v1/index.html",
            "posts/voted.html",
            "info/index.html",
            "topics/index.html",
            "topics/models/index.html",
            "topics/empty/index.html",
            "digests/index.html",
            "digests/page/2/index.html",
            "digests/2025-01-02/index.html",
            "digests/2025-W01/index.html",
            "digests/2024-12/index.html",
            "authors/index.html",
            "authors/ada/index.html",
            "venues/icml/index.html",
            "trending/index.html",
            "search/index.html",
            "about/index.html",
            "feed.xml",
            "sitemap.xml",
            "robots.txt",
            "_headers",
        ),
    ),
    "empty": (
        {},
        (
            "index.html",
            "404.html",
            "papers/index.html",
            "topics/index.html",
            "digests/index.html",
            "authors/index.html",
            "feed.xml",
            "sitemap.xml",
        ),
    ),
    "undated": (
        UNDATED,
        (
            "index.html",
            "papers/index.html",
            "papers/a/index.html",
            "authors/index.html",
            "feed.xml",
            "robots.txt",
        ),
    ),
    "arabic": (
        ARABIC,
        ("index.html", "papers/a/index.html", "papers/b/index.html", "about/index.html"),
    ),
    "own-templates": (OWN, ("papers/a/index.html", "about/index.html")),
}


def part_of(path: Path) -> str:
    """Return a page's opening tag, title and main part, or a whole file without a masthead."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(assets/[\w.-]+\.)[0-9a-f]{10}(\.\w+)", r"\1HASH\2", text)
    if '<header class="masthead' not in text:
        return text
    found = [
        re.search(pattern, text, re.DOTALL)
        for pattern in (r"<html[^>]*>", r"<title>.*?</title>", r"<header class=\"masthead.*</main>")
    ]
    return "\n".join(match[0] for match in found if match) + "\n"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every case's site."""
    folders = {name: tmp_path_factory.mktemp(name) for name in CASES}
    return {name: publish(write_digest(folder, CASES[name][0])) for name, folder in folders.items()}


PAGES = [(name, page) for name, (_, pages) in CASES.items() for page in pages]


@pytest.mark.parametrize(("name", "page"), PAGES, ids=[f"{n}-{p}" for n, p in PAGES])
def test_a_page_is_as_committed(
    sites: dict[str, Path], golden: Golden, name: str, page: str
) -> None:
    folder = page.removesuffix("/index.html").replace("/", "-")
    shown = part_of(sites[name] / page)
    assert shown == golden(f"{name}/{folder.removesuffix('.html')}.txt", shown)


@pytest.mark.parametrize("name", CASES)
def test_the_pages_of_a_case_are_exactly_these(
    sites: dict[str, Path], golden: Golden, name: str
) -> None:
    site = sites[name]
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    listed = [
        re.sub(r"\.[0-9a-f]{10}(\.\w+)$", r".HASH\1", path)
        for path in paths
        if not path.startswith("pagefind/")
    ]
    files = "\n".join(sorted(listed)) + "\n"
    assert files == golden(f"{name}/files.txt", files)


BASES = {
    "everything": "https://golden.example/d/",
    "empty": "https://example.org/",
    "arabic": "https://ar.example/",
    "own-templates": "https://example.org/",
}


@pytest.mark.parametrize("name", BASES)
def test_no_address_of_a_case_is_broken(sites: dict[str, Path], name: str) -> None:
    site = BuiltSite(sites[name], BASES[name])
    assert len(site.links) > 100
    assert site.broken() == []


def test_without_a_base_address_nothing_claims_to_have_one(sites: dict[str, Path]) -> None:
    site = sites["undated"]
    assert not (site / "sitemap.xml").exists()
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    assert [page for page in pages if "canonical" in page] == []
    assert 'href="papers/' not in (site / "404.html").read_text(encoding="utf-8")
