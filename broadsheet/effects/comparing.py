"""Whether a built site is what its manifest says, and what another build gives.

Responsible for naming every file that differs. Not responsible for building (`assembly`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from broadsheet.effects.host_files import is_content
from broadsheet.effects.index_proof import find_index_fault
from broadsheet.effects.manifest import SEARCH_FOLDER, Manifest
from broadsheet.effects.site_links import list_files
from broadsheet.effects.walking import printable_path
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at, sort_diagnostics
from broadsheet.foundations.hashing import hash_bytes


def compare_sites(output: Path, manifest: Manifest, expected: Manifest) -> tuple[Diagnostic, ...]:
    """Return a `not-verified` error for each file that is not as it should be.

    Args:
        output: The output folder.
        manifest: Its manifest.
        expected: The manifest of a build from nothing.
    """
    reasons = dict(_compare_builds(manifest, expected))
    # What the disk holds counts above what would be built: it is what readers get.
    reasons |= dict(_compare_disk(output, manifest))
    return sort_diagnostics(
        error_at(Code.NOT_VERIFIED, message, Span(printable_path(output / path)), hint)
        for path, (message, hint) in reasons.items()
    )


_Reason = tuple[str, tuple[str, str]]


def _compare_disk(output: Path, manifest: Manifest) -> Iterator[_Reason]:
    """Yield the files that somebody changed, lost or added since the site was built."""
    hint = "build again; if that does not help, delete the output folder first"
    found = list_files(output)
    for path, expected in manifest.files.items():
        if path not in found:
            yield path, ("the file is missing, which the manifest lists", hint)
        elif hash_bytes((output / path).read_bytes()) != expected:
            yield path, ("the file is not what was built: its hash is not the manifest's", hint)
    for path in found.keys() - manifest.files.keys():
        top = path.partition("/")[0]
        if is_content(top) and top != SEARCH_FOLDER:
            yield (
                path,
                ("the file is not in the manifest", "delete it, or keep it in content/static/"),
            )
    if manifest.search:
        fault = find_index_fault(output / SEARCH_FOLDER)
        if fault:
            yield SEARCH_FOLDER, (f"the search index is not whole: {fault}", hint)


def _compare_builds(manifest: Manifest, expected: Manifest) -> Iterator[_Reason]:
    """Yield the files of which a build from nothing makes something else."""
    hint = "the content, the options or the version changed since; build again, with the same ones"
    for path in sorted(manifest.files.keys() | expected.files.keys()):
        if path not in expected.files:
            yield path, ("a build from nothing does not make this file", hint)
        elif path not in manifest.files:
            yield path, ("a build from nothing makes this file, which the site lacks", hint)
        elif manifest.files[path] != expected.files[path]:
            yield path, ("a build from nothing makes other bytes", hint)
    if manifest.search != expected.search:
        yield SEARCH_FOLDER, ("a build from nothing indexes other papers", hint)
