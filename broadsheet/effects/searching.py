"""The search index, made by Pagefind's own binary.

Responsible for a throw-away tree of bare pages, one for each record, for running the binary over
it, and for refusing an index that is not whole. Not responsible for what is indexed
(`planning.search_records`) or for the search page.
"""

from __future__ import annotations

import shutil
import subprocess
from html import escape
from pathlib import Path

import msgspec

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.addresses import output_path
from broadsheet.planning.search_records import SearchRecord

TIMEOUT_SECONDS = 1_800

# Pagefind writes its ready-made interfaces into every bundle; ours uses none of them.
_UNUSED = (
    "pagefind-ui.js",
    "pagefind-ui.css",
    "pagefind-modular-ui.js",
    "pagefind-modular-ui.css",
    "pagefind-component-ui.js",
    "pagefind-component-ui.css",
    "pagefind-highlight.js",
)
_ENTRY = "pagefind-entry.json"
_NEEDED = ("pagefind.js", "pagefind-worker.js", _ENTRY)


class _Language(msgspec.Struct, frozen=True):
    """What the entry file says of one language."""

    page_count: int


class _Entry(msgspec.Struct, frozen=True):
    """What we read of the entry file."""

    languages: dict[str, _Language]


def hash_search_input(records: tuple[SearchRecord, ...], language: str) -> str:
    """Return what identifies an index: a hash over Pagefind's version, language and records.

    Pagefind's output differs from run to run in the files of filters with several values, in
    `*.pf_meta` and in `pagefind-entry.json` (the order of a hash map), so its bytes cannot.
    """
    import pagefind_bin

    version = str(getattr(pagefind_bin, "__version__", ""))
    return hash_value(("pagefind", version, language, records))


def build_search_index(
    records: tuple[SearchRecord, ...], language: str, destination: Path, scratch: Path
) -> tuple[Diagnostic, ...]:
    """Index records into a folder.

    Args:
        records: What to index.
        language: BCP 47; one for all records, so that one page's script finds all of them.
        destination: Folder of the index; it must not exist yet.
        scratch: Folder for the pages that Pagefind reads; it must not exist yet, and is deleted.

    Returns:
        A `search-failed` error when the binary failed or left an index that is not whole.
    """
    if not records:
        return ()
    try:
        for record in records:
            path = scratch / output_path(record.url)
            path.parent.mkdir(parents=True)
            path.write_text(bare_page(record, language), encoding="utf-8")
        failure = _run_pagefind(scratch, destination)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if failure:
        return (_failed(failure),)
    for unused in _UNUSED:
        (destination / unused).unlink(missing_ok=True)
    incomplete = _find_incomplete(destination, len(records))
    return (_failed(incomplete),) if incomplete else ()


def bare_page(record: SearchRecord, language: str) -> str:
    """Return the page that Pagefind reads in the place of a record's own.

    Source: Pagefind's documentation of `data-pagefind-meta`, `-filter`, `-sort` and `-body`.
    """
    lines = [
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">',
        "<body data-pagefind-body>",
        f'<h1 data-pagefind-meta="title">{escape(record.title)}</h1>',
    ]
    for name, value in sorted(record.metadata.items()):
        lines.append(f'<i hidden data-pagefind-meta="{name}[data-v]" data-v="{escape(value)}"></i>')
    for name, values in sorted(record.filters.items()):
        lines += [
            f'<i hidden data-pagefind-filter="{name}[data-v]" data-v="{escape(value)}"></i>'
            for value in values
        ]
    if record.date:
        lines.append(
            f'<i hidden data-pagefind-sort="date[data-v]" data-v="{escape(record.date)}"></i>'
        )
    lines += [f"<p>{escape(part)}</p>" for part in record.text.split("\n") if part]
    return "\n".join((*lines, "</body></html>\n"))


def _run_pagefind(pages: Path, destination: Path) -> str:
    """Run the binary; return why it failed, or nothing."""
    import pagefind_bin

    command = [
        str(pagefind_bin.get_executable()),
        "--site",
        str(pages),
        "--output-path",
        str(destination),
        "--include-characters",
        "#+",
        "--quiet",
    ]
    try:
        finished = subprocess.run(  # noqa: S603 - the package's own binary, no shell
            command,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
            cwd=pages,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if finished.returncode:
        shutil.rmtree(destination, ignore_errors=True)
        return f"exit status {finished.returncode}: {finished.stderr.strip()[-400:]}"
    return ""


def _find_incomplete(destination: Path, records: int) -> str:
    """Return what is missing in an index, or nothing."""
    for name in _NEEDED:
        path = destination / name
        if not path.is_file() or not path.stat().st_size:
            return f"{name} is missing"
    try:
        entry = msgspec.json.decode((destination / _ENTRY).read_bytes(), type=_Entry)
    except msgspec.DecodeError:
        return f"{_ENTRY} cannot be read"
    indexed = sum(language.page_count for language in entry.languages.values())
    if indexed != records:
        return f"{indexed} of {records} papers were indexed"
    empty = [
        path.name for path in destination.rglob("*") if path.is_file() and not path.stat().st_size
    ]
    return f"{empty[0]} is empty" if empty else ""


def _failed(reason: str) -> Diagnostic:
    message = f"the search index could not be made: {reason}"
    return error_at(Code.SEARCH_FAILED, message, Span("content/papers"), "see docs/diagnostics.md")
