"""`broadsheet serve`: the digest in a browser while it is written."""

from __future__ import annotations

import os

import click

from broadsheet.assembly.commands.common import (
    ReportOptions,
    open_project,
    report_diagnostics,
    report_options,
    say,
)
from broadsheet.assembly.server.guarding import is_loopback
from broadsheet.assembly.server.opening import OpenInEditor, find_editor
from broadsheet.assembly.server.preview_state import PreviewState
from broadsheet.assembly.server.serving import PortTakenError, ServeOptions, Telling, serve_digest
from broadsheet.foundations.diagnostics import Diagnostic


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Bind to this address or name; anything but this machine can be reached by others.",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="Listen on this port; 0 takes one that is free.",
)
@click.option("--open", "opens_browser", is_flag=True, help="Open the front page in the browser.")
@click.option(
    "--editor",
    "opens_editor",
    is_flag=True,
    help="Let pages open their source file in $VISUAL, $EDITOR or VS Code.",
)
@click.option(
    "--poll",
    "polls",
    is_flag=True,
    help="Look at the files again and again, where the system tells of no changes.",
)
@report_options
@click.pass_obj
def serve(
    directory: str,
    *,
    host: str,
    port: int,
    opens_browser: bool,
    opens_editor: bool,
    polls: bool,
    style: str,
    is_quiet: bool,
    is_strict: bool,
) -> int:
    """Show the digest in a browser, drafts too, and follow every change of its files.

    Ctrl-C ends it.
    """
    report = ReportOptions(style, is_quiet, is_strict)
    options = ServeOptions(
        host=host,
        port=port,
        opens_browser=opens_browser,
        editor=_require_editor() if opens_editor else None,
        polls=polls,
        is_strict=is_strict,
    )
    project = open_project(directory)
    if not is_loopback(host):
        click.echo(
            f"warning: with --host {host} everyone who can reach this machine can read this digest,"
            " drafts too",
            err=True,
        )
    try:
        serve_digest(project, options, _Reporter(report).telling())
    except PortTakenError as error:
        proposal = f"; try --port {error.free}" if error.free else ""
        raise click.UsageError(f"port {port} is in use by another program{proposal}") from error
    except OSError as error:
        if error.filename is not None:
            raise
        raise click.UsageError(f"cannot listen on {host}, port {port}: {error.strerror}") from error
    return 0


def _require_editor() -> OpenInEditor:
    editor = find_editor(os.environ)
    if editor is None:
        raise click.UsageError(
            "--editor needs an editor with a window of its own: set VISUAL, such as VISUAL=code"
        )
    return editor


class _Reporter:
    """Prints what happens; problems only when they are other ones than before."""

    def __init__(self, options: ReportOptions) -> None:
        self._options = options
        self._known: tuple[Diagnostic, ...] = ()

    def telling(self) -> Telling:
        return Telling(self._tell_ready, self._tell_changed, self._tell_remark)

    def _tell_ready(self, url: str, state: PreviewState) -> None:
        self._tell_changed(state)
        say(f"serving {url} (Ctrl-C ends it)", self._options)

    def _tell_changed(self, state: PreviewState) -> None:
        if state.diagnostics == self._known:
            return
        if not state.diagnostics:
            say("all problems are mended", self._options)
        report_diagnostics(state.diagnostics, self._options)
        self._known = state.diagnostics

    def _tell_remark(self, sentence: str) -> None:
        click.echo(sentence, err=True)
