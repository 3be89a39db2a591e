"""`mail send` over a real SMTP server on this machine: nobody twice, nobody forgotten."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT
from click.testing import CliRunner, Result
from mail_fixtures import (
    Post,
    authority,
    knows,
    serving_mail,
    write_list,
    write_mailed_digest,
)

from broadsheet.assembly.build_values import BuildOptions, CheckedSite
from broadsheet.assembly.commands import broadsheet, mail
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project
from broadsheet.effects import mail_sending

KEY = "2025-03-19"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_sending, "PAUSES", (0.0, 0.05))
    for name in ("USER", "PASSWORD"):
        monkeypatch.delenv(f"BROADSHEET_SMTP_{name}", raising=False)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check each digest once: these tests send it several times and never change its records."""
    known: dict[bytes, CheckedSite] = {}

    def check_once(project: Project, options: BuildOptions) -> CheckedSite:
        settings = (project.root / "content" / "site.yaml").read_bytes()
        if settings not in known:
            known[settings] = check_site(project, options)
        return known[settings]

    monkeypatch.setattr(mail, "check_site", check_once)


def send(root: Path, people: Path, *words: str, yes: bool = True) -> Result:
    arguments = ["-C", str(root), "mail", "send", KEY, "--to", str(people), *words]
    return CliRunner().invoke(
        broadsheet, [*arguments, *(["--yes"] if yes else [])], standalone_mode=False
    )


def report(result: Result) -> dict[str, Any]:
    return dict(json.loads(result.stdout))


def outcomes(result: Result) -> dict[str, str]:
    return {entry["to"]: entry["outcome"] for entry in report(result)["recipients"]}


def test_each_subscriber_gets_what_they_chose_and_nobody_gets_it_twice(tmp_path: Path) -> None:
    post = Post()
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(
            tmp_path / "list.csv",
            "all@example.org,Ada Lovelace,day,,2024-01-01",
            "theory@example.org,,day week,theory,2024-01-01",
            "weekly@example.org,,week,,2024-01-01",
            "quiet@example.org,,,quiet,2024-01-01",
        )
        first = send(root, people, "--format", "json")
        second = send(root, people, "--format", "json")
    assert outcomes(first) == {
        "all@example.org": "sent",
        "theory@example.org": "sent",
        "weekly@example.org": "skipped",
        "quiet@example.org": "skipped",
    }
    assert set(outcomes(second).values()) == {"skipped"}
    assert (first.return_value, second.return_value) == (0, 0)
    assert post.counts() == {"all@example.org": 1, "theory@example.org": 1}
    (everything,), (theory,) = post.accepted["all@example.org"], post.accepted["theory@example.org"]
    assert b"papers/a/" in everything
    assert b"papers/a/" not in theory
    assert b"papers/b/" in theory
    assert b"papers/c/" in theory
    assert b"2 papers on Theory" in theory


def test_without_yes_nothing_is_sent_and_the_messages_are_files(tmp_path: Path) -> None:
    post = Post()
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(tmp_path / "list.csv", "a@example.org,,,,2024-01-01")
        result = send(root, people, "-o", str(tmp_path / "out"), yes=False)
        assert post.commands["RCPT"] == 0
    assert result.return_value == 0
    assert not (root / "mail").exists()
    assert "would send a@example.org: The Digest, 19 March 2025: On x², and 2 more" in result.stdout
    assert "nothing was sent; --yes would do this: 1 sent" in result.stdout
    (file,) = (tmp_path / "out").iterdir()
    assert file.read_bytes().startswith(b"From: The Digest <digest@example.org>\r\n")


