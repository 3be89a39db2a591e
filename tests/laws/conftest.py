"""The repository's own digest, built once for all tests that look at it."""

from __future__ import annotations

import pytest
from builds import copy_repository, publish
from site_links import BuiltSite

BASE_URL = "https://broadsheet.example/"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The repository's digest as it is published."""
    root = copy_repository(tmp_path_factory.mktemp("repository"))
    return BuiltSite(publish(root), BASE_URL)
