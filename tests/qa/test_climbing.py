"""Disputes have a deadline and a step above; an agent has so many open at a time."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from qa import findings
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.core.notices import notify
from qa.grading import blind
from qa.hearings import climbing, disputes
from qa.hearings.disputes import Proposed
from qa.models.truth import Dispute, Finding, Truth
from tests import factories
from tests.desk import Desk
from tests.qa.hearing import INSULTS, day, look, published
from tests.qa.test_claiming import at_once


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk()


def contest(desk: Desk, finding_id: str, at: int = 2) -> str:
    with clock.fixed(day(at)):
        return write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="verdict", text="It quotes a film.", proposed=Proposed("no_violation")
        ))  # fmt: skip


def decide(who: Actor, dispute_id: str, choice: str, at: int) -> str:
    with clock.fixed(day(at)):
        return write(lambda: disputes.decide(who, dispute_id, choice=choice, reason="Read again."))


def expert() -> Actor:
    return factories.actor("reviewer", skills=["expert"], name="Expert")


def test_a_dispute_that_lies_unread_goes_a_step_up_once(desk: Desk) -> None:
    above = expert()
    contest(desk, published(desk))

    with clock.fixed(day(3)):
        in_time = write(climbing.climb)
    with clock.fixed(day(10)):
        climbed, again = write(climbing.climb), write(climbing.climb)
    with clock.fixed(day(11)):
        below = write(lambda: blind.claim(desk.adjudicator))
        look(above, None)

    row = db.session.scalars(select(Dispute)).one()
    assert (in_time, climbed, again, below) == (0, 1, 0, None)
    assert (row.state, row.by_id, row.due_at > day(11)) == ("argument_read", above.id, True)


def test_whoever_let_an_argument_lie_is_out_of_it(desk: Desk) -> None:
    above = expert()
    dispute_id = contest(desk, published(desk))
    with clock.fixed(day(3)):
        look(desk.adjudicator)
    with clock.fixed(day(10)):
        write(climbing.climb)

    with pytest.raises(NotFound):
        decide(desk.adjudicator, dispute_id, "standing", at=10)
    with clock.fixed(day(11)):
        look(above)
    assert decide(above, dispute_id, "standing", at=11) == "upheld"


def test_a_look_in_hand_is_waited_for(desk: Desk) -> None:
    contest(desk, published(desk))
    with clock.fixed(day(10)):
        write(lambda: blind.claim(desk.adjudicator))

        assert write(climbing.climb) == 0


def test_what_is_overdue_a_step_up_too_is_told_to_the_leads_once(desk: Desk) -> None:
    contest(desk, published(desk))
    for at in (10, 20, 21):
        with clock.fixed(day(at)):
            write(climbing.climb)

    lines = notify.unread(desk.manager) or []
    assert [line.line for line in lines] == ["A dispute is overdue a step up too. See who could decide it."]
    assert notify.unread(desk.agent) is None


def test_the_second_dispute_goes_to_an_expert_where_there_is_one(desk: Desk) -> None:
    above, finding_id = expert(), published(desk)
    other = factories.actor("reviewer", skills=["decide_dispute"])
    dispute_id = contest(desk, finding_id)
    with clock.fixed(day(3)):
        look(desk.adjudicator)
    decide(desk.adjudicator, dispute_id, "standing", at=3)

    contest(desk, finding_id, at=8)

    with clock.fixed(day(9)):
        assert write(lambda: blind.claim(other)) is None
        assert write(lambda: blind.claim(above)) is not None


def test_a_decision_opens_the_time_for_the_second_dispute_anew(desk: Desk) -> None:
    finding_id = published(desk)
    dispute_id = contest(desk, finding_id)
    with clock.fixed(day(9)):
        look(desk.adjudicator)
    decide(desk.adjudicator, dispute_id, "standing", at=9)

    contest(desk, finding_id, at=10)

    assert db.session.scalars(select(Dispute.step).order_by(Dispute.step)).all() == [1, 2]


def test_a_result_that_a_dispute_put_in_place_is_contested_once_more_only(desk: Desk) -> None:
    dispute_id = contest(desk, published(desk))
    with clock.fixed(day(3)):
        look(desk.adjudicator, INSULTS)
    changed = decide(desk.adjudicator, dispute_id, "own", at=3)
    with clock.fixed(day(4)):
        write(findings.release_due)
    newest = db.session.scalars(select(Finding).order_by(Finding.id.desc())).first()
    assert newest is not None
    finding_id, second = newest.public_id, factories.actor("reviewer", skills=["decide_dispute"])
    again = contest(desk, finding_id, at=4)
    with clock.fixed(day(5)):
        look(second, INSULTS)
    upheld = decide(second, again, "standing", at=5)

    assert (changed, upheld) == ("partly", "upheld")
    with pytest.raises(Refused):
        contest(desk, finding_id, at=6)


def test_in_part_the_result_stays_and_the_reason_for_it_does_not(desk: Desk) -> None:
    dispute_id = contest(desk, published(desk))
    with clock.fixed(day(3)):
        look(desk.adjudicator)

    assert decide(desk.adjudicator, dispute_id, "amended", at=3) == "partly"

    finding = db.session.scalars(select(Finding)).one()
    assert (finding.state, finding.feedback, finding.root_cause) == ("published", "Read again.", None)
    assert db.session.scalars(select(Truth.basis)).all() == ["majority"]


def test_five_disputes_of_an_agent_are_open_at_most(desk: Desk) -> None:
    made = [published(desk) for _ in range(6)]
    for finding_id in made[:5]:
        contest(desk, finding_id)

    with pytest.raises(Refused, match="5 of your disputes"):
        contest(desk, made[5])
    with clock.fixed(day(2)):
        write(lambda: disputes.withdraw(desk.agent, made[0]))
    assert contest(desk, made[5])


def test_of_disputes_that_are_opened_at_the_same_moment_five_are_taken(desk: Desk) -> None:
    made = [published(desk) for _ in range(7)]
    with clock.fixed(day(2)):
        answers = at_once(
            desk.app,
            [lambda one=one: write(lambda: disputes.open_dispute(
                desk.agent, one, kind="verdict", text="It quotes a film.", proposed=Proposed("no_violation")
            )) for one in made],
        )  # fmt: skip

    assert answers.count("Refused") == 2
    assert disputes.open_ones(desk.agent) == disputes.MOST_OPEN
