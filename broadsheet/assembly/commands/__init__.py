"""The `broadsheet` command: parse, call one function, map its result to an exit code.

Responsible for the table of commands and for exit codes. Not responsible for any work.
"""

from __future__ import annotations

import importlib
import sys
import traceback

import click

from broadsheet import __version__

EXIT_DONE, EXIT_CONTENT, EXIT_USAGE, EXIT_BUG, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

# Each command is a function of this name in a module of this name, imported when it is asked for.
COMMANDS = ("build", "check", "clean", "deploy", "mail", "new", "serve", "theme")


class CommandTable(click.Group):
    """The commands; importing one brings in whatever it needs, and nothing else does."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(
            importlib.import_module(f"{__name__}.{cmd_name}"), cmd_name
        )
        return command


@click.group(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="broadsheet")
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    default=".",
    type=click.Path(exists=True, file_okay=False),
    help="The digest's root; by default the nearest folder above with content/site.yaml.",
)
@click.pass_context
def broadsheet(context: click.Context, directory: str) -> None:
    """Turn a folder of Markdown records into a research-paper digest."""
    context.obj = directory


def main(arguments: list[str] | None = None, default_command: str = "") -> int:
    """Run the command.

    Args:
        arguments: Words of the command line; by default the process's.
        default_command: Command to run when the words name none.

    Returns:
        0 done, 1 content has errors, 2 wrong usage, 3 a bug of ours or a disk's refusal, 130
        interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if default_command:
        words = _add_command(words, default_command)
    try:
        result = broadsheet.main(words, prog_name="broadsheet", standalone_mode=False)
        return result if isinstance(result, int) else EXIT_DONE
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except OSError as error:
        click.echo(f"broadsheet: {error}", err=True)
        return EXIT_BUG
    except Exception:  # noqa: BLE001 - the outermost frame: a bug is reported with its traceback
        traceback.print_exc()
        click.echo("broadsheet: this is a bug of ours; please report the lines above", err=True)
        return EXIT_BUG


def _add_command(words: list[str], command: str) -> list[str]:
    """Put the default command where the words name none, behind the options of the program."""
    position = 0
    while position < len(words) and words[position].startswith("-"):
        if words[position] in ("-h", "--help", "--version"):
            return words
        if words[position] != "-C":
            break
        position += 2
    if position < len(words) and words[position] in COMMANDS:
        return words
    if position < len(words) and not words[position].startswith("-"):
        return words
    return [*words[:position], command, *words[position:]]
