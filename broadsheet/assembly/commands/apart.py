"""A build that has nothing to do with the published site: in a folder of its own, from nothing.

Responsible for `build --verify` and `build --zip`, which need one. Not responsible for comparing
(`effects.comparing`) or packing (`effects.archiving`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from broadsheet.assembly.build_values import BuildOptions, BuildResult
from broadsheet.assembly.commands.common import ReportOptions, report_diagnostics, say
from broadsheet.assembly.pipeline import build_site
from broadsheet.assembly.project import Project
from broadsheet.effects.archiving import write_archive
from broadsheet.effects.comparing import compare_sites
from broadsheet.effects.manifest import read_manifest
from broadsheet.foundations.words import plural


@contextmanager
def build_apart(project: Project, options: BuildOptions) -> Iterator[BuildResult]:
    """Build a copy of a digest, without caches and in another folder.

    Args:
        project: The digest.
        options: What the run changes; the output folder is not looked at.
    """
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as scratch:
        root = Path(scratch).resolve() / "digest"
        for source in (project.root / "content", project.templates):
            if source.is_dir():
                shutil.copytree(source, root / source.name, symlinks=True)
        yield build_site(Project(root), msgspec.structs.replace(options, output=root / "site"))


def verify(project: Project, build: BuildOptions, options: ReportOptions) -> int:
    """Prove a built site: it is what its manifest says, and a build from nothing gives the same.

    Args:
        project: The digest.
        build: The options that the site was built with.
        options: How to report.
    """
    output = (build.output or project.output).absolute()
    manifest = read_manifest(output)
    if manifest is None:
        raise click.UsageError(f"no built site in '{output}'; build it first, or name it with -o")
    with build_apart(project, build) as fresh:
        if not fresh.how:
            return report_diagnostics(fresh.diagnostics, options)
        expected = read_manifest(fresh.output)
        assert expected is not None, "a build leaves a manifest"  # noqa: S101 - build_site's promise
        differences = compare_sites(output, manifest, expected)
    code = report_diagnostics(differences, options)
    if not differences:
        files = plural(len(manifest.files), "file")
        say(f"{files} as the manifest says; a build from nothing gives the same bytes", options)
    return code


def archive(project: Project, build: BuildOptions, target: Path, options: ReportOptions) -> int:
    """Write a digest as one file, whose pages can be opened without a server.

    Args:
        project: The digest.
        build: The options to build it with.
        target: The file.
        options: How to report.
    """
    with build_apart(project, msgspec.structs.replace(build, has_search=False)) as built:
        code = report_diagnostics(built.diagnostics, options)
        if not built.how:
            return code
        files = write_archive(built.output, target)
    say(f"{plural(files, 'file')}: {target}", options)
    return code
