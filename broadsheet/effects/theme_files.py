"""Templates and assets from disk to values.

Responsible for reading the layers of a theme. Not responsible for the names of assets
(`asset_names`) or for Jinja (`workers.theme`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.effects.asset_names import Asset, name_assets
from broadsheet.effects.walking import is_left_behind, is_text, name_problem, printable_path
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at
from broadsheet.foundations.sources import RawFile, decode_source
from broadsheet.workers.theme import DEFAULT_PREFIX, TemplateSource, Theme, layer_theme

ASSET_FOLDER = "static"
OWN_PREFIX = "templates/"
TEMPLATE_SUFFIXES = (".html", ".xml", ".txt")


class ThemeFiles(msgspec.Struct, frozen=True):
    """A theme as it was read.

    Attributes:
        theme: The templates.
        assets: The assets, in the order of their names.
        diagnostics: Files that could not be read.
    """

    theme: Theme
    assets: tuple[Asset, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def addresses(self) -> dict[str, str]:
        """Return the address of each asset by its logical name."""
        return {asset.name: asset.url for asset in self.assets}


class _Layer(msgspec.Struct, frozen=True):
    """One folder of templates and assets, read."""

    templates: dict[str, TemplateSource]
    assets: dict[str, bytes]
    diagnostics: tuple[Diagnostic, ...]


_NO_LAYER = _Layer({}, {}, ())


def read_theme(default: Path, own: Path | None) -> ThemeFiles:
    """Read the default theme and a digest's own templates above it.

    Args:
        default: Folder of the default theme.
        own: The digest's `templates/`; None, a missing folder, or the default's own folder when
            the digest overrides nothing.

    Returns:
        Everything that could be read; files that cannot are diagnostics.
    """
    has_own = own is not None and own.is_dir()
    if own is None or not has_own or own.resolve() == default.resolve():
        below, above = _read_layer(default, OWN_PREFIX if has_own else DEFAULT_PREFIX), _NO_LAYER
    else:
        below, above = _read_layer(default, DEFAULT_PREFIX), _read_layer(own, OWN_PREFIX)
    return ThemeFiles(
        theme=layer_theme(above.templates, below.templates),
        assets=name_assets({**below.assets, **above.assets}),
        diagnostics=(*below.diagnostics, *above.diagnostics),
    )


def _read_layer(folder: Path, prefix: str) -> _Layer:
    """Read a folder of the theme.

    Args:
        folder: The folder.
        prefix: What its files' names stand behind in messages.
    """
    templates: dict[str, TemplateSource] = {}
    assets: dict[str, bytes] = {}
    problems: list[Diagnostic] = []
    for path in _list_files(folder):
        name = path.relative_to(folder).as_posix()
        is_asset = name.startswith(f"{ASSET_FOLDER}/")
        if not is_asset and path.suffix not in TEMPLATE_SUFFIXES:
            continue
        content = _read(path, prefix + name, problems)
        if content is not None and is_asset:
            assets[name.removeprefix(f"{ASSET_FOLDER}/")] = content
        elif content is not None:
            source = decode_source(RawFile(prefix + name, content))
            problems += source.diagnostics
            text = source.value.text if source.value is not None else ""
            templates[name] = TemplateSource(prefix + name, text)
    return _Layer(templates, assets, tuple(problems))


def _list_files(folder: Path) -> list[Path]:
    """Return everything below a folder that is not a folder, beside what tools leave there.

    Links are followed: some installers link a package's files instead of copying them.
    """
    return [
        path
        for path in sorted(folder.rglob("*"))
        if not path.is_dir() and not any(map(is_left_behind, path.relative_to(folder).parts))
    ]


def _read(path: Path, shown: str, problems: list[Diagnostic]) -> bytes | None:
    if not is_text(shown):
        problems.append(name_problem(printable_path(Path(shown))))
        return None
    message, hint = "this is neither a file nor a folder", "replace a link by what it leads to"
    try:
        if path.is_file():
            return path.read_bytes()
    except OSError as error:
        message, hint = f"the file cannot be read: {error.strerror or error}", ""
    problems.append(error_at(Code.UNREADABLE_FILE, message, Span(shown), hint))
    return None
