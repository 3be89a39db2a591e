"""What the tests of citations share: the first edition, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import copy_repository, publish


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the repository's own digest, in the digest's root."""
    return publish(copy_repository(tmp_path_factory.mktemp("edition")), has_search=False)
