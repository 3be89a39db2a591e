"""A disk that is full or refuses from any moment of a build on leaves the old site or the new one.

The refusals are made in a forked process, at each thing that it is about to do to the disk.
"""

from __future__ import annotations

import errno
import itertools
import os
from collections import Counter
from pathlib import Path

import pytest
from faulty_builds import CHANGES, Case, build_and_meet, readers

# What needs room on a disk.
WRITES = frozenset({"open", "os.link", "os.mkdir"})
REFUSALS = {"full": (errno.ENOSPC, WRITES), "forbidden": (errno.EACCES, CHANGES)}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A fresh case in a folder of its own."""
    return Case(tmp_path / "digest")


@pytest.mark.parametrize("lasts", [True, False])
@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("step", [25, pytest.param(1, marks=pytest.mark.slow)])
def test_a_disk_that_refuses_from_any_moment_on_leaves_one_of_the_two_sites(
    case: Case, refusal: str, step: int, *, lasts: bool
) -> None:
    code, events = REFUSALS[refusal]
    outcomes: Counter[str] = Counter()
    with readers(case.root / "site", case.known()) as reads:
        for moment in itertools.count(1, step):
            met = refuse_from(case, moment, code, events, lasts=lasts)
            outcomes[f"{met}, {case.state()}"] += 1
            if met == "never met":
                break
            case.expect_recovery()
            case.reset()
    print(f"{refusal}, lasts={lasts}: {dict(outcomes)}; reads: {dict(reads)}")
    left = {outcome.partition(", ")[2] for outcome in outcomes}
    assert left <= {"old", "new"}
    assert outcomes["refused, old"] >= 1
    assert set(reads) == {"whole"}


def refuse_from(case: Case, moment: int, code: int, events: frozenset[str], *, lasts: bool) -> str:
    """Build while the disk refuses, once or from then on; tell whether the build ended by it."""
    flag = case.root.parent / "met"
    flag.unlink(missing_ok=True)

    def refuse(count: int) -> None:
        if count == moment or (lasts and count > moment):
            if not flag.is_symlink():
                flag.symlink_to("met")
            raise OSError(code, os.strerror(code))

    ended = build_and_meet(case.root, refuse, events)
    assert ended in (0, 3)
    if not flag.is_symlink():
        return "never met"
    return "refused" if ended else "got by"
