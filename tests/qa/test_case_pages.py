"""Cases for those who lead, and what a lead who also grades does not see by the way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.grading import blind, needs_person
from qa.models.cases import ClosedCase, Touch
from qa.models.truth import Finding, Settlement, Truth
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk
from tests.factories import browser


def day(number: int) -> datetime:
    return TODAY + timedelta(days=number)


def look(who: Actor, section: str = "conduct/threats") -> None:
    task = write(lambda: blind.claim(who))
    assert task is not None
    write(lambda: blind.grade(
        who, task, verdict="violates", section_key=section, action="remove", confidence="low", claim_next=False
    ))  # fmt: skip
    write(lambda: blind.close_batch(who))


@pytest.fixture
def alone(app: Flask) -> Desk:
    return Desk(graders=1)


def shut_out(desk: Desk, case: ClosedCase) -> None:
    factories.kept(Touch(case_id=case.id, person_id=desk.adjudicator.id, how="handled"))


def test_what_finds_no_second_grader_is_marked_and_not_before_its_release(alone: Desk) -> None:
    case = alone.drawn_case(decided="none", action="keep")
    shut_out(alone, case)
    look(alone.graders[0])

    early = write(needs_person.mark)
    with clock.fixed(day(1)):
        late = write(needs_person.mark)
        factories.actor("reviewer", name="New")
        found = write(needs_person.mark)

    assert (early, late, found) == (0, 1, 0)


def test_a_lead_names_a_grader_whatever_the_languages(alone: Desk) -> None:
    case = alone.drawn_case(decided="none", action="keep")
    shut_out(alone, case)
    look(alone.graders[0])
    other = factories.actor("reviewer", skills=["workflow:escalation"])
    with clock.fixed(day(1)):
        assert write(needs_person.mark) == 1

        write(lambda: needs_person.name_somebody(alone.manager, case.public_id, person_id=other.public_id))
        look(other)

    assert db.session.scalars(select(Settlement.state)).one() == "settled"
    assert not db.session.scalars(select(Settlement.needs_person)).one()


def test_a_lead_settles_in_sight_what_nobody_can_look_at(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    case = desk.drawn_case(decided="none", action="keep")
    shut_out(desk, case)
    look(desk.graders[0])
    with clock.fixed(day(1)):
        write(needs_person.mark)
        client = browser(sqlite_app, desk.manager)
        home, listed = client.get("/").text, client.get("/differences").text

        missing = client.send(f"/cases/{case.public_id}/settle", {})
        sent = client.send(
            f"/cases/{case.public_id}/settle",
            {"proposed_verdict": "violates", "proposed_section": "conduct/threats", "reason": "Nobody was left."},
        )
        shown = client.get(f"/cases/{case.public_id}").text

    assert "1 needs a person" in home
    assert "Needs a person" in listed
    assert (missing.status_code, sent.status_code) == (422, 302)
    assert "Settled in sight" in shown
    assert db.session.scalars(select(Truth.basis)).one() == "not_blind"
    assert db.session.scalars(select(Finding.kind)).one() == "false_negative"


def test_a_lead_of_another_team_does_not_find_the_case(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    case = desk.drawn_case()
    other = browser(sqlite_app, factories.actor("manager", manages=[factories.team()]))

    foreign = [
        other.get(f"/cases/{case.public_id}"),
        other.send(f"/cases/{case.public_id}/open"),
        other.send(f"/cases/{case.public_id}/settle"),
    ]

    assert [answer.status_code for answer in foreign] == [404, 404, 404]


def test_a_lead_who_grades_opens_a_decision_by_a_deed_that_takes_the_case_away(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    case = desk.drawn_case(decided="none", action="keep", external_id="case number one")
    both = factories.actor("manager", "reviewer", manages=None)
    client = browser(sqlite_app, both)

    before = client.get(f"/cases/{case.public_id}").text
    client.send(f"/cases/{case.public_id}/open")
    after = client.get(f"/cases/{case.public_id}").text

    assert "No violation" not in before
    assert case.external_id not in before
    assert "No violation" in after
    assert write(lambda: blind.claim(both)) is None
    assert write(lambda: blind.claim(desk.graders[0])) is not None


def test_whoever_holds_a_case_cannot_open_its_decision(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    case = desk.drawn_case()
    both = factories.actor("manager", "reviewer", manages=None)
    write(lambda: blind.claim(both))

    answer = browser(sqlite_app, both).send(f"/cases/{case.public_id}/open")

    assert answer.status_code == 409
    assert db.session.scalar(select(Touch.id).where(Touch.how == "opened")) is None


def test_a_lead_who_grades_sees_no_differences_of_cases_that_could_still_come(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    case = desk.drawn_case(decided="none", action="keep")
    look(desk.graders[0])
    both = factories.actor("manager", "reviewer", manages=None)

    plain = browser(sqlite_app, desk.manager).get("/differences").text
    dual = browser(sqlite_app, both).get("/differences").text

    assert case.external_id in plain
    assert case.external_id not in dual
