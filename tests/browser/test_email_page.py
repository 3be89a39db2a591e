"""The email edition as a browser shows it, and as the Nu HTML checker reads it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Literal

import pytest
from builds import ROOT, copy_repository
from lacking import lack
from playwright.sync_api import Browser
from scenarios import check

from broadsheet.assembly.mailing import Editions

pytestmark = pytest.mark.browser

JAR = ROOT / "tests" / "browser" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Mail programs that know no CSS for tables know these; the checker calls them obsolete.
FOR_OUTLOOK = re.compile(
    r"The “(?:align|border|cellpadding|cellspacing|valign|width)” attribute on the "
    r"“(?:table|td)” element is obsolete\."
)
COLOURS = {"light": "rgb(252, 252, 250)", "dark": "rgb(18, 20, 23)"}


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML part of the edition of the repository's own digest."""
    folder = tmp_path_factory.mktemp("seed")
    composed = Editions(check(copy_repository(folder)), "2025-03-19").compose().value
    assert composed is not None
    path = folder / "email.html"
    path.write_text(composed.html, encoding="utf-8")
    return path


def test_the_edition_is_valid_html_but_for_what_outlook_needs(seed: Path) -> None:
    java = shutil.which("java")
    if java is None:
        lack("no Java: apt-get install --no-install-recommends default-jre-headless")
    if not JAR.is_file():
        lack("no vnu-jar: npm ci --prefix tests/browser")
    command = [java, "-jar", str(JAR), "--format", "json", str(seed)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    messages = json.loads(run.stderr)["messages"]
    said = {m["message"] for m in messages if not FOR_OUTLOOK.match(m["message"])}
    assert said == set()
    assert messages


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [620, 360])
def test_the_edition_fits_its_window_in_both_schemes_and_asks_nobody_for_anything(
    width: int, scheme: Literal["light", "dark"], seed: Path, axe_source: str, chromium: Browser
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 1200}, color_scheme=scheme, java_script_enabled=True
    )
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(seed.as_uri())
    assert asked == [seed.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == COLOURS[scheme]
    sizes = page.locator("h1, h2.lead").evaluate_all(
        "all => all.map(e => getComputedStyle(e).fontSize)"
    )
    assert sizes == (["56px", "34px"] if width == 620 else ["40px", "28px"])
    if width == 620:  # nothing that it looks at differs in a narrow window
        page.evaluate(axe_source)
        found = page.evaluate("axe.run()")
        assert [violation["id"] for violation in found["violations"]] == []
    context.close()
