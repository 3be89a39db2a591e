"""Opening a source file in the editor of the person who writes.

Responsible for the editor's command line. Not responsible for which files may be opened
(`answering`).
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePath

import msgspec

# These take over the terminal that they are started in, which is the preview's own.
_IN_TERMINAL = frozenset(
    ("vi", "vim", "nvim", "nano", "pico", "micro", "hx", "helix", "joe", "ne", "ed", "kak", "mg")
)
_WITH_GOTO = frozenset(("code", "codium", "code-insiders", "cursor", "windsurf"))
_WITH_COLONS = frozenset(("subl", "zed", "zeditor", "mate"))
_WITH_PLUS = frozenset(("gvim", "mvim", "emacs", "emacsclient", "gedit", "kate", "geany"))


class FileToOpen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page asks for.

    Attributes:
        path: A source file, relative to the digest's root.
        line: From 1.
        column: From 1.
    """

    path: str
    line: int = 1
    column: int = 1


class OpenInEditor(msgspec.Struct, frozen=True):
    """An editor with a window of its own.

    Attributes:
        words: Its command.
    """

    words: tuple[str, ...]

    def command(self, path: Path, line: int, column: int) -> tuple[str, ...]:
        """Return the command that opens a file at a place."""
        name = PurePath(self.words[0]).stem
        place = f"{path}:{line}:{column}"
        if name in _WITH_GOTO:
            return (*self.words, "-g", place)
        if name in _WITH_COLONS:
            return (*self.words, place)
        if name in _WITH_PLUS:
            return (*self.words, f"+{line}", str(path))
        return (*self.words, str(path))

    def open(self, root: Path, file: FileToOpen) -> str:
        """Open a file; return why it could not be, or nothing.

        Args:
            root: The digest's root.
            file: One of its sources.
        """
        line, column = max(1, file.line), max(1, file.column)
        try:
            subprocess.Popen(  # noqa: S603 - the person's own editor, no shell
                self.command(root / file.path, line, column),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            return f"the editor did not start: {error.strerror or error}\n"
        return ""


def find_editor(environment: Mapping[str, str]) -> OpenInEditor | None:
    """Return the person's editor, or None where none with a window of its own is known.

    Args:
        environment: Where `VISUAL` and `EDITOR` are looked for; else `code` is looked for.
    """
    for named in (environment.get("VISUAL", ""), environment.get("EDITOR", ""), "code"):
        words = tuple(shlex.split(named))
        if not words or PurePath(words[0]).stem in _IN_TERMINAL:
            continue
        if shutil.which(words[0]) is not None:
            return OpenInEditor(words)
    return None
