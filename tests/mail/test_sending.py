"""`mail send` over a real SMTP server on this machine: nobody twice, nobody forgotten."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from mail_fixtures import (
    Post,
    authority,
    knows,
    outcomes,
    report,
    send,
    serving_mail,
    write_list,
    write_mailed_digest,
)

pytestmark = pytest.mark.usefixtures("no_pauses", "read_once")


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
