"""Agents with different queues on one mix of cases, and the page of accuracy for small and large desks."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from calibration import overview, periods
from calibration.slice_cases import behind
from qa.core import preferences
from qa.core.access import SYSTEM
from qa.core.db import write
from tests import factories
from tests.calibration.settled import One, Settled

EASY, HARD = "conduct/threats", "conduct/insults"


def put(desk: Settled, agent: int, key: str, n: int, wrong: int) -> None:
    stratum = desk.new_stratum(f"{agent}|{key}", 10 * n, n)
    desk.put([One(turn >= wrong, key, agent=agent) for turn in range(n)], stratum=stratum)


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """Two agents with 2 % of errors in easy cases and 20 % in hard ones; the first has mostly easy, the second hard."""
    desk = Settled(agents=3)
    put(desk, 0, EASY, 150, 3)
    put(desk, 0, HARD, 50, 10)
    put(desk, 1, EASY, 50, 1)
    put(desk, 1, HARD, 150, 30)
    return desk


def test_two_who_differ_by_their_queues_alone_are_alike_on_one_mix(desk: Settled) -> None:
    seen = overview.overview(desk.manager, periods.period())

    raw = {line.name: line.rate.figure.estimate for line in seen.agents}
    mixed = {line.name: seen.same_mix.of(line.agent_id) for line in seen.agents}
    assert raw == pytest.approx({"Agent Able": 0.935, "Agent 001": 0.845})
    assert [round(one.share, 9) for one in mixed.values() if one] == [0.89, 0.89]
    assert all(one and one.covered == 1 and one.low < 0.89 < one.high for one in mixed.values())


def test_who_met_too_little_of_the_mix_has_no_figure_on_it(desk: Settled) -> None:
    put(desk, 2, EASY, 40, 1)

    mix = overview.overview(desk.manager, periods.period()).same_mix

    assert mix.of(desk.agents[2].id or 0) is None
    assert mix.of(desk.agents[0].id or 0) is not None
    assert mix.of(desk.manager.id or 0) is None


def test_over_enforced_and_missed_cases_open_apart(desk: Settled) -> None:
    put(desk, 0, "none", 40, 7)

    over = behind(desk.manager, periods.period("verdict"), came="over")
    missed = behind(desk.manager, periods.period("verdict"), came="missed")

    assert (over.total, missed.total) == (44, 7)


def test_a_small_desk_begins_with_teams_and_policies_and_a_large_one_with_persons(
    sqlite_app: Flask, desk: Settled
) -> None:
    manager = factories.browser(sqlite_app, desk.manager)

    small = manager.get("/accuracy").text
    write(lambda: preferences.put(SYSTEM, "small_team", 2))
    large = manager.get("/accuracy").text

    assert "Desk team · Conduct: Insults" in small and small.index("By team and policy") < small.index("By agent")
    assert "team=Desk" in small and "Fewer than 15 agents" in small
    assert "Desk team · Conduct" not in large and large.index("By agent") < large.index(">By policy")


def test_a_missing_figure_says_from_when_it_can_be_expected(sqlite_app: Flask, desk: Settled) -> None:
    put(desk, 0, "conduct/praise", 15, 1)

    text = factories.browser(sqlite_app, desk.manager).get("/accuracy?by=policy").text

    found = re.search(r"too few cases \(n=15\), expected from (\d+ \w+ \d+)", text)
    assert found is not None and found[1] == "15 Feb 2027", found
    assert "This period alone" in text and "On one mix" in text
