"""Templates and assets from disk to values.

Responsible for reading the layers of a theme and for naming assets by their content. Not
responsible for Jinja (`workers.theme`).
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from broadsheet.foundations.hashing import hash_bytes
from broadsheet.workers.theme import TemplateSource, Theme, layer_theme

ASSET_FOLDER = "static"
TEMPLATE_SUFFIXES = (".html", ".xml", ".txt")

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


class ThemeFiles(msgspec.Struct, frozen=True):
    """A theme as it was read.

    Attributes:
        theme: The templates.
        assets: The assets, in the order of their names.
    """

    theme: Theme
    assets: tuple[Asset, ...]

    def addresses(self) -> dict[str, str]:
        """Return the address of each asset by its logical name."""
        return {asset.name: asset.url for asset in self.assets}


def read_theme(default: Path, own: Path | None) -> ThemeFiles:
    """Read the default theme and a digest's own templates above it.

    Args:
        default: Folder of the default theme.
        own: The digest's `templates/`; None, a missing folder, or the default's own folder when
            the digest overrides nothing.
    """
    layers = [default]
    if own is not None and own.is_dir() and own.resolve() != default.resolve():
        layers.append(own)
    templates = [_read_templates(layer) for layer in layers]
    contents: dict[str, bytes] = {}
    for layer in layers:
        contents |= _read_assets(layer / ASSET_FOLDER)
    own_templates = templates[1] if len(templates) > 1 else {}
    theme = layer_theme(own_templates, templates[0])
    return ThemeFiles(theme, _name_assets(contents))


def _read_templates(folder: Path) -> dict[str, TemplateSource]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in TEMPLATE_SUFFIXES and not name.startswith(f"{ASSET_FOLDER}/"):
            found[name] = TemplateSource(f"templates/{name}", path.read_text(encoding="utf-8"))
    return found


def _read_assets(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def _name_assets(contents: dict[str, bytes]) -> tuple[Asset, ...]:
    """Name assets by their content, each after those that it names itself."""
    assets: dict[str, Asset] = {}
    for name in contents:
        _name_asset(name, contents, assets, ())
    return tuple(assets[name] for name in sorted(assets))


def _name_asset(
    name: str, contents: dict[str, bytes], assets: dict[str, Asset], above: tuple[str, ...]
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
