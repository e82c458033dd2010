"""An alert that asked about a clause: it leads to the question, and follows it to its end."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.models.signals import CorrectiveAction, Signal
from calibration.signals import answered, signals
from qa import questions
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.policies import PolicyQuestion
from tests import factories
from tests.calibration.settled import One, Settled

SAID = {"wording": "Who is meant?", "answer": "Everybody."}


@pytest.fixture
def desk(app: Flask) -> Settled:
    """A desk whose first agent has an alert."""
    made = Settled(agents=3)
    made.put(
        [One(turn % 6 != 0, weeks_ago=week) for week in range(12, 0, -1) for turn in range(12)],
        stratum=made.new_stratum("low", 1000, 144),
    )
    write(lambda: signals.scan(SYSTEM))
    return made


def states() -> tuple[str, str]:
    """Where the question's action and the alert are."""
    db.session.rollback()
    action = select(CorrectiveAction.state).where(CorrectiveAction.kind == "question")
    return db.session.scalars(action).one(), db.session.scalars(select(Signal.state)).one()


def test_an_alert_leads_to_the_question_that_it_asked_and_says_how_that_stands(app: Flask, desk: Settled) -> None:
    url = f"/signals/{db.session.scalars(select(Signal.public_id)).one()}"
    manager = factories.browser(app, desk.manager)

    manager.send(f"{url}/act", {"kind": "question", "sections": "conduct/threats", "reason": "Plain to nobody"})

    asked = db.session.scalars(select(PolicyQuestion.public_id)).one()
    assert f'<a href="/questions/{asked}">The question, open</a>' in manager.get(url).text
    assert "Plain to nobody" in manager.get(f"/questions/{asked}").text


def test_what_was_asked_for_follows_the_question_and_ends_the_alert_with_it(desk: Settled) -> None:
    alert = db.session.scalars(select(Signal.public_id)).one()
    for action in db.session.scalars(select(CorrectiveAction.public_id)).all():
        write(lambda action=action: signals.report(SYSTEM, action, state="closed"))
    write(lambda: db.session.execute(Signal.__table__.update().values(state="raised")))
    write(
        lambda: signals.act(desk.manager, alert, "question", section_keys=["conduct/threats"], reason="Plain to nobody")
    )
    owner = factories.actor("policy_owner")
    asked = db.session.scalars(select(PolicyQuestion.public_id)).one()

    seen = []
    for step in (
        lambda: None,
        lambda: questions.hand(owner, asked),
        lambda: questions.answer(owner, asked, **SAID),
        lambda: questions.close(owner, asked),
    ):
        write(step)
        moved = write(lambda: answered.follow(SYSTEM))
        seen.append((moved, *states()))

    assert seen == [
        (0, "asked", "acted_on"),
        (1, "under_way", "acted_on"),
        (1, "done", "acted_on"),
        (1, "closed", "closed"),
    ]
    assert write(lambda: answered.follow(SYSTEM)) == 0
