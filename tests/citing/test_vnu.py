"""The Nu HTML checker reads every page of the first edition, and of a digest of everything.

It is a Java program; npm ships it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT, publish
from golden.test_golden_digests import EVERYTHING
from lacking import lack
from scenarios import write_digest

JAR = ROOT / "tests" / "browser" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.fixture(scope="session")
def vnu() -> list[str]:
    java = shutil.which("java")
    if java is None:
        lack("no Java: apt-get install --no-install-recommends default-jre-headless")
    if not JAR.is_file():
        lack("no vnu-jar: npm ci --prefix tests/browser")
    return [java, "-Xss8m", "-jar", str(JAR), "--errors-only", "--format", "json"]


def check_pages(vnu: list[str], folder: Path) -> list[str]:
    """Return what is wrong with the pages below a folder."""
    command = [*vnu, "--skip-non-html", str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    messages: list[dict[str, Any]] = json.loads(run.stderr)["messages"]
    return [
        f"{message.get('url', '').removeprefix(f'file:{folder}')}:{message.get('lastLine')}: "
        f"{message['message']}"
        for message in messages
    ]


def test_the_checker_sees_what_is_wrong(vnu: list[str], tmp_path: Path) -> None:
    page = "<!doctype html><html lang=en><title>A</title><p id=a><p id=a><b><i></b>"
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    assert len(check_pages(vnu, tmp_path)) >= 2


def test_no_page_of_the_first_edition_has_an_error(vnu: list[str], edition: Path) -> None:
    assert len(list(edition.rglob("*.html"))) > 600
    assert check_pages(vnu, edition) == []


def test_no_page_of_a_digest_of_everything_has_an_error(vnu: list[str], tmp_path: Path) -> None:
    site = publish(write_digest(tmp_path, EVERYTHING))
    assert len(list(site.rglob("*.html"))) > 30
    assert check_pages(vnu, site) == []
