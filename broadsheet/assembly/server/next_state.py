"""From what was made to the state that is shown: the first one, and each after another.

Responsible for what a state takes over from the one before, and for what tabs are told of the files
that their pages load. Not responsible for making anything (`updating`) or for when (`keeping_up`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from broadsheet.assembly.server.known_files import Change, find_moves
from broadsheet.assembly.server.preview_state import Lag, PreviewState
from broadsheet.assembly.server.updating import Made
from broadsheet.planning.addresses import base_path


def make_first(root: Path, made: Made, *, is_strict: bool) -> PreviewState:
    """Return the first state.

    Args:
        root: The digest's root.
        made: What was made.
        is_strict: Whether warnings are shown as errors are.
    """
    theme = made.files.theme.sound
    own = (source.path for source in theme.theme.templates.values())
    return PreviewState(
        generation=1,
        root=root,
        base=base_path(made.files.settings.base_url),
        plan=made.plan,
        spec=made.spec,
        templates={name: source.path for name, source in theme.theme.templates.items()},
        assets={asset.url: asset.content for asset in theme.assets},
        static=frozenset(made.files.survey.static),
        diagnostics=made.diagnostics,
        sources=frozenset(
            (*made.files.survey.digests, *(path for path in own if (root / path).is_file()))
        ),
        lag=Lag(search=True, related=True),
        is_strict=is_strict,
    )


def make_next(before: PreviewState, made: Made, lag: Lag) -> PreviewState:
    """Return the state after another.

    Args:
        before: The other.
        made: What was made since.
        lag: What has not been caught up with.
    """
    first = make_first(before.root, made, is_strict=before.is_strict)
    return msgspec.structs.replace(
        first,
        generation=before.generation + 1,
        lag=lag,
        index=before.index,
        swaps=before.swaps,
        restyled=before.restyled,
        loaded_anew=before.loaded_anew,
        moves=before.moves,
    )


def tell_change(
    before: PreviewState, after: PreviewState, old: Made, new: Made, change: Change
) -> PreviewState:
    """Return a state that tells tabs which addresses have moved, and what to load anew.

    Args:
        before: The state before it.
        after: The state.
        old: What the one before follows from.
        new: What it follows from.
        change: How the files differ.
    """
    moves = find_moves(old.files, new.files, change)
    return msgspec.structs.replace(
        after, moves={**before.moves, **moves}, **_tell_loaded(before, after, change)
    )


def _tell_loaded(old: PreviewState, new: PreviewState, change: Change) -> Mapping[str, Any]:
    """Return what tabs are told of the files that their pages load."""
    copied = change.copied()
    sheets = [path for path in copied if path.endswith(".css")]
    is_anew = len(sheets) < len(copied)
    return {
        "swaps": _add_swaps(old.swaps, old.plan.site.assets, new.plan.site.assets),
        "restyled": {**old.restyled, **dict.fromkeys(sheets, new.generation)},
        "loaded_anew": new.generation if is_anew else old.loaded_anew,
    }


def _add_swaps(
    swaps: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str]
) -> Mapping[str, str]:
    """Add the stylesheets whose addresses have changed to those that have before."""
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        if old != new and name.endswith(".css"):
            swaps = {key: new if value == old else value for key, value in swaps.items()}
            swaps = {key: value for key, value in {**swaps, old: new}.items() if key != value}
    return swaps