def test_a_refusal_never_stops_the_run_and_is_not_tried_again(tmp_path: Path) -> None:
    post = Post()
    post.at_rcpt = lambda to: "550 no such user" if to.startswith("gone") else "250 OK"
    post.at_data = lambda to: "554 no" if to.startswith("never") else "250 OK"
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        names = ("gone", "a", "never", "b")
        people = write_list(
            tmp_path / "list.csv", *(f"{n}@example.org,,,,2024-01-01" for n in names)
        )
        first = send(root, people, "--format", "json")
        asked = post.commands["RCPT"]
        second = send(root, people, "--format", "json")
        assert post.commands["RCPT"] == asked
        post.at_rcpt = post.at_data = lambda _: "250 OK"
        third = send(root, people, "--format", "json", "--retry-refused")
    assert report(first)["counts"] == {
        "sent": 2,
        "refused": 2,
        "deferred": 0,
        "skipped": 0,
        "unknown": 0,
    }
    assert report(second)["counts"]["refused"] == 2
    assert report(third)["counts"]["sent"] == 2
    assert [r.return_value for r in (first, second, third)] == [1, 1, 0]
    assert set(post.counts().values()) == {1}


def test_greylisting_is_deferred_and_arrives_on_the_next_run(tmp_path: Path) -> None:
    post = Post()
    seen: Counter[str] = Counter()

    def greylist(to: str) -> str:
        seen[to] += 1
        return "451 try later" if seen[to] == 1 else "250 OK"

    post.at_rcpt = greylist
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(tmp_path / "list.csv", "a@example.org,,,,2024-01-01")
        first = send(root, people, "--format", "json")
        second = send(root, people, "--format", "json")
    assert outcomes(first) == {"a@example.org": "deferred"}
    assert outcomes(second) == {"a@example.org": "sent"}
    assert (first.return_value, second.return_value) == (1, 0)
    assert post.counts() == {"a@example.org": 1}


@pytest.mark.parametrize("keeps", [True, False])
def test_a_connection_lost_behind_the_message_is_unknown_until_it_is_sent_again(
    tmp_path: Path, *, keeps: bool
) -> None:
    post = Post()
    post.keeps = keeps
    lost: list[str] = []

    def lose_once(to: str) -> str:
        if to.startswith("b@") and not lost:
            lost.append(to)
            return ""
        return "250 OK"

    post.at_data = lose_once
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(
            tmp_path / "list.csv", *(f"{name}@example.org,,,,2024-01-01" for name in "abc")
        )
        first = send(root, people, "--format", "json")
        second = send(root, people, "--format", "json")
        before = post.counts().get("b@example.org", 0)
        third = send(root, people, "--format", "json", "--resend-unknown")
    unknown = {"a@example.org": "sent", "b@example.org": "unknown", "c@example.org": "sent"}
    assert outcomes(first) == unknown
    assert outcomes(second)["b@example.org"] == "unknown"
    assert outcomes(third)["b@example.org"] == "sent"
    assert before == int(keeps)
    assert post.counts()["b@example.org"] == int(keeps) + 1
    assert [r.return_value for r in (first, second, third)] == [1, 1, 0]


def test_a_connection_lost_before_the_message_is_made_again_at_once(tmp_path: Path) -> None:
    post = Post()
    lost: list[str] = []

    def lose_once(to: str) -> str:
        if len(lost) < 2 and to not in lost:
            lost.append(to)
            return ""
        return "250 OK"

    post.at_rcpt = lose_once
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(
            tmp_path / "list.csv", *(f"{name}@example.org,,,,2024-01-01" for name in "abc")
        )
        result = send(root, people, "--format", "json")
    assert report(result)["counts"]["sent"] == 3
    assert set(post.counts().values()) == {1}


def test_a_server_that_is_gone_ends_the_run_and_a_later_one_goes_on(tmp_path: Path) -> None:
    post = Post()
    lines = [f"{name}@example.org,,,,2024-01-01" for name in "abc"]
    people = write_list(tmp_path / "list.csv", *lines)
    root = write_mailed_digest(tmp_path, 1)
    first = send(root, people, "--format", "json")
    assert "cannot be reached" in report(first)["stopped"]
    assert set(outcomes(first).values()) == {"deferred"}
    with serving_mail(post) as port:
        write_mailed_digest(tmp_path, port)
        second = send(root, people, "--format", "json")
    assert set(outcomes(second).values()) == {"sent"}
    assert (first.return_value, second.return_value) == (1, 0)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("mode", ["starttls", "tls"])
