r"""All cases of the text model on one sheet, to be reviewed by eye.

Responsible for the sheet in HTML, with the theme's own stylesheet and math font, and for its
pictures. Not a test.

    python tests/text/sheet.py FOLDER
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from playwright.sync_api import sync_playwright  # noqa: E402 - the tests' own modules come first
from text import cases  # noqa: E402
from text.conversions import Conversion, convert_body_case, convert_case  # noqa: E402

STATIC = Path(__file__).parents[2] / "templates" / "static"
HEIGHT = 1_700
SHOWN = 700
LAYOUT = """
body > table { border-collapse: collapse; width: 1560px; table-layout: fixed; font-size: 15px }
body > table > tbody > tr > * { border: 1px solid #999; padding: 4px 8px; vertical-align: top;
  text-align: start; overflow-wrap: anywhere }
th:first-child { width: 40px }
"""


def write_sheet(folder: Path) -> Path:
    """Write the sheet and what it needs.

    Args:
        folder: Where to; it is made if need be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("broadsheet.css", "math.css", "math.woff2"):
        (folder / name).write_bytes((STATIC / name).read_bytes())
    groups = {
        group: [convert_case(group, source) for source in sources]
        for group, sources in cases.LINES.items()
    }
    groups["bodies"] = [convert_body_case(source) for source in cases.BODIES]
    sections = "".join(_write_group(name, rows) for name, rows in groups.items())
    styles = "".join(
        f'<link rel="stylesheet" href="{name}">' for name in ("broadsheet.css", "math.css")
    )
    page = folder / "sheet.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><title>Cases</title>{styles}'
        f"<style>{LAYOUT}</style><body>{sections}",
        encoding="utf-8",
    )
    return page


def _write_group(name: str, rows: list[Conversion]) -> str:
    body = "".join(_write_row(number, row) for number, row in enumerate(rows, 1))
    return f"<h2>{name}</h2><table><tr><th>#<th>source<th>HTML<th>plain<th>TeX</tr>{body}</table>"


def _write_row(number: int, row: Conversion) -> str:
    source, plain, tex = (escape(text[:SHOWN]) for text in (row.source, row.plain, row.tex))
    return (
        f"<tr><td>{number}<td><code>{source}</code><td>{row.html[: 20 * SHOWN]}"
        f"<td>{plain}<td><code>{tex}</code></tr>"
    )


def take_pictures(page: Path) -> int:
    """Take pictures of the sheet, a window's height each, and return how many.

    Args:
        page: The sheet; pictures are written beside it.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        window = browser.new_page(viewport={"width": 1600, "height": HEIGHT})
        window.goto(page.absolute().as_uri())
        height = int(window.evaluate("document.documentElement.scrollHeight"))
        count = -(-height // HEIGHT)
        window.set_viewport_size({"width": 1600, "height": height})
        for number in range(count):
            clip = {"x": 0, "y": number * HEIGHT, "width": 1600}
            clip["height"] = min(HEIGHT, height - number * HEIGHT)
            window.screenshot(path=page.parent / f"sheet-{number:02}.png", clip=clip)  # type: ignore[arg-type]
        browser.close()
    return count


if __name__ == "__main__":
    sheet = write_sheet(Path(sys.argv[1]))
    print(sheet, take_pictures(sheet))
