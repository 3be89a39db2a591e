"""What a host will refuse in a built site.

Responsible for comparing a site's files with a host's limits (`hosts`). Not responsible for reading
the files.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at
from broadsheet.planning.hosts import Host

_SHOWN = 3
# What some file systems and all browsers' address lines trip over.
_CONTROL = frozenset(map(chr, range(32))) | {"\x7f", "\\"}


def find_refusals(
    host: Host, path: str, sizes: Mapping[str, int], texts: Mapping[str, str], base_url: str
) -> tuple[Diagnostic, ...]:
    """Return an error for each reason for which a host would refuse or cut a site.

    Args:
        host: The host.
        path: The output folder, as messages call it.
        sizes: Bytes of each file of the site by its path.
        texts: The text of `_headers` and `_redirects`, where the site has them.
        base_url: Complete address of the root that the site was built for, or empty.
    """
    messages = (
        *_address_refusals(base_url),
        *_count_refusals(host, sizes),
        *_size_refusals(host, sizes),
        *_name_refusals(host, sizes),
        *_clash_refusals(sizes),
        *_header_refusals(host, texts.get("_headers", "")),
        *_redirect_refusals(host, texts.get("_redirects", "")),
    )
    return tuple(error_at(Code.HOST_REFUSES, message, Span(path)) for message in messages)


def _address_refusals(base_url: str) -> Iterator[str]:
    if not base_url:
        yield (
            "the site was built without base_url: there is no sitemap, and every entry of the feed "
            "will count as new once there is one"
        )


def _count_refusals(host: Host, sizes: Mapping[str, int]) -> Iterator[str]:
    count, noun = len(sizes), "files"
    if host.counts_folders:
        folders = {parent for path in sizes for parent in PurePosixPath(path).parents}
        count, noun = count + len(folders) - 1, "files and folders"
    if host.files and count > host.files:
        yield f"{count:,} {noun}, and {host.title} takes {host.files:,}"
    if host.folder_files:
        in_folder = Counter(PurePosixPath(path).parent.as_posix() for path in sizes)
        for folder, number in in_folder.items():
            if number > host.folder_files:
                yield (
                    f"{number:,} files in '{folder}', and {host.title} takes {host.folder_files:,} "
                    "in one folder"
                )


def _size_refusals(host: Host, sizes: Mapping[str, int]) -> Iterator[str]:
    if host.file_bytes:
        large = [path for path, size in sizes.items() if size > host.file_bytes]
        for path in large[:_SHOWN]:
            yield (
                f"'{path}' has {_megabytes(sizes[path])}, and {host.title} takes "
                f"{_megabytes(host.file_bytes)} in one file"
            )
        if len(large) > _SHOWN:
            yield f"{len(large) - _SHOWN} more files are as large"
    total = sum(sizes.values())
    if host.site_bytes and total > host.site_bytes:
        yield f"{_megabytes(total)} in all, and {host.title} takes {_megabytes(host.site_bytes)}"


def _name_refusals(host: Host, sizes: Mapping[str, int]) -> Iterator[str]:
    refused = _CONTROL | frozenset(host.refused_signs)
    bad = [path for path in sizes if not refused.isdisjoint(path)]
    for path in bad[:_SHOWN]:
        sign = next(sign for sign in path if sign in refused)
        yield f"the name '{path!r}' has the sign {sign!r}, which {host.title} refuses"


def _clash_refusals(sizes: Mapping[str, int]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for path in sizes:
        first = seen.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if first != path:
            yield f"'{first}' and '{path}' are one file where case and Unicode form do not count"


def _header_refusals(host: Host, text: str) -> Iterator[str]:
    lines = text.splitlines()
    rules = sum(bool(line.strip()) and not line[:1].isspace() for line in lines)
    if host.header_rules and rules > host.header_rules:
        yield f"{rules:,} rules in _headers, and {host.title} takes {host.header_rules:,}"
    longest = max(map(len, lines), default=0)
    if host.header_line and longest > host.header_line:
        yield (
            f"a line of {longest:,} characters in _headers, and {host.title} takes "
            f"{host.header_line:,}"
        )


def _redirect_refusals(host: Host, text: str) -> Iterator[str]:
    rules = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if host.redirects and len(rules) > host.redirects:
        yield (
            f"{len(rules):,} rules in _redirects, and {host.title} takes {host.redirects:,}; the "
            "pages that lead on from old addresses work without them"
        )
    longest = max(map(len, rules), default=0)
    if host.redirect_line and longest > host.redirect_line:
        yield (
            f"a line of {longest:,} characters in _redirects, and {host.title} takes "
            f"{host.redirect_line:,}"
        )
    size = len(text.encode())
    if host.redirect_bytes and size > host.redirect_bytes:
        yield f"{size:,} bytes of _redirects, and {host.title} takes {host.redirect_bytes:,}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