def test_encryption_and_password_are_used_and_a_strange_certificate_is_not_trusted(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post()
    tls, certificate = authority(tmp_path)
    options = {"authenticator": knows("ada", "s3cret"), "auth_required": True}
    people = write_list(tmp_path / "list.csv", "a@example.org,,,,2024-01-01")
    with serving_mail(post, mode, tls, **options) as port:
        root = write_mailed_digest(tmp_path, port, mode)
        monkeypatch.setenv("BROADSHEET_SMTP_USER", "ada")
        monkeypatch.setenv("BROADSHEET_SMTP_PASSWORD", "s3cret")
        strange = send(root, people, "--format", "json")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setenv("BROADSHEET_SMTP_PASSWORD", "wrong")
        wrong = send(root, people, "--format", "json")
        monkeypatch.delenv("BROADSHEET_SMTP_USER")
        secrets = tmp_path / "secrets"
        secrets.write_text("BROADSHEET_SMTP_USER=ada\nBROADSHEET_SMTP_PASSWORD=s3cret\n")
        secrets.chmod(0o644)
        loose = send(root, people, "--credentials", str(secrets))
        secrets.chmod(0o600)
        right = send(root, people, "--format", "json", "--credentials", str(secrets))
    assert "cannot be encrypted safely" in report(strange)["stopped"]
    assert "password is not right" in report(wrong)["stopped"]
    assert "wrong" not in report(wrong)["stopped"].replace("is wrong", "")
    assert "chmod 600" in str(loose.exception)
    assert outcomes(right) == {"a@example.org": "sent"}
    assert post.counts() == {"a@example.org": 1}


def test_a_server_without_encryption_gets_neither_password_nor_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_SMTP_USER", "ada")
    monkeypatch.setenv("BROADSHEET_SMTP_PASSWORD", "s3cret")
    post = Post()
    people = write_list(tmp_path / "list.csv", "a@example.org,,,,2024-01-01")
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port, "starttls")
        result = send(root, people, "--format", "json")
    assert "STARTTLS" in report(result)["stopped"]
    assert post.counts() == {}
    assert post.commands["RCPT"] == 0


def test_a_torn_line_of_the_ledger_is_no_answer_and_a_damaged_one_stops_the_run(
    tmp_path: Path,
) -> None:
    post = Post()
    people = write_list(
        tmp_path / "list.csv", *(f"{name}@example.org,,,,2024-01-01" for name in "ab")
    )
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        assert send(root, people).return_value == 0
        ledger = root / "mail" / f"{KEY}.jsonl"
        whole = ledger.read_bytes()
        assert b"@" not in whole
        ledger.write_bytes(whole[:-20])  # the last outcome was being written when it ended
        torn = send(root, people, "--format", "json")
        ledger.write_bytes(b"mine\n" + whole)
        damaged = send(root, people, "--format", "json")
    assert outcomes(torn) == {"a@example.org": "skipped", "b@example.org": "unknown"}
    assert "damaged" in report(damaged)["stopped"]
    assert post.counts() == {"a@example.org": 1, "b@example.org": 1}
    assert (root / "mail" / ".gitignore").read_text() == "*\n"


def test_bad_lines_are_reported_with_their_place_and_the_others_get_theirs(tmp_path: Path) -> None:
    post = Post()
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(
            tmp_path / "list.csv",
            "a@example.org,,,,2024-01-01",
            "b@example.org,,,,",
            "a@EXAMPLE.org,,,,2024-01-01",
            '"c@example.org\r\nBcc: x@example.org",,,,2024-01-01',
            "d@example.org,Ada,dayly,teory,1 May",
        )
        result = send(root, people, "--format", "json")
    found = [(d["code"], d["span"]["line"]) for d in report(result)["diagnostics"]]
    assert found == [
        ("missing-field", 3),
        ("duplicate-value", 4),
        ("invalid-address", 5),
        ("invalid-choice", 7),
        ("unknown-topic", 7),
        ("invalid-date", 7),
    ]
    assert post.counts() == {"a@example.org": 1}
    assert result.return_value == 1


