"""`python build.py` and `python -m broadsheet`: the same program, from wherever it is called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT

from broadsheet import __version__
from broadsheet.assembly.commands import COMMANDS, main

HEAVY = {"markdown", "jinja2", "nh3", "pagefind_bin", "yaml", "msgspec", "watchdog"}


def run(root: Path, *words: str) -> int:
    return main(["-C", str(root), *words], default_command="build")


def script(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run `python build.py` as its users do."""
    command = [sys.executable, str(ROOT / "build.py"), *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_script_builds_by_default_and_takes_the_options_of_build(root: Path) -> None:
    assert run(root) == 0
    assert (root / "site/index.html").is_file()
    assert run(root, "--no-search", "--quiet") == 0
    assert not (root / "site/pagefind").exists()
    assert run(root, "check") == 0
    assert run(root, "bulid") == 2


def test_the_script_shows_its_version_and_its_help() -> None:
    shown = script("--version")
    assert (shown.returncode, shown.stdout) == (0, f"broadsheet, version {__version__}\n")
    helped = script("--help")
    assert helped.returncode == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in helped.stdout] == []
    for name in COMMANDS:
        assert script(name, "-h").stdout.startswith(f"Usage: broadsheet {name} ")


@pytest.mark.parametrize("inside", ["content/papers", "content", "."])
def test_the_digest_is_found_from_any_folder_within(root: Path, inside: str) -> None:
    done = script("check", cwd=root / inside)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "3 papers, nothing to report\n"


def test_from_an_empty_folder_the_script_names_what_is_missing(tmp_path: Path) -> None:
    done = script(cwd=tmp_path)
    assert done.returncode == 2
    assert "name the digest's root with -C" in done.stderr
    assert script("-C", str(ROOT), "check", cwd=tmp_path).returncode == 0


def test_the_package_runs_as_a_module(root: Path) -> None:
    command = [sys.executable, "-m", "broadsheet", "-C", str(root), "check", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(command, env=environment, check=False).returncode == 0


def test_asking_for_the_version_imports_none_of_the_dependencies() -> None:
    program = (
        "import sys\nfrom broadsheet.assembly.commands import main\n"
        "main(['--version'])\nprint(*sorted(sys.modules), sep='\\n')"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()
    assert "click" in loaded
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert [name for name in loaded if name.startswith("broadsheet.")] == [
        "broadsheet.assembly",
        "broadsheet.assembly.commands",
    ]
