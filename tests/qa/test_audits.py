"""By chance undisputed results are looked at once more, and what is found wrong is put right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa import findings
from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.grading import asking, blind
from qa.hearings import adjudication, audits, disputes
from qa.hearings.disputes import Proposed
from qa.models.grading import Adjudication, Task, TaskPurpose
from qa.models.truth import Finding, Settlement, Truth
from qa.tallies import tallies
from tests import factories
from tests.desk import Desk
from tests.qa.hearing import day, look, published


@pytest.fixture
def desk(app: Flask) -> Desk:
    made = Desk()
    write(lambda: preferences.put(SYSTEM, "audit_share_errors", 1.0))
    write(lambda: preferences.put(SYSTEM, "audit_share_correct", 1.0))
    return made


def correct(desk: Desk) -> None:
    """A correct result that its agent has on the page."""
    desk.drawn_case()
    look(desk.graders[0])
    with clock.fixed(day(1)):
        write(findings.release_due)


def another() -> Actor:
    return factories.actor("reviewer")


def test_a_result_is_considered_once_after_its_time_to_be_disputed(desk: Desk) -> None:
    correct(desk)

    with clock.fixed(day(5)):
        early = write(audits.consider)
    with clock.fixed(day(10)):
        then, again = write(audits.consider), write(audits.consider)

    assert (early, then, again) == ((0, 0), (1, 1), (0, 0))
    assert db.session.scalars(select(Finding.audit_chance)).one() == 1.0


def test_what_was_disputed_is_not_looked_at_again(desk: Desk) -> None:
    finding_id = published(desk)
    with clock.fixed(day(2)):
        write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="verdict", text="A quote.", proposed=Proposed("no_violation")
        ))  # fmt: skip
        write(lambda: disputes.withdraw(desk.agent, finding_id))

    with clock.fixed(day(12)):
        assert write(audits.consider) == (0, 0)


def test_without_a_share_nothing_is_looked_at_and_the_chance_is_kept(desk: Desk) -> None:
    write(lambda: preferences.put(SYSTEM, "audit_share_correct", 0.0))
    correct(desk)

    with clock.fixed(day(10)):
        assert write(audits.consider) == (1, 0)
    assert db.session.scalars(select(Finding.audit_chance)).one() == 0.0


def test_a_share_of_many_results_is_taken(desk: Desk) -> None:
    numbers = [audits._number(f"{n:032x}") for n in range(2000)]

    assert 0.22 < sum(one < 0.25 for one in numbers) / 2000 < 0.28
    assert all(0 <= one < 1 for one in numbers)


def test_the_further_look_waits_for_the_release_like_any_other(desk: Desk) -> None:
    correct(desk)
    with clock.fixed(day(10)):
        write(audits.consider)
        query = select(Task.release_at, Task.state).join(TaskPurpose, TaskPurpose.task_id == Task.id)
        row = db.session.execute(query.where(TaskPurpose.purpose == "audit")).one()

    assert row.state == "waiting"
    assert day(10) < row.release_at <= day(10) + timedelta(days=1)


def test_a_look_that_agrees_changes_nothing(desk: Desk) -> None:
    correct(desk)
    with clock.fixed(day(10)):
        write(audits.consider)
    with clock.fixed(day(11)):
        look(another())

    assert db.session.scalars(select(Truth.basis)).all() == ["agreed"]
    assert len(db.session.scalars(select(TaskPurpose.task_id).where(TaskPurpose.purpose == "audit")).all()) == 1


def test_a_look_that_dissents_is_followed_by_one_more_and_a_tie_by_a_ruling_that_makes_a_new_result(desk: Desk) -> None:
    correct(desk)
    with clock.fixed(day(10)):
        write(audits.consider)
    with clock.fixed(day(11)):
        look(another(), None)
        after_one = db.session.scalars(select(Settlement.state)).one()
    with clock.fixed(day(12)):
        look(another(), None)
        after_two = db.session.scalars(select(Settlement.state)).one()
    with clock.fixed(day(13)):
        look(desk.adjudicator, None)
        ruling_id = db.session.scalars(select(Adjudication.public_id)).one()
        write(lambda: adjudication.decide(desk.adjudicator, ruling_id, ruling="own", reason="It is a quote."))

    old, new = db.session.scalars(select(Finding).order_by(Finding.id)).all()
    assert (after_one, after_two) == ("settled", "adjudication")
    assert (old.state, new.kind, new.replaces_id) == ("replaced", "false_positive", old.id)
    assert tallies.kept() == tallies.recomputed() != {}


def test_a_tie_on_which_nobody_can_rule_leaves_what_stood(desk: Desk) -> None:
    correct(desk)
    with clock.fixed(day(10)):
        write(audits.consider)
    for number in (11, 12):
        with clock.fixed(day(number)):
            look(another(), None)
    with clock.fixed(day(13)):
        for judge in (desk.adjudicator, *(factories.actor("reviewer", skills=["adjudicate"]) for _ in range(2))):
            write(lambda judge=judge: _pass_on(judge))

    assert db.session.scalars(select(Settlement.state)).one() == "settled"
    assert db.session.scalars(select(Truth.replaced_at)).all() == [None]
    assert tallies.kept() == tallies.recomputed() != {}


def _pass_on(judge: Actor) -> None:
    task = blind.claim(judge)
    assert task is not None
    blind.skip(judge, task, reason="broken")


def test_a_later_look_does_not_undo_a_ruling(desk: Desk) -> None:
    published(desk)
    write(lambda: db.session.execute(update(Truth).values(basis="not_blind")))
    case_id = db.session.scalars(select(Truth.case_id)).one()
    with clock.fixed(day(10)):
        considered = write(audits.consider)
        write(lambda: asking.ask_for(case_id, "audit"))
    with clock.fixed(day(11)):
        look(another(), None)

    assert considered == (0, 0)
    assert db.session.scalars(select(Truth.basis)).all() == ["not_blind"]
    assert db.session.scalars(select(Settlement.state)).one() == "settled"
