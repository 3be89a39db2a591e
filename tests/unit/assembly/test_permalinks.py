"""Links that never die: the ledger, what it refuses to lose, and what ends an address well."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT, build, copy_repository, publish, tree
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from scenarios import check as check_digest
from scenarios import codes, paper, raw_file, record, write_digest

from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.commands import main
from broadsheet.domain.ledger import read_ledger, write_ledger
from broadsheet.effects.ledger_file import record_addresses

LEDGER = "content/permalinks.txt"
DIGEST = {
    "content/people.yaml": "ada:\n  name: Ada Lovelace\n",
    "content/topics/models.md": record(name="Models", aliases="[cs.LG, /topics/old/]"),
    "content/pages/about.md": record("x", title="About", aliases="[info]"),
    "content/papers/one.md": paper(
        "One",
        featured="2025-01-06",
        authors="[Ada Lovelace, Ben]",
        venue="ICML",
        aliases="[2412.00010v1, /posts/one.html]",
        topics="[models]",
    ),
    "content/papers/two.md": paper("Two", featured="2025-01-07"),
    "content/papers/draft.md": paper(
        "Draft", featured="2025-02-06", status="draft", aliases="[old-draft]"
    ),
}
HEADING = "# Published addresses, one a line. 'broadsheet check --fix' adds new ones.\n"
PROMISED = """\
/about/
/authors/ada/
/digests/2025-01-06/
/digests/2025-01-07/
/digests/2025-01/
/digests/2025-W02/
/info/
/papers/2412.00010v1/
/papers/one/
/papers/two/
/posts/one.html
/topics/models/
/topics/old/
"""


def run(root: Path, *words: str) -> int:
    return main(["-C", str(root), *words])


def ledger_of(root: Path) -> str:
    return (root / LEDGER).read_bytes().decode()


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    """A digest whose addresses are recorded, as `check --fix` does it."""
    return write_digest(tmp_path, {**DIGEST, LEDGER: HEADING + PROMISED})


def vanished(root: Path, **options: Any) -> list[str]:
    """Return the addresses that have vanished; nothing else may be wrong."""
    site = check_digest(root, BuildOptions(executor="serial", **options))
    assert set(codes(site.diagnostics)) <= {"permalink-vanished"}
    return [d.message.split("'")[1] for d in site.diagnostics]


def test_what_editors_name_is_promised_and_nothing_else(tmp_path: Path) -> None:
    root = write_digest(tmp_path, DIGEST)
    assert run(root, "check", "--fix", "--quiet") == 0
    assert ledger_of(root) == HEADING + PROMISED


def test_check_says_what_is_not_recorded_and_fix_adds_it(
    digest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(digest, "check") == 0
    assert capsys.readouterr() == ("2 papers, nothing to report\n".replace("2", "3"), "")
    write_digest(
        digest, {"content/papers/three.md": paper("Three"), "content/site.yaml": "title: T\n"}
    )

    assert run(digest, "check") == 0
    assert capsys.readouterr().err == (
        "content/permalinks.txt: warning[permalink-unrecorded] /papers/three/ is not in the ledger "
        "of published addresses\n      | 'broadsheet check --fix' adds what is missing\n1 warning\n"
    )
    assert run(digest, "check", "--strict") == 1
    capsys.readouterr()

    assert run(digest, "check", "--fix") == 0
    assert "1 new address in content/permalinks.txt\n" in capsys.readouterr().out
    lines = ledger_of(digest).splitlines()[1:]
    assert lines == sorted([*PROMISED.splitlines(), "/papers/three/"])
    before = (digest / LEDGER).stat()
    assert run(digest, "check", "--fix", "--strict") == 0
    assert (digest / LEDGER).stat().st_ino == before.st_ino


def test_without_a_ledger_nothing_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_digest(tmp_path, DIGEST)
    assert run(root, "check", "--strict") == 0
    assert publish(root, has_search=False)
    assert not (root / LEDGER).exists()


def test_a_build_only_reads_the_ledger(digest: Path) -> None:
    write_digest(digest, {"content/papers/three.md": paper("Three")})
    before = ledger_of(digest)
    publish(digest, has_search=False)
    assert ledger_of(digest) == before


def test_a_vanished_address_stops_the_build_at_its_line(digest: Path) -> None:
    site = publish(digest, has_search=False)
    published = tree(site)
    (digest / "content/papers/two.md").unlink()

    result = build(digest, has_search=False)

    assert not result.how
    assert tree(site) == published
    found = [(d.span.path, d.span.line, d.span.excerpt) for d in result.diagnostics]
    assert found == [(LEDGER, 5, "/digests/2025-01-07/"), (LEDGER, 11, "/papers/two/")]
    assert codes(check_digest(digest).diagnostics) == ["permalink-vanished"] * 2


def test_every_kind_of_address_is_missed(digest: Path) -> None:
    for name in ("papers/one.md", "papers/two.md", "topics/models.md", "pages/about.md"):
        (digest / "content" / name).unlink()
    (digest / "content/people.yaml").unlink()
    assert vanished(digest) == PROMISED.splitlines()


def test_an_alias_that_is_deleted_is_missed(digest: Path) -> None:
    write_digest(
        digest,
        {"content/papers/one.md": DIGEST["content/papers/one.md"].replace("2412.00010v1, ", "")},
    )
    assert vanished(digest) == ["/papers/2412.00010v1/"]


def test_a_published_paper_cannot_become_a_draft(digest: Path) -> None:
    write_digest(digest, {"content/papers/two.md": paper("Two", status="draft")})
    gone = ["/digests/2025-01-07/", "/papers/two/"]
    assert vanished(digest) == gone
    assert vanished(digest, has_drafts=True) == gone
    write_digest(
        digest, {"content/papers/two.md": paper("Two", featured="2025-01-07", status="draft")}
    )
    assert vanished(digest, has_drafts=True) == gone


def test_what_is_queued_for_later_has_not_vanished(digest: Path) -> None:
    queued = paper("Later", featured="2025-03-06", aliases="[soon, /soon/]", authors="[Eve]")
    people = DIGEST["content/people.yaml"] + "eve:\n  name: Eve\n"
    write_digest(digest, {"content/papers/later.md": queued, "content/people.yaml": people})
    assert run(digest, "check", "--fix", "--quiet") == 0
    soon = ("/papers/later/", "/papers/soon/", "/soon/", "/digests/2025-W10/", "/authors/eve/")
    for address in soon:
        assert f"{address}\n" in ledger_of(digest)

    assert vanished(digest, as_of=date(2025, 1, 31)) == []
    publish(digest, has_search=False, as_of=date(2025, 1, 31))
    assert "later" not in (digest / "site/papers/index.html").read_text(encoding="utf-8")
    (digest / "content/papers/later.md").unlink()
    assert "/papers/later/" in vanished(digest, as_of=date(2025, 1, 31))


def test_fix_records_what_is_published_on_a_day(digest: Path) -> None:
    write_digest(digest, {"content/papers/later.md": paper("Later", featured="2025-03-06")})
    assert run(digest, "check", "--fix", "--quiet", "--as-of", "2025-01-31") == 0
    assert ledger_of(digest).partition("\n")[2] == PROMISED


def test_a_kind_of_digest_that_is_switched_off_is_missed(digest: Path) -> None:
    write_digest(
        digest, {"content/site.yaml": "title: T\nbase_url: https://a.example/\ndigests: day\n"}
    )
    assert vanished(digest) == ["/digests/2025-01/", "/digests/2025-W02/"]


def test_a_renamed_paper_is_found_at_its_alias(digest: Path) -> None:
    old = digest / "content/papers/two.md"
    old.rename(old.with_name("new.md"))
    assert vanished(digest) == ["/papers/two/"]
    write_digest(
        digest, {"content/papers/new.md": paper("Two", featured="2025-01-07", aliases="[two]")}
    )
    assert vanished(digest) == []


def test_a_removed_paper_leaves_a_page_that_says_why(digest: Path) -> None:
    (digest / "content/papers/two.md").unlink()
    reason = "Removed at the <authors'> request."
    removed = f'/papers/two/: "{reason}"\n/digests/2025-01-07: Its only paper is gone.\n'
    write_digest(digest, {"content/removed.yaml": removed})

    site = publish(digest, has_search=False)

    page = html.fromstring((site / "papers/two/index.html").read_bytes())
    assert page.findtext(".//h1") == "This page was removed"
    assert [p.text for p in page.iter("p") if p.get("class") == "standfirst"] == [reason]
    robots = [meta.get("content") for meta in page.iter("meta") if meta.get("name") == "robots"]
    assert robots == ["noindex"]
    assert "papers/two/" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert (site / "digests/2025-01-07/index.html").is_file()
    lines = (site / "_redirects").read_text(encoding="utf-8").splitlines()
    assert "/papers/two/ /papers/two/index.html 410!" in lines


def test_what_was_below_a_removed_address_is_accounted_for(digest: Path) -> None:
    with (digest / LEDGER).open("a") as ledger:
        ledger.write(
            "/topics/gone/\n/topics/gone/feed.xml\n/topics/gone/page/2/\n/topics/gone-too/\n"
        )
    write_digest(digest, {"content/removed.yaml": "/topics/gone/: We no longer follow it.\n"})
    assert vanished(digest) == ["/topics/gone-too/"]


def test_only_what_is_gone_can_be_removed(digest: Path) -> None:
    removed = "/papers/one/: x\n/posts/one.html: x\n/papers/: x\n/papers/two/index.html: y\n"
    write_digest(digest, {"content/removed.yaml": removed})
    result = build(digest, has_search=False)
    found = [(d.code.value, d.span.line, d.message) for d in result.diagnostics]
    assert found == [
        ("address-conflict", line, f"'{address}' is said to be removed, and something stands there")
        for line, address in (
            (1, "/papers/one/"),
            (2, "/posts/one.html"),
            (3, "/papers/"),
            (4, "/papers/two/index.html"),
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("papers/one/: x\n", [("invalid-slug", 1)]),
        ("/a/../b/: x\n", [("invalid-slug", 1)]),
        ("/a/:\n", [("empty-value", 1)]),
        ("/a/: [x]\n", [("wrong-type", 1)]),
        ("- /a/\n", [("wrong-type", 1)]),
        ("/a/: x\n/a/: y\n", [("yaml-duplicate-key", 2)]),
        ("# nothing yet\n", []),
    ],
)
def test_a_wrong_line_of_removed_records_is_located(
    digest: Path, text: str, expected: list[tuple[str, int]]
) -> None:
    write_digest(digest, {"content/removed.yaml": text})
    found = check_digest(digest).diagnostics
    assert [(d.code.value, d.span.line) for d in found] == expected
    assert {d.span.path for d in found} <= {"content/removed.yaml"}


def test_old_addresses_stand_in_the_file_that_hosts_read(digest: Path) -> None:
    site = publish(digest, has_search=False, base_url="https://a.example/d/")
    heading, *lines = (site / "_redirects").read_text(encoding="utf-8").splitlines()
    assert heading.startswith("#")
    assert lines == [
        "/d/info/ /d/about/ 301",
        "/d/papers/2412.00010v1/ /d/papers/one/ 301",
        "/d/posts/one.html /d/papers/one/ 301",
        "/d/topics/old/ /d/topics/models/ 301",
        "/d/topics/old/feed.json /d/topics/models/feed.json 301",
        "/d/topics/old/feed.xml /d/topics/models/feed.xml 301",
    ]


def test_a_digests_own_file_for_hosts_is_kept(digest: Path) -> None:
    write_digest(digest, {"content/static/_redirects": "/mine /yours 302\n"})
    site = publish(digest, has_search=False)
    assert (site / "_redirects").read_text(encoding="utf-8") == "/mine /yours 302\n"


def test_a_ledger_edited_by_hand_is_put_in_order_and_loses_nothing(
    digest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = PROMISED.splitlines()
    edited = [
        "\ufeff",
        "# Ours: ä",
        *reversed(lines),
        "",
        "  /papers/one/  ",
        "# two",
        "/papers/two/",
    ]
    (digest / LEDGER).write_bytes("\r\n".join(edited).encode())

    assert run(digest, "check") == 0
    said = capsys.readouterr().err
    assert "content/permalinks.txt:17:3: warning[duplicate-value]" in said
    assert said.endswith("2 warnings\n")
    assert run(digest, "check", "--fix", "--strict") == 0
    assert ledger_of(digest) == f"# Ours: ä\n# two\n{PROMISED}"


@pytest.mark.parametrize(
    "line", ["papers/x/", "<<<<<<< ours", "/a b/", "/../x/", "https://a.example/x/", "/é/"]
)
def test_a_line_that_is_no_address_is_located_and_nothing_is_written(
    digest: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    write_digest(digest, {"content/papers/three.md": paper("Three")})
    text = f"/papers/one/\n{line}\n/papers/gone/\n"
    (digest / LEDGER).write_text(text, encoding="utf-8")
    result = build(digest, has_search=False)
    assert [(d.code.value, d.span.line) for d in result.diagnostics] == [("permalink-invalid", 2)]
    assert run(digest, "check", "--fix") == 1
    assert "mend the errors first" in capsys.readouterr().out
    assert ledger_of(digest) == text
    assert record_addresses(digest, ["/new/"]) == result.diagnostics
    assert ledger_of(digest) == text


def test_nothing_is_recorded_while_the_content_has_errors(digest: Path) -> None:
    before = ledger_of(digest)
    write_digest(
        digest,
        {"content/papers/three.md": paper("Three"), "content/papers/bad.md": "no front matter"},
    )
    assert run(digest, "check", "--fix") == 1
    assert ledger_of(digest) == before


def test_a_broken_record_is_not_reported_as_vanished_as_well(digest: Path) -> None:
    write_digest(digest, {"content/papers/two.md": "---\ntitel: Two\n---\n"})
    assert codes(build(digest, has_search=False).diagnostics) == ["unknown-field"]


def test_what_somebody_adds_while_check_runs_is_kept(digest: Path) -> None:
    (digest / LEDGER).write_text("/papers/one/\n/added/meanwhile/\n")
    (digest / LEDGER).chmod(0o664)
    assert record_addresses(digest, ["/papers/two/", "/papers/one/"]) == ()
    assert ledger_of(digest).splitlines()[1:] == [
        "/added/meanwhile/",
        "/papers/one/",
        "/papers/two/",
    ]
    assert (digest / LEDGER).stat().st_mode & 0o777 == 0o664
    left = [path.name for path in (digest / "content").iterdir() if path.name.startswith(".")]
    assert left == []


def test_a_ledger_that_is_a_link_stays_one(digest: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "ledger.txt"
    (digest / LEDGER).rename(elsewhere)
    (digest / LEDGER).symlink_to(elsewhere)
    assert record_addresses(digest, ["/papers/three/"]) == ()
    assert (digest / LEDGER).is_symlink()
    assert "/papers/three/\n" in elsewhere.read_text()


def test_a_disk_that_refuses_leaves_the_ledger_as_it_was(
    digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ledger_of(digest)

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        record_addresses(digest, ["/papers/three/"])
    assert ledger_of(digest) == before
    assert [p.name for p in (digest / "content").iterdir() if p.name.startswith(".")] == []


SEGMENTS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,8}", fullmatch=True)
ADDRESSES = st.lists(SEGMENTS, max_size=3).map(lambda parts: "/" + "".join(f"{p}/" for p in parts))
LINES = st.lists(st.one_of(ADDRESSES, st.just(""), st.text("# äx", max_size=4).map("#{}".format)))


@given(LINES, st.lists(ADDRESSES), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_address_and_no_comment_is_ever_lost(
    lines: list[str], added: list[str], newline: str
) -> None:
    ledger = read_ledger(raw_file(LEDGER, newline.join(lines))).value
    assert ledger is not None
    text = write_ledger(ledger, added)
    again = read_ledger(raw_file(LEDGER, text))
    assert again.diagnostics == ()
    assert again.value is not None
    written = [line for line in lines if line.startswith("/")]
    assert list(again.value.spans) == sorted({*written, *added})
    comments = [line.strip() for line in lines if line.startswith("#")]
    assert not comments or list(again.value.comments) == comments
    assert write_ledger(again.value, ()) == text


def test_the_repositorys_own_ledger_is_complete(tmp_path: Path) -> None:
    root = copy_repository(tmp_path)
    before = ledger_of(root)
    assert run(root, "check", "--fix", "--quiet", "--strict") == 0
    assert ledger_of(root) == before == ledger_of(ROOT)
    assert before.count("\n/papers/") == 90


def test_the_warning_is_json_too(digest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_digest(digest, {"content/papers/three.md": paper("Three")})
    capsys.readouterr()
    assert run(digest, "check", "--format", "json") == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["code"], found["severity"]) == ("permalink-unrecorded", "warning")
