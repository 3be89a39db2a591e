"""What goes into a build and what comes out: the values that commands and the pipeline share.

Responsible for the types. Not responsible for any stage (`pipeline`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from broadsheet.assembly.last_build import LastBuild
from broadsheet.effects.generations import Places, Published
from broadsheet.effects.signatures import Signatures
from broadsheet.effects.source_files import SourceFiles
from broadsheet.effects.surveying import Survey
from broadsheet.effects.theme_files import ThemeFiles
from broadsheet.foundations.diagnostics import Diagnostic

if TYPE_CHECKING:
    # A build with nothing to do gets along without what these import.
    from broadsheet.assembly.reading import Content, ContentCache
    from broadsheet.domain.ledger import Ledger
    from broadsheet.domain.library import Library
    from broadsheet.domain.settings import Settings
    from broadsheet.planning.plan import SitePlan


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a run may change about a build.

    Attributes:
        output: Output folder; None means the project's `site/`.
        base_url: Replaces the setting; None keeps it.
        fallback_url: The address of a digest whose settings name none.
        as_of: "Today": leaves out what is featured later; None means the newest featured day.
        has_drafts: Whether drafts are built.
        has_search: Whether the search index is made.
        executor: Where batches run: `auto`, `serial`, `process:N`, `module:factory`.
        is_strict: Whether warnings keep a site from being published.
    """

    output: Path | None = None
    base_url: str | None = None
    fallback_url: str | None = None
    as_of: date | None = None
    has_drafts: bool = False
    has_search: bool = True
    executor: str = "auto"
    is_strict: bool = False


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """Where a build begins.

    Attributes:
        places: Where the published site lies, and the tree before it.
        published: What of it may be relied on.
        survey: The files of the digest, without their bytes.
        files: The same with them, as far as they had to be read.
        theme: The theme.
        known: Signatures of files from the last build.
        last: What is remembered of the last build, or None.
        fingerprint: Hash over everything that the build depends on.
        problems: What was wrong with what earlier builds left.
    """

    places: Places
    published: Published
    survey: Survey
    files: SourceFiles
    theme: ThemeFiles
    known: Signatures
    last: LastBuild | None
    fingerprint: str
    problems: tuple[Diagnostic, ...]


class CheckedSite(msgspec.Struct, frozen=True, kw_only=True):
    """A digest up to the plan of its pages.

    Attributes:
        survey: The files.
        settings: The digest's settings; defaults where `site.yaml` has errors.
        library: All records that are sound.
        plan: The outputs.
        beside: Hashes over the papers beside each paper, by its id.
        ledger: The ledger of published addresses; None where it has errors.
        theme: The theme.
        content: The records and their texts.
        cache: What is known of them from earlier builds.
        is_theme_sound: Whether its templates can be rendered.
        diagnostics: Everything that is wrong so far, sorted.
    """

    survey: Survey
    settings: Settings
    library: Library
    plan: SitePlan
    beside: Mapping[str, str]
    ledger: Ledger | None
    theme: ThemeFiles
    content: Content
    cache: ContentCache
    is_theme_sound: bool
    diagnostics: tuple[Diagnostic, ...]


class BuildResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a build did.

    Attributes:
        diagnostics: Everything that was wrong, sorted.
        output: The output folder.
        papers: Papers in the site.
        pages: Pages that readers see, the one for missing addresses included.
        written: Files with other bytes than before, the search index and the manifest apart.
        reused: Files that stand as they were published before.
        removed: Files that are no longer part of the site.
        how: How the tree was published (`publishing.publish`); `unchanged` when the published one
            is what would have been written; empty when there were errors.
        seconds: Time of each stage, in the order they ran.
    """

    diagnostics: tuple[Diagnostic, ...]
    output: Path
    papers: int = 0
    pages: int = 0
    written: tuple[str, ...] = ()
    reused: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    how: str = ""
    seconds: dict[str, float] = {}
