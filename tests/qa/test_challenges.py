"""A grader who was adjudicated against may have the ruling heard again, once, by somebody new to the case."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from qa import findings
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.grading import blind
from qa.hearings import challenges, disputes
from qa.hearings.disputes import Proposed
from qa.models.grading import Task
from qa.models.truth import Challenge, Finding, Truth
from qa.queries import own_differences
from qa.tallies import tallies
from tests import factories
from tests.desk import Desk
from tests.factories import browser
from tests.qa.hearing import INSULTS, THREATS, day, look, ruled


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk()


@pytest.fixture
def judge(desk: Desk) -> Actor:
    """Another adjudicator, who was not in it."""
    return factories.actor("reviewer", skills=["adjudicate"], name="Second judge")


def challenge(who: Actor, task_id: str, at: int = 3) -> str:
    with clock.fixed(day(at)):
        return write(lambda: challenges.open_challenge(who, task_id, text="A place was named."))


def test_a_challenge_is_heard_by_a_new_adjudicator_who_looks_blind_first(desk: Desk, judge: Actor) -> None:
    _case, threat, _insult = ruled(desk)
    challenge_id = challenge(desk.graders[0], threat)

    with clock.fixed(day(4)):
        assert write(lambda: blind.claim(desk.adjudicator)) is None
        with pytest.raises(NotFound):
            own_differences.challenge(judge, challenge_id)
        task = look(judge, THREATS)
        hidden = db.session.scalars(select(Task.state).where(Task.public_id == task)).one()
        shown = own_differences.challenge(judge, challenge_id)
        ended = write(lambda: challenges.decide(judge, challenge_id, choice="own", reason="It names a place."))

    old, new = db.session.scalars(select(Truth).order_by(Truth.no)).all()
    assert hidden == "committed"
    assert (shown.text, shown.standing.section, shown.own.section) == (
        "A place was named.",
        "Conduct: Insults",
        "Conduct: Threats",
    )
    assert (ended, old.section_key, new.section_key, new.basis) == ("reopened", INSULTS, THREATS, "adjudicated")
    assert tallies.kept() == tallies.recomputed() != {}


def test_a_ruling_that_is_confirmed_stays_and_can_not_be_challenged_again(desk: Desk, judge: Actor) -> None:
    _case, threat, _insult = ruled(desk)
    challenge_id = challenge(desk.graders[0], threat)
    with clock.fixed(day(4)):
        look(judge, INSULTS)
        ended = write(lambda: challenges.decide(judge, challenge_id, choice="standing", reason="No place is named."))

    assert ended == "upheld"
    assert len(db.session.scalars(select(Truth.id)).all()) == 1
    with pytest.raises(Refused):
        challenge(desk.graders[0], threat, at=5)
    with pytest.raises(Refused):
        write(lambda: challenges.decide(judge, challenge_id, choice="own", reason="Again."))


def test_only_who_was_ruled_against_may_challenge_and_only_in_time(desk: Desk) -> None:
    _case, threat, insult = ruled(desk)

    with pytest.raises(NotFound):
        challenge(desk.graders[1], insult)
    with pytest.raises(NotFound):
        challenge(desk.graders[2], threat)
    with pytest.raises(Refused):
        challenge(desk.graders[0], threat, at=20)
    assert db.session.scalars(select(Challenge.id)).all() == []


def test_the_agents_dispute_takes_the_place_of_a_challenge_that_waits(desk: Desk) -> None:
    _case, threat, _insult = ruled(desk)
    challenge(desk.graders[0], threat)
    finding_id = db.session.scalars(select(Finding.public_id)).one()

    with clock.fixed(day(6)):
        write(findings.release_due)
        write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="verdict", text="A quote.", proposed=Proposed("no_violation")
        ))  # fmt: skip

    assert db.session.scalars(select(Challenge.state)).one() == "lapsed"
    with pytest.raises(Refused):
        challenge(desk.graders[0], threat, at=6)


def test_a_grader_sees_how_the_own_differences_ended_and_no_names(sqlite_app: Flask) -> None:
    desk = Desk()
    _case, threat, _insult = ruled(desk)

    with clock.fixed(day(3)):
        mine, theirs = browser(sqlite_app, desk.graders[0]), browser(sqlite_app, desk.graders[1])
        against, confirmed = mine.get("/grade/differences").text, theirs.get("/grade/differences").text
        shown = mine.get(f"/grade/differences/{threat}").text
        foreign = theirs.get(f"/grade/differences/{threat}")
        empty = mine.send(f"/grade/differences/{threat}/challenge", {"text": " "})
        sent = mine.send(f"/grade/differences/{threat}/challenge", {"text": "A place was named."})
        after = mine.get(f"/grade/differences/{threat}").text

    assert "A third answer stands" in against
    assert "Your answer stands" in confirmed
    assert "Worthless is an insult." in shown
    assert "Challenge the ruling" in shown
    assert "Challenge the ruling" not in after
    assert (foreign.status_code, empty.status_code, sent.status_code) == (404, 422, 302)
    for page in (against, confirmed, shown, after):
        assert all(name not in page for name in (desk.agent.name, "Grader 2", "Judge"))


def test_a_challenge_is_decided_on_its_page(sqlite_app: Flask) -> None:
    desk = Desk()
    judge = factories.actor("reviewer", skills=["adjudicate"], name="Second judge")
    _case, threat, _insult = ruled(desk)
    challenge_id = challenge(desk.graders[0], threat)

    with clock.fixed(day(4)):
        client = browser(sqlite_app, judge)
        early = client.get(f"/grade/challenge/{challenge_id}")
        look(judge, THREATS)
        home = client.get("/").text
        shown = client.get(f"/grade/challenge/{challenge_id}").text
        empty = client.send(f"/grade/challenge/{challenge_id}", {})
        sent = client.send(f"/grade/challenge/{challenge_id}", {"choice": "challenger", "reason": "It names a place."})

    assert (early.status_code, empty.status_code, sent.status_code) == (404, 422, 302)
    assert "Decide the challenge" in home
    assert "A place was named." in shown
    assert all(name not in shown for name in (desk.agent.name, "Grader 0", "Grader 1"))
    assert db.session.scalars(select(Challenge.state)).one() == "reopened"
