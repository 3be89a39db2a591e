"""A small digest for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenarios import paper, write_digest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A digest of three papers, one of them a draft, and one queued for a later day."""
    files = {
        "content/papers/a.md": paper("First paper", featured="2025-01-06"),
        "content/papers/later.md": paper("Later paper", featured="2025-01-20"),
        "content/papers/draft.md": paper("Draft paper", status="draft"),
    }
    return write_digest(tmp_path / "digest", files)
