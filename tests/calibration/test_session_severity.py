"""Severity in a session: asked where it is compared, agreed on with the answer, and tolerated by a step where said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.models.sessions import SessionVote
from calibration.queries import discussion, minutes
from calibration.queries import sessions as queries
from calibration.sessions import numbers
from qa.core.db import db
from qa.core.errors import BadInput
from qa.grading import answers
from tests import factories
from tests.calibration.meeting import HARMLESS, THREAT, Meeting


def graded(severity: str) -> answers.Given:
    """A vote that says how serious it is."""
    return replace(THREAT, extra={"severity": severity})


def test_a_vote_is_asked_how_serious_it_is_where_the_session_compares_it(sqlite_app: Flask) -> None:
    asks = Meeting(cases=1, tolerance={"severity": "step"}).open()
    other = Meeting(cases=1, desk=asks.desk).open()
    pages = [
        factories.browser(sqlite_app, one.people[0]).get(f"/sessions/{one.id}/vote/1").text for one in (asks, other)
    ]

    window = factories.browser(sqlite_app, asks.people[0])
    said = {"verdict": "violates", "section": "conduct/threats", "action": "remove", "confidence": "high"}
    window.send(f"/sessions/{asks.id}/vote/1", said | {"severity": "critical"})
    other.vote(0, 1, graded("critical"))
    kept = db.session.scalars(select(SessionVote.answers).order_by(SessionVote.id)).all()

    assert ['name="severity"' in page for page in pages] == [True, False]
    assert kept == [{"severity": "critical"}, {}]


def test_one_step_of_severity_is_tolerated_and_two_are_a_deviation(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=4, tolerance={"severity": "step"}).open()
    meeting.all_vote(graded("high"), graded("medium"), graded("low"), HARMLESS).reveal()

    meeting.agree(1, severity_key="high")

    found = [row.wrong_on for row in numbers.compared(session_id=meeting.row.id)]
    assert found == [(), (), ("severity",), ("verdict",)]


def test_the_reveal_and_the_minutes_say_it(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, tolerance={"severity": "exact"}).open()
    meeting.all_vote(graded("high"), graded("high"), graded("low")).reveal()
    meeting.agree(1, severity_key="high")
    head = queries.head(meeting.host, meeting.id)

    shown = discussion.shown(meeting.host, head, 1)

    assert shown.answers[0].severities == (("low", 1), ("high", 2))
    assert shown.agreed.answer.endswith("· high severity")
    assert minutes.minutes(meeting.host, head).cases[0].agreed.endswith("· high severity")


def test_no_violation_has_none_and_a_word_that_there_is_not_is_not_kept(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=2, tolerance={"severity": "exact"}).open()
    meeting.vote(0, 1, replace(HARMLESS, extra={"severity": "high"}))
    meeting.vote(0, 2, graded("enormous"))

    assert db.session.scalars(select(SessionVote.answers)).all() == [{}, {}]


def test_covert_cases_ask_what_the_queue_asks(sqlite_app: Flask) -> None:
    with pytest.raises(BadInput):
        Meeting(cases=1, kind="covert", tolerance={"severity": "exact"})
