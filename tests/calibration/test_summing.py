"""What is remembered is what summing would give."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration import periods, summing
from calibration.summing import Summed
from qa import settlement
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.cases import ClosedCase
from qa.models.plans import Draw
from qa.models.truth import TallyState
from qa.queries import tallied
from qa.standing import Vote
from qa.tallies import tallies
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(app: Flask) -> Settled:
    desk = Settled(agents=2)
    for agent in (0, 1):
        stratum = desk.new_stratum(f"{agent}|all", 600, 60)
        desk.put([One(turn >= 6, agent=agent) for turn in range(60)], stratum=stratum)
    return desk


def asked() -> Summed:
    found = summing.summed(periods.period(), "policy")
    db.session.rollback()
    return found


def share(found: Summed) -> float:
    assert found.total is not None
    return round(found.total.figure.estimate, 6)


def test_a_second_look_at_an_unchanged_period_is_not_summed_again(desk: Settled) -> None:
    first = asked()

    assert asked() is first
    assert summing.summed(periods.period("verdict"), "policy") is not first


def test_a_figure_that_is_remembered_moves_with_the_next_settlement(desk: Settled) -> None:
    before = asked()
    wrong = db.session.scalars(select(ClosedCase.id).order_by(ClosedCase.id).limit(1)).one()
    right = Vote("violates", "conduct/threats", "remove")

    write(lambda: settlement.ruled(wrong, right, basis="adjudicated", by=SYSTEM))

    assert (share(before), share(asked())) == (0.9, round(109 / 120, 6))


def test_it_moves_when_a_draw_is_replaced_or_the_roll_ups_are_written_anew(desk: Settled) -> None:
    asked()
    stamps = {tallied.stamp()}
    db.session.rollback()

    write(tallies.rebuild)
    stamps.add(tallied.stamp())
    db.session.rollback()
    write(lambda: db.session.execute(update(Draw).values(replaced_at=clock.now())))

    assert len(stamps) == 2
    assert asked().total is None


def test_every_written_byte_changes_the_stamp(desk: Settled) -> None:
    before = tallied.stamp()
    case_id = db.session.scalars(select(ClosedCase.id).order_by(ClosedCase.id.desc()).limit(1)).one()
    changes = db.session.scalars(select(TallyState.changes).order_by(TallyState.part_id)).all()

    write(lambda: settlement.ruled(case_id, Vote("no_violation"), basis="adjudicated", by=SYSTEM))

    after = db.session.scalars(select(TallyState.changes).order_by(TallyState.part_id)).all()
    assert tallied.stamp() != before
    assert sum(after) == sum(changes) + 1


def test_old_answers_are_forgotten(desk: Settled, app: Flask) -> None:
    for days in range(summing.REMEMBERED + 3):
        summing.summed(periods.period(since=clock.now().date() - timedelta(days=days)), "policy")

    assert len(app.extensions["remembered"]["summing"]) == summing.REMEMBERED
