"""Sums by draw say what all cases at once say, however thin the strata and wherever the period cuts a draw."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from calibration import summing
from calibration.accuracy import Rate
from calibration.by_draw import figures as by_draw
from calibration.by_draw.parts import Question
from calibration.periods import SPLITS, Period
from calibration.stats.estimate import PERIOD, UNDERLYING
from calibration.summing import Summed
from qa import truths
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.plans import Draw
from qa.models.truth import Dispute, Finding, Settlement
from qa.queries import tallied
from qa.removal import erasing
from qa.standing import Vote
from qa.tallies import tallies
from tests.calibration.settled import One, Settled

POLICIES = ("conduct/threats", "conduct/insults", "none")


def a_desk(seed: int, *, weeks: int = 6, most: int = 7, agents: int = 4) -> Settled:
    """Weekly draws by agent and tier: some strata of one case or none that is settled, some open, some lost."""
    desk, chance = Settled(agents=agents), np.random.default_rng(seed)
    for week in range(weeks):
        draw = desk.draw if week == 0 else write(lambda: next_draw(desk))
        for agent in range(agents):
            for tier in ("high", "low"):
                n = int(chance.integers(1, most))
                stratum = desk.new_stratum(f"{desk.agents[agent].id}|{tier}", 4 * n, n, draw=draw)
                fates = chance.choice(["right", "wrong", "lost", "open"], size=n, p=[0.75, 0.15, 0.07, 0.03])
                desk.put([one(str(fate), agent, tier, week, chance) for fate in fates], stratum=stratum)
    gone = update(Settlement).where(Settlement.state == "adjudication").values(state="unreached")
    write(lambda: db.session.execute(gone))
    write(tallies.rebuild)
    return desk


def next_draw(desk: Settled) -> Draw:
    newest = db.session.scalar(select(func.max(Draw.window_to)).where(Draw.plan_id == desk.plan.id))
    draw = Draw(
        plan_id=desk.plan.id, plan_version_id=desk.version.id, window_to=newest + timedelta(weeks=1), state="released",
        frame_size=100, excluded={}, key_sha256=[], no=1,
    )  # fmt: skip
    db.session.add(draw)
    db.session.flush()
    return draw


def one(fate: str, agent: int, tier: str, week: int, chance: np.random.Generator) -> One:
    right = {"right": True, "wrong": False}.get(fate)
    return One(
        right, str(chance.choice(POLICIES, p=[0.6, 0.35, 0.05])), 1 + week + float(chance.random()), tier, agent,
        "settled" if right is not None else "difference" if fate == "open" else "adjudication",
        "critical" if chance.random() < 0.1 else None,
    )  # fmt: skip


def period(days: int = 60, *, only: Mapping[str, str] | None = None, estimand: str = UNDERLYING) -> Period:
    today = clock.now().date()
    return Period("policy", today - timedelta(days=days), today, only or {}, estimand=estimand)


def both(asked: Period, split: str) -> tuple[Summed, Summed]:
    """From sums by draw, and from all cases at once."""
    only = tuple((name, tuple(summing._numbers(name, value))) for name, value in sorted(asked.only.items()))
    question = Question(asked.match, asked.estimand, split, only)
    since, until = asked.moments
    assert by_draw.by_draw(question, since=since, until=until) is not None
    found = summing._summed_by_draw(asked, question), summing._summed(asked, split)
    db.session.rollback()
    return found


def assert_same(found: Summed, expected: Summed) -> None:
    assert (found.total is None) == (expected.total is None)
    if found.total is not None and expected.total is not None:
        assert_rates({0: found.total}, {0: expected.total})
    for name in ("agents", "split", "wrong", "wrong_by_policy"):
        assert_rates(getattr(found, name), getattr(expected, name))
    for name in ("numbers", "words", "left_out", "newest", "harm"):
        assert getattr(found, name) == getattr(expected, name), name
    mixes = found.same_mix, expected.same_mix
    assert mixes[0].place == mixes[1].place
    for name in ("settled", "right", "mix"):
        np.testing.assert_allclose(getattr(mixes[0], name), getattr(mixes[1], name), atol=1e-9)


def assert_rates(found: Mapping[int, Rate], expected: Mapping[int, Rate]) -> None:
    assert found.keys() == expected.keys()
    for key, rate in expected.items():
        assert close(asdict(found[key]), asdict(rate)), (found[key], rate)


def close(one: object, other: object) -> bool:
    """Equal to 1e-9; a frame is a rounded sum, so that a half may fall to either side."""
    if isinstance(one, dict) and isinstance(other, dict):
        near = abs(one.pop("frame", 0) - other.pop("frame", 0)) <= 1
        return near and one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


@pytest.mark.parametrize("seed", range(4))
def test_every_split_of_thin_strata_is_the_same_by_draw_and_at_once(sqlite_app: Flask, seed: int) -> None:
    a_desk(seed, most=3 if seed % 2 else 7)

    for estimand in (UNDERLYING, PERIOD):
        for split in SPLITS:
            assert_same(*both(period(estimand=estimand), split))
    joined = [note for rate in both(period(), "policy")[0].split.values() for note in rate.figure.notes]
    assert len(joined) > 3


def test_a_period_that_cuts_a_draw_and_a_page_that_is_narrowed_are_the_same(sqlite_app: Flask) -> None:
    a_desk(11)

    for days in (9, 17, 30):
        for only in ({}, {"policy": "conduct/insults"}, {"policy": "none", "locale": "de"}, {"locale": "nobody's"}):
            assert_same(*both(period(days, only=only), "policy"))
            assert_same(*both(period(days, only=only), "errors"))


def test_an_overturned_decision_an_open_dispute_and_an_erasure_reach_the_sums_that_are_remembered(app: Flask) -> None:
    desk = a_desk(5, weeks=3, agents=3)
    before, _ = both(period(), "policy")

    write(lambda: overturn(desk))
    overturned, expected = both(period(), "policy")
    assert_same(overturned, expected)
    erasing.run(SYSTEM, write(lambda: erasing.ask(SYSTEM, "person", external_id(desk.agents[2].id))))

    assert_same(*both(period(), "policy"))
    assert before.total is not None and overturned.total is not None
    assert before.total.figure.estimate != overturned.total.figure.estimate


def overturn(desk: Settled) -> None:
    """Every fourth case that is settled turns out to be the other way."""
    query = (
        select(ClosedCase).join(Settlement, Settlement.case_id == ClosedCase.id).where(Settlement.state == "settled")
    )
    for case in list(db.session.scalars(query.order_by(ClosedCase.id)))[::4]:
        levels = ("verdict", "policy")
        truths.stand(case, Vote("violates", "conduct/praise"), basis="dispute", settler_id=None, levels=levels)
    contested = db.session.scalars(select(Finding).where(Finding.state != "replaced").order_by(Finding.id)).first()
    assert contested is not None
    given = {"kind": "verdict", "text": "", "state": "open", "due_at": clock.now()}
    db.session.add(Dispute(finding_id=contested.id, **given))


def external_id(person_id: int) -> str:
    return db.session.scalars(select(Person.external_id).where(Person.id == person_id)).one()


def test_after_a_settlement_one_draw_is_read_again(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk(3, most=7)
    read: list[int] = []
    drawn = tallied.drawn

    def counted(**given: Any) -> tallied.Tallied:
        found = drawn(**given)
        read.append(len(set(found.draw.tolist())))
        return found

    monkeypatch.setattr(by_draw.tallied, "drawn", counted)
    summing.summed(period(), "policy")
    db.session.rollback()
    write(lambda: overturn_one(desk))
    summing.summed(period(), "policy")

    assert read == [6, 1]


def overturn_one(desk: Settled) -> None:
    query = (
        select(ClosedCase).join(Settlement, Settlement.case_id == ClosedCase.id).where(Settlement.state == "settled")
    )
    case = db.session.scalars(query.order_by(ClosedCase.id.desc()).limit(1)).one()
    truths.stand(
        case, Vote("violates", "conduct/praise"), basis="dispute", settler_id=None, levels=("verdict", "policy")
    )
