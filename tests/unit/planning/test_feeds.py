"""Feeds: valid in both forms, the same entries under ids that last, and never too large.

Atom is held against a RELAX NG grammar of our own and read by feedparser; JSON Feed against a JSON
Schema. Sources: RFC 4287, RFC 4151, RFC 3339, jsonfeed.org/version/1.1, OPML 2.0.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
from builds import ROOT, build, copy_repository, publish, tree
from lxml import etree, html
from scenarios import check, codes, paper, record, write_digest

SCHEMAS = ROOT / "tests" / "fixtures" / "schemas"
LINKS = ("href", "src")
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITE = "title: 'Feeds & <friends>'\ntagline: A tagline\nbase_url: https://a.example/d/\n"
LONG = "&&&& " * 1_200

DIGEST = {
    "content/site.yaml": SITE + "curator: The 'editors' & co\nfeed: {venues: ICML}\n",
    "content/people.yaml": (
        "ada:\n  name: Ada Lovelace\n  feed: true\nben:\n  name: Ben\n  feed: false\n"
    ),
    "content/topics/models.md": record("About *models*.", name="'Models <& more>'"),
    "content/topics/empty.md": record(name="Nothing yet"),
    "content/digests/2025-01-06.md": record(
        "See [one](/papers/one/), [below](#why), $x^2$ and [out](https://x.example/?a=1&b=2).\n\n"
        "## Why\n\nBecause: &ApplyFunction; &nbsp; ]]> & <b>so</b>.",
        title="'A <new> year'",
        number="7",
        lead="two",
    ),
    "content/papers/one.md": paper(
        "On $O(n)$ & <b>bold</b> ]]> text",
        "A note with $\\alpha < \\beta$ and [two](/papers/two/).",
        authors="[Ada Lovelace, 'Ben & <Cid>']",
        featured="2025-01-06",
        date="2024-12-30",
        updated="2025-01-09",
        topics="[models]",
        venue="ICML 2024",
        tldr="'It is < 5 % slower.'",
        abstract="'First $\\sum_i x_i$ paragraph.'",
    ),
    "content/papers/two.md": paper(
        "عنوان عربي", featured="2025-01-06", language="ar", topics="[models]"
    ),
    "content/papers/bad.md": paper(
        "Not to be relied on",
        featured="2025-01-05",
        status="retracted",
        status_note="'The data were <invented>.'",
        superseded_by="one",
        abstract="Its text.",
    ),
    "content/papers/unfeatured.md": paper("Never featured", date="2025-01-08"),
    "content/papers/draft.md": paper("A draft", featured="2025-01-06", status="draft"),
}
PLACES = ("", "digests/", "topics/models/", "topics/empty/", "authors/ada/", "venues/icml/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small digest, built."""
    return publish(write_digest(tmp_path_factory.mktemp("feeds"), DIGEST), has_search=False)


def atom_of(site: Path, place: str = "") -> etree._Element:
    return etree.fromstring((site / place / "feed.xml").read_bytes())


def json_of(site: Path, place: str = "") -> dict[str, Any]:
    read: dict[str, Any] = json.loads((site / place / "feed.json").read_bytes())
    return read


def entries_of(site: Path, place: str = "") -> dict[str, dict[str, Any]]:
    """Return a feed's entries by id, from JSON."""
    return {item["id"]: item for item in json_of(site, place)["items"]}


