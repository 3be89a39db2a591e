"""`python build.py [COMMAND]` is the `broadsheet` command, straight from a checkout."""

from broadsheet.assembly.commands import main

if __name__ == "__main__":
    raise SystemExit(main(default_command="build"))
