"""The package as its users install it: built, complete, and working without the checkout."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest
from builds import ROOT, tree
from lacking import lack

from broadsheet import __version__

pytestmark = pytest.mark.slow

SOURCES = ("broadsheet", "templates", "content", "tests", "docs")
FILES = ("pyproject.toml", "README.md", "LICENSE", "build.py")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program away from the checkout and its variables; return what it printed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_wheel(source: Path, folder: Path) -> Path:
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, source, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, so that nothing is written into it."""
    folder = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", ".*_cache")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in FILES:
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, folder / name)
    (folder / "site").mkdir()
    (folder / "site" / ".gitkeep").touch()
    return folder


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout."""
    return build_wheel(checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment with nothing but the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    run(folder / "bin" / "pip", "install", "-q", wheel, cwd=folder)
    return folder / "bin"


def names_in_wheel(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_the_package_and_the_theme_and_nothing_else(wheel: Path) -> None:
    found = names_in_wheel(wheel)
    package = {
        f"broadsheet/{path.relative_to(ROOT / 'broadsheet').as_posix()}": path.read_bytes()
        for path in (ROOT / "broadsheet").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    theme = {
        f"broadsheet/_shipped/templates/{name}": content
        for name, content in tree(ROOT / "templates").items()
    }
    inside = {name: content for name, content in found.items() if ".dist-info/" not in name}
    assert "broadsheet/py.typed" in inside
    assert "broadsheet/starter/content/site.yaml" in inside
    assert "broadsheet/kits/github-pages.yml" in inside
    assert "broadsheet/theme_fixtures/complete/content/site.yaml" in inside
    assert inside == {**package, **theme}


def test_the_wheel_is_named_and_typed_and_has_its_command(wheel: Path) -> None:
    found = names_in_wheel(wheel)
    assert wheel.name == f"broadsheet-{__version__}-py3-none-any.whl"
    (entry_points,) = (found[name] for name in found if name.endswith("entry_points.txt"))
    assert b"broadsheet = broadsheet.assembly.commands:main" in entry_points


def test_the_source_distribution_builds_the_same_wheel(
    checkout: Path, wheel: Path, tmp_path: Path
) -> None:
    backend = (
        "import os, sys; from hatchling import build; "
        f"os.chdir({str(checkout)!r}); print(build.build_sdist({str(tmp_path)!r}))"
    )
    environment = tmp_path / "backend"
    run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    run(environment / "bin" / "pip", "install", "-q", "hatchling", cwd=tmp_path)
    name = run(environment / "bin" / "python", "-c", backend, cwd=tmp_path).strip()
    with tarfile.open(tmp_path / name) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    (tmp_path / "again").mkdir()
    again = build_wheel(source, tmp_path / "again")
    assert names_in_wheel(again) == names_in_wheel(wheel)
    assert again.read_bytes() == wheel.read_bytes()


def test_an_installed_command_builds_the_same_site_in_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "digest" / "content")
    run(installed / "broadsheet", "build", "--no-search", cwd=tmp_path / "digest")
    other = tmp_path / "other"
    shutil.copytree(ROOT / "content", other / "content")
    run(sys.executable, ROOT / "build.py", "-C", other, "build", "--no-search", cwd=tmp_path)
    built = tree(tmp_path / "digest" / "site")
    assert len(built) > 650
    assert built == tree(other / "site")


def test_a_new_digest_is_checked_built_and_served_without_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    command = installed / "broadsheet"
    run(command, "new", "papers", "--base-url", "https://papers.example/", cwd=tmp_path)
    root = tmp_path / "papers"
    run(command, "check", "--strict", cwd=root)
    run(command, "build", "--strict", cwd=root)
    run(command, "build", "--verify", cwd=root)
    run(command, "theme", "check", cwd=root)
    run(command, "deploy", "init", "netlify", cwd=root)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    serving = subprocess.Popen([command, "serve", "--port", port], cwd=root)
    try:
        page = fetch(f"http://127.0.0.1:{port}/papers/2403.02884/")
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(20)
    assert "MathScale" in page


def fetch(address: str) -> str:
    """Return a page of a server that may need a moment to begin."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - loopback
                return str(answer.read().decode("utf-8"))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def other_pythons() -> list[str]:
    """Return other Python versions of this machine; `BROADSHEET_OTHER_PYTHON` may name one."""
    named = [os.environ.get("BROADSHEET_OTHER_PYTHON", "")]
    versions = [f"python3.{minor}" for minor in range(11, 20) if minor != sys.version_info.minor]
    found = [path for name in (*named, *versions) if name and (path := shutil.which(name))]
    return [path for path in found if subprocess.run([path, "-V"], check=False).returncode == 0]


def test_another_version_of_python_gives_the_same_bytes(
    wheel: Path, installed: Path, tmp_path: Path
) -> None:
    others = other_pythons()
    if not others:
        lack("no other Python: install one, or name it in BROADSHEET_OTHER_PYTHON")
    run(others[0], "-m", "venv", tmp_path / "other", cwd=tmp_path)
    run(tmp_path / "other" / "bin" / "pip", "install", "-q", wheel, cwd=tmp_path)
    manifests = []
    for name, commands in (("one", installed), ("a späce", tmp_path / "other" / "bin")):
        shutil.copytree(ROOT / "content", tmp_path / name / "content")
        run(commands / "broadsheet", "build", "--quiet", cwd=tmp_path / name)
        manifests.append((tmp_path / name / "site" / ".broadsheet.json").read_bytes())
    assert manifests[0] == manifests[1]


def test_an_installed_command_indexes_and_tells_its_version(
    installed: Path, tmp_path: Path
) -> None:
    assert run(installed / "broadsheet", "--version", cwd=tmp_path) == (
        f"broadsheet, version {__version__}\n"
    )
    (tmp_path / "content" / "papers").mkdir(parents=True)
    (tmp_path / "content" / "site.yaml").write_text("title: Small\n")
    (tmp_path / "content" / "papers" / "a.md").write_text("---\ntitle: A paper\n---\n")
    run(installed / "broadsheet", "build", cwd=tmp_path)
    assert (tmp_path / "site" / "pagefind" / "pagefind.js").is_file()


def test_the_installed_package_imports_every_module_it_needs(
    installed: Path, tmp_path: Path
) -> None:
    program = (
        "import importlib, pkgutil, broadsheet\n"
        "for module in pkgutil.walk_packages(broadsheet.__path__, 'broadsheet.'):\n"
        "    if not module.name.endswith('__main__'):\n"
        "        importlib.import_module(module.name)\n"
        "print(broadsheet.__file__)"
    )
    where = run(installed / "python", "-c", program, cwd=tmp_path)
    assert str(ROOT) not in where
