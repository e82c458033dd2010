"""From a wanted precision to cases, hours and weeks."""

from __future__ import annotations

import pytest
from flask import Flask

from calibration import planner
from calibration.periods import period
from calibration.planner import Wish
from qa.core.errors import BadInput
from tests import factories
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """Two agents with 130 graded cases in 13 weeks each, 95% right; a simple sample."""
    desk = Settled(agents=2)
    for agent in (0, 1):
        cases = [One(turn % 20 != 0, weeks_ago=1 + turn % 12, agent=agent) for turn in range(130)]
        desk.put(cases, stratum=desk.new_stratum(f"agent {agent}", 1300, 130))
    return desk


def test_within_five_points_takes_the_published_83_cases_for_each_agent(desk: Settled) -> None:
    seen = planner.planned(desk.manager, Wish(expected=0.95), period())

    assert [need.name for need in seen.needs] == ["Agent 001", "Agent Able"]
    assert [(need.cases, need.weeks) for need in seen.needs] == [(83, 9), (83, 9)]
    assert (seen.cases, seen.looks, seen.weeks) == (166, 183, 9)
    assert seen.hours == pytest.approx(183 / 20)


def test_a_quarter_at_the_present_pace_gives_what_130_cases_give(desk: Settled) -> None:
    (need,) = planner.planned(desk.manager, Wish(each="all", expected=0.95), period()).needs

    assert need.a_week == pytest.approx(20)
    assert need.quarter == pytest.approx(0.0271, abs=5e-4)


def test_showing_that_somebody_is_under_the_target_takes_fewer_cases_the_worse_it_is(desk: Settled) -> None:
    wishes = [Wish(goal="below", actual=actual) for actual in (0.90, 0.80, 0.60)]

    sizes = [planner.planned(desk.manager, wish, period()).needs[0].cases for wish in wishes]

    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


def test_a_rate_that_is_not_under_the_target_is_refused(desk: Settled) -> None:
    with pytest.raises(BadInput, match="under the target"):
        planner.planned(desk.manager, Wish(goal="below", actual=0.96), period())


def test_agents_are_planned_with_the_common_rate_and_policies_with_their_own(desk: Settled) -> None:
    desk.put([One(turn % 2 == 0, "conduct/insults") for turn in range(60)],
             stratum=desk.new_stratum("more", 600, 60))  # fmt: skip

    agents = planner.planned(desk.manager, Wish(), period()).needs
    policies = planner.planned(desk.manager, Wish(each="policy"), period()).needs

    assert len({need.expected for need in agents}) == 1 and not any(need.is_own for need in agents)
    assert {need.is_own for need in policies} == {True}
    assert {round(need.expected, 2) for need in policies} == {0.5, 0.95}


def test_the_page_keeps_the_wish_in_the_address_and_says_what_is_wrong_with_it(
    sqlite_app: Flask, desk: Settled
) -> None:
    browser = factories.browser(sqlite_app, desk.manager)

    right = browser.get("/planner?within=5&expected=95&each=agent")
    wrong = browser.get("/planner?within=99")
    under = browser.get("/planner?goal=below&actual=97")
    table = browser.get("/planner.csv?within=5&expected=95").text

    assert right.status_code == 200 and "166" in right.text and "Agent Able" in right.text
    assert wrong.status_code == 422 and "Give a number from 0.5 to 30." in wrong.text
    assert under.status_code == 422 and "Give a share under the target of 95." in under.text
    assert "Agent Able,0.95,1.0,83," in table


def test_without_a_graded_case_the_page_says_so(sqlite_app: Flask) -> None:
    browser = factories.browser(sqlite_app, factories.actor("manager", manages=None))

    text = browser.get("/planner").text

    assert "no rate to plan with" in text
