"""Changes of a digest's files, as they happen.

Responsible for telling which files may have changed: from the system's events where it sends any,
else by looking again and again; and for what the files looked like (`sign_files`), so that whoever
asks can tell a change from a mere touch. Events are hints: an editor's save is two to five of them,
a folder that is moved in says nothing of what it holds, and reading a file is an event too. Not
responsible for reading what changed.
"""

from __future__ import annotations

import errno
import os
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from broadsheet.effects.walking import is_left_behind, is_litter

# Everything that pages are made from lies below these.
WATCHED = ("content", "templates")
# How long what belongs to one save may take to arrive.
GATHER_SECONDS = 0.025
POLL_SECONDS = 0.7
EVERYTHING = ""

_TELLING = frozenset(("created", "modified", "moved", "deleted", "closed"))
_NO_MORE_WATCHES = (errno.ENOSPC, errno.EMFILE)
# Vim makes and deletes a file of this name to see whether it may.
_PROBE = "4913"


class Signature(msgspec.Struct, frozen=True, array_like=True):
    """What a file looked like: nanoseconds of its changes, its bytes, its number on the disk."""

    modified: int
    changed: int
    size: int
    node: int


def sign_file(path: Path) -> Signature | None:
    """Return what a file looks like, or None when there is no such file."""
    try:
        about = path.stat()
    except OSError:
        return None
    return Signature(about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)


def sign_files(root: Path, below: str = EVERYTHING) -> dict[str, Signature]:
    """Return what all files that pages may be made from look like.

    Args:
        root: The digest's root.
        below: Only those in this folder, relative to the root; by default all.
    """
    found: dict[str, Signature] = {}
    folders = [below] if below else list(WATCHED)
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}"
                    if not is_watched(path):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(path)
                    elif (signature := _sign(entry)) is not None:
                        found[path] = signature
        except OSError:
            # It was deleted meanwhile; whatever that means is seen by whoever reads.
            continue
    return found


def _sign(entry: os.DirEntry[str]) -> Signature | None:
    try:
        about = entry.stat()
    except OSError:
        return None
    return Signature(about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)


def is_watched(path: str) -> bool:
    """Tell whether a change of a path can change what is shown.

    Args:
        path: Relative to the digest's root, with forward slashes.
    """
    first, _, rest = path.partition("/")
    if first not in WATCHED:
        return False
    # The names that the scan passes over, so that what it finds is what is told here.
    is_passed_over = is_litter if path.startswith("content/static/") else is_left_behind
    return not any(part == _PROBE or is_passed_over(part) for part in rest.split("/") if part)


class FolderWatch:
    """Tells which files of a digest may have changed; a context manager.

    Attributes:
        is_polling: Whether it looks again and again, since no events are to be had.
    """

    def __init__(
        self, root: Path, *, polls: bool, on_fallback: Callable[[str], None] = lambda _: None
    ) -> None:
        """Begin without watching.

        Args:
            root: The digest's root.
            polls: Whether to look again and again, for folders from which no events arrive.
            on_fallback: Called with the reason when it has to do so although nobody said so.
        """
        self.is_polling = polls
        self._root = root
        self._on_fallback = on_fallback
        self._changes: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._observer: BaseObserver | None = None
        self._watched: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Begin to watch."""
        if not self.is_polling:
            self._observe()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Watch no more."""
        self.close()

    def close(self) -> None:
        """Watch no more, and let whoever waits go on."""
        self._closed.set()
        self._changes.put(EVERYTHING)
        if self._observer is not None:
            self._observer.stop()

    def wait(self, seconds: float) -> frozenset[str]:
        """Return what may have changed, as soon as anything has.

        Args:
            seconds: How long to wait at most.

        Returns:
            Paths relative to the root, of files or folders; `EVERYTHING` among them says that
            anything may have. Nothing when the time is over.
        """
        if self.is_polling:
            self._closed.wait(min(seconds, POLL_SECONDS))
            return frozenset((EVERYTHING,))
        try:
            first = self._changes.get(timeout=seconds)
        except queue.Empty:
            self._look_after_watches()
            return frozenset()
        return frozenset((first, *self._drain()))

    def has_news(self) -> bool:
        """Tell whether `wait` would return at once, since something may have changed."""
        return not self._changes.empty()

    def gather(self) -> frozenset[str]:
        """Return what else may have changed in the 25 ms in which one save arrives."""
        if self.is_polling:
            return frozenset()
        found: set[str] = set()
        end = time.monotonic() + GATHER_SECONDS
        while (left := end - time.monotonic()) > 0 and not self._closed.is_set():
            try:
                found.add(self._changes.get(timeout=left))
            except queue.Empty:
                break
        return frozenset(found)

    def _drain(self) -> set[str]:
        found = set()
        while True:
            try:
                found.add(self._changes.get_nowait())
            except queue.Empty:
                return found

    def _observe(self) -> None:
        observer = Observer()
        self._observer = observer
        try:
            # The root itself tells when one of the folders comes or goes.
            observer.schedule(_Handler(self), str(self._root), recursive=False)
            observer.start()
            self._watch_folders()
        except OSError as error:
            self._fall_back(error)

    def _watch_folders(self) -> None:
        for folder in WATCHED:
            path = self._root / folder
            if not path.is_dir():
                self._watched.pop(folder, None)
            elif folder not in self._watched and self._observer is not None:
                real = str(path.resolve())
                self._observer.schedule(_Handler(self), real, recursive=True)
                self._watched[folder] = real

    def _look_after_watches(self) -> None:
        """Look again and again from now on where a watch has died, as it does for want of more."""
        observer = self._observer
        if observer is None or self._closed.is_set():
            return
        if not all(emitter.is_alive() for emitter in observer.emitters):
            self._fall_back(OSError(errno.ENOSPC, "the system gives no more watches"))

    def _fall_back(self, error: OSError) -> None:
        if error.errno not in _NO_MORE_WATCHES:
            raise error
        if self._observer is not None and self._observer.is_alive():
            self._observer.stop()
        self._observer = None
        self.is_polling = True
        self._on_fallback(error.strerror or str(error))

    def note(self, event: FileSystemEvent) -> None:
        """Take in an event of the system; called in a thread of watchdog's."""
        if event.event_type not in _TELLING:
            return
        for raw in (event.src_path, event.dest_path):
            path = self._relative(os.fsdecode(raw)) if raw else ""
            if path in WATCHED:
                self._note_folder()
                continue
            # A folder's own time stamp says nothing that its files' events do not.
            is_stamp = event.is_directory and event.event_type == "modified"
            if path and is_watched(path) and not is_stamp:
                self._changes.put(path)

    def _note_folder(self) -> None:
        try:
            self._watch_folders()
        except OSError as error:
            self._fall_back(error)
        self._changes.put(EVERYTHING)

    def _relative(self, path: str) -> str:
        """Return a path relative to the root; a watched folder may itself be a link."""
        for folder, real in tuple(self._watched.items()):
            if path == real or path.startswith(real + os.sep):
                return (folder + path[len(real) :]).replace(os.sep, "/")
        root = str(self._root)
        return path[len(root) + 1 :].replace(os.sep, "/") if path.startswith(root) else ""


class _Handler(FileSystemEventHandler):
    """Hands watchdog's events on."""

    def __init__(self, watch: FolderWatch) -> None:
        self._watch = watch

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._watch.note(event)
