"""Templates and assets from disk to values.

Responsible for reading the layers of a theme and for naming assets by their content. Not
responsible for Jinja (`workers.theme`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.foundations.hashing import hash_bytes
from broadsheet.workers.theme import TemplateSource, Theme, layer_theme

ASSET_FOLDER = "static"
TEMPLATE_SUFFIXES = (".html", ".xml", ".txt")


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
    assets: dict[str, Asset] = {}
    for layer in layers:
        assets |= {asset.name: asset for asset in _read_assets(layer / ASSET_FOLDER)}
    own_templates = templates[1] if len(templates) > 1 else {}
    theme = layer_theme(own_templates, templates[0])
    return ThemeFiles(theme, tuple(assets[name] for name in sorted(assets)))


def _read_templates(folder: Path) -> dict[str, TemplateSource]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in TEMPLATE_SUFFIXES and not name.startswith(f"{ASSET_FOLDER}/"):
            found[name] = TemplateSource(f"templates/{name}", path.read_text(encoding="utf-8"))
    return found


def _read_assets(folder: Path) -> list[Asset]:
    assets = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        stem, dot, suffix = name.rpartition(".")
        url = f"assets/{stem}.{hash_bytes(content)[:10]}{dot}{suffix}"
        assets.append(Asset(name, url, content))
    return assets
