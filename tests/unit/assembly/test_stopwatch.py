"""The stopwatch: stages, one after the other and within each other."""

from __future__ import annotations

from itertools import count

import pytest

from broadsheet.assembly.stopwatch import Stopwatch


def test_a_stage_takes_no_time_of_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    # The clock moves on by a second whenever it is looked at.
    monkeypatch.setattr("time.perf_counter", count().__next__)
    watch = Stopwatch()
    with watch.stage("parse"), watch.stage("theme"):
        pass
    with watch.stage("parse"):
        pass
    assert watch.seconds == {"theme": 1, "parse": 2 + 1}
