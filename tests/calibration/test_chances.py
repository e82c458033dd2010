"""What a selection weighs when more than one plan could have drawn the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration import chances
from qa.core import clock
from qa.core.db import db, write
from qa.core.models import Person
from qa.models.plans import Draw, PlanVersion
from qa.queries import measured
from tests import factories
from tests.calibration.settled import One, Settled


def weights_of_agents(desk: Settled) -> dict[int | None, set[float]]:
    """Agent -> the weights of the selected cases."""
    rows = list(measured.drawn_cases())
    found: dict[int | None, set[float]] = {}
    for row, weight in zip(rows, chances.weights(rows), strict=True):
        found.setdefault(row.agent_id, set()).add(round(weight, 6))
    return found


@pytest.fixture
def desk(app: Flask) -> Settled:
    """Two agents with a tenth of their cases drawn by a first plan whose strata are agents."""
    desk = Settled(agents=2)
    by_agent = update(PlanVersion).where(PlanVersion.id == desk.version.id).values(strata=["agent"])
    write(lambda: db.session.execute(by_agent))
    return desk


def strata_of_first_plan(desk: Settled) -> None:
    for place, agent in enumerate(desk.agents):
        key = external_id(agent.id)
        desk.put([One(True, agent=place)] * 3, stratum=desk.new_stratum(key, 100, 10))


def external_id(person_id: int | None) -> str:
    query = select(Person.external_id).where(Person.id == person_id)
    found = db.session.scalars(query).one()
    db.session.rollback()
    return found


def test_with_one_plan_a_case_weighs_one_over_its_probability(desk: Settled) -> None:
    strata_of_first_plan(desk)

    assert weights_of_agents(desk) == {agent.id: {10.0} for agent in desk.agents}


def test_a_second_plan_over_the_same_cases_adds_its_chance_by_the_stratum_s_name(desk: Settled) -> None:
    strata_of_first_plan(desk)
    second = desk.another_draw("second")
    rule = update(PlanVersion).where(PlanVersion.id == second.plan_version_id).values(strata=["agent"])
    write(lambda: db.session.execute(rule))
    desk.new_stratum(external_id(desk.agents[0].id), 100, 40, draw=second)

    found = weights_of_agents(desk)

    assert found == {desk.agents[0].id: {2.0}, desk.agents[1].id: {10.0}}


def test_a_plan_whose_window_ended_before_the_cases_came_adds_nothing(desk: Settled) -> None:
    strata_of_first_plan(desk)
    early = desk.another_draw("early")
    before = update(Draw).where(Draw.id == early.id).values(window_to=clock.now() - timedelta(days=1))
    write(lambda: db.session.execute(before))
    desk.new_stratum("all", 100, 40, draw=early)

    assert weights_of_agents(desk) == {agent.id: {10.0} for agent in desk.agents}


def test_a_plan_that_leaves_the_case_out_adds_nothing(desk: Settled) -> None:
    strata_of_first_plan(desk)
    other = desk.another_draw("other")
    rule = update(PlanVersion).where(PlanVersion.id == other.plan_version_id)
    rule = rule.values(filter={"workflow": ["escalation"]})
    write(lambda: db.session.execute(rule))
    desk.new_stratum("all", 100, 40, draw=other)

    assert weights_of_agents(desk) == {agent.id: {10.0} for agent in desk.agents}


def test_many_draws_cost_as_many_statements_as_few(desk: Settled) -> None:
    strata_of_first_plan(desk)
    for name in ("second", "third"):
        desk.another_draw(name)
    rows = list(measured.drawn_cases())
    few = factories.statements(lambda: chances.weights(rows))
    for number in range(10):
        desk.another_draw(f"further {number}")

    many = factories.statements(lambda: chances.weights(rows))

    assert many == few
