"""The reference lists every command with every option, in the words of its help.

With `--update-golden` it is written anew between its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from builds import ROOT

from broadsheet.assembly.commands import COMMANDS, broadsheet

PAGE = ROOT / "docs" / "commands.md"
STRETCH = re.compile(r"(<!-- commands -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def find_commands() -> Iterator[tuple[click.Context, click.Command]]:
    """Yield every command that can be run, members of groups included, in the table's order."""
    top = click.Context(broadsheet, info_name="broadsheet")
    for name in COMMANDS:
        command = broadsheet.get_command(top, name)
        assert command is not None, f"the table names '{name}', which is no command"
        context = click.Context(command, info_name=name, parent=top)
        if isinstance(command, click.Group):
            for member in command.list_commands(context):
                inner = command.get_command(context, member)
                assert inner is not None
                yield click.Context(inner, info_name=member, parent=context), inner
        else:
            yield context, command


def describe_option(context: click.Context, option: click.Option) -> str:
    name, about = option.get_help_record(context) or (", ".join(option.opts), "")
    about = " ".join(about.split())
    assert about, f"{context.command_path} {name} has no help"
    return f"| `{name.replace('|', chr(92) + '|')}` | {about.replace('|', chr(92) + '|')} |"


def describe(context: click.Context, command: click.Command) -> str:
    """Return the section of a command: its use, its help, its options."""
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    paragraphs = (command.help or "").strip().split("\n\n")
    said = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    assert said, f"{context.command_path} says nothing of itself"
    lines = [f"## `{context.command_path}`", "", "```", usage, "```", "", said, ""]
    if options:
        rows = [describe_option(context, option) for option in options if not option.hidden]
        lines += ["| option | about |", "| --- | --- |", *rows, ""]
    return "\n".join(lines)


def test_the_reference_lists_every_command_and_option(request: pytest.FixtureRequest) -> None:
    said = "\n" + "\n".join(describe(context, command) for context, command in find_commands())
    text = PAGE.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        text = STRETCH.sub(lambda match: match[1] + said + match[3], text)
        PAGE.write_text(text, encoding="utf-8")
    written = STRETCH.search(text)
    assert written is not None
    assert written[2] == said


def test_every_module_of_a_command_is_in_the_table() -> None:
    folder = ROOT / "broadsheet" / "assembly" / "commands"
    modules = {path.stem for path in folder.glob("*.py")}
    click_modules = {
        stem
        for stem in modules - {"__init__"}
        if "@click.command" in (text := (folder / f"{stem}.py").read_text(encoding="utf-8"))
        or "@click.group" in text
    }
    assert set(COMMANDS) <= click_modules
