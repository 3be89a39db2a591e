"""Files at a site's root that only the settings ask for: security.txt and the web manifest.

Responsible for what stands in them and for whether the manifest's icons exist. Not responsible for
files that every site has (`plan_discovery`) or for reading the settings (`domain.root_schema`).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from broadsheet.domain.folders import SITE_FILE, STATIC_FOLDER
from broadsheet.domain.identifiers import direction_of
from broadsheet.domain.root_schema import ICON_TYPES
from broadsheet.domain.settings import ManifestIcon, ManifestSettings, SecuritySettings, Settings
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning import addresses
from broadsheet.planning.outlines import Outline
from broadsheet.planning.plan_discovery import outline_text

_FAVICON = "favicon.svg"


def plan_root_files(settings: Settings, assets: Mapping[str, str]) -> Iterator[Outline]:
    """Plan the files that the settings ask for.

    Args:
        settings: The digest's settings.
        assets: Logical name of an asset to its address within the site.
    """
    if settings.security is not None:
        yield outline_text(addresses.SECURITY, write_security(settings, settings.security))
    if settings.manifest is not None:
        text = write_manifest(settings, settings.manifest, assets)
        yield outline_text(addresses.MANIFEST, text)


def check_icons(settings: Settings, known: Container[str]) -> Iterator[Finding]:
    """Yield the icons of the manifest that the site does not have.

    Args:
        settings: The digest's settings.
        known: Addresses within the site at which there is something.
    """
    icons = settings.manifest.icons if settings.manifest is not None else ()
    for position, icon in enumerate(icons):
        if unquote(icon.src) not in known:
            yield Finding(
                code=Code.BROKEN_LINK,
                message=f"the site has no picture '/{icon.src}'",
                source=SITE_FILE,
                field=("manifest", "icons", position, "src"),
                hint=f"put it at {STATIC_FOLDER}/{icon.src}",
            )


def write_security(settings: Settings, security: SecuritySettings) -> str:
    """Return `security.txt` (RFC 9116); the day it expires begins at midnight, UTC."""
    languages = security.languages or (settings.language,)
    lines = [f"Contact: {contact}" for contact in security.contact]
    lines.append(f"Expires: {security.expires.isoformat()}T00:00:00Z")
    lines.append(f"Preferred-Languages: {', '.join(languages)}")
    if settings.base_url:
        lines.append(f"Canonical: {settings.base_url}{addresses.SECURITY}")
    if security.policy:
        lines.append(f"Policy: {security.policy}")
    return "\n".join((*lines, ""))


def write_manifest(
    settings: Settings, manifest: ManifestSettings, assets: Mapping[str, str]
) -> str:
    """Return the web manifest (W3C), whose addresses are relative to its own.

    Args:
        settings: The digest's settings.
        manifest: What they say of the manifest.
        assets: Logical name of an asset to its address within the site.
    """
    # Pages have no way back but the browser's, which `standalone` would take away.
    content: dict[str, Any] = {
        "name": settings.title,
        "short_name": manifest.short_name,
        "description": settings.description or settings.tagline,
        "lang": settings.language,
        "dir": direction_of(settings.language),
        "id": "./",
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": manifest.background,
        "theme_color": manifest.theme,
        "icons": [_icon(icon) for icon in manifest.icons or (ManifestIcon(src=assets[_FAVICON]),)],
    }
    kept = {name: value for name, value in content.items() if value}
    return msgspec.json.format(msgspec.json.encode(kept), indent=1).decode() + "\n"


def _icon(icon: ManifestIcon) -> dict[str, str]:
    return {
        "src": icon.src,
        "sizes": f"{icon.size}x{icon.size}" if icon.size else "any",
        "type": ICON_TYPES[icon.src.rpartition(".")[2].lower()],
        "purpose": icon.purpose,
    }
