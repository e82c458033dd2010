"""What stops halfway goes on with somebody else: rulings and challenges that nobody ends, and what all pass on."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from qa import timed
from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import NotFound
from qa.core.people import people
from qa.grading import blind, needs_person
from qa.hearings import adjudication, asked_anew, challenges
from qa.models.cases import ClosedCase
from qa.models.grading import Adjudication, Task
from qa.models.truth import Challenge, Settlement
from tests import factories
from tests.desk import Desk
from tests.qa.hearing import INSULTS, THREATS, day, look, ruled


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    return Desk()


def judge(name: str = "Second judge") -> Actor:
    return factories.actor("reviewer", skills=["adjudicate"], name=name)


def half_ruled(desk: Desk) -> str:
    """A case on which all differ, at which the adjudicator has looked and does not rule; the ruling's address."""
    desk.drawn_case(decided="none", action="keep")
    look(desk.graders[0], THREATS)
    with clock.fixed(day(1)):
        look(desk.graders[1], INSULTS)
    with clock.fixed(day(2)):
        look(desk.adjudicator, INSULTS)
    return db.session.scalars(select(Adjudication.public_id)).one()


def half_heard(desk: Desk) -> str:
    """A ruling that is challenged, at whose case another adjudicator has looked; the challenge's address."""
    _case, threat, _insult = ruled(desk)
    with clock.fixed(day(3)):
        return write(lambda: challenges.open_challenge(desk.graders[0], threat, text="A place was named."))


def test_a_ruling_that_is_not_given_in_three_working_days_is_asked_of_somebody_else(desk: Desk) -> None:
    ruling_id, other = half_ruled(desk), judge()

    with clock.fixed(day(4)):
        in_time = write(asked_anew.ask_anew)
    with clock.fixed(day(10)):
        late, again = write(asked_anew.ask_anew), write(asked_anew.ask_anew)
    with clock.fixed(day(11)):
        with pytest.raises(NotFound):
            adjudication.own(desk.adjudicator, ruling_id)
        assert write(lambda: blind.claim(desk.adjudicator)) is None
        look(other, THREATS)
        ended = write(lambda: adjudication.decide(other, ruling_id, ruling="own", reason="A place is named."))

    assert (in_time, late, again, ended) == (0, 1, 0, "settled")


def test_whoever_is_not_here_any_more_is_not_waited_for(desk: Desk) -> None:
    half_ruled(desk)
    with clock.fixed(day(2)):
        write(lambda: people.let_in(SYSTEM, desk.adjudicator.public_id, False))

        assert write(asked_anew.ask_anew) == 1


def test_a_challenge_that_nobody_ends_is_heard_by_somebody_else(desk: Desk) -> None:
    first, second = judge(), judge("Third judge")
    challenge_id = half_heard(desk)
    with clock.fixed(day(4)):
        task = look(first, INSULTS)
        with pytest.raises(NotFound):
            challenges.own(second, challenge_id)
    with clock.fixed(day(12)):
        assert write(asked_anew.ask_anew) == 1
        write(lambda: timed.leases.lapse())
        assert db.session.scalars(select(Task.state).where(Task.public_id == task)).one() == "revealed"
    with clock.fixed(day(13)):
        look(second, THREATS)
        ended = write(lambda: challenges.decide(second, challenge_id, choice="challenger", reason="It does."))

    assert ended == "reopened"


def test_a_challenge_that_all_pass_on_goes_to_needs_a_person_until_somebody_is_named(desk: Desk) -> None:
    judges = [judge(f"Judge {number}") for number in range(4)]
    challenge_id = half_heard(desk)
    with clock.fixed(day(4)):
        for one in judges[:3]:
            task = write(lambda one=one: blind.claim(one))
            assert task is not None
            write(lambda one=one, task=task: blind.skip(one, task, reason="other"))
        write(needs_person.mark)
        stuck = db.session.scalars(select(Settlement.needs_person)).one()
        case_id = db.session.scalars(select(ClosedCase.public_id).where(ClosedCase.replaced_at.is_(None))).one()
        write(lambda: needs_person.name_somebody(desk.manager, case_id, person_id=judges[3].public_id))
    with clock.fixed(day(6)):
        look(judges[3], INSULTS)
        write(lambda: challenges.decide(judges[3], challenge_id, choice="standing", reason="No place is named."))

    assert stuck
    assert db.session.scalars(select(Challenge.state)).one() == "upheld"
