"""Scanning: what is raised, what is withdrawn, whose matter it is, and what people do about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from calibration.models.signals import CorrectiveAction, Signal, Stream
from calibration.signals import signals
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.core.models import Notice
from qa.models.policies import PolicyQuestion
from qa.models.truth import Truth
from tests import factories
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(app: Flask) -> Settled:
    return Settled(agents=5)


@pytest.fixture
def small(sqlite_app: Flask) -> Settled:
    return Settled(agents=5)


def weeks(first: int, last: int) -> range:
    """Weeks ago, from the earlier to the later."""
    return range(first, last - 1, -1)


def good(agent: int, *, first: int = 12, last: int = 1, a_week: int = 6, key: str = "conduct/threats") -> list[One]:
    """Right cases all along."""
    return [One(True, key, week, agent=agent) for week in weeks(first, last) for _ in range(a_week)]


def dropping(agent: int, *, key: str = "conduct/insults") -> list[One]:
    """Right in everything but *key*, where four and five weeks ago most were wrong."""
    found = good(agent)
    for week in weeks(12, 1):
        found += [One(week not in (4, 5) or turn == 0, key, week, agent=agent) for turn in range(6)]
    return sorted(found, key=lambda one: -one.weeks_ago)


def scan(**given: Any) -> list[Signal]:
    return write(lambda: signals.scan(SYSTEM, **given))


def counts() -> tuple[int, ...]:
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Signal, Stream, CorrectiveAction, PolicyQuestion)
    )


def alive(kind: str = "drop", level: str = "act") -> list[Signal]:
    db.session.rollback()
    rows = db.session.scalars(select(Signal).where(Signal.kind == kind, Signal.level == level).order_by(Signal.id))
    return [row for row in rows if row.state != "withdrawn"]


def with_a_drop(desk: Settled) -> None:
    """Four sound agents, and one who drops on one section."""
    desk.put([case for agent in range(1, 5) for case in good(agent) + good(agent, key="conduct/insults")])
    desk.put(dropping(0))


def test_a_drop_raises_one_signal_that_names_its_section(desk: Settled) -> None:
    with_a_drop(desk)

    scan()

    found = alive()
    assert [(row.agent_id, row.lead_key) for row in found] == [(desk.agent.id, "conduct/insults")]
    assert found[0].errors >= 5
    assert len(found[0].evidence["cases"]) == found[0].errors
    assert found[0].crossed_at < clock.now() - timedelta(weeks=2)


def test_scanning_twice_adds_nothing(desk: Settled) -> None:
    with_a_drop(desk)
    scan()
    before = counts()

    again = scan()

    assert again == []
    assert counts() == before


def test_a_changed_truth_withdraws_the_signal_and_a_changed_back_one_raises_it_again(desk: Settled) -> None:
    with_a_drop(desk)
    scan()
    row = alive()[0]
    wrong = update(Truth).where(Truth.case_id.in_(row.evidence["cases"]))
    owner = factories.actor("manager", manages=None, name="Owner")
    write(lambda: signals.own(owner, row.public_id))

    write(lambda: db.session.execute(wrong.values(right_policy=True)))
    scan()
    withdrawn = db.session.get_one(Signal, row.id, populate_existing=True).state
    write(lambda: db.session.execute(wrong.values(right_policy=False)))
    scan()

    assert withdrawn == "withdrawn"
    assert list(db.session.scalars(select(Notice.person_id).where(Notice.kind == "alert_withdrawn"))) == [owner.id]
    assert db.session.get_one(Signal, row.id, populate_existing=True).state == "raised"


def test_an_act_leads_to_one_module_on_what_was_got_wrong(small: Settled) -> None:
    with_a_drop(small)

    scan()

    action = db.session.scalars(select(CorrectiveAction)).one()
    assert (action.kind, action.state, action.section_keys) == ("module", "asked", ["conduct/insults"])
    assert action.signal_id == alive()[0].id


def test_a_clause_that_others_misread_too_is_asked_about_and_nobody_is_trained_on_it(small: Settled) -> None:
    wrong = [[One(turn != 0, "conduct/insults", week, agent=agent) for turn in range(4)]
             for agent in range(1, 5) for week in weeks(5, 1)]  # fmt: skip
    small.put(
        [case for agent in range(1, 5) for case in good(agent) + good(agent, first=12, last=6, key="conduct/insults")]
    )
    small.put([one for some in wrong for one in some])
    small.put(dropping(0))

    scan()

    row = next(row for row in alive() if row.agent_id == small.agent.id)
    kinds = set(db.session.scalars(select(CorrectiveAction.kind).where(CorrectiveAction.signal_id == row.id)))
    question = db.session.scalars(select(PolicyQuestion)).one()
    assert kinds == {"question"}
    assert (question.section_key, question.state) == ("conduct/insults", "open")
    assert question.evidence["others"] == 4


def test_a_clause_that_everybody_misreads_evenly_is_one_question_and_no_signal(small: Settled) -> None:
    small.put([
        One(not (key == "conduct/insults" and turn < 2), key, week, agent=agent)
        for agent in range(5) for week in weeks(12, 1) for key in ("conduct/insults", "conduct/threats")
        for turn in range(6)
    ])  # fmt: skip

    scan()

    assert alive() == []
    assert db.session.scalars(select(PolicyQuestion.section_key)).all() == ["conduct/insults"]


def test_without_four_weeks_of_the_team_nothing_is_said(small: Settled) -> None:
    small.put([One(False, weeks_ago=week) for week in weeks(3, 1) for _ in range(8)])

    scan()

    assert db.session.scalars(select(Stream)).all() == []
    assert alive() == []


def test_a_case_drawn_lately_and_still_open_holds_the_stream_up_until_it_is_ten_days_old(small: Settled) -> None:
    with_a_drop(small)
    case_id = small.put([One(None, weeks_ago=5.5, state="difference")])[0]

    held = scan()
    with clock.fixed(clock.now() + timedelta(days=11)):
        passed_over = scan()

    assert case_id and [row.agent_id for row in held if row.kind == "drop"] == []
    assert [row.agent_id for row in passed_over if row.kind == "drop"] == [small.agent.id]


def test_an_epoch_keeps_the_target_it_was_opened_under_unless_it_is_opened_afresh(small: Settled) -> None:
    small.put([One(turn % 12 != 0, weeks_ago=week) for week in weeks(20, 1) for turn in range(24)])
    scan()
    write(lambda: preferences.put(SYSTEM, "target_accuracy", 0.99))

    scan()
    kept = db.session.scalars(select(Stream.target)).all()
    db.session.rollback()
    scan(afresh=True)
    db.session.expire_all()

    assert kept == [0.95]
    assert set(db.session.scalars(select(Stream.target))) == {0.99}


def test_a_whole_interval_under_the_target_is_below_standard_and_said_once(small: Settled) -> None:
    stratum = small.new_stratum("low", 1000, 144)
    small.put([One(turn % 6 != 0, weeks_ago=week) for week in weeks(12, 1) for turn in range(12)], stratum=stratum)

    scan()
    with clock.fixed(clock.now() + timedelta(days=1)):
        scan()

    rows = alive("below_standard")
    assert [(row.n, row.errors, row.state) for row in rows] == [(144, 24, "raised")]
    assert rows[0].evidence["high"] < 0.95
    assert db.session.scalars(select(CorrectiveAction)).all() == []
    made = write(lambda: signals.act(small.manager, rows[0].public_id, "module"))
    assert made.section_keys == ["conduct/threats"]


def test_one_critical_error_is_a_signal_of_its_own(small: Settled) -> None:
    small.put(good(0))
    small.put([One(False, weeks_ago=1, severity="critical"), One(True, weeks_ago=1, severity="critical")])

    scan()
    scan()

    assert [row.errors for row in alive("critical")] == [1]


def test_whoever_does_not_look_after_the_agent_finds_no_alert(small: Settled) -> None:
    with_a_drop(small)
    scan()
    public_id = alive()[0].public_id
    stranger = factories.actor("manager", manages=[factories.team()])

    with pytest.raises(NotFound):
        write(lambda: signals.own(stranger, public_id))


def test_a_dismissed_alert_closes_what_nobody_had_begun_and_is_not_raised_again(small: Settled) -> None:
    with_a_drop(small)
    scan()
    row = alive()[0]

    write(lambda: signals.dismiss(small.manager, row.public_id, reason="known_cause"))
    scan()

    assert [(one.state) for one in alive()] == ["dismissed"]
    states = db.session.execute(select(CorrectiveAction.kind, CorrectiveAction.state)).all()
    assert {tuple(one) for one in states} == {("module", "closed"), ("dismissed", "closed")}
    with pytest.raises(Refused):
        write(lambda: signals.own(small.manager, row.public_id))


def test_a_done_training_ends_the_epoch_and_the_next_keeps_its_baseline(small: Settled) -> None:
    with_a_drop(small)
    scan()
    action = db.session.scalars(select(CorrectiveAction)).one()
    db.session.rollback()

    write(lambda: signals.report(SYSTEM, action.public_id, state="under_way"))
    write(lambda: signals.report(SYSTEM, action.public_id, state="done"))
    with clock.fixed(clock.now() + timedelta(weeks=1)):
        small.put([One(True, weeks_ago=0.2) for _ in range(3)])
        scan()

    rows = db.session.scalars(select(Stream).where(Stream.agent_id == small.agent.id).order_by(Stream.epoch)).all()
    assert [row.cause for row in rows] == ["first", "act", "training"]
    assert rows[0].baseline == rows[2].baseline
    assert db.session.scalars(select(Signal.state)).one() == "acted_on"
