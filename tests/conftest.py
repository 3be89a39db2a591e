"""What every test may ask for: golden files, the shared folder, and when slow tests run.

Responsible for the switches `--update-golden` and `--run-slow` and for the profiles of hypothesis.
Builders of digests are functions in `scenarios`, not fixtures.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
GOLDEN = TESTS / "golden"

# The quick profile draws the same examples every time, so that a verdict is of the commit alone;
# the thorough one draws new ones.
settings.register_profile(
    "quick",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough", settings.get_profile("quick"), max_examples=1_000, derandomize=False
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the two switches."""
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden/ anew; read the diff"
    )
    parser.addoption(
        "--run-slow", action="store_true", help="run tests marked slow, and 1,000 examples"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples hypothesis makes."""
    settings.load_profile("thorough" if runs_slow(config) else "quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out unless they were asked for."""
    if runs_slow(config):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]


def runs_slow(config: pytest.Config) -> bool:
    """Tell whether slow tests run: only on request."""
    return bool(config.getoption("--run-slow"))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    """Return a function that gives the reviewed text of a name, to be compared with what was made.

    With `--update-golden` it writes what was made first.
    """

    def reviewed(name: str, actual: str) -> str:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8", newline="\n")
        assert path.is_file(), f"no golden file {name}; run pytest --update-golden"
        return path.read_bytes().decode("utf-8")

    return reviewed


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the shared folder, which holds the corpus and is not part of the repository.

    It is `$BROADSHEET_SHARED`, else `shared` beside the repository. Without it the test is skipped,
    or fails where `BROADSHEET_NO_SKIP=1` says that nothing may be.
    """
    named = os.environ.get("BROADSHEET_SHARED")
    folder = Path(named) if named else TESTS.parent.parent / "shared"
    if not (folder / "corpus" / "arxiv.jsonl.gz").is_file():
        message = f"{folder} has no corpus/arxiv.jsonl.gz; set BROADSHEET_SHARED to its folder"
        if os.environ.get("BROADSHEET_NO_SKIP") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder
