"""The email edition: what stands in it, how large it is, and what goes over the wire."""

from __future__ import annotations

import email
import email.policy
import re
import webbrowser
from email.message import EmailMessage
from pathlib import Path

import pytest
from builds import copy_repository
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from mail_fixtures import write_mailed_digest
from scenarios import check, paper, record, write_digest

from broadsheet.assembly.commands import broadsheet
from broadsheet.assembly.mailing import Editions
from broadsheet.domain.settings import MailSettings
from broadsheet.domain.subscribers import read_subscribers
from broadsheet.foundations.sources import SourceText
from broadsheet.workers.composing import MAX_HTML, ComposedEmail
from broadsheet.workers.messages import Publication, write_message

KEY = "2025-03-19"
LONG = "https://example.org/leave?" + "x" * 262 + "&a={address}"
CODED = "=?utf-8?q?not_a_word?="
SCRIPTS = (
    "王芳",
    "محمد عبد الله",
    "Παύλος Μελάς",
    "Þórdís Ólafsdóttir",
    'O\'Neil "Tip" Jr., PhD',
    "किरण कुमार",
    "👩‍🔬 Ada",
    CODED,
    "a <b@c.example>, d",
)


def compose(root: Path, key: str = KEY, choice: tuple[str, ...] = ()) -> ComposedEmail:
    outcome = Editions(check(root), key).compose(choice)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def publication(**mail: str) -> Publication:
    settings = MailSettings(**{"sender": "digest@example.org", **mail})  # type: ignore[arg-type]
    return Publication("The Digest", "https://example.org/", settings)


def subscriber(name: str = "", address: str = "ada@example.org") -> str:
    quoted = name.replace('"', '""')
    return f'address,name,consent\n{address},"{quoted}",2024-01-01\n'


def message(pub: Publication, edition: ComposedEmail, name: str = "") -> bytes:
    outcome = read_subscribers(SourceText("list.csv", subscriber(name)), (), "day")
    assert outcome.diagnostics == ()
    return write_message(pub, edition, outcome.value[0], 1_742_400_000.0)


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> ComposedEmail:
    """The edition of the repository's own digest, with its 90 papers."""
    return compose(copy_repository(tmp_path_factory.mktemp("seed")))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ComposedEmail:
    return compose(write_mailed_digest(tmp_path_factory.mktemp("small"), 25))


def test_the_seed_digest_fits_whole_into_what_mail_programs_show(seed: ComposedEmail) -> None:
    assert (seed.count, seed.left_out) == (90, 0)
    assert 60_000 < len(seed.html.encode()) <= MAX_HTML
    assert seed.html.count("<h3") == 89
    assert seed.text.count("https://broadsheet.example/papers/") == 90


def test_nothing_in_it_is_fetched_or_run_or_followed(seed: ComposedEmail) -> None:
    assert not re.search(r"<(img|script|link|iframe|svg|math|form|object)\b", seed.html)
    assert not re.search(r"url\(|@import|\son\w+=|\ue000", seed.html)
    links = re.findall(r'href="([^"]*)"', seed.html)
    own = [link for link in links if link.startswith("https://broadsheet.example/")]
    assert len(own) > 100
    assert all("?" not in link for link in own)


def test_html_and_text_have_the_same_papers_in_the_same_order(seed: ComposedEmail) -> None:
    pattern = r"https://broadsheet\.example/papers/([^/]+)/"
    assert re.findall(pattern, seed.html) == re.findall(pattern, seed.text)


def test_too_many_papers_are_left_out_whole_and_counted(tmp_path: Path) -> None:
    papers = {
        f"content/papers/p{n:03}.md": paper(
            f"Paper {n}", featured=KEY, tldr="'" + "A sentence of some length. " * 10 + "'"
        )
        for n in range(200)
    }
    edition = compose(write_digest(tmp_path, papers))
    shown = edition.html.count("<h3") + 1
    assert edition.left_out == 200 - shown > 0
    assert len(edition.html.encode()) <= MAX_HTML
    assert len(edition.html.encode()) > MAX_HTML - 4_000
    assert f"{edition.left_out} more on the site." in edition.html
    assert f"{edition.left_out} more on the site." in edition.text
    assert edition.html.rstrip().endswith("</html>")


