"""The files below a folder, in a fixed order, without what editors and systems leave there.

Responsible for which names are passed over and for refusing links that lead out and names that are
no text. Not responsible for reading the files (`scanning`, `theme_files`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at

# What editors, systems and sync tools leave beside files that people write.
_LEFT_BEHIND = ("~", ".swp", ".swo", ".tmp", ".bak", ".orig")
# The part of it that nobody means to publish; `.git` and the like would tell a site's whole past.
_LITTER_SUFFIXES = ("~", ".swp", ".swo")
_LITTER = frozenset({".DS_Store", "Thumbs.db", ".git", ".hg", ".svn"})
# Begins the names by which a build knows its own files (`manifest`, `host_files`).
_OURS = ".broadsheet"


def is_left_behind(name: str) -> bool:
    """Tell whether a name among records or templates is passed over: dotfiles and backup copies."""
    return name.startswith(".") or name.endswith(_LEFT_BEHIND) or _is_autosave(name)


def is_litter(name: str) -> bool:
    """Tell whether a name among files that are copied as they are is nobody's: editors' litter.

    Other dotfiles, such as `.well-known` and `.htaccess`, are there to be published.
    """
    is_known = name in _LITTER or name.startswith((_OURS, ".#"))
    return is_known or name.endswith(_LITTER_SUFFIXES) or _is_autosave(name)


def _is_autosave(name: str) -> bool:
    """Tell whether Emacs keeps what is not saved yet under this name."""
    return name.startswith("#") and name.endswith("#")


def walk_entries(
    root: Path, folder: str, is_passed_over: Callable[[str], bool], problems: list[Diagnostic]
) -> Iterator[os.DirEntry[str]]:
    """Yield the files below a folder in the order of their paths, without following links out.

    Args:
        root: The digest's root.
        folder: The folder, relative to it; it need not exist.
        is_passed_over: Which names of files and folders are not looked at.
        problems: Gets an error for each file that cannot be used.
    """
    for entry in sorted(_list_entries(root / folder, is_passed_over), key=attrgetter("path")):
        is_plain = entry.is_file(follow_symlinks=False)
        # Nearly all are files with plain names, of which nothing more need be asked.
        if is_plain and entry.path.isascii():
            yield entry
            continue
        problem = explain_unusable(root, entry.path, is_plain=is_plain)
        if problem is None:
            yield entry
        else:
            problems.append(problem)


def printable_path(path: Path) -> str:
    """Return a path as text that can be printed and stored, whatever bytes it is made of."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def is_text(name: str) -> bool:
    """Tell whether a name came from bytes that are UTF-8; Python marks others with surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def name_problem(path: str) -> Diagnostic:
    """Return the error for a file whose name is not UTF-8 text."""
    return error_at(Code.INVALID_ID, "the file's name is not UTF-8 text", Span(path), "rename it")


def _list_entries(
    folder: Path | str, is_passed_over: Callable[[str], bool]
) -> Iterator[os.DirEntry[str]]:
    """Yield everything below a folder that is not a folder, beside what is passed over."""
    if not os.path.isdir(folder):  # noqa: PTH112 - paths stay text here, for thousands of them
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_passed_over(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _list_entries(entry.path, is_passed_over)
            else:
                yield entry


def explain_unusable(root: Path, path: str, *, is_plain: bool) -> Diagnostic | None:
    """Return why a file cannot be used, or None.

    Args:
        root: The digest's root.
        path: The file.
        is_plain: Whether it is a file itself, and no link to one.
    """
    is_named = is_text(path.removeprefix(str(root)))
    if is_plain and is_named:
        return None
    span = Span(printable_path(Path(path).relative_to(root)))
    if not is_named:
        return name_problem(span.path)
    is_outside = not Path(path).resolve().is_relative_to(root.resolve())
    if is_outside and Path(path).is_symlink():
        message = "the link leads out of the digest"
        return error_at(Code.UNREADABLE_FILE, message, span, "copy what it leads to")
    if not Path(path).is_file():
        message = "this is neither a file nor a folder"
        return error_at(Code.UNREADABLE_FILE, message, span, "replace a link by what it leads to")
    return None