def check_both_forms(site: Path, place: str) -> None:
    """Fail unless both forms of a feed are valid and say the same."""
    atom = atom_of(site, place)
    grammar = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
    grammar.assertValid(atom)
    parsed = feedparser.parse((site / place / "feed.xml").read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    read = json_of(site, place)
    jsonschema.validate(read, json.loads((SCHEMAS / "json-feed.json").read_bytes()))
    in_atom = [
        (
            entry.findtext("a:id", "", ATOM),
            entry.findtext("a:title", "", ATOM),
            entry.findtext("a:updated", "", ATOM),
            [name.text for name in entry.iterfind("a:author/a:name", ATOM)],
            entry.findtext("a:content", "", ATOM),
        )
        for entry in atom.iterfind("a:entry", ATOM)
    ]
    in_json = [
        (
            item["id"],
            item["title"],
            item["date_modified"],
            [author["name"] for author in item.get("authors", ())],
            item["content_html"],
        )
        for item in read["items"]
    ]
    assert in_atom == in_json
    assert [entry.id for entry in parsed.entries] == [item[0] for item in in_json]


@pytest.mark.parametrize("place", PLACES)
def test_both_forms_of_a_feed_are_valid_and_say_the_same(site: Path, place: str) -> None:
    check_both_forms(site, place)


@pytest.mark.parametrize("place", ["", "digests/"])
def test_the_grammar_refuses_a_feed_that_is_wrong(site: Path, place: str) -> None:
    grammar = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
    text = (site / place / "feed.xml").read_text(encoding="utf-8")
    for wrong in (
        re.sub(r"T00:00:00\+00:00</updated>", "</updated>", text, count=1),
        text.replace("<id>tag:", "<id>", 1),
        re.sub(r"<title>.*?</title>", "", text, count=1),
        re.sub(r"(<updated>.*?</updated>)", r"\1\1", text, count=1),
    ):
        assert wrong != text
        assert not grammar.validate(etree.fromstring(wrong.encode()))


def test_each_feed_has_its_own_papers_the_newest_first(site: Path) -> None:
    paths = {place: [item["url"] for item in json_of(site, place)["items"]] for place in PLACES}
    base = "https://a.example/d/"
    assert paths == {
        "": [f"{base}papers/{name}/" for name in ("two", "one", "bad")],
        "digests/": [f"{base}digests/{day}/" for day in ("2025-01-06", "2025-01-05")],
        "topics/models/": [f"{base}papers/{name}/" for name in ("two", "one")],
        "topics/empty/": [],
        "authors/ada/": [f"{base}papers/one/"],
        "venues/icml/": [f"{base}papers/one/"],
    }
    assert not (site / "authors/ben/feed.xml").exists()


def test_text_is_whole_without_mathml_and_with_complete_addresses(site: Path) -> None:
    for place in PLACES:
        for item in json_of(site, place)["items"]:
            content = html.fragment_fromstring(item["content_html"], create_parent="div")
            assert not list(content.iter("math", "script", "style"))
            links = [link.get(name, "https://") for link in content.iter() for name in LINKS]
            assert [link for link in links if not link.startswith("https://")] == []
            assert [element.tag for element in content.iter() if element.get("id")] == []
    one = entries_of(site)["tag:broadsheet.invalid,2025:paper:one"]
    assert one["title"] == "On O(n) & <b>bold</b> ]]> text"
    for words in ("It is &lt; 5 % slower.", "α &lt; β", "∑", "papers/two/", "First"):
        assert words in one["content_html"]
    issue = entries_of(site, "digests/")["tag:broadsheet.invalid,2025:digest:2025-01-06"]
    assert issue["title"] == "Monday, 6 January 2025, No. 7: A <new> year"
    for words in ("digests/2025-01-06/#", "?a=1&amp;b=2", "papers/two/", "عنوان عربي", "x²"):
        assert words in issue["content_html"]
    assert issue["content_html"].index("عنوان") < issue["content_html"].index("On O(n)")


def test_dates_come_from_records_alone(site: Path) -> None:
    one = entries_of(site)["tag:broadsheet.invalid,2025:paper:one"]
    assert one["date_published"] == "2025-01-06T00:00:00+00:00"
    assert one["date_modified"] == "2025-01-09T00:00:00+00:00"
    assert atom_of(site).findtext("a:updated", "", ATOM) == "2025-01-09T00:00:00+00:00"
    empty = atom_of(site, "topics/empty/").findtext("a:updated", "", ATOM)
    assert empty == "1970-01-01T00:00:00+00:00"


def test_a_retracted_paper_keeps_its_entry_and_says_so(site: Path) -> None:
    bad = entries_of(site)["tag:broadsheet.invalid,2025:paper:bad"]
    assert bad["title"] == "Retracted: Not to be relied on"
    start = (
        "<p><strong>Retracted.</strong> The data were &lt;invented&gt;. Replaced by "
        '<a href="https://a.example/d/papers/one/">'
        "On O(n) &amp; &lt;b&gt;bold&lt;/b&gt; ]]&gt; text</a>.</p>"
    )
    assert bad["content_html"].startswith(start)
    assert "Its text." in bad["content_html"]
    issue = entries_of(site, "digests/")["tag:broadsheet.invalid,2025:digest:2025-01-05"]
    assert '<h3>Retracted: <s><a href="https://a.example/d/papers/bad/">' in issue["content_html"]


def test_a_build_without_a_change_leaves_every_feed_as_it_was(tmp_path: Path) -> None:
    root = write_digest(tmp_path, DIGEST)
    first = tree(publish(root, has_search=False))
    again = tree(publish(root, has_search=False))
    afresh = tree(publish(root, has_search=False, output=tmp_path / "other"))
    feeds = [path for path in first if re.search(r"feed\.(xml|json)$|\.opml$", path)]
    assert len(feeds) == 2 * len(PLACES) + 1
    assert {path: first[path] for path in feeds} == {path: again[path] for path in feeds}
    assert {path: first[path] for path in feeds} == {path: afresh[path] for path in feeds}


def test_another_domain_keeps_every_id(tmp_path: Path) -> None:
    root = copy_repository(tmp_path)
    here = tree(publish(root, has_search=False))
    there = tree(publish(root, has_search=False, base_url="https://elsewhere.example/x/y/"))
    feeds = [path for path in here if path.endswith("feed.json")]
    assert len(feeds) == 18
    seen = 0
    for path in feeds:
        before, after = json.loads(here[path]), json.loads(there[path])
        ids = [item["id"] for item in before["items"]]
        assert ids == [item["id"] for item in after["items"]]
        assert before["items"] == [] or before["items"][0]["url"] != after["items"][0]["url"]
        seen += len(ids)
        names = [path.replace("feed.json", "feed.xml")]
        pattern = rb"<id>(.*?)</id>"
        assert re.findall(pattern, here[names[0]]) == re.findall(pattern, there[names[0]])
    assert seen > 200
    moved = tree(publish(root, has_search=False))
    assert moved == here


def test_ids_begin_with_the_authority_that_the_settings_name(tmp_path: Path) -> None:
    own = SITE + "feed: {authority: 'Ed@Example.org,2019-02'}\n"
    site = publish(write_digest(tmp_path, {**DIGEST, "content/site.yaml": own}), has_search=False)
    assert json_of(site)["items"][0]["id"] == "tag:ed@example.org,2019-02:paper:two"
    check_both_forms(site, "")


@pytest.mark.parametrize(
    "authority", ["example.org", "2025", "a b,2025", "x.org,20255", "é.org,2025"]
)
def test_an_authority_without_a_date_or_with_strange_signs_is_refused(
    tmp_path: Path, authority: str
) -> None:
    yaml = SITE + f"feed: {{authority: '{authority}'}}\n"
    assert codes(check(write_digest(tmp_path, {"content/site.yaml": yaml})).diagnostics) == [
        "invalid-identifier"
    ]


def test_a_renamed_paper_is_no_new_entry(tmp_path: Path) -> None:
    root = write_digest(tmp_path, DIGEST)
    before = entries_of(publish(root, has_search=False))
    old = (root / "content/papers/one.md").read_text(encoding="utf-8")
    (root / "content/papers/one.md").unlink()
    aliases = "aliases: [2412.00010v2, /posts/one/, one, between]\n"
    renamed = old.replace("featured:", aliases + "featured:", 1)
    (root / "content/papers/2412.00010.md").write_text(renamed, encoding="utf-8")
    digest = root / "content/digests/2025-01-06.md"
    linked = digest.read_text(encoding="utf-8").replace("/papers/one/", "/papers/2412.00010/")
    digest.write_text(linked, encoding="utf-8")
    bad = root / "content/papers/bad.md"
    followed = bad.read_text(encoding="utf-8").replace("by: one", "by: 2412.00010")
    bad.write_text(followed, encoding="utf-8")

    site = publish(root, has_search=False)

    after = entries_of(site)
    assert list(after) == list(before)
    one = after["tag:broadsheet.invalid,2025:paper:one"]
    assert one["url"] == "https://a.example/d/papers/2412.00010/"
    check_both_forms(site, "")


def test_a_renamed_topic_keeps_the_feed_that_readers_subscribed_to(tmp_path: Path) -> None:
    root = write_digest(tmp_path, DIGEST)
    before = json_of(publish(root, has_search=False), "topics/models/")
    old = root / "content/topics/models.md"
    new = old.with_name("large-models.md")
    text = old.read_text(encoding="utf-8").replace(
        "name:", "aliases: [models, /topics/models/]\nname:"
    )
    new.write_text(text, encoding="utf-8")
    old.unlink()

    site = publish(root, has_search=False)

    for place in ("topics/models/", "topics/large-models/"):
        check_both_forms(site, place)
        entries = entries_of(site, place)
        assert list(entries) == [item["id"] for item in before["items"]]
    assert (site / "topics/models/feed.xml").read_bytes() == (
        site / "topics/large-models/feed.xml"
    ).read_bytes()
    self_link = atom_of(site, "topics/models/").find("a:link[@rel='self']", ATOM)
    assert self_link is not None
    assert self_link.get("href") == "https://a.example/d/topics/large-models/feed.xml"
    assert "feed:topic:models" in (site / "topics/large-models/feed.xml").read_text("utf-8")


def test_a_removed_paper_leaves_the_feeds_and_the_others_stay_as_they_were(tmp_path: Path) -> None:
    root = write_digest(tmp_path, DIGEST)
    before = entries_of(publish(root, has_search=False))
    (root / "content/papers/bad.md").unlink()
    after = entries_of(publish(root, has_search=False))
    del before["tag:broadsheet.invalid,2025:paper:bad"]
    assert after == before


def test_a_feed_is_cut_at_whole_entries(tmp_path: Path) -> None:
    files = {
        f"content/papers/p{n:02}.md": paper(
            f"Paper {n}", f'"&<\u2028 {LONG}', featured=f"2025-01-{n:02}"
        )
        for n in range(1, 15)
    }
    # Larger than any feed may be; it is passed over.
    files["content/papers/p15.md"] = paper("Huge", "&&&& " * 16_000, featured="2025-01-15")
    root = write_digest(tmp_path, {**files, "content/site.yaml": SITE + "feed: {entries: 20}\n"})

    site = publish(root, has_search=False)

    sizes = [(site / f"feed.{form}").stat().st_size for form in ("xml", "json")]
    assert 400_000 < max(sizes) <= 512_000, sizes
    check_both_forms(site, "")
    titles = [item["title"] for item in json_of(site)["items"]]
    assert titles == [f"Paper {n}" for n in range(14, 14 - len(titles), -1)]
    assert len(titles) >= 8
    assert all(item["content_html"].endswith("</p>") for item in json_of(site)["items"])


def test_a_feed_has_as_many_entries_as_the_settings_allow(tmp_path: Path) -> None:
    own = SITE + "feed: {entries: 2}\n"
    site = publish(write_digest(tmp_path, {**DIGEST, "content/site.yaml": own}), has_search=False)
    assert len(json_of(site)["items"]) == 2


def test_an_issue_with_very_many_papers_says_how_many_more_there_are(tmp_path: Path) -> None:
    files = {
        f"content/papers/p{n}.md": paper(f"Paper {n}", featured="2025-01-06") for n in range(160)
    }
    site = publish(write_digest(tmp_path, {**files, "content/site.yaml": SITE}), has_search=False)
    (issue,) = json_of(site, "digests/")["items"]
    assert issue["content_html"].count("<h3>") == 150
    assert issue["content_html"].endswith(
        '<p><a href="https://a.example/d/digests/2025-01-06/">10 more on the site</a></p>'
    )


def test_a_week_is_an_entry_once_it_is_over(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": SITE + "digests: [week]\n",
        "content/papers/a.md": paper("A", featured="2025-01-03"),
        "content/papers/b.md": paper("B", featured="2025-01-08"),
    }
    root = write_digest(tmp_path, files)
    urls = [item["url"] for item in json_of(publish(root, has_search=False), "digests/")["items"]]
    assert urls == ["https://a.example/d/digests/2025-W01/"]
    from datetime import date

    later = publish(root, has_search=False, as_of=date(2025, 1, 12))
    assert [item["date_published"] for item in json_of(later, "digests/")["items"]] == [
        "2025-01-12T00:00:00+00:00",
        "2025-01-05T00:00:00+00:00",
    ]


def test_days_begin_at_midnight_of_the_digests_zone_even_long_ago(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": SITE + "time_zone: Europe/Berlin\n",
        "content/papers/a.md": paper("A", featured="2025-07-03"),
        "content/papers/b.md": paper("B", featured="1850-01-08"),
    }
    site = publish(write_digest(tmp_path, files), has_search=False, is_strict=False)
    assert [item["date_published"] for item in json_of(site)["items"]] == [
        "2025-07-03T00:00:00+02:00",
        "1850-01-08T00:00:00+00:00",
    ]
    check_both_forms(site, "")


def test_a_digest_that_features_nothing_feeds_papers_by_their_date(tmp_path: Path) -> None:
    files = {
        "content/papers/a.md": paper("A", date="2025-01-03"),
        "content/papers/b.md": paper("B", date="2025-01-08"),
        "content/papers/c.md": paper("C", date="2025-01"),
    }
    site = publish(write_digest(tmp_path, files), has_search=False)
    assert [item["title"] for item in json_of(site)["items"]] == ["B", "A"]


def test_a_hub_is_named_only_where_the_settings_name_one(site: Path, tmp_path: Path) -> None:
    assert b"hub" not in (site / "feed.xml").read_bytes()
    own = SITE + "feed: {hub: 'https://hub.example/?a=1&b=2'}\n"
    root = write_digest(tmp_path, {**DIGEST, "content/site.yaml": own})
    hubbed = publish(root, has_search=False)
    link = atom_of(hubbed).find("a:link[@rel='hub']", ATOM)
    assert link is not None
    assert link.get("href") == "https://hub.example/?a=1&b=2"
    assert json_of(hubbed)["hubs"] == [{"type": "WebSub", "url": "https://hub.example/?a=1&b=2"}]
    check_both_forms(hubbed, "")


def test_every_page_offers_the_feeds_that_belong_to_it(site: Path) -> None:
    offered = {}
    for page in (
        "index.html",
        *(f"{place}index.html" for place in PLACES[1:]),
        "papers/one/index.html",
    ):
        parsed = html.fromstring((site / page).read_bytes())
        links = [link for link in parsed.iter("link") if link.get("rel") == "alternate"]
        offered[page] = [(link.get("type"), link.get("href"), link.get("title")) for link in links]
    everywhere = offered["papers/one/index.html"]
    assert everywhere == [
        ("application/atom+xml", "../../feed.xml", "Feeds & <friends>: New papers"),
        ("application/feed+json", "../../feed.json", "Feeds & <friends>: New papers (JSON)"),
        ("application/atom+xml", "../../digests/feed.xml", "Feeds & <friends>: Digests"),
        ("application/feed+json", "../../digests/feed.json", "Feeds & <friends>: Digests (JSON)"),
    ]
    for place in PLACES[2:]:
        own = offered[f"{place}index.html"][4:]
        assert [link[1] for link in own] == [f"../../{place}feed.xml", f"../../{place}feed.json"]


def test_the_list_of_feeds_names_every_feed_and_its_page(site: Path) -> None:
    opml = etree.fromstring((site / "feeds.opml").read_bytes())
    assert (opml.tag, opml.get("version")) == ("opml", "2.0")
    assert opml.findtext("head/title") == "Feeds & <friends>"
    outlines = [outline for outline in opml.iter("outline") if outline.get("type")]
    assert {outline.get("type") for outline in outlines} == {"rss"}
    assert [(o.get("htmlUrl"), o.get("xmlUrl")) for o in outlines] == [
        (f"https://a.example/d/{place}", f"https://a.example/d/{place}feed.xml")
        for place in (
            "",
            "digests/",
            "topics/empty/",
            "topics/models/",
            "authors/ada/",
            "venues/icml/",
        )
    ]
    assert all(outline.get("text") for outline in opml.iter("outline"))


def test_a_venue_that_no_paper_names_cannot_have_a_feed(tmp_path: Path) -> None:
    own = SITE + "feed:\n  venues: [ICML, Nowhere 2020]\n"
    (found,) = check(write_digest(tmp_path, {**DIGEST, "content/site.yaml": own})).diagnostics
    assert (found.code.value, found.span.line, found.span.excerpt) == (
        "invalid-choice",
        5,
        "  venues: [ICML, Nowhere 2020]",
    )


def test_topics_that_only_papers_name_have_no_feed(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": SITE + "topics: open\n",
        "content/papers/a.md": paper("A", featured="2025-01-03", topics="[free words]"),
    }
    site = publish(write_digest(tmp_path, files), has_search=False)
    assert (site / "topics/free-words/index.html").is_file()
    assert not (site / "topics/free-words/feed.xml").exists()
    assert "free-words/feed" not in (site / "topics/free-words/index.html").read_text("utf-8")


def test_without_an_address_links_in_a_feed_lead_from_the_feed(tmp_path: Path) -> None:
    own = "title: Nowhere\n"
    result = build(write_digest(tmp_path, {**DIGEST, "content/site.yaml": own}), has_search=False)
    assert codes(result.diagnostics) == ["no-base-url"]
    feed = json_of(result.output, "topics/models/")
    assert feed["items"][0]["url"] == "../../papers/two/"
    assert not (result.output / "feeds.opml").exists()