def test_a_note_that_fills_the_email_is_left_to_the_site(tmp_path: Path) -> None:
    files = {
        "content/papers/a.md": paper("A", featured=KEY),
        f"content/digests/{KEY}.md": record("word " * 25_000, title="Long"),
    }
    edition = compose(write_digest(tmp_path, files))
    assert len(edition.html.encode()) < 10_000
    assert "Read the curator’s note" in edition.html


def test_formulas_are_text_simple_ones_with_scripts(tmp_path: Path) -> None:
    titles = {
        "a": r"On $x^2 + y_i$ and $O(n \log n)$",
        "b": r"$\frac{a}{b}$ & <b>bold</b>",
        "c": r"$\mathbb{R}^n$, CO$_2$, $100\times$",
    }
    files = {f"content/papers/{k}.md": paper(v, featured=KEY) for k, v in titles.items()}
    edition = compose(write_digest(tmp_path, files))
    assert "On <i>x</i><sup" in edition.html
    assert re.search(r"\+ <i>y</i><sub[^>]*><i>i</i></sub> and O\(n log n\)", edition.html)
    assert "a/b &amp; &lt;b&gt;bold&lt;/b&gt;" in edition.html
    assert re.search(r"R<sup[^>]*><i>n</i></sup>, CO<sub[^>]*>2</sub>, 100×", edition.html)
    assert "On x² + yᵢ and O(n log n)" in edition.text
    assert "a/b & <b>bold</b>" in edition.text


@pytest.mark.parametrize(
    ("tex", "html", "plain"),
    [
        (
            r"L(s) = A \cdot S_1^{-\alpha}",
            "<i>L</i>(<i>s</i>) = <i>A</i>⋅<i>S</i><sub>1</sub><sup>−<i>α</i></sup>",
            "L(s) = A⋅S₁⁻ᵅ",
        ),
        (r"p = \frac{a}{b}", "p = a/b", "p = a/b"),
        (r"\phantom{x} y", None, None),
        (r"x^2 y" * 30, None, None),
    ],
)
def test_the_leads_equation_is_a_plate_where_it_can_be_text(
    tex: str, html: str | None, plain: str | None, tmp_path: Path
) -> None:
    lead = paper("Law", abstract=f"'We find $${tex}$$ and more.'", featured=KEY, tldr="Short.")
    edition = compose(write_digest(tmp_path, {"content/papers/a.md": lead}))
    shown = re.search(r'<p class="plate"[^>]*>(.*?)</p>', edition.html)
    assert (re.sub(r' style="[^"]*"', "", shown[1]) if shown else None) == html
    assert (f"\n\n    {plain}\n" in edition.text) == (plain is not None)


def test_a_note_keeps_its_links_and_loses_its_images(tmp_path: Path) -> None:
    body = (
        "See [the paper](/papers/a/).\n\n- one\n- two\n\n![A plot](/x.png)\n\n## More\n\n`x < y`\n"
    )
    files = {
        "content/papers/a.md": paper("A", featured=KEY),
        f"content/digests/{KEY}.md": record(body, title="'Quotes \" & <tags>'"),
        "content/static/x.png": "x",
    }
    edition = compose(write_digest(tmp_path, files))
    assert 'href="https://example.org/papers/a/"' in edition.html
    assert "[A plot]" in edition.html
    assert 'Quotes " &amp; &lt;tags&gt;' in edition.html.replace("&quot;", '"')
    expected = "See the paper (https://example.org/papers/a/).\n\n- one\n\n- two\n\n[A plot]"
    assert expected in edition.text
    assert "x < y" in edition.text


