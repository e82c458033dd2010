"""Sessions that come again every week, and what happens to sessions by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from calibration.models.sessions import CalibrationSession, SessionCase, SessionPerson, SessionSeries
from calibration.queries import sessions as queries
from calibration.sessions import notices as session_notices
from calibration.sessions import series, sessions, voting
from qa.core import clock
from qa.core.db import db, write
from qa.core.models import RoleGrant
from qa.core.notices import notify
from tests import factories
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


def weekly(**given: Any) -> Meeting:
    """A session of that week, which comes again, with fresh cases for the weeks to come."""
    meeting = Meeting(cases=1, **given)
    for _ in range(8):
        meeting.desk.case()
    write(lambda: series.begin(meeting.host, meeting.row, size=2))
    return meeting.open()


def opened() -> list[CalibrationSession]:
    """All sessions but the first."""
    query = select(CalibrationSession).order_by(CalibrationSession.id).offset(1)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def test_a_day_that_the_worker_slept_through_moves_none_of_the_weeks_after_it(sqlite_app: Flask) -> None:
    weekly()
    first = db.session.scalars(select(SessionSeries.next_on)).one()

    with clock.fixed(clock.now() + timedelta(days=9)):
        write(series.open_due)

    assert db.session.scalar(select(SessionSeries.next_on)) == first + timedelta(days=7)


def test_voting_ends_at_the_hour_of_the_first_whenever_it_was_opened(sqlite_app: Flask) -> None:
    meeting = weekly()

    with clock.fixed(clock.now() + timedelta(days=7, hours=5)):
        write(series.open_due)

    assert opened()[0].deadline_at.timetz() == meeting.row.deadline_at.timetz()
    assert opened()[0].deadline_at - meeting.row.deadline_at == timedelta(days=7)


def test_somebody_who_stopped_grading_does_not_stop_a_covert_session_or_those_after_it(sqlite_app: Flask) -> None:
    covert = weekly(kind="covert")
    other = weekly(desk=covert.desk)
    write(lambda: db.session.execute(
        update(RoleGrant).where(RoleGrant.person_id == covert.people[0].id).values(to_at=clock.now())
    ))  # fmt: skip

    with clock.fixed(clock.now() + timedelta(days=7)):
        count = write(series.open_due)

    assert count == 2 and [row.kind for row in opened()[1:]] == ["covert", "open"]
    assert _of(SessionPerson.person_id, opened()[1]) == [one.id for one in covert.people[1:]]
    assert len(_of(SessionPerson.person_id, opened()[2])) == len(other.people)


def test_the_expert_stays_the_expert_and_whoever_leads_no_more_ends_the_series(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)
    meeting.desk.case()
    write(lambda: sessions.set_expert(meeting.host, meeting.id, person=meeting.people[1].public_id))
    write(lambda: series.begin(meeting.host, meeting.row, size=1))
    meeting.open()

    with clock.fixed(clock.now() + timedelta(days=7)):
        write(series.open_due)
    gone = update(RoleGrant).where(RoleGrant.person_id == meeting.host.id).values(to_at=clock.now())
    write(lambda: db.session.execute(gone))
    with clock.fixed(clock.now() + timedelta(days=14)):
        count = write(series.open_due)

    assert [row.expert_id for row in opened()] == [meeting.people[1].id]
    assert count == 0 and series.again(meeting.row.id) is None


def test_a_session_that_could_not_be_opened_is_told_to_its_host_until_it_is_put_away(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)  # no case is left for the next one
    write(lambda: series.begin(meeting.host, meeting.row, size=2))
    meeting.open().all_vote(THREAT, THREAT, THREAT)

    with clock.fixed(clock.now() + timedelta(days=7)):
        count = write(series.open_due)
        [draft] = opened()
        state = draft.state
        said = [one.line for one in notify.unread(meeting.host) or ()]
        before = session_notices.said_now(meeting.host, draft.public_id)
        to_others = session_notices.said_now(meeting.people[0], draft.public_id)
        write(lambda: sessions.archive(meeting.host, draft.public_id))

    assert (count, state) == (0, "draft") and len(said) == 1 and said[0] == before
    assert to_others is None and session_notices.said_now(meeting.host, draft.public_id) is None


def test_the_page_says_when_it_comes_again_and_lets_its_host_end_that(sqlite_app: Flask) -> None:
    meeting = weekly()
    window = factories.browser(sqlite_app, meeting.host)
    before = window.get(f"/sessions/{meeting.id}").text

    window.send(f"/sessions/{meeting.id}/state", {"to": "once"})

    assert "comes again every week, next on 23 Nov 2026 with 2 cases" in before
    assert "comes again" not in window.get(f"/sessions/{meeting.id}").text
    assert "comes again" not in factories.browser(sqlite_app, meeting.people[0]).get(f"/sessions/{meeting.id}").text
