"""A withdrawn alert: its training is offered for withdrawal, and whoever it concerns is told once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.models.signals import CorrectiveAction, Signal
from qa.core.db import db, write
from qa.core.models import Notice
from tests import factories
from tests.factories import browser
from tests.training.school import School
from training import learning, withdrawing
from training.models.learning import AssignmentCause
from training.queries import assignments, home


@pytest.fixture
def school(app: Flask) -> School:
    return School()


def withdraw_alerts() -> None:
    def fade() -> None:
        for row in db.session.scalars(select(Signal)):
            row.state = "withdrawn"

    write(fade)


def told(kind: str = "training_groundless") -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.person_id)))


def test_training_whose_alert_stands_is_not_offered(school: School) -> None:
    school.given()

    assert write(withdrawing.follow_signals) == 0
    assert told() == []
    assert home.lead_card(school.manager) is None


def test_training_whose_alert_was_withdrawn_is_offered_to_the_lead_and_the_agent_is_told_once(school: School) -> None:
    address = school.given()
    withdraw_alerts()

    found = [write(withdrawing.follow_signals) for _ in range(2)]
    card = home.lead_card(school.manager)
    page = browser(school.app, school.manager).get("/training").text

    assert found == [1, 1]
    assert told() == sorted([school.agent.id or 0, school.manager.id or 0])
    assert card is not None and [row.public_id for row in card.groundless] == [address]
    assert "You can take this training back" in page


def test_taking_it_back_closes_what_was_asked_and_leaves_the_alert_withdrawn(school: School) -> None:
    address = school.given()
    withdraw_alerts()

    browser(school.app, school.manager).send(f"/assignments/{address}/withdraw")

    db.session.rollback()
    assert school.assignment(address).state == "withdrawn"
    assert db.session.scalars(select(CorrectiveAction.state)).one() == "closed"
    assert db.session.scalars(select(Signal.state)).one() == "withdrawn"
    assert home.lead_card(school.manager) is None


def test_training_that_something_else_led_to_as_well_stands(school: School) -> None:
    address = school.given()
    row = school.assignment(address)
    factories.kept(AssignmentCause(assignment_id=row.id, person_id=row.person_id, kind="hand", ref="asked"))
    withdraw_alerts()

    assert write(withdrawing.follow_signals) == 0
    assert [row.is_groundless for row in assignments.of_led(school.manager)] == [False]


def test_training_that_was_begun_goes_on(school: School) -> None:
    address = school.given()
    write(lambda: learning.start(school.agent, address))
    withdraw_alerts()

    write(withdrawing.follow_signals)

    lines = set(db.session.scalars(select(Notice.line).where(Notice.person_id == school.manager.id)))
    assert any("begun, and goes on" in line for line in lines)
    assert [row.is_groundless for row in assignments.of_led(school.manager)] == [False]
