"""Each limit of a host is noticed just above it, and not at it."""

from __future__ import annotations

import pytest

from broadsheet.planning.host_limits import find_refusals
from broadsheet.planning.hosts import GIGABYTE, HOSTS, MEGABYTE

BASE = "https://papers.example/"


def refusals(
    host: str, sizes: dict[str, int], texts: dict[str, str] | None = None, base_url: str = BASE
) -> list[str]:
    found = find_refusals(HOSTS[host], "site", sizes, texts or {}, base_url)
    return [diagnostic.message for diagnostic in found]


def files(count: int, folder: str = "") -> dict[str, int]:
    return {f"{folder}{number}": 1 for number in range(count)}


def rules(count: int, line: str = "/{}/ /b/ 301") -> str:
    return "".join(line.format(number) + "\n" for number in range(count))


AT_AND_ABOVE = {
    "github size": ("github-pages", {"a": GIGABYTE}, {"a": GIGABYTE, "b": 1}, "in all"),
    "gitlab count": (
        "gitlab-pages",
        files(199_999, "papers/"),
        files(200_000, "papers/"),
        "200,001 files and folders",
    ),
    "gitlab size": ("gitlab-pages", {"a": GIGABYTE}, {"a": GIGABYTE + 1}, "in all"),
    "netlify folder": (
        "netlify",
        files(54_000, "papers/"),
        files(54_001, "papers/"),
        "54,001 files in 'papers'",
    ),
    "netlify file": ("netlify", {"a": 10_000_000}, {"a": 10_000_001}, "'a' has 10.0 MB"),
    "netlify name": ("netlify", {"a%b": 1}, {"a#b": 1}, "the sign '#'"),
    "cloudflare count": ("cloudflare-pages", files(20_000), files(20_001), "20,001 files"),
    "cloudflare file": (
        "cloudflare-pages",
        {"a": 25 * MEGABYTE},
        {"a": 25 * MEGABYTE + 1},
        "26.2 MB in one file",
    ),
    "clash": ("github-pages", {"a": 1, "b": 1}, {"a.pdf": 1, "A.pdf": 1}, "'a.pdf' and 'A.pdf'"),
    "unicode clash": ("netlify", {"é": 1}, {"\xe9": 1, "e\u0301": 1}, "are one file"),
    "control": ("netlify", {"a": 1}, {"a\nb": 1}, "the sign '\\n'"),
}


@pytest.mark.parametrize("case", AT_AND_ABOVE)
def test_a_limit_of_files_is_noticed_above_it(case: str) -> None:
    host, taken, refused, message = AT_AND_ABOVE[case]
    assert refusals(host, taken) == []
    (found,) = refusals(host, refused)
    assert message in found


TEXTS = {
    "cloudflare rules": (
        "cloudflare-pages",
        "_redirects",
        rules(2_000),
        rules(2_001),
        "2,001 rules",
    ),
    "gitlab rules": ("gitlab-pages", "_redirects", rules(1_000), rules(1_001), "1,001 rules"),
    "gitlab bytes": (
        "gitlab-pages",
        "_redirects",
        "/a /b\n" * 2 + "#" * 65_000,
        "/a /b\n" * 2 + "#" * 66_000,
        "66,012 bytes",
    ),
    "cloudflare line": (
        "cloudflare-pages",
        "_redirects",
        "/" * 1_000,
        "/" * 1_001,
        "a line of 1,001 characters",
    ),
    "cloudflare headers": (
        "cloudflare-pages",
        "_headers",
        rules(100, "/{}/*\n  A: b"),
        rules(101, "/{}/*\n  A: b"),
        "101 rules in _headers",
    ),
    "cloudflare header": (
        "cloudflare-pages",
        "_headers",
        "/*\n" + "a" * 2_000,
        "/*\n" + " " + "a" * 2_000,
        "2,001 characters in _headers",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_limit_of_rules_is_noticed_above_it(case: str) -> None:
    host, name, taken, refused, message = TEXTS[case]
    assert refusals(host, {"a": 1}, {name: taken}) == []
    (found,) = refusals(host, {"a": 1}, {name: refused})
    assert message in found


@pytest.mark.parametrize("host", HOSTS)
def test_a_site_without_an_address_is_refused_everywhere(host: str) -> None:
    (found,) = refusals(host, {"a": 1}, base_url="")
    assert "without base_url" in found
