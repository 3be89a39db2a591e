"""What the preview shows at one moment, as a value.

Responsible for the types only. Not responsible for making a state (`updating`), for rendering its
pages (`preview`) or for HTTP (`answering`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.planning.plan import SitePlan
from broadsheet.workers.rendering import RenderSpec


class SearchIndex(msgspec.Struct, frozen=True):
    """An index of the papers, as it lies on disk.

    Attributes:
        folder: Its folder.
        files: Its files, relative to the folder.
        key: What it was made from.
    """

    folder: Path
    files: frozenset[str]
    key: str


class Lag(msgspec.Struct, frozen=True):
    """What the preview has not caught up with yet.

    Attributes:
        search: Whether the index is of an earlier state, or there is none yet.
        related: Whether the lists of related papers are.
    """

    search: bool = False
    related: bool = False


class PreviewState(msgspec.Struct, frozen=True, kw_only=True):
    """A digest, ready to be shown page by page.

    Attributes:
        generation: Counts the states, from 1.
        root: The digest's root.
        base: Path of the site's root on its host: `/` or `/a/b/`.
        plan: The outputs, filled when they are asked for.
        spec: What pages are rendered with.
        templates: Path of each template, by its name.
        assets: Bytes of the theme's files by their addresses.
        static: Files below `content/static/`, relative to it.
        index: The search index; None until there is one.
        lag: What is behind.
        diagnostics: Everything that is wrong, sorted.
        sources: Files that may be opened in an editor, relative to the digest's root.
        swaps: Newest address of each of the theme's stylesheets, by each address that it has had.
        restyled: Latest generation in which each stylesheet below `content/static/` changed.
        is_strict: Whether warnings are shown as errors are.
        loaded_anew: Latest generation in which any other file below it changed.
        moves: New addresses of papers whose file was renamed, by the old ones.
    """

    generation: int
    root: Path
    base: str
    plan: SitePlan
    spec: RenderSpec
    templates: Mapping[str, str]
    assets: Mapping[str, bytes]
    static: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]
    sources: frozenset[str]
    is_strict: bool = False
    index: SearchIndex | None = None
    lag: Lag = Lag()
    swaps: Mapping[str, str] = {}
    restyled: Mapping[str, int] = {}
    loaded_anew: int = 0
    moves: Mapping[str, str] = {}
