"""What the first edition's readers find, for the words they may remember."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from browser.conftest import BuiltSite, OpenPage
from playwright.sync_api import Browser, Page, expect

from broadsheet.effects.index_parts import IndexParts
from broadsheet.workers.pagefind_ranking import Pages, rank_papers
from broadsheet.workers.tex.lines import convert_line
from broadsheet.workers.tex.parsing import TexReport

pytestmark = pytest.mark.browser

# Pagefind alone, with the weights of the search page.
ASK_PAGEFIND = """async word => {
    const { module } = document.querySelector('dialog[data-module]').dataset;
    const { find } = await import(new URL(module, location.href));
    await find('0000.00000');
    const root = new URL(document.documentElement.dataset.root, location.href);
    const { results } = await (await import(new URL('pagefind/pagefind.js', root))).search(word);
    return results.map(({ id, score }) => ({ id, score }));
}"""

# What stands on the first page for each query, the first at the top; exact, then near matches.
EXPECTED = {
    "logarithm": (["2409.08729"], 4, []),
    "mathematical reasoning": (["2408.08640", "2403.02884"], 20, []),
    "quantization": (["2403.02775", "2409.17066"], 10, []),
    "GSM8K": (["2401.08190"], 10, []),
    "L-Mul": (["2410.00907"], 1, []),
    "QuIP#": (["2405.14852"], 1, []),
    "2403.02884": (["2403.02884"], 1, []),
    "https://arxiv.org/abs/2403.02884v1": (["2403.02884"], 1, []),
    "https://doi.org/10.48550/arXiv.2403.02884": (["2403.02884"], 1, []),
    "arXiv:2403.02884v1 [cs.CL]": (["2403.02884"], 1, []),
    "O(K^{2/3})": (["2301.12942"], 1, []),
    "quantisaton": ([], 0, ["2403.02775", "2409.17066"]),
    "logaritm of Bessel functions": ([], 0, ["2409.08729"]),
    "Zhengyang Tang": (["2403.02884"], 1, []),
    '"vector quantization"': (["2409.17066"], 1, []),
    "“vector quantization”": (["2409.17066"], 1, []),
    "\ufb01ne-tuning": ([], 10, []),
}


def ids(page: Page, where: str) -> list[str]:
    """Return the ids of the rows of one of the two lists."""
    buttons = page.locator(f"main {where} [data-save]").all()
    return [str(button.get_attribute("data-save")) for button in buttons]


@pytest.mark.parametrize("query", EXPECTED)
def test_a_reader_finds_what_was_half_remembered(
    site: BuiltSite, open_page: OpenPage, query: str
) -> None:
    exact, least, near = EXPECTED[query]
    page = open_page(f"{site.url}search/?{urlencode({'q': query})}")
    expect(page.locator("[data-count]")).to_contain_text(f"“{query}”")
    found = ids(page, "[data-results]")
    assert len(found) >= min(least, 10)
    assert set(exact) <= set(found[: max(2, len(exact) + 2)])
    assert set(near) <= set(ids(page, "[data-near-results]"))


def test_a_whole_title_stands_first(site: BuiltSite, open_page: OpenPage) -> None:
    papers = list(site.library.papers.values())[::9]
    for paper in papers:
        title = convert_line((), paper.title, TexReport(), has_links=False)[0].plain
        page = open_page(f"{site.url}search/?{urlencode({'q': title})}")
        first = page.locator("main [data-results] [data-save]").first
        expect(first).to_have_attribute("data-save", paper.id)
        page.close()


@pytest.mark.parametrize("query", ["zzyzxqv", "toxicity", "tokamak", "C#", "2403.99999"])
def test_a_word_that_no_paper_holds_finds_nothing(
    site: BuiltSite, open_page: OpenPage, query: str
) -> None:
    page = open_page(f"{site.url}search/?{urlencode({'q': query})}")
    expect(page.locator("[data-count]")).to_have_text(f"No papers for “{query}”")
    expect(page.locator("main .papers li")).to_have_count(0)


def test_what_was_typed_before_changes_no_answer(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/")
    page.get_by_label("Search papers").press_sequentially("thermodynamics", delay=200)
    expect(page.locator("[data-count]")).to_have_text("No papers for “thermodynamics”")


def test_back_shows_as_many_rows_as_there_were(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?q=model")
    rows = page.locator("main [data-results] > li")
    expect(rows).to_have_count(10)
    page.get_by_role("button", name="More results").click()
    expect(rows).to_have_count(20)
    rows.nth(15).locator("h3 a").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    expect(rows).to_have_count(20)


def test_a_phrase_in_quotes_brings_no_near_matches(site: BuiltSite, open_page: OpenPage) -> None:
    query = urlencode({"q": '"vector quantization"'})
    page = open_page(f"{site.url}search/?{query}")
    expect(page.locator("[data-count]")).to_contain_text("paper")
    expect(page.locator("[data-near]")).to_be_hidden()


def test_near_matches_are_marked_in_the_dialog_too(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(site.url)
    page.keyboard.press("/")
    page.keyboard.type("logarithm of Bessel functions")
    expect(page.locator("dialog [data-note]")).to_have_text("1 paper")
    marks = page.locator("dialog [data-results] li", has_text="Near matches")
    expect(marks).to_have_count(1)
    assert page.locator("dialog [data-results] li").nth(1).inner_text().startswith("Near matches")


def test_numbers_beside_choices_come_when_somebody_turns_to_them(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}search/?q=quantization")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    expect(page.locator("main [data-results] > li")).to_have_count(10)
    assert not [url for url in fetched if "/filter/" in url]
    choice = page.locator("select[name=year] option[value='2024']")
    expect(choice).to_have_text("2024")
    page.get_by_label("Year").focus()
    expect(choice).not_to_have_text("2024")
    number = int(choice.inner_text().removeprefix("2024 (").removesuffix(")"))
    page.get_by_label("Year").select_option("2024")
    expect(page.locator("[data-count] h2")).to_contain_text(f"{number} paper")
    assert [url for url in fetched if "/filter/" in url]


def test_back_and_forward_restore_the_results(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}search/?q=bessel")
    page.locator("main [data-results] h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bessel")
    page.go_back()
    expect(page.get_by_label("Search papers")).to_have_value("bessel")
    expect(page.locator("main [data-results] h3").first).to_contain_text("Bessel")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bessel")


def test_arrows_move_from_the_field_through_the_pages_results(
    site: BuiltSite, open_page: OpenPage
) -> None:
    page = open_page(f"{site.url}search/?q=quantization")
    links = page.locator("main .papers h3 a")
    expect(links).to_have_count(10)
    page.get_by_label("Search papers").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()


def test_without_the_network_the_reader_is_told_so(site: BuiltSite, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{site.url}search/")
    page.context.set_offline(True)
    page.get_by_label("Search papers").fill("bessel")
    expect(page.locator("[data-count]")).to_have_text(
        "You are offline, and search needs the network."
    )
    page.close()


@pytest.mark.parametrize("blocked", ["**/*.pf_index", "**/*.pf_fragment"])
def test_a_blocked_part_of_the_index_is_said(
    site: BuiltSite, chromium: Browser, blocked: str
) -> None:
    page = chromium.new_page()
    page.goto(f"{site.url}search/")
    page.context.route(blocked, lambda route: route.abort("blockedbyclient"))
    page.get_by_label("Search papers").fill("logaritm of Bessel functions")
    expect(page.locator("[data-count]")).to_have_text("Search could not be loaded.")
    page.close()


@pytest.mark.parametrize("blocked", ["**/words/*.txt", "**/words.json"])
def test_without_what_only_helps_papers_are_found(
    site: BuiltSite, chromium: Browser, blocked: str
) -> None:
    page = chromium.new_page()
    page.goto(f"{site.url}search/")
    page.context.route(blocked, lambda route: route.abort("blockedbyclient"))
    page.get_by_label("Search papers").fill("logarithm")
    expect(page.locator("main [data-results] h3")).to_have_count(4)
    page.close()


def test_browsers_are_told_how_to_search(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}topics/")
    link = page.locator("link[rel=search]")
    expect(link).to_have_attribute("type", "application/opensearchdescription+xml")
    text = (site.folder / "opensearch.xml").read_text(encoding="utf-8")
    assert 'template="https://broadsheet.example/search/?q={searchTerms}"' in text


def test_a_missing_page_has_a_search_box(site: BuiltSite, open_page: OpenPage) -> None:
    page = open_page(f"{site.url}papers/none/", missing=True)
    page.get_by_role("main").get_by_label("Search papers").fill("bessel")
    page.keyboard.press("Enter")
    expect(page.locator("main [data-results] h3").first).to_contain_text("Bessel")


def test_counting_scores_no_paper(site: BuiltSite, open_page: OpenPage) -> None:
    # Pagefind takes some names of filters for operators, and then would score every paper.
    page = open_page(f"{site.url}search/")
    script = next((site.folder / "assets").glob("finding.*.js")).read_text(encoding="utf-8")
    name = script.split("const count =")[1].split("filters: { ")[1].split(":")[0]
    counted = page.evaluate(
        """async ([name, address]) => {
            const pagefind = await import(address);
            const { results, unfilteredResultCount } =
                await pagefind.search('model', { filters: { [name]: 'x' } });
            return [results.length, unfilteredResultCount > 10];
        }""",
        [name, f"{site.url}pagefind/pagefind.js"],
    )
    assert counted == [0, True]


@pytest.mark.parametrize("word", ["a", "to", "model", "models", "language", "learning", "proposed"])
def test_papers_are_ranked_for_a_word_as_pagefind_ranks_them(
    site: BuiltSite, open_page: OpenPage, word: str
) -> None:
    parts = IndexParts(site.folder / "pagefind")
    pages = Pages([length for _, length in parts.meta.pages], parts.meta.fields)
    stems = {"models": "model", "language": "languag", "learning": "learn", "proposed": "propos"}
    stem = stems.get(word, word)
    ranked = rank_papers(word, stem, parts.read_words(word, stem), pages, 40)
    results = open_page(site.url).evaluate(ASK_PAGEFIND, word)
    scores = {result["id"]: round(result["score"], 3) for result in results}
    assert [scores[parts.meta.pages[number][0]] for number in ranked] == [
        round(result["score"], 3) for result in results[:40]
    ]
