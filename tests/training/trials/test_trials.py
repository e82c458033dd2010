"""A start drawn by chance: who enters, who waits, who never does, and how a lead begins at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration.models.signals import CorrectiveAction, Signal
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import AuditEntry, Notice
from qa.models.cases import ClosedCase
from tests import factories
from tests.training.school import School
from training import assigning
from training.models.learning import Assignment
from training.models.trials import TrainingTrial, TrialPlace
from training.queries import trials as queries
from training.trials import drawing, trials


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    return School()


def switched(school: School, on: bool = True) -> None:
    """The admin switches it, and the job has seen that."""
    write(lambda: preferences.put(SYSTEM, trials.SETTING, on))
    assigning.assign(SYSTEM)


def alert(school: School, arm: str, *, kind: str = "drop") -> Signal:
    """An alert, raised after the trial began, whose address falls into *arm*."""
    school.errors()
    row = school.signal()
    key = db.session.scalars(select(TrainingTrial.key)).one()
    ref = next(one for one in (f"{n:032x}" for n in range(1, 99)) if drawing.arm(key, one) == arm)
    db.session.rollback()
    write(lambda: db.session.execute(update(Signal).where(Signal.id == row.id).values(public_id=ref, kind=kind)))
    return row


def place() -> TrialPlace:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(TrialPlace)).one()


def given() -> list[Assignment]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Assignment).order_by(Assignment.id)))


@pytest.fixture
def taught(school: School) -> Iterator[School]:
    """The trial runs, and there are cases to teach with."""
    school.bank(12)
    switched(school)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        yield school


def test_the_key_is_made_before_the_alerts_and_its_hash_is_in_the_log(taught: School) -> None:
    trial = db.session.scalars(select(TrainingTrial)).one()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.object_ref == trial.public_id)).one()

    assert drawing.hash_of(trial.key) in entry.detail and trial.key not in entry.detail
    assert trial.ended_at is None


def test_the_arm_that_begins_at_once_is_given_out_with_its_arm(taught: School) -> None:
    alert(taught, "now")

    made = assigning.assign(SYSTEM)

    (row,) = given()
    assert made == [row.public_id] and row.arm == "now"
    assert "drawn by chance" in row.why
    assert place().arm == "now" and place().sections


def test_the_later_arm_waits_three_weeks_and_no_second_draw_changes_that(taught: School) -> None:
    alert(taught, "later")

    waiting = [assigning.assign(SYSTEM) for _ in range(2)]
    with clock.fixed(clock.now() + timedelta(days=22)):
        late = assigning.assign(SYSTEM)

    (row,) = given()
    assert waiting == [[], []] and late == [row.public_id]
    assert row.arm == "later"
    told = db.session.scalars(select(Notice.line).where(Notice.kind == "training_waits")).all()
    assert len(told) == 1 and "drawn by chance" in told[0]


def test_an_alert_of_before_the_trial_stands_outside(school: School) -> None:
    school.assigned()
    switched(school)

    assert given()[0].arm is None
    assert db.session.scalar(select(TrialPlace.id)) is None


@pytest.mark.parametrize("severe", ["kind", "severity", "workflow"])
def test_what_is_severe_never_waits(taught: School, severe: str) -> None:
    alert(taught, "later", kind="critical" if severe == "kind" else "drop")
    values = {"severity": {"severity": "critical"}, "workflow": {"workflow": "legal_request"}}.get(severe)
    own = update(ClosedCase).where(ClosedCase.agent_id == taught.agent.id)
    if values is not None:
        write(lambda: db.session.execute(own.values(**values)))

    made = assigning.assign(SYSTEM)

    assert len(made) == 1 and given()[0].arm is None
    assert db.session.scalar(select(TrialPlace.id)) is None


def test_a_lead_begins_at_once_with_a_reason_and_it_leaves_the_trial(taught: School) -> None:
    alert(taught, "later")
    assigning.assign(SYSTEM)
    (waiting,) = queries.waiting(taught.manager)
    stranger = factories.actor("manager", name="Somebody Else", manages=[factories.team("Elsewhere")])

    with pytest.raises(BadInput):
        write(lambda: trials.start_now(taught.manager, waiting.public_id, because=" "))
    with pytest.raises(NotFound):
        write(lambda: trials.start_now(stranger, waiting.public_id, because="no"))
    write(lambda: trials.start_now(taught.manager, waiting.public_id, because="New on the desk."))
    assigning.assign(SYSTEM)

    (row,) = given()
    assert row.arm is None and "drawn by chance" not in row.why
    assert place().left_because == "New on the desk." and place().left_by_id == taught.manager.id
    assert queries.standing().left == 1
    with pytest.raises(Refused):
        write(lambda: trials.start_now(taught.manager, waiting.public_id, because="Again."))


def test_switching_it_off_begins_what_waits_and_a_new_trial_has_a_key_of_its_own(taught: School) -> None:
    alert(taught, "later")
    assigning.assign(SYSTEM)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        switched(taught, False)
        there = given()
    with clock.fixed(clock.now() + timedelta(hours=2)):
        switched(taught)

    assert len(there) == 1 and there[0].arm is None
    keys = db.session.scalars(select(TrainingTrial.key)).all()
    assert len(set(keys)) == 2


def test_somebody_enters_once_and_the_second_alert_waits_for_nothing(taught: School) -> None:
    alert(taught, "later")
    assigning.assign(SYSTEM)
    second = taught.signal()

    assigning.assign(SYSTEM)

    assert place().signal_ref != second.public_id
    assert [row.arm for row in given()] == [None]
    actions = db.session.scalars(select(CorrectiveAction.state).order_by(CorrectiveAction.id)).all()
    assert actions == ["asked", "under_way"]