def test_the_headers_are_what_mailing_lists_say_and_addresses_stay_whole(
    small: ComposedEmail,
) -> None:
    pub = publication(unsubscribe=LONG, unsubscribe_mail="leave@example.org", one_click="yes")
    raw = message(pub, small, "Ada Lovelace")
    head = raw.split(b"\r\n\r\n", 1)[0]
    url = LONG.replace("{address}", "ada%40example.org")
    assert len(url) >= 300
    whole = f"List-Unsubscribe: <{url}>, <mailto:leave@example.org?subject=unsubscribe>\r\n"
    assert whole.encode() in head + b"\r\n"
    assert head.startswith(
        b"From: The Digest <digest@example.org>\r\nTo: Ada Lovelace <ada@example.org>\r\n"
    )
    for line in (
        b"Date: Wed, 19 Mar 2025 16:00:00 -0000",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b'List-Id: "The Digest" <digest.example.org>',
        b"List-Archive: <https://example.org/digests/>",
        b"Auto-Submitted: auto-generated",
        b"Precedence: bulk",
        b"MIME-Version: 1.0",
    ):
        assert b"\r\n" + line + b"\r\n" in head + b"\r\n"
    assert re.search(rb"\r\nMessage-ID: <2025-03-19\.[0-9a-f]{32}@example\.org>", head)
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert message(pub, small, "Ada Lovelace").split(b"boundary")[0] == raw.split(b"boundary")[0]


@pytest.mark.parametrize(
    "odd", ["https://example.org/=?utf-8?q?x?=", "https://example.org/l?a=?b?c?="]
)
def test_an_address_that_looks_coded_stays_as_it_is(odd: str, small: ComposedEmail) -> None:
    raw = message(publication(unsubscribe=odd), small)
    assert f"\r\nList-Unsubscribe: <{odd}>\r\n".encode() in raw


def test_the_longest_addresses_are_broken_only_between_them(small: ComposedEmail) -> None:
    host = f"{'b' * 60}.{'b' * 60}.{'b' * 54}.example"
    page = "https://example.org/" + "x" * 571 + "{address}"
    pub = publication(unsubscribe=page, unsubscribe_mail=f"leave@{host}")
    people = f"address,consent\n{'é' * 32}@{host},2024-01-01\n{'é' * 33}@{host},2024-01-01\n"
    outcome = read_subscribers(SourceText("list.csv", people), (), "day")
    assert [(d.code.value, d.span.line) for d in outcome.diagnostics] == [("invalid-address", 3)]
    head = write_message(pub, small, outcome.value[0], 0.0).split(b"\r\n\r\n", 1)[0]
    assert len(page) == 600
    url = page.replace("{address}", "%C3%A9" * 32 + "%40" + host)
    whole = f"List-Unsubscribe: <{url}>,\r\n <mailto:leave@{host}?subject=unsubscribe>\r\n"
    assert whole.encode() in head
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))


def test_one_click_is_promised_only_where_somebody_takes_it(small: ComposedEmail) -> None:
    by_mail = message(publication(unsubscribe_mail="leave@example.org"), small)
    by_page = message(publication(unsubscribe="https://example.org/leave"), small)
    assert b"\r\nList-Unsubscribe: <mailto:leave@example.org?subject=unsubscribe>\r\n" in by_mail
    assert b"\r\nList-Unsubscribe: <https://example.org/leave>\r\n" in by_page
    assert b"List-Unsubscribe-Post" not in by_mail + by_page


def parse(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_both_parts_come_back_as_they_were_written(small: ComposedEmail) -> None:
    parsed = parse(message(publication(unsubscribe="https://example.org/?a={address}&b"), small))
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    text, html = (part.get_content() for part in parsed.iter_parts())
    address = "https://example.org/?a=ada%40example.org&b"
    text, html = (str(part).replace("\r\n", "\n") for part in (text, html))
    assert text == small.text.replace("\ue00f", address)
    assert html.rstrip("\n") == small.html.replace("\ue00f", address.replace("&", "&amp;")).rstrip(
        "\n"
    )
    assert parsed.defects == []


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name != CODED])
def test_names_of_every_script_and_sign_arrive_intact(name: str, small: ComposedEmail) -> None:
    parsed = parse(message(publication(), small, name))
    (to,) = parsed["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "ada@example.org")


@pytest.mark.parametrize("title", SCRIPTS)
def test_titles_of_every_script_and_sign_arrive_intact(title: str, tmp_path: Path) -> None:
    root = write_digest(tmp_path, {"content/papers/a.md": paper(title, featured=KEY)})
    edition = compose(root)
    raw = message(publication(), edition)
    parsed = parse(raw)
    assert parsed["Subject"] == f"A test digest, 19 March 2025: {title}"
    lines = re.findall(rb"=\?utf-8\?[^?]*\?[^?]*\?=", raw.split(b"\r\n\r\n")[0])
    assert all(len(word) <= 75 for word in lines)
    assert title in parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]


