"""The sections bar: the default one, or the entries of `site.yaml`.

Responsible for where its entries lead and for reporting the ones that lead to no page. Not
responsible for what an entry may look like (`domain.value_readers`).
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import unquote

from broadsheet.domain.links import scheme_of
from broadsheet.domain.settings import NavigationEntry, Settings
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.foundations.schema import ask_for, nearest
from broadsheet.planning import addresses
from broadsheet.planning.site_views import NavigationItem

DEFAULT = (
    NavigationItem(key="today", text="Today", url=addresses.FRONT),
    NavigationItem(key="topics", text="Topics", url=addresses.TOPICS),
    NavigationItem(key="digests", text="Archive", url=addresses.DIGESTS),
    NavigationItem(key="saved", text="Saved", url=addresses.READING_LIST),
)
_KEYS = {addresses.FRONT: "today", addresses.READING_LIST: "saved"}


def plan_navigation(
    settings: Settings, known: Collection[str]
) -> tuple[tuple[NavigationItem, ...], tuple[Finding, ...]]:
    """Plan the sections bar.

    Args:
        settings: The digest's settings.
        known: Every address of the site.

    Returns:
        The entries, and an error for each that leads to no page.
    """
    if not settings.navigation:
        return DEFAULT, ()
    items = tuple(_make_item(entry, known) for entry in settings.navigation)
    broken = (
        (position, item.url)
        for position, item in enumerate(items)
        if not item.href and _path_of(item.url) not in known
    )
    return items, tuple(_explain(position, url, known) for position, url in broken)


def _make_item(entry: NavigationEntry, known: Collection[str]) -> NavigationItem:
    if scheme_of(entry.to):
        return NavigationItem(key="", text=entry.text, url="", href=entry.to)
    path = _path_of(entry.to)
    rest = entry.to[len(entry.to.split("#")[0].split("?")[0]) :]
    url = entry.to
    if path not in known and f"{path}/" in known:
        path, url = f"{path}/", f"{entry.to.removesuffix(rest)}/{rest}"
    return NavigationItem(key=_KEYS.get(path, path.removesuffix("/")), text=entry.text, url=url)


def _path_of(url: str) -> str:
    """Return an address as the plan spells it: without query and fragment, not encoded."""
    return unquote(url.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])


def _explain(position: int, url: str, known: Collection[str]) -> Finding:
    near = nearest(_path_of(url), sorted(known))
    return Finding(
        code=Code.BROKEN_LINK,
        message=f"the section '/{url}' leads to no page of this site",
        source="content/site.yaml",
        field=("navigation", position, "to"),
        hint=ask_for(near) or "write a path such as topics/ or about/",
    )
