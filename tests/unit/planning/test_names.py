"""Pages of names: the bar of letters over several pages, and an author's own page elsewhere."""

from __future__ import annotations

from pathlib import Path

from builds import publish
from lxml import html
from scenarios import check, paper, write_digest

from broadsheet.planning.list_pages import ListingPage, NamesPage
from broadsheet.planning.plan import fill_pages

SITE = "title: T\nbase_url: https://e.org/\n"


def test_the_bar_leads_to_every_letter_on_its_page(tmp_path: Path) -> None:
    names = ["Ada", "Álvarez", "Bob", "'t Hooft", "Tom", "Zoë", "3M", "王芳"]
    files = {
        "content/site.yaml": f"{SITE}page_sizes: {{authors: 3}}\n",
        "content/papers/a.md": paper("A", authors="\n" + "".join(f'  - "{n}"\n' for n in names)),
    }

    plan = check(write_digest(tmp_path, files)).plan
    views = {p.url: p.view for p in fill_pages(plan) if isinstance(p.view, NamesPage)}

    shown = {
        url: [(g.heading, [e.text for e in g.entries]) for g in view.groups]
        for url, view in views.items()
        if url.startswith("authors/")
    }
    assert shown == {
        "authors/": [("#", ["3M"]), ("A", ["Ada", "Álvarez"])],
        "authors/page/2/": [("B", ["Bob"]), ("T", ["'t Hooft", "Tom"])],
        "authors/page/3/": [("Z", ["Zoë"]), ("王", ["王芳"])],
    }
    second = views["authors/page/2/"]
    assert [(letter.text, letter.url, letter.anchor) for letter in second.letters] == [
        ("#", "authors/", "l-23"),
        ("A", "authors/", "l-41"),
        ("B", "", "l-42"),
        ("T", "", "l-54"),
        ("Z", "authors/page/3/", "l-5a"),
        ("王", "authors/page/3/", "l-738b"),
    ]
    assert views["venues/"].letters == ()


def test_an_authors_own_page_stands_beside_the_name_and_on_the_authors_page(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": SITE,
        "content/people.yaml": "ben:\n  name: Ben\n  url: https://ben.example/\n",
        "content/papers/a.md": paper(
            "A",
            authors="[{name: Ada, url: 'https://old.example/'}, {name: Ben, url: 'https://b.example/'}]",
            date="2023",
        ),
        "content/papers/b.md": paper(
            "B", authors="[{name: Ada, url: 'https://new.example/'}, Cid]", date="2024"
        ),
    }
    root = write_digest(tmp_path, files)

    plan = check(root).plan
    links = {
        p.url: [link.href for link in p.view.links]
        for p in fill_pages(plan)
        if isinstance(p.view, ListingPage) and p.view.kind == "author"
    }

    assert links == {
        "authors/ada/": ["https://new.example/"],
        "authors/ben/": ["https://ben.example/"],
        "authors/cid/": [],
    }
    assert named_on(publish(root, has_search=False)) == [
        ("Ada", "../../authors/ada/"),
        ("page", "https://old.example/"),
        ("Ben", "../../authors/ben/"),
        ("page", "https://b.example/"),
    ]


def test_without_an_authors_page_the_name_leads_to_the_authors_own(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": f"{SITE}authors: {{min_papers: 0}}\n",
        "content/papers/a.md": paper("A", authors="[{name: Ada, url: 'https://a.example/'}, Ben]"),
    }

    site = publish(write_digest(tmp_path, files), has_search=False)

    assert named_on(site) == [("Ada", "https://a.example/")]


def named_on(site: Path) -> list[tuple[str, str]]:
    """Return the links among the authors of paper `a`."""
    page = html.document_fromstring((site / "papers/a/index.html").read_bytes())
    links = page.findall(".//p[@class='authors']/a")
    return [(a.text or "", a.get("href", "")) for a in links]
