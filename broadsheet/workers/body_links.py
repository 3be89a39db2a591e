"""Where the links and images of a body lead.

Responsible for refusing addresses that are not allowed and for resolving those within the site: a
path from the root, one with `..` from the record's own page, or a path to a record's file. Not
responsible for whether the page exists (`planning.targets` checks that when all pages are known).
"""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import PurePosixPath

from broadsheet.domain.links import safe_url
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.addresses import record_url
from broadsheet.planning.texts import ROOT_MARK
from broadsheet.workers.headings import PREFIX
from broadsheet.workers.tokens import Kept, Tokens

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")
_ADDRESS = re.compile(
    r"""<(a|img)\b[^>]*?\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE
)
# What browsers drop from an address before they read its scheme (WHATWG URL, 4.4).
_IGNORED = re.compile("[\x00-\x20]")


class BodyLinks:
    """The links of one body while they are gathered."""

    def __init__(self, source: str, tokens: Tokens, findings: list[Finding]) -> None:
        """Begin without links.

        Args:
            source: Path of the record's file.
            tokens: The body's tokens.
            findings: Where refused addresses are noted.
        """
        self._source = source
        self._tokens = tokens
        self._findings = findings
        self._targets: dict[tuple[str, str], None] = {}

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """Addresses within the site, without a leading slash, each with how it was written."""
        return tuple(self._targets)

    def keep(self, url: str, written: str) -> str:
        """Note an address within the site, and return the token that stands for it.

        Args:
            url: The address, relative to the site's root.
            written: What the body says.
        """
        written = self._tokens.to_source(written)
        self._targets.setdefault((url, written))
        return self._tokens.keep(Kept(escape(ROOT_MARK + url), "", written, is_address=True))

    def resolve(self, value: str, tag: str) -> str | None:
        """Return the address a link leads to, or None, with a finding, for one not allowed.

        Args:
            value: The attribute's value.
            tag: Its element; what is no link comes from the site itself.
        """
        value = value.strip()
        is_link = tag == "a"
        if self._tokens.is_address(value):
            return value if is_link else None
        value = self._tokens.to_source(value)
        if value.startswith("#"):
            return value if is_link else None
        if _SCHEME.match(value):
            url = safe_url(value) if is_link else None
        else:
            return self._resolve_within(value, tag)
        if url is None:
            self._refuse(value, tag)
        return url

    def report_schemes(self, html: str) -> None:
        """Report addresses that the allow-list drops before it asks about them.

        Args:
            html: The body before the allow-list.
        """
        for match in _ADDRESS.finditer(html):
            written = unescape(match[2] or match[3] or match[4] or "")
            value = self._tokens.to_source(_IGNORED.sub("", written))
            if _SCHEME.match(value) and safe_url(value) is None:
                self._refuse(written.strip(), match[1].lower())

    def _resolve_within(self, value: str, tag: str) -> str | None:
        """Return the token of an address within the site; a path to a record's file counts too."""
        path, hash_sign, fragment = value.partition("#")
        path, question, query = path.partition("?")
        if path.endswith(".md"):
            url = self._find_record(path)
            # A file has the anchors of its own headings, and readers know them by their words.
            if fragment and not fragment.startswith((PREFIX, "fn:", "fnref")):
                fragment = PREFIX + fragment
        elif not path:
            url = record_url(self._source) or ""
        elif ".." in path.split("/") and path[0] != "/":
            url = _normalise(f"{record_url(self._source) or ''}{path}")
        else:
            url = _normalise(path)
        if url is None:
            self._report_lost(value)
            return None
        target = f"{url}{question}{query}{hash_sign}{fragment}"
        if safe_url(f"https://site.invalid/{target}") is None:
            self._refuse(value, tag)
            return None
        return self.keep(target, value)

    def _find_record(self, path: str) -> str | None:
        """Return the address of the page that a file makes, or None where no record can be."""
        folder = "" if path[0] == "/" else f"{PurePosixPath(self._source).parent}/"
        file = _normalise(folder + path)
        return record_url(file) if file is not None else None

    def _report_lost(self, value: str) -> None:
        finding = Finding(
            code=Code.BROKEN_LINK,
            message=f"the link '{value[:80]}' leads to no page of this site",
            source=self._source,
            quote=value,
            hint="write the address from the root: /papers/<id>/",
        )
        self._findings.append(finding)

    def _refuse(self, value: str, tag: str) -> None:
        kind = {"a": "link", "img": "image"}.get(tag, f"<{tag}>")
        hint = "use https, http or mailto, or an address within the site: /papers/<id>/"
        if tag != "a":
            hint = "put the image into content/static/ and write its path from there: /name.png"
        finding = Finding(
            code=Code.UNSAFE_URL,
            message=f"the {kind} '{value[:80]}' is not allowed",
            source=self._source,
            quote=value,
            hint=hint,
        )
        self._findings.append(finding)


def _normalise(path: str) -> str | None:
    """Return a path with its `..` and `.` taken out, or None where it leads above its root."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    is_folder = path.endswith(("/", "/.", "/..")) or path in (".", "..")
    return "/".join(parts) + ("/" if parts and is_folder else "")
