"""A scan of what has changed finds what a scan of everything finds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from calibration import raising, scanning
from calibration.models.signals import Scan, Signal, Stream
from qa import truths
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.cases import ClosedCase
from qa.standing import Vote
from tests.calibration.settled import One, Settled

LEVELS = ["verdict", "policy"]
POLICIES = ("conduct/threats", "conduct/insults")


def scan(**given: Any) -> scanning.Seen:
    seen = scanning.look(**given)
    db.session.rollback()
    write(lambda: raising.keep(SYSTEM, seen))
    return seen


def kept() -> tuple[list[Any], list[Any]]:
    """Streams and signals as they stand, without what a clock writes."""
    db.session.rollback()
    streams = [
        (row.agent_id, row.epoch, row.opened_at, row.cause, row.threshold, row.frontier_case_id, row.values)
        for row in db.session.scalars(select(Stream).order_by(Stream.agent_id, Stream.epoch))
    ]
    signals = [
        (row.agent_id, row.kind, row.level, row.epoch, row.crossed_case_id, row.state, row.n, row.errors)
        for row in db.session.scalars(select(Signal).order_by(Signal.agent_id, Signal.id))
    ]
    db.session.rollback()
    return streams, signals


def weeks_of(agent: int, error: float, chance: np.random.Generator, first: int, last: int) -> list[One]:
    return [
        One(bool(chance.random() > error), str(chance.choice(POLICIES)), week, agent=agent)
        for week in range(first, last - 1, -1)
        for _ in range(6)
    ]


def overturn(case_ids: list[int]) -> None:
    for case in db.session.scalars(select(ClosedCase).where(ClosedCase.id.in_(case_ids))).all():
        truths.stand(case, Vote("no_violation"), basis="dispute", settler_id=None, levels=LEVELS)


@pytest.fixture
def desk(app: Flask) -> Settled:
    """Five agents over four months, one of whom drops."""
    desk, chance = Settled(agents=5), np.random.default_rng(11)
    for agent in range(5):
        desk.put(weeks_of(agent, 0.05, chance, 18, 7) + weeks_of(agent, 0.5 if agent == 1 else 0.05, chance, 6, 2))
    return desk


def test_nothing_changed_is_nobody_looked_at_and_the_first_scan_is_a_full_one(desk: Settled) -> None:
    with clock.fixed(clock.now() + timedelta(hours=1)):
        first = scan(only_changed=True)
    before = kept()
    with clock.fixed(clock.now() + timedelta(hours=2)):
        second = scan(only_changed=True)

    assert (first.is_full, len(first.replays)) == (True, 5)
    assert (second.is_full, len(second.replays), second.agents) == (False, 0, 5)
    assert kept() == before
    assert before[1]


def test_new_cases_and_overturned_decisions_are_found_as_a_full_scan_finds_them(desk: Settled) -> None:
    at = clock.now() + timedelta(hours=2)
    with clock.fixed(at - timedelta(hours=1)):
        scan()
    with clock.fixed(at):
        desk.put([One(turn % 3 != 0, POLICIES[1], 0.5, agent=2) for turn in range(45)])
        errors = db.session.scalars(select(Signal).where(Signal.kind == "drop")).first()
        assert errors is not None
        case_ids = errors.evidence["cases"][:2]
        db.session.rollback()
        write(lambda: overturn(case_ids))
    with clock.fixed(at + timedelta(minutes=1)):
        some = scan(only_changed=True)
        found = kept()
        every = scan()

    assert not some.is_full
    assert {one.agent_id for one in some.replays} == {desk.agents[1].id, desk.agents[2].id}
    assert [asdict(one) for one in some.replays] == [
        asdict(one) for one in every.replays if one.agent_id in {other.agent_id for other in some.replays}
    ]
    assert kept() == found


def test_everybody_is_looked_at_again_after_a_week(desk: Settled) -> None:
    scan()
    with clock.fixed(clock.now() + timedelta(days=8)):
        seen = scan(only_changed=True)

    assert seen.is_full
    assert [row.is_full for row in db.session.scalars(select(Scan).order_by(Scan.id))] == [True, True]