@given(st.text())
def test_no_name_adds_a_header(small: ComposedEmail, name: str) -> None:
    text = subscriber(name.replace("\r", "\n"))
    outcome = read_subscribers(SourceText("list.csv", text), (), "day")
    if not outcome.value:
        assert outcome.diagnostics
        return
    raw = write_message(publication(), small, outcome.value[0], 0.0)
    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    names = [line.split(b":")[0] for line in head if not line.startswith((b" ", b"\t"))]
    assert names == [
        b"From",
        b"To",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"List-Id",
        b"List-Archive",
        b"Auto-Submitted",
        b"Precedence",
        b"MIME-Version",
        b"Content-Type",
    ]


@pytest.mark.parametrize(
    "name",
    ["A\nBcc: b@c.example", "A\r\nBcc: b@c.example", "A\u2028B", "A\u202eB", "A\x85B", CODED],
)
def test_a_name_that_breaks_its_line_is_refused_with_its_place(name: str) -> None:
    text = subscriber(name.replace("\r\n", "\n"))
    outcome = read_subscribers(SourceText("list.csv", text), (), "day")
    assert [(d.code.value, d.span.line) for d in outcome.diagnostics] == [("control-character", 2)]
    assert outcome.value == ()


def test_the_editions_of_weeks_and_months_say_what_they_are(tmp_path: Path) -> None:
    root = write_mailed_digest(tmp_path, 25)
    site = check(root)
    for key, words in (("2025-W12", "weekly"), ("2025-03", "monthly")):
        edition = Editions(site, key).compose().value
        assert edition is not None
        assert f"subscribed to the {words} digest" in edition.html
        assert f"https://example.org/digests/{key}/" in edition.text
        assert edition.count == 3


def test_the_templates_of_a_digest_replace_the_themes_and_errors_have_a_line(
    tmp_path: Path,
) -> None:
    root = write_mailed_digest(tmp_path, 25)
    (root / "templates").mkdir()
    (root / "templates" / "email.txt").write_text("{{ view.lead.title }} & {{ site.title }}\n")
    assert compose(root).text == "On x² & The Digest\n"
    (root / "templates" / "email.html").write_text("<p>{{ view.leed }}</p>\n")
    assert [d.code.value for d in check(root).diagnostics] == ["template-failed"]
    outcome = Editions(check(root), KEY).compose()
    assert outcome.value is None
    (problem,) = outcome.diagnostics
    assert (problem.code.value, problem.span.path) == ("template-failed", "templates/email.html")


def test_preview_opens_the_edition_or_writes_it_by_the_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_mailed_digest(tmp_path, 25)
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)

    def preview(*words: str) -> Result:
        arguments = ["-C", str(root), "mail", "preview", KEY, *words]
        return CliRunner().invoke(broadsheet, arguments, standalone_mode=False)

    assert preview().return_value == 0
    page = root / ".broadsheet" / "mail" / f"{KEY}.html"
    assert opened == [page.resolve().as_uri()]
    assert "https://example.org/leave?a=reader%40example.org" in page.read_text(encoding="utf-8")
    for ending in (".eml", ".html", ".txt"):
        assert preview("-o", str(tmp_path / f"out{ending}")).return_value == 0
    assert len(opened) == 1
    parsed = parse((tmp_path / "out.eml").read_bytes())
    assert parsed["Subject"] == "The Digest, 19 March 2025: On x², and 2 more"
    assert "no paper of the digest" in preview("--topics", "quiet").stdout
    assert "there is no digest '2025-03-18'; there is '2025-03-19'" in str(
        CliRunner()
        .invoke(
            broadsheet,
            ["-C", str(root), "mail", "preview", "2025-03-18"],
            standalone_mode=False,
        )
        .exception
    )
