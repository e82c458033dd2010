"""Cases in hand: kept while somebody works, given back, moved by a lead who sees nothing of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import DayOff
from qa.grading import blind, leases
from qa.models.grading import Skip, Task
from tests import factories
from tests.desk import Desk
from tests.factories import browser


def state_of(task_id: str) -> tuple[str, int | None]:
    """A task's state, and whose it is."""
    row = db.session.execute(select(Task.state, Task.person_id).where(Task.public_id == task_id)).one()
    db.session.rollback()
    return row.state, row.person_id


def test_a_beat_keeps_a_case_in_hand_and_without_one_it_goes_back(app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case()
    me = desk.graders[0]
    task = write(lambda: blind.claim(me)) or ""

    with clock.fixed(clock.now() + timedelta(minutes=50)):
        write(lambda: leases.stay(me))
    with clock.fixed(clock.now() + timedelta(minutes=100)):
        write(leases.lapse)
        kept = state_of(task)
    with clock.fixed(clock.now() + timedelta(minutes=111)):
        write(leases.lapse)

    assert kept == ("held", me.id)
    assert state_of(task) == ("waiting", None)


def test_the_page_beats_and_is_told_when_a_break_would_do_good(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    for _ in range(8):
        desk.drawn_case()
    client = browser(sqlite_app, desk.graders[0])
    client.send("/grade/claim")

    early = client.send("/grade/beat").json
    for minute in range(0, 63, 9):
        with clock.fixed(clock.now() + timedelta(minutes=minute)):
            task = blind.held(desk.graders[0]) or ""
            db.session.rollback()
            write(lambda task=task: blind.grade(desk.graders[0], task, verdict="no_violation", confidence="low"))
    with clock.fixed(clock.now() + timedelta(minutes=55)):
        late = browser(sqlite_app, desk.graders[0]).send("/grade/beat").json

    assert early == {"pause": None}
    assert late == {"pause": "55 minutes without a break"}


def test_what_is_handed_back_is_no_skip_and_comes_first_when_the_same_person_claims_again(app: Flask) -> None:
    desk = Desk(graders=1)
    me = desk.graders[0]
    for _ in range(5):
        desk.drawn_case()
    first = write(lambda: blind.claim(me))

    count = write(lambda: leases.hand_back(me))
    again = write(lambda: blind.claim(me))

    assert count == 1
    assert again == first
    assert db.session.scalar(select(Skip.id)) is None


def test_what_is_not_in_hand_cannot_be_handed_back(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)

    with pytest.raises(Refused):
        write(lambda: leases.hand_back(desk.graders[0]))


def test_a_lead_moves_a_look_to_somebody_else_who_then_gets_it(app: Flask) -> None:
    desk = Desk(graders=3)
    desk.drawn_case()
    task = write(lambda: blind.claim(desk.graders[0])) or ""

    write(lambda: leases.reassign(desk.manager, task, person_id=desk.graders[1].public_id))
    taken = write(lambda: blind.claim(desk.graders[2]))
    given = write(lambda: blind.claim(desk.graders[1]))

    assert taken is None
    assert given == task


def test_a_lead_lets_a_look_go_to_whoever_comes_next(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    desk.drawn_case()
    task = write(lambda: blind.claim(desk.graders[0])) or ""

    write(lambda: leases.release(desk.manager, task))

    assert write(lambda: blind.claim(desk.graders[1])) == task


def test_a_look_is_moved_to_nobody_who_had_to_do_with_it_is_away_or_does_not_grade(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    desk.drawn_case(looks=2)
    first = write(lambda: blind.claim(desk.graders[0])) or ""
    write(lambda: blind.grade(desk.graders[0], first, verdict="no_violation", confidence="low"))
    task = write(lambda: blind.claim(desk.graders[1])) or ""
    away = factories.actor("reviewer")
    factories.kept(DayOff(person_id=away.id, off_on=clock.now().date(), kind="leave"))

    for who in (desk.graders[0], desk.graders[1], away, desk.manager, desk.agent):
        with pytest.raises(BadInput):
            write(lambda who=who: leases.reassign(desk.manager, task, person_id=who.public_id))

    assert state_of(task) == ("held", desk.graders[1].id)


def test_a_look_that_was_graded_or_waits_for_all_cannot_be_moved(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    desk.drawn_case()
    waiting = db.session.scalars(select(Task.public_id)).one()
    db.session.rollback()

    with pytest.raises(NotFound):
        write(lambda: leases.release(desk.manager, waiting))
    task = write(lambda: blind.claim(desk.graders[0])) or ""
    write(lambda: blind.grade(desk.graders[0], task, verdict="no_violation", confidence="low"))
    with pytest.raises(NotFound):
        write(lambda: leases.reassign(desk.manager, task, person_id=desk.graders[1].public_id))


def test_the_page_of_looks_in_hand_names_neither_the_case_nor_the_decision(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    case = desk.drawn_case(text="They said that they would come.", external_id="case-with-a-name")
    task = write(lambda: blind.claim(desk.graders[0])) or ""
    lead = browser(sqlite_app, desk.manager)

    shown = lead.get("/looks").text
    moved = lead.send(f"/looks/{task}/free", follow_redirects=True).text

    assert "Grader 0" in shown and task in shown
    for word in (case.external_id, case.public_id, "they would come", "Agent Able", "remove"):
        assert word not in shown
    assert "Nobody has a case in hand." in moved
