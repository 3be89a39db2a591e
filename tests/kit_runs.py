"""Runs the deploy kits as their hosts would: each script step in order, in a clean folder.

Responsible for reading the kits' own files and for what the hosts provide around the steps:
variables, conditions, the folder that is carried from run to run. Steps that are the host's own
actions are named and not run.
"""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
_COMPARISON = re.compile(r"(\S+) (==|!=) (\S+)")


class Step(NamedTuple):
    """A step that was run.

    Attributes:
        name: Its name, or the action that it uses.
        code: Its exit code; None for an action of the host's, which is not run.
        output: What it printed.
    """

    name: str
    code: int | None
    output: str = ""


class Run(NamedTuple):
    """A run of a kit: its steps up to the first that failed."""

    steps: tuple[Step, ...]

    @property
    def names(self) -> list[str]:
        """Return the names of the steps."""
        return [step.name for step in self.steps]

    @property
    def failed(self) -> Step | None:
        """Return the step that failed, or None."""
        return next((step for step in self.steps if step.code), None)


def run_shell(
    script: str, root: Path, variables: dict[str, str], commands: Path
) -> tuple[int, str]:
    """Run a script as CI does: with bash, which stops at the first command that fails."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "BROADSHEET", "GITHUB", "GITLAB", "CI", "NETLIFY"))
    }
    environment |= {**variables, "PATH": f"{commands}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def run_github(path: str, root: Path, commands: Path, context: dict[str, str]) -> Run:
    """Run the first job of a workflow.

    Args:
        path: The workflow, relative to the digest's root.
        root: The digest's root: what `checkout` leaves.
        commands: Folder of the commands that `setup-python` leaves.
        context: Values of expressions, such as `github.event_name`.
    """
    workflow = yaml.safe_load((root / path).read_text("utf-8"))
    job: dict[str, Any] = next(iter(workflow["jobs"].values()))
    variables = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "ada/papers"}
    variables |= _fill_all(job.get("env", {}), context)
    env_file = root.parent / "github-env"
    env_file.write_text("")
    steps: list[Step] = []
    for step in job["steps"]:
        if not _holds(step.get("if", ""), context):
            continue
        name = step.get("name", step.get("uses", ""))
        if "uses" in step:
            steps.append(Step(name, None))
            continue
        exported = dict(line.split("=", 1) for line in env_file.read_text().splitlines())
        around = variables | exported | _fill_all(step.get("env", {}), context)
        around |= {"GITHUB_ENV": str(env_file)}
        code, output = run_shell(_fill(step["run"], context), root, around, commands)
        steps.append(Step(name, code, output))
        if code:
            break
    return Run(tuple(steps))


def run_gitlab(job_name: str, root: Path, commands: Path, variables: dict[str, str]) -> Run:
    """Run a job of `.gitlab-ci.yml`, its `before_script` first."""
    pipeline = yaml.safe_load((root / ".gitlab-ci.yml").read_text("utf-8"))
    job: dict[str, Any] = {**pipeline[pipeline[job_name]["extends"]], **pipeline[job_name]}
    around = {"GITLAB_CI": "true", "CI_PROJECT_DIR": str(root), **variables}
    for name, value in {**pipeline["variables"], **job.get("variables", {})}.items():
        around[name] = re.sub(r"\$(\w+)", lambda match: around.get(match[1], ""), str(value))
    steps: list[Step] = []
    for line in (*job["before_script"], *job["script"]):
        code, output = run_shell(line, root, around, commands)
        steps.append(Step(line, code, output))
        if code:
            break
    return Run(tuple(steps))


def run_netlify(root: Path, commands: Path, variables: dict[str, str]) -> Run:
    """Install the requirements, as Netlify does by itself, and run a context's command."""
    config = tomllib.loads((root / "netlify.toml").read_text("utf-8"))
    build: dict[str, Any] = {
        **config["build"],
        **config.get("context", {}).get(variables["CONTEXT"], {}),
    }
    around = {"NETLIFY": "true", **config["build"]["environment"], **variables}
    steps: list[Step] = []
    for name, script in (
        ("install", "python -m pip install --quiet -r requirements.txt"),
        ("command", build["command"]),
    ):
        code, output = run_shell(script, root, around, commands)
        steps.append(Step(name, code, output))
        if code:
            break
    return Run(tuple(steps))


def _fill_all(values: dict[str, str], context: dict[str, str]) -> dict[str, str]:
    return {name: _fill(str(value), context) for name, value in values.items()}


def _fill(text: str, context: dict[str, str]) -> str:
    return _EXPRESSION.sub(lambda match: context.get(match[1], ""), text)


def _holds(condition: str, context: dict[str, str]) -> bool:
    """Tell whether a step's `if` holds: comparisons joined by `&&`, which is all that kits use."""
    for part in filter(None, condition.split(" && ")):
        match = _COMPARISON.fullmatch(part.strip())
        assert match is not None, f"this condition cannot be read: {part}"
        left, right = (_value(match[number], context) for number in (1, 3))
        if (left == right) != (match[2] == "=="):
            return False
    return True


def _value(term: str, context: dict[str, str]) -> str:
    return term[1:-1] if term.startswith("'") else context.get(term, "")
