"""The kits: written once, compared afterwards, and never over anything."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from builds import publish, tree
from scenarios import write_digest

from broadsheet.assembly.commands import EXIT_CONTENT, EXIT_DONE, EXIT_USAGE, main
from broadsheet.assembly.commands.build import build
from broadsheet.assembly.commands.common import read_build_address
from broadsheet.assembly.site_settings import settle_settings
from broadsheet.effects.manifest import read_manifest
from broadsheet.foundations.sources import RawFile
from broadsheet.planning.hosts import HOSTS, LOOKED_UP, VERSIONS

GOOD = "---\ntitle: A paper\n---\n"


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    site = "title: A digest\nbase_url: https://papers.example/\ntime_zone: Asia/Tokyo\n"
    return write_digest(tmp_path, {"content/papers/a.md": GOOD, "content/site.yaml": site})


def deploy(root: Path, *words: str) -> int:
    return main(["-C", str(root), "deploy", *words])


@pytest.mark.parametrize("host", HOSTS)
def test_a_kit_is_written_whole_and_left_alone_afterwards(
    digest: Path, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert deploy(digest, "init", host, "--branch", "trunk") == EXIT_DONE
    written = tree(digest)
    kit = {path: written[path].decode() for path in HOSTS[host].kit.values()}
    assert not [path for path, text in kit.items() if "@branch@" in text or "@python@" in text]
    whole = "".join(kit.values())
    assert "Asia/Tokyo" in whole
    assert LOOKED_UP in whole
    assert "--as-of" in whole
    assert "deploy guard" in whole
    assert "requirements.txt" in whole or host == "netlify"
    capsys.readouterr()
    assert deploy(digest, "init", host, "--branch", "trunk") == EXIT_DONE
    assert capsys.readouterr().out.count("unchanged: ") == len(kit)
    assert tree(digest) == written


def test_every_version_is_used_by_a_kit(digest: Path) -> None:
    used = ""
    for number, host in enumerate(HOSTS):
        root = write_digest(digest / str(number), {})
        assert deploy(root, "init", host) == EXIT_DONE
        used += b"".join(tree(root).values()).decode()
    assert [name for name, version in VERSIONS.items() if version not in used] == []


def test_a_changed_kit_is_shown_as_a_difference_and_stays(
    digest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(digest, "init", "netlify") == EXIT_DONE
    path = digest / "netlify.toml"
    path.write_text(path.read_text().replace('"site"', '"mine"'))
    (digest / ".github" / "workflows" / "daily.yml").unlink()
    before = tree(digest)
    capsys.readouterr()
    assert deploy(digest, "init", "netlify") == EXIT_CONTENT
    said = capsys.readouterr().out.splitlines()
    assert '-  publish = "mine"' in said
    assert '+  publish = "site"' in said
    assert tree(digest) == before


def test_settings_with_errors_make_no_kit(digest: Path) -> None:
    (digest / "content" / "site.yaml").write_text("titel: x\n")
    assert deploy(digest, "init", "netlify") == EXIT_CONTENT
    assert not (digest / "netlify.toml").exists()


def test_a_host_that_is_not_known_is_wrong_usage(digest: Path) -> None:
    assert deploy(digest, "init", "geocities") == EXIT_USAGE


def test_a_site_within_the_limits_is_taken(digest: Path) -> None:
    publish(digest)
    for host in HOSTS:
        assert deploy(digest, "check", host) == EXIT_DONE


def test_a_site_that_a_host_refuses_is_an_error(
    digest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (digest / "content" / "site.yaml").write_text("title: A digest\n")
    static = digest / "content" / "static"
    static.mkdir()
    (static / "what?.pdf").write_bytes(b"")
    with (static / "large.pdf").open("wb") as large:
        large.truncate(10_000_001)
    publish(digest, has_search=False)
    assert deploy(digest, "check", "netlify") == EXIT_CONTENT
    said = capsys.readouterr().err
    assert "without base_url" in said
    assert "'large.pdf' has 10.0 MB" in said
    assert "has the sign '?'" in said
    assert "3 errors" in said


VARIABLES = {
    "netlify-production": (
        {"NETLIFY": "true", "CONTEXT": "production", "URL": "https://n.example"},
        "https://papers.example/",
        "https://n.example/",
    ),
    "netlify-preview": (
        {
            "NETLIFY": "true",
            "CONTEXT": "deploy-preview",
            "URL": "https://n.example",
            "DEPLOY_PRIME_URL": "https://deploy-preview-4--n.netlify.app",
        },
        "https://deploy-preview-4--n.netlify.app/",
        "https://deploy-preview-4--n.netlify.app/",
    ),
    "cloudflare-preview": (
        {"CF_PAGES": "1", "CF_PAGES_BRANCH": "new", "CF_PAGES_URL": "https://1a2b.p.pages.dev"},
        "https://1a2b.p.pages.dev/",
        "https://1a2b.p.pages.dev/",
    ),
    "gitlab": (
        {"GITLAB_CI": "true", "CI_PAGES_URL": "https://ada.gitlab.io/papers"},
        "https://papers.example/",
        "https://ada.gitlab.io/papers/",
    ),
    "github": (
        {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "Ada/Papers"},
        "https://papers.example/",
        "https://ada.github.io/Papers/",
    ),
    "github-root": (
        {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "Ada/ada.github.io"},
        "https://papers.example/",
        "https://ada.github.io/",
    ),
    "elsewhere": ({}, "https://papers.example/", ""),
}


@pytest.mark.parametrize("case", VARIABLES)
def test_a_host_tells_the_address_when_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    variables, with_setting, without_setting = VARIABLES[case]
    for name in ("NETLIFY", "CF_PAGES", "GITLAB_CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    option = click.Option(["--base-url"])
    address = read_build_address(click.Context(build), option, "auto")
    sites = (b"title: x\nbase_url: https://papers.example/\n", b"title: x\n")
    settled = [
        settle_settings(RawFile("content/site.yaml", site), address.url, address.fallback)[0]
        for site in sites
    ]
    assert [settings.base_url for settings in settled] == [with_setting, without_setting]


def test_a_build_asks_the_host_only_when_told_to(
    digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in VARIABLES["netlify-preview"][0].items():
        monkeypatch.setenv(name, value)
    words = ["-C", str(digest), "build", "--no-search", "--quiet"]
    assert main(words) == EXIT_DONE
    assert base_url_of(digest) == "https://papers.example/"
    assert main([*words, "--base-url", "auto"]) == EXIT_DONE
    assert base_url_of(digest) == "https://deploy-preview-4--n.netlify.app/"


def test_the_option_stands_above_the_environment_and_that_above_the_setting(
    digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["-C", str(digest), "build", "--no-search", "--quiet"]
    monkeypatch.setenv("BROADSHEET_BASE_URL", "https://preview.example/a/b")
    assert main(words) == EXIT_DONE
    assert base_url_of(digest) == "https://preview.example/a/b/"
    assert main([*words, "--base-url", "https://other.example"]) == EXIT_DONE
    assert base_url_of(digest) == "https://other.example/"
    monkeypatch.setenv("BROADSHEET_BASE_URL", "")
    assert main(words) == EXIT_DONE
    assert base_url_of(digest) == "https://papers.example/"
    monkeypatch.setenv("BROADSHEET_BASE_URL", "preview.example")
    assert main(words) == EXIT_USAGE


def base_url_of(digest: Path) -> str:
    manifest = read_manifest(digest / "site")
    assert manifest is not None
    return manifest.base_url


def test_another_address_keeps_the_caches(digest: Path) -> None:
    publish(digest)
    cache = digest / ".broadsheet" / "cache"
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}
    assert before
    publish(digest, base_url="https://preview.example/a/")
    after = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}
    assert {path: after.get(path) for path in before if "search" in str(path)} == {
        path: time for path, time in before.items() if "search" in str(path)
    }
