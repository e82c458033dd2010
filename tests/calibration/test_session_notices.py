"""What a notice about a session says when it is sent: as of then, and to those who take part."""

from __future__ import annotations

from flask import Flask

from calibration.sessions import people as session_people
from calibration.sessions import sessions
from calibration.sessions.notices import said_now
from qa.core.db import db, write
from tests.calibration.meeting import THREAT, Meeting


def test_it_follows_the_session_and_ends_with_it(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=2)
    said = [said_now(meeting.people[0], meeting.id)]
    meeting.open()
    said.append(said_now(meeting.people[0], meeting.id))
    meeting.all_vote(THREAT, THREAT).reveal().agree()
    said.append(said_now(meeting.people[0], meeting.id))
    for move in (sessions.agree, sessions.archive):
        write(lambda move=move: move(meeting.host, meeting.id))
    said.append(said_now(meeting.people[0], meeting.id))

    waits, revealed = "A calibration session waits for your votes", "A calibration session is revealed"
    assert said == [None, f"{waits}: Threats or insults?", f"{revealed}: Threats or insults?", None]


def test_whoever_was_taken_out_is_told_nothing_more(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=3)
    gone = meeting.people[2]
    write(lambda: session_people.uninvite(meeting.host, sessions.led(meeting.host, meeting.id), person=gone.public_id))
    meeting.open()

    assert said_now(gone, meeting.id) is None
    assert said_now(meeting.people[0], meeting.id) is not None
    db.session.rollback()
