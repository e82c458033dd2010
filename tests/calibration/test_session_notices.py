"""What a notice about a session says when it is sent: as of then, and to those who take part."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from calibration.sessions import people as session_people
from calibration.sessions import sessions
from calibration.sessions.notices import said_now
from qa import questions
from qa.core import registries
from qa.core.db import db, write
from qa.models.policies import PolicyQuestion
from tests import factories
from tests.calibration.meeting import INSULT, THREAT, Meeting


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


def test_who_took_part_is_told_of_the_answer_to_what_the_session_asked(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open().all_vote(THREAT, THREAT, INSULT).reveal()
    other = Meeting(cases=1, desk=meeting.desk).open().all_vote(THREAT, THREAT, INSULT).reveal()
    meeting.agree(1, unclear=True)
    other.agree(1)

    concerned = [registries.concerned(one.id) for one in db.session.scalars(select(PolicyQuestion))]

    assert concerned == [{one.id for one in meeting.people}]


def test_the_words_of_a_session_stand_beside_a_question_that_waits_already(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open().all_vote(THREAT, THREAT, INSULT).reveal()
    owner = factories.actor("policy_owner")
    asked = write(lambda: questions.ask(owner, section_key="conduct/threats", text="Do jokes count?")).public_id

    meeting.agree(1, unclear=True, reason="The list does not say whether jokes count.")

    page = factories.browser(sqlite_app, owner).get(f"/questions/{asked}").text
    assert "Do jokes count?" in page and "The list does not say whether jokes count." in page