def test_an_address_outside_ascii_arrives_whole_where_the_server_takes_it(tmp_path: Path) -> None:
    post = Post()
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(tmp_path / "list.csv", "用户@bücher.example,王芳,,,2024-01-01")
        result = send(root, people, "--format", "json")
    address = "用户@xn--bcher-kva.example"
    assert outcomes(result) == {address: "sent"}
    assert f"To: 王芳 <{address}>".encode() in post.accepted[address][0]


def command(root: Path, people: Path, *words: str) -> list[str]:
    start = [sys.executable, str(ROOT / "build.py"), "-C", str(root), "mail", "send", KEY]
    return [*start, "--to", str(people), "--yes", "--quiet", *words]


@pytest.mark.parametrize(
    ("moment", "keeps", "then"),
    [("rcpt", True, "sent"), ("dot", True, "unknown"), ("dot", False, "unknown")],
)
def test_a_kill_between_intent_and_outcome_is_unknown_and_one_before_is_not(
    moment: str, then: str, tmp_path: Path, *, keeps: bool
) -> None:
    post = Post()
    post.keeps = keeps
    runs: list[subprocess.Popen[bytes]] = []

    def kill(to: str) -> str:
        if to.startswith("b@") and runs[0].poll() is None:
            os.kill(runs[0].pid, signal.SIGKILL)
            runs[0].wait()
            return ""
        return "250 OK"

    if moment == "rcpt":
        post.at_rcpt = kill
    else:
        post.at_data = kill
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        lines = (f"{name}@example.org,,,,2024-01-01" for name in "abc")
        people = write_list(tmp_path / "list.csv", *lines)
        runs.append(subprocess.Popen(command(root, people)))
        assert runs[0].wait(60) == -signal.SIGKILL
        left = (root / "mail" / f"{KEY}.jsonl").read_text().count("\n")
        second = send(root, people, "--format", "json")
        third = send(root, people, "--format", "json")
        before = post.counts().get("b@example.org", 0)
        fourth = send(root, people, "--format", "json", "--resend-unknown")
    assert left == (2 if moment == "rcpt" else 3)
    assert outcomes(second) == {
        "a@example.org": "skipped",
        "b@example.org": then,
        "c@example.org": "sent",
    }
    assert outcomes(third)["b@example.org"] == ("skipped" if then == "sent" else "unknown")
    assert before == int(keeps)
    assert outcomes(fourth)["b@example.org"] == ("skipped" if then == "sent" else "sent")
    others = {"a@example.org": 1, "c@example.org": 1}
    assert post.counts() == others | {"b@example.org": before + int(then == "unknown")}


def test_what_may_have_arrived_stays_open_when_it_cannot_be_sent_again(tmp_path: Path) -> None:
    post = Post()
    post.at_data = lambda _: ""
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(tmp_path / "list.csv", "a@example.org,,,,2024-01-01")
        first = send(root, people, "--format", "json")
        post.at_data = lambda _: "250 OK"
        post.at_rcpt = lambda _: "451 later"
        again = send(root, people, "--format", "json", "--resend-unknown")
        post.at_rcpt = lambda _: ""
        lost = send(root, people, "--format", "json", "--resend-unknown")
        post.at_rcpt = lambda _: "250 OK"
        plain = send(root, people, "--format", "json")
    found = [outcomes(result)["a@example.org"] for result in (first, again, lost, plain)]
    assert found == ["unknown", "deferred", "deferred", "unknown"]
    assert post.counts() == {"a@example.org": 1}


def test_two_runs_at_once_send_everybody_one(tmp_path: Path) -> None:
    post = Post()
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        lines = (f"r{n}@example.org,,,,2024-01-01" for n in range(40))
        people = write_list(tmp_path / "list.csv", *lines)
        runs = [subprocess.Popen(command(root, people)) for _ in range(2)]
        assert [run.wait(60) for run in runs] == [0, 0]
    assert len(post.counts()) == 40
    assert set(post.counts().values()) == {1}


