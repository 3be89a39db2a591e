"""Names of assets that change with their content, so that browsers may keep them for ever.

Responsible for those names, also where one asset names another. Not responsible for reading assets
(`theme_files`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from broadsheet.foundations.hashing import hash_bytes

# How an asset names another one beside it: `url("name")` in a stylesheet, `from './name'` in a
# script; the name is what stands between the quotes.
_REFERENCES = {
    ".css": re.compile(rb'(?<=url\(")([^":?#]+)(?="\))'),
    ".js": re.compile(rb"(?<=from '\./)([^':?#]+)(?=')"),
}


class Asset(msgspec.Struct, frozen=True):
    """A file that pages load, under a name that changes with its content.

    Attributes:
        name: Logical name, as templates ask for it: `broadsheet.css`.
        url: Address within the site: `assets/broadsheet.0123456789.css`.
        content: Its bytes.
    """

    name: str
    url: str
    content: bytes


def name_assets(contents: Mapping[str, bytes]) -> tuple[Asset, ...]:
    """Name assets by their content, each after those that it names itself.

    Args:
        contents: Bytes of each asset by its logical name.

    Returns:
        The assets in the order of their names; where one names another, by the other's new name.
    """
    assets: dict[str, Asset] = {}
    for name in contents:
        _name_asset(name, contents, assets, ())
    return tuple(assets[name] for name in sorted(assets))


def _name_asset(
    name: str, contents: Mapping[str, bytes], assets: dict[str, Asset], above: tuple[str, ...]
) -> Asset | None:
    """Name one asset; two that name each other cannot both be named by their content."""
    if name in assets or name not in contents or name in above:
        return assets.get(name)
    stem, dot, suffix = name.rpartition(".")
    content = contents[name]
    if pattern := _REFERENCES.get(dot + suffix):

        def published(match: re.Match[bytes]) -> bytes:
            other = match[1].decode("utf-8", "replace")
            asset = _name_asset(other, contents, assets, (*above, name))
            return match[1] if asset is None else asset.url.removeprefix("assets/").encode()

        content = pattern.sub(published, content)
    url = f"assets/{stem}.{hash_bytes(content)[:10]}{dot}{suffix}"
    assets[name] = Asset(name, url, content)
    return assets[name]
