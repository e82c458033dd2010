"""Covert sessions: their cases are any other case of the queue, and their looks become votes when voting closes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.models.sessions import SessionVote
from calibration.queries import sessions as queries
from calibration.sessions import people as session_people
from calibration.sessions import sessions
from qa import release
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound
from qa.core.notices import notify
from qa.grading import blind, handing_in
from qa.grading.handing_in import HandedIn
from qa.models.grading import Task
from qa.queries import reveals
from tests import factories
from tests.calibration.meeting import Meeting


def grade_next(who: Actor) -> str:
    """Claim and grade what comes next; its address."""

    def deed() -> str:
        task = blind.claim(who)
        assert task is not None
        blind.grade(
            who, task, verdict="violates", section_key="conduct/threats", action="remove", confidence="high",
            claim_next=False,
        )  # fmt: skip
        return task

    return write(deed)


def test_nobody_is_told_of_a_covert_session_and_its_cases_come_with_the_next_release(app: Flask) -> None:
    meeting = Meeting(kind="covert", cases=1).open()
    voter = meeting.people[0]

    now = write(lambda: blind.claim(voter))
    with clock.fixed(release.next_release() + timedelta(minutes=1)):
        then = write(lambda: blind.claim(voter))

    assert (now, then is None, notify.unread(voter)) == (None, False, None)
    with pytest.raises(NotFound):
        queries.head(voter, meeting.id)
    assert [line.title for line in queries.listed(voter)] == []


def test_a_covert_look_is_graded_revealed_and_passed_on_like_any_other(app: Flask) -> None:
    meeting = Meeting(kind="covert", cases=2)
    drawn = meeting.desk.drawn_case(decided="conduct/threats")
    meeting.open()
    voter = meeting.people[0]

    with clock.fixed(release.next_release() + timedelta(minutes=1)):
        for _ in range(2):
            grade_next(voter)
        last = write(lambda: blind.claim(voter))
        write(lambda: blind.skip(voter, last or "", reason="other"))
        write(lambda: blind.close_batch(voter))
        batch = reveals.batch(voter)

    assert batch is not None and len(batch.rows) == 2
    assert {row.decided for row in batch.rows if row.is_open} <= {batch.rows[0].own}
    assert db.session.scalar(select(Task.state).where(Task.case_id == drawn.id)) in ("revealed", "committed", "skipped")


def test_committed_looks_become_votes_and_what_nobody_took_up_leaves_the_queue(app: Flask) -> None:
    meeting = Meeting(kind="covert", cases=1).open()
    with clock.fixed(release.next_release() + timedelta(minutes=1)):
        given = [HandedIn(meeting.cases[0].id, "violates", "conduct/insults", "warn")]
        voter = meeting.people[1]
        write(lambda: handing_in.hand_in(voter, person=voter, grades=given))

        write(lambda: sessions.close(meeting.host, meeting.id))

        votes = db.session.scalars(select(SessionVote)).all()
        left = write(lambda: blind.claim(meeting.people[0]))
    assert [(vote.person_id, vote.section_key) for vote in votes] == [(voter.id, "conduct/insults")]
    assert left is None


def test_covert_cases_are_for_graders_alone(sqlite_app: Flask) -> None:
    meeting = Meeting(kind="covert", cases=1)
    agent = factories.actor("agent")

    with pytest.raises(BadInput, match="people who grade"):
        write(lambda: session_people.invite(meeting.host, meeting.row, names=[agent.public_id]))
