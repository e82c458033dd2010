"""Lists of sessions, known answers and precedents that have grown long come page by page, what wants somebody first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from calibration import paged, precedents
from calibration.gold import gold
from calibration.models.gold import Gold
from calibration.models.sessions import CalibrationSession
from calibration.queries import kept
from qa.core import clock
from qa.core.db import db, write
from tests import factories
from tests.calibration.meeting import THREAT, Meeting
from tests.desk import Desk


def test_sessions_that_wait_stand_on_the_first_page_and_the_oldest_on_the_last(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=2).open()
    rows = [
        CalibrationSession(
            title=f"Week {week}.", kind="open", state="archived", host_id=meeting.people[0].id,
            deadline_at=clock.now() + timedelta(days=week + 9),
        )
        for week in range(50)
    ]  # fmt: skip
    write(lambda: db.session.add_all(rows))
    window = factories.browser(sqlite_app, meeting.people[0])

    first, second = (window.get(f"/sessions?from={at}").text for at in (0, 50))

    assert f"/sessions/{meeting.id}" in first and "Week 49." in first and "Week 0." not in first
    assert "Next page" in first and "Week 0." in second and "Previous page" in second


def test_a_challenged_known_answer_stands_on_the_first_page_however_old(sqlite_app: Flask) -> None:
    desk = Desk()
    case = desk.case()
    old = write(lambda: gold.add(
        desk.manager, case=case.external_id, verdict="violates", section_key="conduct/threats", action="remove",
        reason="The first listed act is met.",
    ).public_id)  # fmt: skip
    rows = [
        Gold(case_id=case.id, verdict="violates", reason="Once.", basis="expert", clause_key="conduct/threats",
             state="retired")
        for _ in range(51)
    ]  # fmt: skip
    write(lambda: db.session.add_all(rows))
    write(lambda: gold.challenge(desk.manager, old, text="It is a joke."))
    window = factories.browser(sqlite_app, desk.manager)

    first, second = (window.get(f"/known-answers?from={at}").text for at in (0, 50))

    assert "It is a joke." in first and "52 in all" in first and "K-52" in first and "K-2<" not in first
    assert "It is a joke." not in second and "K-2<" in second


def test_precedents_that_hold_come_before_those_that_do_not(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting(cases=2).open().all_vote(THREAT, THREAT, THREAT).reveal()
    for place in (1, 2):
        meeting.agree(place)
    made = [
        write(lambda place=place: precedents.keep(meeting.host, meeting.id, place, title=f"Case {place}"))
        for place in (1, 2)
    ]
    write(lambda: precedents.retire(meeting.host, made[1].public_id))
    monkeypatch.setattr(paged, "PAGE", 1)
    monkeypatch.setattr(kept, "PAGE", 1)

    (first, seen), (second, _) = (kept.listed(first=at) for at in (0, 1))

    assert [one.title for one in (*first, *second)] == ["Case 1", "Case 2"]
    assert (seen.total, seen.after, seen.before) == (2, 1, None)
    assert "2 · agreed on" in factories.browser(sqlite_app, meeting.host).get("/precedents?from=1").text
