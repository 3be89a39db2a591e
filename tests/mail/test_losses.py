"""What is known of each message after a kill, a full disk or a strange answer."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from mail_fixtures import (
    KEY,
    Post,
    command_to_send,
    outcomes,
    report,
    send,
    serving_mail,
    write_list,
    write_mailed_digest,
)

pytestmark = pytest.mark.usefixtures("no_pauses", "read_once")


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
        runs.append(subprocess.Popen(command_to_send(root, people)))
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
        lines = (f"r{n}@example.org,,,,2024-01-01" for n in range(12))
        people = write_list(tmp_path / "list.csv", *lines)
        runs = [subprocess.Popen(command_to_send(root, people)) for _ in range(2)]
        assert [run.wait(60) for run in runs] == [0, 0]
    assert len(post.counts()) == 12
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
        arguments = command_to_send(root, file)
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
