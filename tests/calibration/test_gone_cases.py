"""A case whose text is taken out in the middle: nobody is asked about it any more, and nothing waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from calibration import precedents
from calibration.gold import gold
from calibration.gold import results as gold_results
from calibration.models.sessions import SessionVote
from calibration.queries import sessions as queries
from calibration.sessions import cases as session_cases
from calibration.sessions import sessions, voting
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, Refused
from qa.grading import mixing
from qa.models.cases import ClosedCase
from qa.models.grading import TaskPurpose
from qa.removal import erasing
from tests import factories
from tests.calibration.meeting import THREAT, Meeting
from tests.desk import Desk


def erase(case: ClosedCase) -> None:
    """Take every word about a case out."""
    erasing.run(SYSTEM, write(lambda: erasing.ask(SYSTEM, "case", case.public_id)))


def test_nobody_is_asked_reminded_or_waited_for_by_an_erased_case_and_votes_stay(app: Flask) -> None:
    meeting = Meeting(cases=2).open()
    meeting.vote(0, 1)
    for who in (1, 2):
        meeting.vote(who, 2)

    erase(meeting.cases[0])
    with pytest.raises(Refused, match="taken out"):
        meeting.vote(1, 1)
    late, waiting = voting.late(meeting.row.id), [queries.waiting(one) for one in meeting.people]
    meeting.reveal().agree(2)
    write(lambda: sessions.agree(meeting.host, meeting.id))

    assert late == [meeting.people[0].id]
    assert [lines and [line.waiting for line in lines] for lines in waiting] == [[1], None, None]
    assert len(db.session.scalars(select(SessionVote)).all()) == 3 and meeting.row.state == "agreed"


def test_words_that_were_taken_out_by_right_are_no_changed_votes(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=2).open()
    for place in (1, 2):
        meeting.vote(0, place, replace(THREAT, note="It names a place."))
    meeting.reveal()

    erase(meeting.cases[0])

    notes = db.session.scalars(select(SessionVote.note).order_by(SessionVote.id)).all()
    assert notes == ["", "It names a place."]
    assert voting.seals(meeting.row.id) == voting.Seals(1, ())


def test_the_pages_say_so_and_stay_readable(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open()
    meeting.vote(0, 1)
    erase(meeting.cases[0])
    page = factories.browser(sqlite_app, meeting.people[1]).get(f"/sessions/{meeting.id}").text

    meeting.reveal()

    host = factories.browser(sqlite_app, meeting.host)
    shown = [host.get(f"/sessions/{meeting.id}{end}") for end in ("", "/minutes", "/minutes.csv")]
    assert "what it was judged by has been taken out" in page and "Vote on case" not in page
    assert [one.status_code for one in shown] == [200] * 3 and "One person voted." in shown[0].text


def test_it_is_picked_for_no_session_and_kept_as_nothing(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1).open().all_vote(THREAT, THREAT, THREAT).reveal()
    meeting.agree(1)
    other = Meeting(cases=1, desk=meeting.desk)
    unused = meeting.desk.case()
    erase(meeting.cases[0])
    erase(unused)

    added = write(lambda: session_cases.add(other.host, other.id, how="random", size=9))

    assert added == 0
    with pytest.raises(BadInput):
        write(lambda: session_cases.add(other.host, other.id, how="hand", names=[unused.public_id]))
    for keep in (lambda: precedents.keep(meeting.host, meeting.id, 1, title="x"),
                 lambda: gold.keep(meeting.host, meeting.id, 1)):  # fmt: skip
        with pytest.raises(Refused, match="taken out"):
            write(keep)


def test_a_known_answer_that_nobody_can_read_any_more_comes_into_no_queue(sqlite_app: Flask) -> None:
    desk = Desk()
    case = desk.case()
    write(lambda: gold.add(
        desk.manager, case=case.external_id, verdict="violates", section_key="conduct/threats", action="remove",
        reason="The first listed act is met.",
    ))  # fmt: skip
    before = gold_results.stock().live

    erase(case)
    write(mixing.mix_in)

    assert (before, gold_results.stock().live) == (1, 0)
    assert db.session.scalars(select(TaskPurpose.task_id).where(TaskPurpose.purpose == "gold")).all() == []
