"""Pages where something was removed on purpose, and the file that tells hosts of old addresses.

Responsible for the addresses of `content/removed.yaml` and for `_redirects`. Not responsible for
aliases (`plan_redirects`) or for which addresses must not vanish (`permalinks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from broadsheet.domain.folders import REMOVED_FILE
from broadsheet.domain.records import Removal
from broadsheet.domain.settings import Settings
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning import addresses
from broadsheet.planning.claims import Claims
from broadsheet.planning.edition import Edition
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.pages import RemovedPage
from broadsheet.planning.plan_discovery import outline_text
from broadsheet.planning.plan_types import make_head

_HEADING = "# Old addresses, for hosts that read this file; elsewhere their pages lead on."


def plan_removed(
    removals: Iterable[Removal], claims: Claims
) -> tuple[tuple[Outline, ...], tuple[Finding, ...]]:
    """Plan a page for each address whose record was removed.

    Args:
        removals: The addresses with their reasons.
        claims: The files of all other outputs; each address is claimed, too.

    Returns:
        The outlines, and an error for each address at which something stands.
    """
    outlines: list[Outline] = []
    findings: list[Finding] = []
    for removal in removals:
        owner = claims.claim(addresses.output_path(removal.url), (REMOVED_FILE,))
        if owner is not None:
            findings.append(_conflict(removal, owner))
            continue
        outlines.append(
            Outline(
                url=removal.url,
                template="removed.html",
                fill=partial(_fill_removed, removal=removal),
                sources=(REMOVED_FILE,),
                is_indexed=False,
            )
        )
    return tuple(outlines), tuple(findings)


def plan_redirects_file(
    settings: Settings, moves: Mapping[str, str], removed: Iterable[Outline], claims: Claims
) -> Iterator[Outline]:
    """Plan `_redirects`, as Netlify, Cloudflare and GitLab read it, unless the digest has its own.

    Only Netlify knows `410!`: it sends the page with that status; the others pass over the line.

    Args:
        settings: The digest's settings.
        moves: Where each old address leads.
        removed: What stands where something was removed.
        claims: The files of all other outputs.
    """
    if claims.claim(addresses.REDIRECTS, ()) is not None:
        return
    base = addresses.base_path(settings.base_url)
    lines = [_HEADING]
    lines += [f"{base}{old} {base}{moves[old]} 301" for old in sorted(moves)]
    lines += [f"{base}{outline.url} {base}{outline.path} 410!" for outline in removed]
    yield outline_text(addresses.REDIRECTS, "\n".join((*lines, "")))


def _fill_removed(edition: Edition, removal: Removal) -> Filled:
    head = make_head(edition.settings, removal.url, title="Removed", description=removal.reason)
    return Filled(RemovedPage(reason=removal.reason), head)


def _conflict(removal: Removal, owner: tuple[str, ...]) -> Finding:
    return Finding(
        code=Code.ADDRESS_CONFLICT,
        message=f"'{removal.address}' is said to be removed, and something stands there",
        source=REMOVED_FILE,
        field=(removal.address,),
        hint="delete the line, or what stands there",
        related=tuple(source for source in owner if source != REMOVED_FILE),
    )
