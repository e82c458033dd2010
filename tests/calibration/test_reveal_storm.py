"""Thirty votes in the very moment of the reveal: none is taken after it, and none is seen before."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from calibration.models.sessions import CalibrationSession, SessionVote
from calibration.queries import sessions as queries
from calibration.queries import spread
from calibration.sessions import sessions, voting
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.models import Notice
from qa.models.cases import Touch
from tests import factories
from tests.calibration.meeting import INSULT, THREAT, Meeting
from tests.desk import Desk
from tests.qa.test_claiming import at_once


def voter(meeting: Meeting, who: Actor, late: float) -> Callable[[], str]:
    """A vote after a part of a second."""

    def deed() -> str:
        time.sleep(late)
        write(lambda: voting.vote(who, meeting.id, 1, INSULT))
        return "voted"

    return deed


def onlooker(meeting: Meeting, who: Actor) -> Callable[[], str]:
    """Somebody whose page asks all the time; what it says of the state when it first shows votes."""

    def deed() -> str:
        for _ in range(200):
            head = queries.head(who, meeting.id)
            seen = spread.standing_votes(head.id) if head.is_shown else []
            state = db.session.scalar(select(CalibrationSession.state))
            db.session.rollback()
            if seen:
                return f"{state}:{len(seen)}"
            time.sleep(0.005)
        return "never"

    return deed


def test_none_of_thirty_votes_at_the_reveal_is_taken_after_it_or_seen_before(app: Flask) -> None:
    meeting = Meeting(cases=1, people=31).open()
    meeting.vote(30, 1, THREAT)

    def host() -> str:
        time.sleep(0.05)
        write(lambda: sessions.close(meeting.host, meeting.id))
        write(lambda: sessions.reveal(meeting.host, meeting.id))
        return "revealed"

    deeds = [voter(meeting, who, place * 0.004) for place, who in enumerate(meeting.people[:30])]
    answers = at_once(app, [*deeds, host, onlooker(meeting, meeting.people[30])])

    taken = sum(answer == "voted" for answer in answers[:30])
    votes = db.session.scalars(select(SessionVote)).all()
    assert set(answers[:30]) <= {"voted", "Refused"} and answers[30] == "revealed"
    assert len(votes) == taken + 1
    assert answers[31] == f"revealed:{taken + 1}"
    assert all(vote.hash for vote in votes) and voting.seals(meeting.row.id).changed == ()


def costs(meeting: Meeting) -> list[int]:
    """Statements of reminding whoever is late, of the end of voting and of the reveal."""
    for who in range(1, len(meeting.people)):
        meeting.vote(who, 1, THREAT)
    deeds = (
        lambda: sessions.remind(meeting.host, before=meeting.row.deadline_at),
        lambda: sessions.close(meeting.host, meeting.id),
        lambda: sessions.reveal(meeting.host, meeting.id),
    )
    return [factories.statements(lambda deed=deed: write(deed)) for deed in deeds]


def test_a_session_of_many_costs_as_many_statements_as_one_of_few(sqlite_app: Flask) -> None:
    desk = Desk()

    few, many = (costs(Meeting(cases=people - 1, people=people, desk=desk).open()) for people in (3, 12))

    met = select(func.count()).select_from(Touch).where(Touch.how == "opened")
    told = select(func.count()).select_from(Notice).where(Notice.line.startswith("A calibration session is revealed"))
    late = select(func.count()).select_from(Notice).where(Notice.line.startswith("Votes are missing"))
    assert many == few and sum(few) < 40
    assert [db.session.scalar(one) for one in (met, told, late)] == [2 * 4 + 11 * 13, 3 + 12, 3 + 12]
