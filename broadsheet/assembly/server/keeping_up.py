"""Keeping the preview up to date: the thread that follows the files, and what it owes.

Responsible for when things are done. The first event of a save acts at once, what follows it is
gathered for 25 ms, and everything is looked at once more when the files have been quiet for a
moment: that finds what no event told of, makes whole what was made the short way, and begins to
catch up with search and related papers. Not responsible for how any of it is done (`known_files`,
`updating`, `background`).
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from broadsheet.assembly.project import Project
from broadsheet.assembly.server.background import Background
from broadsheet.assembly.server.catching_up import CaughtUp
from broadsheet.assembly.server.known_files import (
    Change,
    KnownFiles,
    find_change,
    find_moves,
    look_again,
    look_first,
    may_be_unfinished,
)
from broadsheet.assembly.server.preview import Preview
from broadsheet.assembly.server.preview_state import Lag, PreviewState, SearchIndex
from broadsheet.assembly.server.short_way import make_edit, read_edit
from broadsheet.assembly.server.updating import Made, Maker, Reach, with_related
from broadsheet.effects.signatures import write_signatures
from broadsheet.effects.watching import FolderWatch
from broadsheet.planning.addresses import base_path

QUIET_SECONDS = 0.3
_IDLE_SECONDS = 5.0
_END_SECONDS = 2.0


class KeepingUp:
    """Follows a digest's files; a context manager.

    Attributes:
        preview: What is shown; it is there as soon as the block is entered.
    """

    preview: Preview

    def __init__(
        self,
        project: Project,
        changed: Callable[[PreviewState], None],
        remark: Callable[[str], None],
        *,
        polls: bool,
        is_strict: bool,
    ) -> None:
        """Begin without having looked at anything.

        Args:
            project: Where the digest lies.
            changed: Called with each state after the first.
            remark: Called with a sentence about the server itself.
            polls: Whether files are looked at again and again.
            is_strict: Whether pages show warnings as they show errors.
        """
        self._project = project
        self._is_strict = is_strict
        self._changed = changed
        self._remark = remark
        self._watch = FolderWatch(project.root, polls=polls, on_fallback=self._note_fallback)
        self._background = Background(project, self._take_over)
        self._lock = threading.Lock()
        self._is_closed = False
        self._reach = Reach(project=project)
        self._maker = Maker()
        self._is_kept = False
        self._caught_up = 0
        self._last_record_change = 1
        self._owes_whole = True
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Self:
        """Read the digest, and begin to follow its files.

        They are read before anything has a thread, so that processes can be forked for that
        (`effects.forking`); what changes meanwhile is seen when all is looked at once more
        (`_settle`).
        """
        # What is read now stays: collections that look through it again and again would take a
        # fifth of the start, and each later one a tenth of a second.
        gc.disable()
        self._made = self._maker.make(look_first(self._project), self._reach)
        gc.freeze()
        gc.enable()
        first = _make_first(self._project.root, self._made, is_strict=self._is_strict)
        self.preview = Preview(first)
        self._watch.__enter__()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Follow no more, and leave nothing behind."""
        self._is_closed = True
        self._watch.close()
        self._background.close()
        if self._thread.is_alive():
            self._thread.join(_END_SECONDS)

    def _follow(self) -> None:
        try:
            while not self._is_closed:
                hints = self._watch.wait(QUIET_SECONDS if self._owes_whole else _IDLE_SECONDS)
                if self._is_closed:
                    return
                if hints:
                    self._take_in(hints)
                    if rest := self._watch.gather():
                        self._take_in(rest)
                elif self._owes_whole:
                    self._settle()
        finally:
            if not self._is_closed:
                self._remark("this is a bug of ours: changes are no longer followed; start again")

    def _take_in(self, hints: frozenset[str]) -> None:
        with self._lock:
            if not self._take_short_way(hints):
                self._take_whole_way()

    def _take_short_way(self, hints: frozenset[str]) -> bool:
        """Show an edit of papers' texts; return whether that was all."""
        edit = read_edit(self._project, self._made, hints)
        if edit is not None and edit.has_new_errors(self._made):
            # It may be the middle of a save.
            edit = read_edit(self._project, self._made, hints | self._watch.gather())
        if edit is None:
            return False
        if not edit.read:
            return True
        made = make_edit(self._made, edit)
        if made is None:
            return False
        self._show(made, Change(changed=frozenset(edit.read)))
        return True

    def _take_whole_way(self) -> None:
        """Look at everything, and show what has changed."""
        before = self._made.files
        files = self._look()
        change = find_change(before, files)
        if change.is_any and may_be_unfinished(before, files, change):
            self._watch.gather()
            files = self._look()
            change = find_change(before, files)
        was_checked = before.theme.is_checked
        if change.is_any or self._made.seen or not was_checked:
            self._show(self._maker.make(files, self._reach), change)

    def _look(self) -> KnownFiles:
        shown = self._made.content.short.keys()
        return look_again(self._project, self._made.files, shown, self._made.edited)

    def _settle(self) -> None:
        """Do what was put off until nothing happens."""
        with self._lock:
            if not self._is_kept:
                # Before anything is made anew, which would take for written what is remembered.
                self._is_kept = True
                self._keep()
            self._take_whole_way()
            self._owes_whole = False
        if self._caught_up < self._last_record_change:
            self._background.catch_up(self.preview.state.generation)

    def _keep(self) -> None:
        """Leave what the first reading has cost for the next start."""
        try:
            self._maker.keep()
            write_signatures(self._project.cache, self._made.files.survey.signatures)
        except OSError as error:
            self._remark(f"nothing can be kept in {self._project.cache}: {error.strerror}")

    def _show(self, made: Made, change: Change) -> None:
        """Replace the state; called with the lock held."""
        old = self.preview.state
        self._owes_whole = True
        if change.touches_records():
            self._last_record_change = old.generation + 1
        state = _make_next(old, made, self._lag())
        moves = find_moves(self._made.files, made.files, change)
        state = msgspec.structs.replace(
            state, moves={**old.moves, **moves}, **_tell_loaded(old, state, change)
        )
        self._made = made
        self.preview.replace(state)
        self._changed(state)

    def _lag(self) -> Lag:
        is_behind = self._caught_up < self._last_record_change
        return Lag(search=is_behind, related=is_behind)

    def _take_over(self, generation: int, result: CaughtUp) -> None:
        """Show what was made in the background."""
        if result.failure:
            self._remark(f"search and related papers are not up to date: {result.failure}")
        with self._lock:
            self._caught_up = generation
            self._reach = msgspec.structs.replace(self._reach, related=result.related)
            self._made = with_related(self._made, result.related)
            state = _make_next(self.preview.state, self._made, self._lag())
            if result.bundle:
                index = SearchIndex(Path(result.bundle), frozenset(result.files), result.key)
                state = msgspec.structs.replace(state, index=index)
            self.preview.replace(state)

    def _note_fallback(self, reason: str) -> None:
        self._remark(
            f"the system cannot tell of changes ({reason}); files are looked at again and again "
            "instead, as with --poll"
        )


def _make_first(root: Path, made: Made, *, is_strict: bool) -> PreviewState:
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


def _make_next(before: PreviewState, made: Made, lag: Lag) -> PreviewState:
    first = _make_first(before.root, made, is_strict=before.is_strict)
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