@pytest.mark.parametrize(("at", "then", "arrived"), [(-30, "deferred", 0), (30, "unknown", 1)])
def test_a_disk_that_takes_no_entry_stops_the_run_and_the_report_says_what_is_known(
    at: int, then: str, arrived: int, tmp_path: Path
) -> None:
    post = Post()
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        lines = [f"{name}@example.org,,,,2024-01-01" for name in "abcd"]
        some = write_list(tmp_path / "some.csv", lines[0], lines[3])
        people = write_list(tmp_path / "list.csv", *lines)
        send(root, some)
        ledger = root / "mail" / f"{KEY}.jsonl"
        intent = len(ledger.read_bytes().splitlines(keepends=True)[0])
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        room = ledger.stat().st_size + intent + at
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        try:
            full = send(root, people, "--format", "json")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        found = post.counts().get("b@example.org", 0)
        later = send(root, people, "--format", "json")
    assert f"{KEY}.jsonl: " in report(full)["stopped"]
    assert outcomes(full) == {
        "a@example.org": "skipped",
        "b@example.org": then,
        "c@example.org": "deferred",
        "d@example.org": "skipped",
    }
    assert found == arrived
    assert outcomes(later)["b@example.org"] == ("unknown" if arrived else "sent")
    assert outcomes(later)["c@example.org"] == "sent"
    assert set(post.counts().values()) == {1}


@pytest.mark.parametrize(
    ("answer", "outcome"), [("251 taken", "sent"), ("354 what?", "unknown"), ("hello", "unknown")]
)
def test_a_strange_answer_to_a_message_never_sends_it_again(
    answer: str, outcome: str, tmp_path: Path
) -> None:
    post = Post()
    post.at_data = lambda _: answer
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        people = write_list(tmp_path / "list.csv", "a@example.org,,,,2024-01-01")
        result = send(root, people, "--format", "json")
    assert outcomes(result) == {"a@example.org": outcome}
    assert post.commands["RCPT"] == 1


def run_until_killed(arguments: list[str], post: Post, after: int) -> bool:
    """Start a run of its own and kill it when the server has taken so many more messages."""
    start = sum(post.counts().values())
    run = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while run.poll() is None and time.monotonic() < deadline:
        if sum(post.counts().values()) >= start + after:
            os.kill(run.pid, signal.SIGKILL)
            run.wait()
            return True
        time.sleep(0.001)
    run.wait()
    return False


@pytest.mark.parametrize(
    ("people", "kills"),
    [(60, 1), pytest.param(1000, 4, marks=pytest.mark.slow)],
)
def test_after_kills_and_every_fault_nobody_has_it_twice_and_everybody_is_accounted_for(
    people: int, kills: int, tmp_path: Path
) -> None:
    post = Post()
    seen: Counter[str] = Counter()
    dropped: set[str] = set()

    def at_rcpt(to: str) -> str:
        number = int(re.sub(r"\D", "", to))
        seen[to] += 1
        if number % 10 == 3:
            return "550 no such user"
        if number % 10 == 4 and seen[to] == 1:
            return "451 greylisted"
        if number % 25 == 6 and to not in dropped:
            dropped.add(to)
            return ""
        return "250 OK"

    post.at_rcpt = at_rcpt
    with serving_mail(post) as port:
        root = write_mailed_digest(tmp_path, port)
        lines = (f"r{n}@example.org,,,,2024-01-01" for n in range(people))
        file = write_list(tmp_path / "list.csv", *lines)
        arguments = command(root, file)
        killed = sum(
            run_until_killed(arguments, post, people // (2 * kills + 1)) for _ in range(kills)
        )
        for _ in range(2):  # whoever is greylisted on the first of them is taken on the second
            send(root, file, "--format", "json")
        final = send(root, file, "--format", "json")
    assert killed == kills
    assert set(post.counts().values()) == {1}
    counts = report(final)["counts"]
    assert counts["sent"] == 0
    assert counts["deferred"] == 0
    assert counts["refused"] == people // 10
    assert counts["unknown"] <= kills
    assert sum(counts.values()) == people
    unknown = {to for to, outcome in outcomes(final).items() if outcome == "unknown"}
    has_it = {to for to, outcome in outcomes(final).items() if outcome == "skipped"}
    assert has_it | unknown >= set(post.counts())
    assert has_it <= set(post.counts())
