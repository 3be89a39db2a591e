"""What the guards look at: the built site, the promised addresses, and the site deployed before.

Responsible for reading the three, and for remembering a site that passed, in `.broadsheet/`, which
the deploy kits carry from run to run. Not responsible for what trips a guard (`planning.guards`).
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import msgspec

from broadsheet.domain.folders import LEDGER_FILE
from broadsheet.effects.index_proof import find_index_fault
from broadsheet.effects.manifest import SEARCH_FOLDER, Manifest
from broadsheet.effects.site_links import find_broken_links
from broadsheet.planning.addresses import base_path, output_path
from broadsheet.planning.guards import BuiltSite, Deployed

STATE_FILE = "deployed.json"
REDIRECTS = "_redirects"
GONE = "410!"


def read_deployed(workspace: Path) -> Deployed | None:
    """Return what is remembered of the site deployed before, or None.

    Args:
        workspace: The folder `.broadsheet/`.

    Raises:
        msgspec.DecodeError: The file is not ours; a guard must not take that for a first deploy.
    """
    try:
        content = (workspace / STATE_FILE).read_bytes()
    except FileNotFoundError:
        return None
    return msgspec.json.decode(content, type=Deployed)


def remember_deployed(workspace: Path, site: BuiltSite) -> None:
    """Remember a site that passed, for the guards of the next one."""
    workspace.mkdir(exist_ok=True)
    state = Deployed(papers=site.papers, pages=site.pages)
    scratch = workspace / f"{STATE_FILE}.new"
    scratch.write_bytes(msgspec.json.encode(state) + b"\n")
    scratch.replace(workspace / STATE_FILE)


def read_built_site(output: Path, root: Path, manifest: Manifest) -> BuiltSite:
    """Look through a built site.

    Args:
        output: The output folder.
        root: The digest's root, which may hold the ledger.
        manifest: The output's manifest.
    """
    broken = find_broken_links(output, manifest.base_url)
    search = "there is none"
    if manifest.search:
        search = find_index_fault(output / SEARCH_FOLDER)
    return BuiltSite(
        papers=manifest.papers,
        pages=manifest.pages,
        search=search,
        broken=tuple(f"'{link.address}' in {link.page} {link.reason}" for link in broken),
        lost=tuple(find_lost_addresses(output, root, manifest.base_url)),
    )


def find_lost_addresses(output: Path, root: Path, base_url: str) -> list[str]:
    """Return the addresses of the ledger at which a built site has neither a file nor a redirect.

    Args:
        output: The output folder.
        root: The digest's root.
        base_url: Complete address of the root that the site was built for, or empty. Redirects are
            written from the host's root, the ledger from the site's.
    """
    base = base_path(base_url) if base_url else "/"
    rules = [line.split() for line in _lines(output / REDIRECTS) if line.startswith(base)]
    redirected = {rule[0] for rule in rules}
    removed = tuple(rule[0] for rule in rules if rule[-1] == GONE and rule[0].endswith("/"))
    return [
        address
        for address in (line.split()[0] for line in _lines(root / LEDGER_FILE))
        if not (output / output_path(unquote(address.lstrip("/")))).is_file()
        and (spelt := base + address.lstrip("/")) not in redirected
        and not spelt.startswith(removed)
    ]


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
