"""The deadline of a session: moved while votes can still come, and what hangs on it moves along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from calibration.sessions import people as session_people
from calibration.sessions import sessions
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.core.errors import BadInput, Refused
from qa.core.notices import notify
from tests import factories
from tests.calibration.meeting import THREAT, Meeting


def test_a_draft_whose_deadline_has_passed_is_given_another_and_opened(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)

    with clock.fixed(clock.now() + timedelta(days=4)):
        with pytest.raises(Refused):
            meeting.open()
        write(lambda: sessions.put_off(meeting.host, meeting.id, deadline_at=clock.now() + timedelta(days=1)))
        meeting.open()

        assert meeting.row.state == "voting"


def test_while_votes_are_taken_it_moves_and_who_is_late_then_is_reminded_again(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=2).open()
    later = meeting.row.deadline_at + timedelta(days=7)
    meeting.vote(0, 1)

    for now in (meeting.row.deadline_at, later):
        with clock.fixed(now - timedelta(hours=12)):
            write(lambda: sessions.remind(SYSTEM, before=clock.now() + timedelta(hours=24)))
            write(lambda: sessions.remind(SYSTEM, before=clock.now() + timedelta(hours=24)))
            if now != later:
                write(lambda: sessions.put_off(meeting.host, meeting.id, deadline_at=later))
    with clock.fixed(later - timedelta(hours=1)):
        meeting.vote(1, 1, THREAT)

    lines = [one.line for one in notify.unread(meeting.people[1]) or ()]
    assert sum("Votes are missing" in line for line in lines) == 2
    assert not any("Votes are missing" in one.line for one in notify.unread(meeting.people[0]) or ())


def test_a_guests_link_works_as_long_after_the_deadline_as_before(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)
    token = write(lambda: session_people.invite_guest(meeting.host, meeting.row, name="Gale"))
    later = meeting.row.deadline_at + timedelta(days=30)

    write(lambda: sessions.put_off(meeting.host, meeting.id, deadline_at=later))

    with clock.fixed(later + timedelta(days=6)):
        assert session_people.behind(token)[0] == "Gale"


def test_it_never_moves_into_the_past_nor_after_the_end_of_voting(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open()

    with pytest.raises(BadInput):
        write(lambda: sessions.put_off(meeting.host, meeting.id, deadline_at=clock.now()))
    write(lambda: sessions.close(meeting.host, meeting.id))

    with pytest.raises(Refused):
        write(lambda: sessions.put_off(meeting.host, meeting.id, deadline_at=clock.now() + timedelta(days=9)))


def test_the_hosts_page_moves_it_and_says_what_is_wrong(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)
    window = factories.browser(sqlite_app, meeting.host)

    refused = window.send(f"/sessions/{meeting.id}/deadline", {"deadline": "2020-01-01"})
    moved = window.send(f"/sessions/{meeting.id}/deadline", {"deadline": "2026-12-24"})

    assert refused.status_code == 422 and "A moment that is still to come" in refused.text
    assert moved.status_code == 302 and meeting.row.deadline_at.isoformat() == "2026-12-24T16:00:00+00:00"


def test_the_expert_is_named_before_anybody_votes_and_not_after(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1)
    write(lambda: sessions.set_expert(meeting.host, meeting.id, person=meeting.people[0].public_id))
    meeting.open().all_vote(THREAT, THREAT, THREAT).reveal()

    with pytest.raises(Refused):
        write(lambda: sessions.set_expert(meeting.host, meeting.id, person=meeting.people[1].public_id))

    assert meeting.row.expert_id == meeting.people[0].id
