"""Small digests for tests: written from texts, checked and built through the real pipeline.

root = write_digest(tmp_path, {"content/papers/a.md": paper("A title", topics="[x]")})
assert codes(check(root)) == [...]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from broadsheet.assembly.build_values import BuildOptions, CheckedSite
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.sources import RawFile

SITE_YAML = "title: A test digest\nbase_url: https://example.org/\n"


def write_digest(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a digest.

    Args:
        root: The folder to write to; it need not exist.
        files: Texts (or bytes) by path relative to the root. Line feeds are kept as they are. A
            `content/site.yaml` is added unless one is given.

    Returns:
        The root.
    """
    for path, text in {"content/site.yaml": SITE_YAML, **files}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return root


def record(body: str = "", /, **fields: str) -> str:
    """Return a record's text; each field's value is YAML as it is to stand in the file."""
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", body])


def paper(title: str, body: str = "", /, **fields: str) -> str:
    """Return a paper's text with a quoted title; the other fields' values are YAML."""
    return record(body, title="'" + title.replace("'", "''") + "'", **fields)


def raw_file(path: str, text: str | bytes) -> RawFile:
    """Return a file as the scan would give it, without a disk."""
    return RawFile(path, text if isinstance(text, bytes) else text.encode("utf-8"))


def check(root: Path, options: BuildOptions | None = None) -> CheckedSite:
    """Read, validate and plan the digest at a root, without writing anything."""
    return check_site(Project(root), options or BuildOptions(executor="serial"))


def codes(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return the codes of diagnostics, in their order."""
    return [diagnostic.code.value for diagnostic in diagnostics]
