"""The page on addresses names every kind of address that a site has, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from builds import ROOT, copy_repository, publish, tree

# What each word in angle brackets may stand for.
WORDS = {
    "<id>": r"[a-z0-9][a-z0-9._-]*",
    "<slug>": r"[a-z0-9][a-z0-9._-]*",
    "<key>": r"\d{4}-(?:\d\d(?:-\d\d)?|W\d\d)",
    "<page>": r"[a-z0-9][a-z0-9-]*",
    "<name>": r"[\w./-]+",
    "<file>": r"[\w./-]+",
    "<format>": r"bib|ris|csl\.json",
    "<month>": r"\d{4}(?:-\d\d)?|undated",
}


def documented_addresses() -> dict[str, re.Pattern[str]]:
    """Return the addresses of the table with what each matches."""
    text = (ROOT / "docs" / "addresses.md").read_text(encoding="utf-8")
    table = text.partition("<!-- addresses -->")[2].partition("<!-- end -->")[0]
    addresses = re.findall(r"^\| `(/[^`]*)` \|", table, re.MULTILINE)
    return {address: match_address(address) for address in addresses}


def match_address(address: str) -> re.Pattern[str]:
    parts = re.split(r"(<\w+>)", address)
    pattern = "".join(f"(?:{WORDS[part]})" if part in WORDS else re.escape(part) for part in parts)
    later = r"(?:page/\d+/)?" if address.endswith("/") else ""
    return re.compile(pattern + later)


def test_the_page_names_the_addresses_of_the_first_edition_and_no_others(tmp_path: Path) -> None:
    site = publish(copy_repository(tmp_path))
    found = {f"/{path.removesuffix('index.html')}" for path in tree(site)}
    known = documented_addresses()
    # A word of the site's own is no free page.
    exact = {address for address in found if address in known}
    rest = found - exact
    unnamed = sorted(a for a in rest if not any(p.fullmatch(a) for p in known.values()))
    unused = sorted(
        address
        for address, pattern in known.items()
        if address not in exact and not any(pattern.fullmatch(a) for a in rest)
    )
    assert len(found) > 500
    assert unnamed == []
    assert unused == []
