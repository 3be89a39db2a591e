"""`python -m broadsheet` is the `broadsheet` command."""

from broadsheet.assembly.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
