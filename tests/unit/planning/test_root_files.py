"""security.txt and the web manifest: only where the settings ask, and to the letter of the RFC."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from builds import publish
from scenarios import check, codes, paper, raw_file, write_digest

from broadsheet.domain.reading import read_settings

SITE = "title: 'T & <b>'\nlanguage: ar\n"
BASE = "base_url: https://example.org/\n"
FILES: dict[str, str | bytes] = {
    "content/papers/a.md": paper("A"),
    "content/static/icons/512.png": b"png",
}


def built(root: Path, settings: str) -> Path:
    return publish(
        write_digest(root, {**FILES, "content/site.yaml": SITE + settings}), has_search=False
    )


def problems(settings: str) -> list[tuple[str, int, int]]:
    """Return code, line and column of what is wrong with the settings below a title."""
    found = read_settings(raw_file("content/site.yaml", f"title: T\n{settings}")).diagnostics
    return [(d.code.value, d.span.line, d.span.column) for d in found]


def test_a_site_has_neither_unless_it_is_asked_for(tmp_path: Path) -> None:
    site = built(tmp_path, BASE + "manifest: false\n")
    assert not (site / ".well-known").exists()
    assert not (site / "site.webmanifest").exists()
    assert 'rel="manifest"' not in (site / "index.html").read_text(encoding="utf-8")


def test_security_txt_says_what_rfc_9116_asks_for(tmp_path: Path) -> None:
    settings = """\
security:
  contact: [security@example.org, https://example.org/report]
  expires: 2026-06-30
  languages: [ar, en]
  policy: https://example.org/policy
"""
    text = (built(tmp_path, BASE + settings) / ".well-known" / "security.txt").read_bytes()
    assert text.decode("ascii") == (
        "Contact: mailto:security@example.org\n"
        "Contact: https://example.org/report\n"
        "Expires: 2026-06-30T00:00:00Z\n"
        "Preferred-Languages: ar, en\n"
        "Canonical: https://example.org/.well-known/security.txt\n"
        "Policy: https://example.org/policy\n"
    )


def test_the_least_security_txt_has_the_sites_language_and_no_address(tmp_path: Path) -> None:
    site = built(tmp_path, "security: {contact: a@example.org, expires: 2026-06-30}\n")
    assert (site / ".well-known" / "security.txt").read_text(encoding="utf-8") == (
        "Contact: mailto:a@example.org\nExpires: 2026-06-30T00:00:00Z\nPreferred-Languages: ar\n"
    )


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("security:\n  contact: a@b.example\n", [("missing-field", 3, 3)]),
        ("security:\n  expires: 2026-06-30\n", [("missing-field", 3, 3)]),
        (
            "security:\n  contact: http://b.example/\n  expires: soon\n",
            [("invalid-address", 3, 12), ("invalid-date", 4, 12)],
        ),
        (
            "security: {contact: ['tel:112'], expires: 2026-06-30}\n",
            [("invalid-address", 2, 22)],
        ),
        (
            "security: {contact: 'a@b.example\\nX: y', expires: 2026-06-30}\n",
            [("invalid-address", 2, 21)],
        ),
        (
            "security: {contact: a@b.example, expires: 2026-06-30, policy: http://b.example/}\n",
            [("invalid-url", 2, 63)],
        ),
        ("security: yes\n", [("wrong-type", 2, 11)]),
        ("manifest: maybe\n", [("invalid-choice", 2, 11)]),
        ("manifest:\n  theme: #fff\n", [("yaml-comment", 3, 10)]),
        ("manifest:\n  theme: red\n", [("invalid-choice", 3, 10)]),
        ("manifest:\n  icons: [{src: a.png}]\n", [("missing-field", 3, 11)]),
        ("manifest:\n  icons: [{src: a.exe, size: 16}]\n", [("invalid-url", 3, 17)]),
        ("manifest:\n  icons: [{src: '../a.png', size: 16}]\n", [("invalid-url", 3, 17)]),
    ],
)
def test_what_cannot_stand_in_them_is_refused_at_its_place(
    settings: str, found: list[tuple[str, int, int]]
) -> None:
    assert problems(settings) == found


def read_manifest(site: Path) -> Any:
    return json.loads((site / "site.webmanifest").read_bytes())


def test_a_manifest_needs_no_more_than_a_word(tmp_path: Path) -> None:
    site = built(tmp_path, "manifest: true\n")
    manifest = read_manifest(site)
    (icon,) = manifest.pop("icons")
    assert manifest == {
        "name": "T & <b>",
        "lang": "ar",
        "dir": "rtl",
        "id": "./",
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#fcfcfa",
        "theme_color": "#fcfcfa",
    }
    assert (site / icon.pop("src")).read_text(encoding="utf-8").startswith("<svg")
    assert icon == {"sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    for page, way in (("index.html", "./"), ("papers/a/index.html", "../../"), ("404.html", "/")):
        text = (site / page).read_text(encoding="utf-8")
        assert re.findall(r'<link rel="manifest" href="([^"]*)">', text) == [
            f"{way}site.webmanifest"
        ]


def test_a_manifest_has_the_digests_own_icons(tmp_path: Path) -> None:
    settings = """\
description: D
manifest:
  short_name: T
  theme: "#123456"
  icons: [{src: icons/512.png, size: 512, purpose: maskable}]
"""
    manifest = read_manifest(built(tmp_path, settings))
    assert manifest["short_name"] == "T"
    assert manifest["description"] == "D"
    assert manifest["theme_color"] == "#123456"
    assert manifest["icons"] == [
        {"src": "icons/512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"}
    ]


def test_an_icon_that_is_not_there_is_an_error_at_its_line(tmp_path: Path) -> None:
    site = SITE + "manifest:\n  icons:\n    - {src: icons/512.png, size: 512}\n    - src: no.svg\n"
    checked = check(write_digest(tmp_path, {**FILES, "content/site.yaml": site}))
    assert codes(checked.diagnostics) == ["broken-link"]
    assert checked.diagnostics[0].span.line == 6
