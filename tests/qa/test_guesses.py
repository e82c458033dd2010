"""Between the close of a batch and its reveals some looks are asked what was decided: nothing opens before."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.grading import blind, guesses, leases
from qa.grading.handing_in import HandedIn, hand_in
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.guesses import Guess
from qa.queries import cases, reveals
from qa.queries import guesses as queries
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return asking(Desk(graders=2))


@pytest.fixture
def page_desk(sqlite_app: Flask) -> Desk:
    return asking(Desk(graders=2))


def asking(desk: Desk, share: float = 1.0) -> Desk:
    """Ask on that share of all looks from now on."""
    write(lambda: preferences.put(SYSTEM, "guess_share", share))
    return desk


def batch_of(desk: Desk, who: Actor, cases: int) -> list[str]:
    """A batch of looks that is closed; nothing of it is held back by chance."""
    for _ in range(cases):
        desk.drawn_case()
    tasks = []
    for _ in range(cases):
        task = write(lambda: blind.claim(who))
        assert task is not None
        write(lambda task=task: blind.grade(who, task, verdict="no_violation", confidence="high", claim_next=False))
        tasks.append(task)
    write(lambda: blind.close_batch(who))
    return tasks


def states() -> list[str]:
    """Of the looks that are committed."""
    rows = db.session.scalars(select(Task.state).where(Task.state.in_(("committed", "revealed")))).all()
    db.session.rollback()
    return list(rows)


@pytest.fixture(autouse=True)
def nothing_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blind, "HELD_BACK", 0.0)


def test_no_reveal_of_a_batch_opens_before_its_guesses_are_given(desk: Desk) -> None:
    me = desk.graders[0]
    first, second = batch_of(desk, me, 2)

    assert states() == ["committed", "committed"]
    write(lambda: guesses.give(me, first, verdict="violates", action="remove"))
    assert states() == ["committed", "committed"]
    write(lambda: guesses.give(me, second, verdict=None))

    assert states() == ["revealed", "revealed"]
    rows = db.session.scalars(select(Guess)).all()
    assert {(row.state, row.verdict, row.action) for row in rows} == {
        ("given", "violates", "remove"), ("passed", None, None)
    }  # fmt: skip


def test_what_nobody_guesses_opens_by_itself_a_day_later_and_takes_no_guess_then(desk: Desk) -> None:
    me = desk.graders[0]
    (task,) = batch_of(desk, me, 1)

    with clock.fixed(TODAY + guesses.WITHIN):
        write(leases.lapse)

        assert states() == ["revealed"]
        assert queries.waiting(me) == []
        with pytest.raises(Refused):
            write(lambda: guesses.give(me, task, verdict="violates"))


def test_a_guess_is_given_once_by_whom_it_was_asked_and_in_known_words(desk: Desk) -> None:
    me, other = desk.graders
    (task,) = batch_of(desk, me, 1)

    with pytest.raises(NotFound):
        write(lambda: guesses.give(other, task, verdict="violates"))
    with pytest.raises(BadInput):
        write(lambda: guesses.give(me, task, verdict="cannot_tell"))
    with pytest.raises(BadInput):
        write(lambda: guesses.give(me, task, verdict="violates", action="explode"))
    write(lambda: guesses.give(me, task, verdict="violates"))
    with pytest.raises(Refused):
        write(lambda: guesses.give(me, task, verdict="no_violation"))


def test_a_reveal_that_was_held_back_by_chance_stays_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blind, "HELD_BACK", 1.0)
    me = desk.graders[0]
    (task,) = batch_of(desk, me, 1)

    write(lambda: guesses.give(me, task, verdict="violates"))

    assert states() == ["committed"]


def test_nobody_is_asked_where_the_share_is_nothing_or_the_looks_came_in_a_file(desk: Desk) -> None:
    case = desk.drawn_case()
    write(lambda: hand_in(SYSTEM, person=desk.graders[1], grades=[HandedIn(case.id, "no_violation")]))
    asking(desk, 0.0)
    batch_of(desk, desk.graders[0], 1)

    assert db.session.scalars(select(Guess)).all() == []
    assert states() == ["revealed", "revealed"]


def test_about_a_tenth_of_the_looks_is_asked(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = asking(Desk(graders=1), 0.1)
    asked = iter([99_999, 100_000, 900_000])
    monkeypatch.setattr(guesses, "secrets", SimpleNamespace(randbelow=lambda _parts: next(asked)))

    batch_of(desk, desk.graders[0], 3)

    assert len(db.session.scalars(select(Guess)).all()) == 1


def test_once_the_interval_is_narrow_nobody_is_asked_until_the_next_quarter(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = desk.graders[0]
    (task,) = batch_of(desk, me, 1)
    write(lambda: guesses.give(me, task, verdict="violates"))

    with clock.fixed(TODAY + timedelta(days=1)):
        assert guesses.quarter_so_far() == (1, 1)
        assert not guesses.is_precise()
        monkeypatch.setattr(guesses, "NARROW", 0.9)
        batch_of(desk, me, 1)
        asked_now = len(queries.waiting(me))
    with clock.fixed(TODAY.replace(month=12, day=31) + timedelta(days=2)):
        batch_of(desk, me, 1)
        asked_next_quarter = len(queries.waiting(me))

    assert (asked_now, asked_next_quarter) == (0, 1)


def test_what_was_guessed_today_does_not_yet_end_the_asking(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else that nobody is asked any more would tell whether somebody just guessed right."""
    monkeypatch.setattr(guesses, "NARROW", 0.9)
    me = desk.graders[0]
    (task,) = batch_of(desk, me, 1)

    write(lambda: guesses.give(me, task, verdict="violates"))

    assert guesses.quarter_so_far() == (0, 0)


def test_a_grader_guesses_on_pages_and_then_reads_the_answers(page_desk: Desk) -> None:
    me = page_desk.graders[0]
    (task,) = batch_of(page_desk, me, 1)
    client = factories.browser(page_desk.app, me)

    before = client.get("/grade/batch").text
    asked = client.get("/grade/guess", follow_redirects=True)
    refused = client.send(f"/grade/guess/{task}", {})
    done = client.send(f"/grade/guess/{task}", {"verdict": "violates"})
    after = client.get(done.headers["Location"]).text

    assert "Guess on 1 case" in before and "opens later" in before
    assert "What was decided on this case?" in asked.text and "Violates a policy" in asked.text
    assert refused.status_code == 422
    assert "opens later" not in after and "Violates" in after
    assert client.get(f"/grade/guess/{task}").status_code == 404


def test_the_page_of_a_guess_tells_nothing_of_the_decision(page_desk: Desk) -> None:
    me = page_desk.graders[0]
    (task,) = batch_of(page_desk, me, 1)

    seen = queries.asked(me, task)

    assert seen.own == reveals.Said("No violation", "", "")
    assert "conduct/threats" not in str(seen.case.facts)
    assert not hasattr(seen, "decided")


def test_a_lead_who_grades_too_sees_no_decision_by_the_way_while_a_guess_is_asked_for(page_desk: Desk) -> None:
    both = factories.actor("reviewer", "manager", manages=None)
    (task,) = batch_of(page_desk, both, 1)
    case_id = db.session.scalars(select(ClosedCase.public_id)).one()
    db.session.rollback()

    before = cases.is_open_to(both, case_id)
    write(lambda: guesses.give(both, task, verdict=None))

    assert (before, cases.is_open_to(both, case_id)) == (False, True)
