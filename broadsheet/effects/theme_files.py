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

_CSS_URL = re.compile(rb'url\("([^":?#]+)"\)')


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
    """Name assets by their content; stylesheets come last, since they name other assets."""
    assets: dict[str, Asset] = {}
    for name in sorted(contents, key=lambda name: (name.endswith(".css"), name)):
        content = contents[name]
        if name.endswith(".css"):
            content = _CSS_URL.sub(lambda match: _hashed_url(match, assets), content)
        stem, dot, suffix = name.rpartition(".")
        url = f"assets/{stem}.{hash_bytes(content)[:10]}{dot}{suffix}"
        assets[name] = Asset(name, url, content)
    return tuple(assets[name] for name in sorted(assets))


def _hashed_url(match: re.Match[bytes], assets: dict[str, Asset]) -> bytes:
    """Return a stylesheet's `url("name")` with the name that the asset is published under."""
    asset = assets.get(match[1].decode("utf-8", "replace"))
    return match[0] if asset is None else f'url("{asset.url.removeprefix("assets/")}")'.encode()
