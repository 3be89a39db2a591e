"""The settings of a run: `site.yaml`, and what the command line replaces.

Not responsible for the file's fields (`domain.site_schema`).
"""

from __future__ import annotations

import msgspec

from broadsheet.domain.folders import SITE_FILE
from broadsheet.domain.reading import read_settings
from broadsheet.domain.settings import Settings
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Severity, Span, error_at
from broadsheet.foundations.sources import RawFile


def settle_settings(
    raw: RawFile | None, base_url: str | None, fallback_url: str | None = None
) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """Return the settings that a run goes by.

    Args:
        raw: `site.yaml`, or None when there is none.
        base_url: Replaces the setting; None keeps it.
        fallback_url: Stands in for a setting that is not there; None leaves it empty.

    Returns:
        The settings, defaults (and open topics) where the file has errors, and what is wrong with
        it.
    """
    if raw is None:
        message, hint = "there is no content/site.yaml", "write one with a line 'title: …'"
        return Settings(), (error_at(Code.NO_CONTENT, message, Span(SITE_FILE), hint),)
    outcome = read_settings(raw)
    # Whether topics must be declared is not known then; no record is to be blamed for it.
    settings = outcome.value or Settings(topics="open")
    if base_url is None and not settings.base_url:
        base_url = fallback_url
    if base_url is not None:
        settings = msgspec.structs.replace(settings, base_url=base_url)
    return settings, outcome.diagnostics


def check_address(settings: Settings) -> tuple[Diagnostic, ...]:
    """Return a `no-base-url` warning for a site that is about to be built without an address.

    Only a build can tell: the address may be given to it alone.
    """
    if settings.base_url:
        return ()
    message = "there is no base_url: feeds hold no complete addresses, and there is no sitemap"
    warning = Diagnostic(
        code=Code.NO_BASE_URL,
        severity=Severity.WARNING,
        message=message,
        span=Span(SITE_FILE),
        hint="set it before readers subscribe, or give --base-url",
    )
    return (warning,)
