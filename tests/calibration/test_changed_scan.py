"""A scan of what has changed finds what a scan of everything finds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration.models.signals import CorrectiveAction, Scan, Signal, Stream
from calibration.signals import raising, scanning
from qa import settlement, truths
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.cases import ClosedCase
from qa.models.plans import Draw
from qa.models.truth import Settlement
from qa.standing import Vote
from tests import factories
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
        (
            row.agent_id,
            row.epoch,
            row.opened_at,
            row.cause,
            row.threshold,
            row.frontier_case_id,
            row.values,
            row.standing,
        )
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


class History:
    """Weeks of a desk, as chance has them: every kind of change that a stream must follow."""

    def __init__(self, desk: Settled, seed: int) -> None:
        self.desk, self.chance = desk, np.random.default_rng(seed)
        self.error = self.chance.choice([0.03, 0.1, 0.5], len(desk.agents))

    def step(self) -> None:
        """Something happens."""
        for deed in self.chance.choice(["batch", "late", "open", "settle", "overturn", "lesson", "draw", "moved"], 2):
            getattr(self, str(deed))()

    def _cases(self, agent: int, weeks_ago: float, *, state: str = "settled", count: int = 8) -> list[One]:
        wrong = self.chance.random(count) < self.error[agent]
        return [
            One(None if state == "open" else not bad, str(self.chance.choice(POLICIES)), weeks_ago, agent=agent,
                state=state) for bad in wrong
        ]  # fmt: skip

    def _agent(self) -> int:
        return int(self.chance.integers(len(self.desk.agents)))

    def batch(self) -> None:
        for agent in range(len(self.desk.agents)):
            self.desk.put(self._cases(agent, 0.0, count=4))

    def late(self) -> None:
        self.desk.put(self._cases(self._agent(), float(self.chance.uniform(0, 6)), count=2))

    def open(self) -> None:
        drawn = clock.now() - timedelta(days=float(self.chance.uniform(0, 12)))
        held = self.desk.new_stratum("all", 50, 5, draw=self.desk.another_draw(drawn.isoformat(), drawn_at=drawn))
        self.desk.put(self._cases(self._agent(), 0.1, state="open", count=1), stratum=held)

    def settle(self) -> None:
        waiting = db.session.scalars(select(Settlement.case_id).where(Settlement.state == "open")).all()
        db.session.rollback()
        if waiting:
            case_id = int(self.chance.choice(waiting))
            write(lambda: settlement.ruled(case_id, Vote("no_violation"), basis="adjudicated", by=SYSTEM))

    def overturn(self) -> None:
        cases = db.session.scalars(select(ClosedCase.id).join(Settlement).where(Settlement.state == "settled")).all()
        db.session.rollback()
        some = [int(case_id) for case_id in self.chance.choice(cases[-60:], 2)]
        write(lambda: overturn(some))

    def lesson(self) -> None:
        signal = db.session.scalars(select(Signal.id).where(Signal.kind == "drop")).first()
        db.session.rollback()
        if signal is not None:
            write(lambda: done(signal))

    def draw(self) -> None:
        draws = db.session.scalars(select(Draw).where(Draw.id != self.desk.draw.id, Draw.replaced_at.is_(None))).all()
        db.session.rollback()
        if draws:
            gone = draws[0].id
            write(lambda: db.session.execute(update(Draw).where(Draw.id == gone).values(replaced_at=clock.now())))

    def moved(self) -> None:
        if self.chance.random() < 0.2:
            self.desk.team = write(lambda: factories.team(f"Team {self.desk.count}"))


def done(signal_id: int) -> None:
    known = db.session.scalar(select(CorrectiveAction.id).where(CorrectiveAction.kind == "coaching"))
    if known is None:
        db.session.add(CorrectiveAction(signal_id=signal_id, kind="coaching", section_keys=[], state="done",
                                        done_at=clock.now()))  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_scans_that_carry_on_end_where_a_scan_of_everything_does(sqlite_app: Flask, seed: int) -> None:
    desk, chance = Settled(agents=4), np.random.default_rng(seed)
    for agent in range(4):
        desk.put(weeks_of(agent, 0.05, chance, 14, 1))
    history, at, carried = History(desk, seed), clock.now() + timedelta(hours=1), 0
    with clock.fixed(at):
        scan()

    for turn in range(12):
        with clock.fixed(at + timedelta(hours=12 * turn + 6)):
            history.step()
        with clock.fixed(at + timedelta(hours=12 * turn + 7)):
            carried += len(scan(only_changed=True).carried)
    found = kept()
    with clock.fixed(at + timedelta(hours=12 * 11 + 7)):
        every = scan()

    assert every.is_full
    assert carried
    assert kept() == found
