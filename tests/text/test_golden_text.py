r"""Every case of the text model, as reviewed: HTML, plain text, TeX and what is said of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from text import cases
from text.conversions import convert_body_case, convert_case, write_conversions


@pytest.mark.parametrize("group", cases.LINES)
def test_lines_are_as_reviewed(group: str, golden: Callable[[str, str], str]) -> None:
    conversions = [convert_case(group, source) for source in cases.LINES[group]]
    made = write_conversions(conversions)
    assert made == golden(f"text/{group}.txt", made)


def test_bodies_are_as_reviewed(golden: Callable[[str, str], str]) -> None:
    conversions = [convert_body_case(source) for source in cases.BODIES]
    made = write_conversions(conversions)
    assert made == golden("text/bodies.txt", made)


def test_hostile_lines_are_as_reviewed(golden: Callable[[str, str], str]) -> None:
    conversions = [convert_case("hostile", source) for _, source in cases.HOSTILE]
    made = write_conversions(conversions)
    assert made == golden("text/hostile.txt", made)


def test_there_are_as_many_cases_as_promised() -> None:
    lines = sum(map(len, cases.LINES.values()))
    assert lines + len(cases.BODIES) + len(cases.HOSTILE) >= 300
    assert all(len(set(group)) == len(group) for group in cases.LINES.values())
