"""Keeping the preview up to date: the thread that follows the files, and what it owes.

Responsible for when things are done. The first event of a save acts at once, what follows it is
gathered for 25 ms, and everything is looked at once more when the files have been quiet for a
moment: that finds what no event told of, makes whole what was made the short way, and begins to
catch up with search and related papers; a save that comes meanwhile is shown first. Not responsible
for how any of it is done (`known_files`, `updating`, `background`).
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from broadsheet.assembly.project import Project
from broadsheet.assembly.server.background import Background
from broadsheet.assembly.server.catching_up import CaughtUp
from broadsheet.assembly.server.known_files import (
    Change,
    KnownFiles,
    find_change,
    look_again,
    look_first,
    may_be_unfinished,
)
from broadsheet.assembly.server.next_state import make_first, make_next, tell_change
from broadsheet.assembly.server.preview import Preview
from broadsheet.assembly.server.preview_state import Lag, PreviewState, SearchIndex
from broadsheet.assembly.server.short_way import make_edit, read_edit
from broadsheet.assembly.server.updating import Made, Maker, Reach, with_related
from broadsheet.effects.signatures import write_signatures
from broadsheet.effects.watching import FolderWatch

QUIET_SECONDS = 0.3
_IDLE_SECONDS = 5.0
_END_SECONDS = 2.0


class _SavedMeanwhileError(Exception):
    """Something was saved while everything was made anew."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make what stays, and look for cycles in it neither now nor later.

    Whatever is made holds some 100,000 objects and, compiled templates apart (`_settle`), no
    cycles: collections that look through them would take as long again as making them, and each
    later one a tenth of a second. What nobody refers to any more is freed all the same.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


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
        self._has_old_templates = False
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Self:
        """Read the digest, and begin to follow its files.

        They are read before anything has a thread, so that processes can be forked for that
        (`effects.forking`); what changes meanwhile is seen when all is looked at once more
        (`_settle`).
        """
        with _uncollected():
            self._made = self._maker.make(look_first(self._project), self._reach)
        first = make_first(self._project.root, self._made, is_strict=self._is_strict)
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

    def _take_whole_way(self, pause: Callable[[], None] = lambda: None) -> None:
        """Look at everything, and show what has changed.

        Args:
            pause: Called between the stages; what it raises ends them.
        """
        before = self._made.files
        files = self._look()
        pause()
        change = find_change(before, files)
        if change.is_any and may_be_unfinished(before, files, change):
            self._watch.gather()
            files = self._look()
            change = find_change(before, files)
        was_checked = before.theme.is_checked
        if change.is_any or self._made.seen or not was_checked:
            with _uncollected():
                made = self._maker.make(files, self._reach, pause)
            self._show(made, change)

    def _look(self) -> KnownFiles:
        shown = self._made.content.short.keys()
        return look_again(self._project, self._made.files, shown, self._made.edited)

    def _settle(self) -> None:
        """Do what was put off until nothing happens; when something does, it stays owed."""
        if self._has_old_templates:
            # Templates as they were before, and the environments that hold them, are cycles.
            self._has_old_templates = False
            gc.unfreeze()
        # What nobody needs any more by now, so that it is not among what stays.
        gc.collect()
        gc.freeze()
        with self._lock:
            if not self._is_kept:
                # Before anything is made anew, which would take for written what is remembered.
                self._is_kept = True
                self._keep()
            try:
                self._take_whole_way(self._let_saves_through)
            except _SavedMeanwhileError:
                return
            self._owes_whole = False
        if self._caught_up < self._last_record_change:
            self._background.catch_up(self.preview.state.generation)

    def _let_saves_through(self) -> None:
        """End what can wait when something was saved, which cannot.

        Raises:
            _SavedMeanwhileError: Something was.
        """
        if self._watch.has_news():
            raise _SavedMeanwhileError

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
        self._has_old_templates |= change.has_other_theme
        if change.touches_records():
            self._last_record_change = old.generation + 1
        state = make_next(old, made, self._lag())
        state = tell_change(old, state, self._made, made, change)
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
            state = make_next(self.preview.state, self._made, self._lag())
            if result.bundle:
                index = SearchIndex(Path(result.bundle), frozenset(result.files), result.key)
                state = msgspec.structs.replace(state, index=index)
            self.preview.replace(state)

    def _note_fallback(self, reason: str) -> None:
        self._remark(
            f"the system cannot tell of changes ({reason}); files are looked at again and again "
            "instead, as with --poll"
        )
