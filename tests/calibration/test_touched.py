"""The share of errors beside a section: the same figure as on the page of figures, and only for who reads figures."""

from __future__ import annotations

import pytest
from flask import Flask

from calibration import accuracy, touched
from qa.core.registries import Touch
from tests import factories
from tests.calibration.settled import One, Settled

KEYS = ("conduct", "conduct/threats", "conduct/insults", "conduct/praise")


@pytest.fixture
def desk(app: Flask) -> Settled:
    return Settled(agents=3)


def beside(desk: Settled, *roles: str) -> dict[str, list[Touch]]:
    return {key: list(lines) for key, lines in touched.touched_by(factories.actor(*roles), KEYS).items()}


def test_it_is_what_accuracy_leaves_of_one_with_its_interval_turned_round(desk: Settled) -> None:
    desk.put(One(at >= 6, agent=at % 3) for at in range(60))
    (rate,) = [one for one in accuracy.rows(by=("policy",)) if one.keys["policy"] == "conduct/threats"]

    (line,) = beside(desk, "manager")["conduct/threats"]

    assert line.share is not None and line.share.estimate is not None and line.share.low is not None
    assert line.share.estimate == pytest.approx(1 - rate.figure.estimate) == pytest.approx(0.1)
    assert (line.share.low, line.share.high) == (1 - rate.figure.high, 1 - rate.figure.low)
    assert (line.share.n, line.share.note, line.url) == (60, "", "/accuracy?by=policy")


def test_too_few_cases_say_so_and_a_section_without_cases_has_no_line(desk: Settled) -> None:
    desk.put([One(True, play_key="conduct/insults") for _ in range(3)])

    found = beside(desk, "policy_owner")

    assert list(found) == ["conduct/insults"]
    assert found["conduct/insults"][0].share.note.startswith("not enough data")
    assert found["conduct/insults"][0].url is None


def test_while_cases_are_open_it_is_a_range(desk: Settled) -> None:
    desk.put(One(None if at < 10 else True) for at in range(60))

    (line,) = beside(desk, "observer")["conduct/threats"]

    assert line.share.in_progress and line.share.low == pytest.approx(0) and line.share.high == pytest.approx(1 / 6)


@pytest.mark.parametrize("role", ["agent", "reviewer"])
def test_who_decides_or_grades_is_told_nothing(desk: Settled, role: str) -> None:
    desk.put(One(True) for _ in range(60))

    assert beside(desk, role) == {}
