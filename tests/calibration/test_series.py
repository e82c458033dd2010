"""Sessions that come again every week, and what happens to sessions by themselves."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from calibration.models.sessions import CalibrationSession, SessionCase, SessionPerson, SessionSeries
from calibration.queries import sessions as queries
from calibration.sessions import series, sessions, voting
from qa.core import clock
from qa.core.db import db, write
from qa.core.notices import notify
from tests.calibration.meeting import THREAT, Meeting


def test_a_session_comes_again_every_week_with_other_cases_and_the_same_people(app: Flask) -> None:
    meeting = Meeting(cases=1, names_shown=True)
    fresh = [meeting.desk.case() for _ in range(4)]
    write(lambda: series.begin(meeting.host, meeting.row, size=3))
    meeting.open().all_vote(THREAT, THREAT, THREAT)

    counts = []
    for days in (6, 7, 8, 14):
        with clock.fixed(clock.now() + timedelta(days=days)):
            counts.append(write(series.open_due))
    rows = db.session.scalars(select(CalibrationSession).order_by(CalibrationSession.id)).all()
    held = {row.id: set(_of(SessionCase.case_id, row)) for row in rows}
    people = [set(_of(SessionPerson.person_id, row)) for row in rows]

    assert counts == [0, 1, 0, 1]
    assert [row.state for row in rows[1:]] == ["voting", "voting"]
    assert held[rows[1].id] <= {case.id for case in fresh} and len(held[rows[1].id]) == 3
    assert people[0] == people[1] == people[2] and rows[1].names_shown


def _of(column: object, row: CalibrationSession) -> list[int]:
    return list(db.session.scalars(select(column).where(column.class_.session_id == row.id)))


def test_a_series_ends_when_its_host_says_so(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)
    write(lambda: series.begin(meeting.host, meeting.row, size=3))

    write(lambda: series.end(meeting.host, meeting.id))

    with clock.fixed(clock.now() + timedelta(days=8)):
        assert write(series.open_due) == 0
    assert db.session.scalar(select(SessionSeries.state)) == "ended"


def test_a_host_who_takes_part_votes_blind_and_sees_only_how_many_have_voted(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)
    row = SessionPerson(session_id=meeting.row.id, person_id=meeting.host.id, part="voter")
    write(lambda: db.session.add(row))
    meeting.open()
    meeting.vote(0, 1)

    write(lambda: voting.vote(meeting.host, meeting.id, 1, THREAT))

    head = queries.head(meeting.host, meeting.id)
    assert head.leads and head.takes_part and not head.is_shown
    assert sum(one.voted for one in queries.members(head)) == 2
    assert notify.unread(meeting.host) is None
    write(lambda: sessions.close(meeting.host, meeting.id))
