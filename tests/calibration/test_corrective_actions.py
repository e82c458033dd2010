"""What is done about an alert: owner, cause, due day, more samples, and the check of its outcome that closes it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration import cards, sentences
from calibration.models.signals import CorrectiveAction, Signal
from calibration.signals import aftermath, signals, under_way
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.models.plans import PlanBoost, PlanVersion
from tests import factories
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """A desk whose first agent is below standard, with an alert that says so."""
    made = Settled(agents=3)
    made.put(
        [One(turn % 6 != 0, weeks_ago=week) for week in range(12, 0, -1) for turn in range(12)],
        stratum=made.new_stratum("low", 1000, 144),
    )
    write(lambda: signals.scan(SYSTEM))
    return made


def alert() -> str:
    found = db.session.scalars(select(Signal.public_id)).one()
    db.session.rollback()
    return found


def state() -> str:
    db.session.rollback()
    return db.session.scalars(select(Signal.state)).one()


def boosts() -> list[tuple[float, bool]]:
    """Factor of every wish for more samples, and whether it has ended."""
    db.session.rollback()
    found = [(row.factor, row.to_at is not None) for row in db.session.scalars(select(PlanBoost))]
    db.session.rollback()
    return found


def test_coaching_is_due_done_checked_and_closes_the_alert(desk: Settled) -> None:
    write(lambda: signals.own(desk.manager, alert()))
    write(lambda: signals.explain(desk.manager, alert(), cause="clause_misread"))
    made = write(lambda: signals.act(desk.manager, alert(), "coaching"))
    address, due_on, owner = made.public_id, made.due_on, made.owner_id

    with pytest.raises(Refused):
        write(lambda: signals.check(desk.manager, alert(), address, result="Better"))
    write(lambda: signals.finish(desk.manager, alert(), address))
    check_on = db.session.scalars(select(CorrectiveAction.check_on)).one()
    acted_on = state()
    write(lambda: signals.check(desk.manager, alert(), address, result="Better"))

    row = db.session.scalars(select(CorrectiveAction)).one()
    assert (due_on, owner) == (date(2026, 11, 23), desk.manager.id)
    assert check_on == (clock.now() + timedelta(weeks=signals.CHECK_AFTER_WEEKS)).date()
    assert (acted_on, row.state, row.check_result, state()) == ("acted_on", "closed", "Better", "closed")
    assert db.session.scalars(select(Signal.cause)).one() == "clause_misread"


def test_more_samples_are_asked_of_the_plans_and_taken_back_when_done(desk: Settled) -> None:
    made = write(lambda: signals.act(desk.manager, alert(), "sampling"))
    address, now = made.public_id, made.state
    asked = boosts()

    write(lambda: signals.finish(desk.manager, alert(), address))

    assert (now, asked) == ("under_way", [(2.0, False)])
    assert boosts() in ([], [(2.0, True)])


def test_where_no_plan_draws_agent_by_agent_more_samples_are_refused(desk: Settled) -> None:
    write(lambda: db.session.execute(update(PlanVersion).values(strata=["queue"])))

    with pytest.raises(Refused):
        write(lambda: signals.act(desk.manager, alert(), "sampling"))

    assert state() == "raised"


def test_a_cause_that_is_not_in_the_list_an_empty_outcome_and_another_s_action_are_refused(desk: Settled) -> None:
    made = write(lambda: signals.act(desk.manager, alert(), "coaching"))
    address = made.public_id
    write(lambda: signals.finish(desk.manager, alert(), address))
    stranger = factories.actor("manager", manages=[factories.team()])

    with pytest.raises(BadInput):
        write(lambda: signals.explain(desk.manager, alert(), cause="laziness"))
    with pytest.raises(BadInput):
        write(lambda: signals.check(desk.manager, alert(), address, result=""))
    with pytest.raises(NotFound):
        write(lambda: signals.check(stranger, alert(), address, result="Better"))
    with pytest.raises(NotFound):
        write(lambda: signals.finish(desk.manager, alert(), "0" * 32))


def test_a_watched_agent_is_sampled_more_until_the_evidence_is_gone(sqlite_app: Flask) -> None:
    desk = Settled(agents=4)
    desk.put([One(True, weeks_ago=week, agent=agent) for agent in (1, 2, 3) for week in range(12, 0, -1)
              for _ in range(8)])  # fmt: skip
    desk.put([One(week > 1 or turn > 3, weeks_ago=week) for week in range(12, 0, -1) for turn in range(8)])

    write(lambda: signals.scan(SYSTEM))

    watched = db.session.scalars(select(Signal).where(Signal.level == "watch")).all()
    assert [row.agent_id for row in watched] == [desk.agent.id]
    assert boosts() == [(2.0, True)]
    assert db.session.scalars(select(PlanBoost.to_at)).one() == clock.now() + timedelta(weeks=13)


def test_thirty_right_cases_after_coaching_refute_an_error_rate_of_15_percent(desk: Settled) -> None:
    with clock.fixed(clock.now() + timedelta(weeks=4)):
        desk.put([One(True, weeks_ago=1) for _ in range(30)])
        found = aftermath.since(desk.agent.id, ["conduct/threats"], clock.now() - timedelta(weeks=2))
        before = aftermath.since(desk.agent.id, ["conduct/threats"], clock.now() - timedelta(days=1))

    assert (found.n, found.errors, found.is_back, found.usual) == (30, 0, True, 60)
    assert "back to normal" in found.said
    assert (before.n, before.is_back) == (0, False)


def test_a_manager_does_all_of_it_on_the_page_and_the_home_says_what_is_due(sqlite_app: Flask, desk: Settled) -> None:
    manager, url = factories.browser(sqlite_app, desk.manager), f"/signals/{alert()}"

    manager.send(f"{url}/own", {})
    said = manager.send(f"{url}/cause", {"cause": "clause_misread"}).status_code
    manager.send(f"{url}/act", {"kind": "coaching", "due_on": "2026-11-18"})
    address = db.session.scalars(select(CorrectiveAction.public_id)).one()
    db.session.rollback()
    page = manager.get(url).text
    with clock.fixed(clock.now() + timedelta(days=3)):
        late = cards.alerts_card(desk.manager).due
        home = factories.browser(sqlite_app, desk.manager).get("/").text
    manager = factories.browser(sqlite_app, desk.manager)
    manager.send(f"{url}/done", {"action": address})
    done = manager.get(url).text
    empty = manager.send(f"{url}/check", {"action": address, "result": ""}).status_code
    manager.send(f"{url}/check", {"action": address, "result": "No error in five weeks."})
    closed = manager.get(url).text

    assert (said, empty) == (302, 422)
    assert "Cause: clause misread" in page and "In the hands of Manager" in page and "Coach: mark as done" in page
    assert [(row.kind, row.is_check, name) for row, name in late] == [("coaching", False, "Agent Able")]
    assert "to be done since 18 Nov 2026" in home
    assert "Look at the outcome" in done and "to be looked at on 28 Dec 2026" in done
    assert "No error in five weeks." in closed and "Look at the outcome" not in closed
    assert state() == "closed"


def test_an_alert_whose_training_the_scan_began_can_still_be_taken_in_hand_once(desk: Settled) -> None:
    write(lambda: db.session.execute(update(Signal).values(state="acted_on", owner_id=None)))

    write(lambda: signals.own(desk.manager, alert()))

    assert db.session.execute(select(Signal.state, Signal.owner_id)).one() == ("acted_on", desk.manager.id)
    with pytest.raises(Refused):
        write(lambda: signals.own(desk.manager, alert()))


def test_an_alert_and_an_agent_s_figure_say_what_may_be_quoted_and_what_may_not(
    sqlite_app: Flask, desk: Settled
) -> None:
    manager = factories.browser(sqlite_app, desk.manager)

    shown = manager.get(f"/signals/{alert()}").text
    figures = manager.get(f"/accuracy/agents/{desk.agent.public_id}").text

    assert "24 of 144 decisions in this stretch differ from the settled ones, and the whole interval" in shown
    assert "Accuracy got worse: this says where it is" in shown
    assert "Of the eligible cases that this agent closed" in figures and "random sample of 144 graded cases" in figures
    assert sentences.alert_quote("critical", 1, 1, 20) is None
    drop = sentences.alert_quote("drop", 9, 30, 20.0)
    assert drop is not None and "once in 20 years" in drop.may


def test_the_board_lists_what_is_not_over_to_those_who_look_after_the_agent(desk: Settled) -> None:
    made = write(lambda: signals.act(desk.manager, alert(), "coaching")).public_id
    stranger, owner = factories.actor("manager"), factories.actor("policy_owner")
    browser = factories.browser(desk.app, desk.manager)

    early = list(under_way.open_actions(desk.manager))
    with clock.fixed(clock.now() + timedelta(days=30)):
        late = list(under_way.open_actions(desk.manager))
    board = browser.get("/questions").text
    others = [factories.browser(desk.app, who).get("/questions").text for who in (stranger, owner)]
    write(lambda: signals.finish(desk.manager, alert(), made))
    write(lambda: signals.check(desk.manager, alert(), made, result="Better"))

    assert [(one.what, one.state, one.is_late) for one in early] == [("Coaching", "asked for", False)]
    assert [one.is_late for one in late] == [True] and early[0].owner == desk.manager.name
    assert f'href="{early[0].url}">Coaching</a>' in board and early[0].about in board
    assert not [page for page in others if early[0].url in page]
    assert list(under_way.open_actions(desk.manager)) == []
