"""Pictures of every type of page: `python tests/browser/screenshots.py SITE OUTDIR`.

Responsible for full-page pictures of a built site at 390 and 1280 pixels in both schemes, named
`TYPE-WIDTH-SCHEME.png`. Not responsible for judging them: somebody has to look.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from browser.conftest import find_chromium, launch_chromium  # noqa: E402 - after the path is set
from browser.page_types import EDITION, STATES, PageType  # noqa: E402
from browser.site_server import SiteServer  # noqa: E402

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (390, 1280)


def take_pictures(site: Path, pictures: Path, kinds: tuple[PageType, ...]) -> int:
    """Take the pictures of a built site.

    Args:
        site: The output folder of a build.
        pictures: Where the pictures go.
        kinds: What to show; types that the site does not have are left out.

    Returns:
        How many pictures there are.
    """
    pictures.mkdir(parents=True, exist_ok=True)
    count = 0
    with SiteServer({"/": site}) as server, sync_playwright() as playwright:
        browser = launch_chromium(playwright, find_chromium())
        for kind in kinds:
            folder = site / kind.address.partition("?")[0]
            if not kind.missing and not folder.is_dir():
                print(f"{kind.name}: the site has no {kind.address}")
                continue
            for scheme in SCHEMES:
                for width in WIDTHS:
                    page = browser.new_page(
                        viewport={"width": width, "height": 844 if width < 600 else 900},
                        color_scheme=scheme,
                        reduced_motion="reduce",
                    )
                    page.goto(f"{server.origin}/{kind.address}")
                    if kind.reach is not None:
                        kind.reach(page)
                    picture = pictures / f"{kind.name}-{width}-{scheme}.png"
                    page.screenshot(path=picture, full_page=kind.name != "search-dialog")
                    page.close()
                    count += 1
        browser.close()
    return count


def main(words: list[str]) -> int:
    """Run from the command line.

    Args:
        words: The site's folder and the pictures' folder.

    Returns:
        0 done, 1 nothing to show, 2 wrong usage.
    """
    if len(words) != 2 or not Path(words[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    count = take_pictures(Path(words[0]), Path(words[1]), (*EDITION, *STATES))
    print(f"{count} pictures in {words[1]}")
    return 0 if count else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
