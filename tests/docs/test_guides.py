"""The guides do what they say, and every page can be reached.

Each guide's commands and files are those of its own text.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT, build
from scenarios import write_digest

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))

ROWS = {
    "Brain Simulation": {
        "2305.19935": "|**2023-09-29**|**A network that's small: entangled states**|Ada Byron "
        "et.al.|[2305.19935v2](http://arxiv.org/abs/2305.19935)|"
        "**[link](https://github.com/example/fyp)**|\n",
        "2305.12875": "|**2023-09-22**|**Powering the edge**|Fadi Example et.al.|"
        "[2305.12875](http://arxiv.org/abs/2305.12875)|null|\n",
    },
    "Spiking Neural Networks": {
        "2305.12875": "|**2023-09-22**|**Powering the edge**|Fadi Example et.al.|"
        "[2305.12875](http://arxiv.org/abs/2305.12875)|null|\n",
        "odd": "| something else |\n",
    },
}


def files_of(page: str) -> dict[str, str]:
    """Return the files that a page shows, by their path."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)\n```", text, re.DOTALL)
    return {path: block + "\n" for path, block in found}


def test_rows_of_an_arxiv_daily_repository_become_records_that_build(tmp_path: Path) -> None:
    (tmp_path / "convert.py").write_text(files_of("how-to/arxiv-daily.md")["convert.py"])
    (tmp_path / "rows.json").write_text(json.dumps(ROWS))
    digest = write_digest(tmp_path / "digest", {})
    for folder in ("papers", "topics"):
        (digest / "content" / folder).mkdir()
    command = [sys.executable, "convert.py", "rows.json", "digest/content"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == "2 papers, 2 topics\n"
    assert run.stderr == "not a row: | something else |\n"

    result = build(digest)
    assert result.diagnostics == ()
    assert result.papers == 2
    page = (result.output / "papers" / "2305.19935" / "index.html").read_text(encoding="utf-8")
    assert "small: entangled states" in page
    assert "https://github.com/example/fyp" in page
    edge = (digest / "content" / "papers" / "2023" / "2305.12875.md").read_text(encoding="utf-8")
    assert "topics: [brain-simulation, spiking-neural-networks]\n" in edge


@pytest.mark.parametrize("page", PAGES)
def test_links_between_the_pages_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose)
    folder = (DOCS / page).parent
    missing = [t for t in targets if "://" not in t and not (folder / t).exists()]
    assert missing == []


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    listed = set(re.findall(r"- ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE))
    decisions = {page for page in PAGES if page.startswith("adr/")}
    assert listed == set(PAGES) - decisions


def test_the_site_of_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    shutil.copytree(DOCS, tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "No issues found" in run.stdout + run.stderr
    site = tmp_path / "dist" / "docs"
    pages = {path.parent.name for path in site.rglob("index.html")}
    assert {"tutorial", "records", "commands", "arxiv-daily"} <= pages
    loaded = [
        address
        for path in site.rglob("*.html")
        for address in re.findall(
            r'<(?:script|img|link rel="stylesheet")[^>]* (?:src|href)="(https?:[^"]*)"',
            path.read_text(encoding="utf-8"),
        )
    ]
    assert loaded == []
