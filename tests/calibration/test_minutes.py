"""The minutes of a session: all that was agreed on, to those who may know, and nothing before the reveal."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from calibration import precedents
from calibration.sessions import consensus
from qa.core import clock
from qa.core.db import write
from qa.core.leave import calendar_file
from qa.grading import workflows
from qa.models.grading import Task
from tests import factories
from tests.calibration.meeting import HARMLESS, INSULT, THREAT, Meeting


@pytest.fixture
def meeting(sqlite_app: Flask) -> Meeting:
    return Meeting(cases=2, people=3, names_shown=True).open().all_vote(THREAT, THREAT, HARMLESS)


def read(meeting: Meeting, *, as_: int | None = None, ending: str = "") -> str:
    who = meeting.host if as_ is None else meeting.people[as_]
    return factories.browser(meeting.desk.app, who).get(f"/sessions/{meeting.id}/minutes{ending}").text


def test_they_hold_the_votes_the_answer_its_reason_what_follows_and_who_was_there(meeting: Meeting) -> None:
    meeting.reveal().agree(1, INSULT, reason="It belittles.", unclear=True)
    meeting.agree(2)
    write(lambda: consensus.take_notes(meeting.host, meeting.id, 1, notes="Long talk."))
    write(lambda: precedents.keep(meeting.host, meeting.id, 2, title="At the door"))

    rows = list(csv.DictReader(io.StringIO(read(meeting, ending=".csv"))))
    page = read(meeting)

    first, *_, last = rows
    assert [(row["case"], row["votes"]) for row in rows] == [("1", "2"), ("1", "1"), ("2", "2"), ("2", "1")]
    assert (first["names"], first["reason"], first["agreed_is_nobodys_vote"]) == (
        "Voter 0; Voter 1",
        "It belittles.",
        "true",
    )
    assert first["question"] and first["notes"] == "Long talk." and last["precedent"] == "At the door"
    for said in ("It belittles.", "Long talk.", "policy unclear", "Precedent: At the door", "Voter 2", "Still open"):
        assert said in page


def test_nobody_reads_them_before_the_reveal_or_from_outside(meeting: Meeting) -> None:
    browsers = [factories.browser(meeting.desk.app, who) for who in (meeting.host, meeting.people[0])]
    before = {
        browser.get(f"/sessions/{meeting.id}/minutes{end}").status_code for browser in browsers for end in ("", ".csv")
    }
    meeting.reveal()

    stranger = factories.browser(meeting.desk.app, factories.actor("agent"))

    assert before == {404} and stranger.get(f"/sessions/{meeting.id}/minutes").status_code == 404
    assert browsers[1].get(f"/sessions/{meeting.id}/minutes").status_code == 200


def test_a_session_without_names_tells_them_to_its_host_alone(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=2).open().all_vote(THREAT, INSULT).reveal()

    host, member = read(meeting), read(meeting, as_=0)

    assert "Voter 1" in host and "Voter 1" not in member
    assert "This session shows no names" in member


def test_a_case_that_the_reader_still_has_to_grade_tells_them_nothing(meeting: Meeting) -> None:
    meeting.reveal().agree(1, reason="So we said.")
    workflow_id = write(lambda: workflows.ensure("abuse_report").id)
    task = {"code": "T-1", "state": "held", "queue_number": 1, "release_at": clock.now(), "workflow_id": workflow_id}
    factories.kept(Task(case_id=meeting.cases[0].id, person_id=meeting.people[0].id, **task))

    text = read(meeting, as_=0)

    assert "So we said." not in text and "You still have this case to grade" in text
    assert "So we said." in read(meeting, as_=1)


def test_the_deadline_goes_into_a_calendar_while_votes_are_asked_for(meeting: Meeting) -> None:
    member = factories.browser(meeting.desk.app, meeting.people[0])
    url = f"/sessions/{meeting.id}/deadline.ics"

    answer = member.get(url)

    assert answer.mimetype == "text/calendar" and "DTSTART:20261119T090000Z" in answer.text
    assert f"UID:{meeting.id}@second-look" in answer.text
    meeting.reveal()
    assert member.get(url).status_code == 404


def test_no_line_of_it_is_longer_than_75_bytes_and_no_title_adds_a_line() -> None:
    now = clock.now()

    made = calendar_file.event(
        uid="a@b", title="Ä;" * 60 + "\r\nATTENDEE:x", at=now, url="https://x.example", stamp=now
    )

    lines = made.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = made.replace("\r\n ", "")
    assert "\r\nATTENDEE" not in unfolded and "Ä\\;" * 60 in unfolded
