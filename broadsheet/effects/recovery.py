"""Stages, and what a killed build leaves of them.

Responsible for where a new tree is assembled, for names by which a later build recognises its own
leftovers, and for putting the old tree back where a kill fell between two renames. Not responsible
for the exchange itself (`publishing`).
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from broadsheet.effects.host_files import discard_tree
from broadsheet.foundations.hashing import hash_bytes

WORKSPACE = ".broadsheet"
# Ends the name of the old tree while the new one is not yet in its place.
BACK_SUFFIX = ".back"


@contextlib.contextmanager
def open_stage(output: Path, root: Path) -> Iterator[Path]:
    """Make an empty folder on the output's file system, and remove what is in it at the end.

    Args:
        output: The output folder.
        root: The digest's root; its `.broadsheet/` is used where that is the same file system.
    """
    parent = output.parent
    parent.mkdir(parents=True, exist_ok=True)
    workspace = root / WORKSPACE
    workspace.mkdir(exist_ok=True)
    if workspace.stat().st_dev == parent.stat().st_dev:
        parent = workspace
    stage = Path(tempfile.mkdtemp(prefix=_stage_prefix(output, root), dir=parent))
    try:
        stage.chmod(0o755)
        yield stage
    finally:
        discard_tree(stage, output)


def back_path(stage: Path) -> Path:
    """Return where the old tree waits while the new one is moved in."""
    return stage.with_name(stage.name + BACK_SUFFIX)


def recover_output(output: Path, root: Path) -> None:
    """Clear away what killed builds of a digest left, after putting the old tree back in place.

    The caller holds the digest's lock, so that no stage belongs to a build that is running.

    Args:
        output: The output folder.
        root: The digest's root.
    """
    prefix = _stage_prefix(output, root)
    for parent in (root / WORKSPACE, output.parent):
        left = sorted(parent.glob(f"{prefix}*")) if parent.is_dir() else []
        for tree in left:
            if tree.name.endswith(BACK_SUFFIX) and not output.exists():
                tree.rename(output)
        for tree in left:
            discard_tree(tree, output)


def _stage_prefix(output: Path, root: Path) -> str:
    """Return how the names of stages begin; it tells outputs and digests apart."""
    places = os.fsencode(root) + b"\0" + os.fsencode(output)
    return f"{WORKSPACE}-stage-{hash_bytes(places)[:12]}-"
