"""What a test does where the machine lacks a tool: it is skipped, or fails where nothing may be."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lack(message: str) -> NoReturn:
    """Skip a test that needs something this machine lacks, or fail it where nothing may be skipped.

    Args:
        message: What is missing and how to get it.
    """
    if os.environ.get("BROADSHEET_NO_SKIP") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
