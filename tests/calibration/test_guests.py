"""Guests: a link that works once, and one session that is all they ever see."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from calibration.queries import sessions as queries
from calibration.sessions import people as session_people
from calibration.sessions import sessions
from qa.core.db import write
from qa.core.errors import Gone
from tests import factories
from tests.calibration.meeting import INSULT, THREAT, Meeting

ANSWER = {"verdict": "violates", "section": "conduct/threats", "action": "remove", "confidence": "high"}


def invited(app: Flask) -> tuple[Meeting, str]:
    """A session open for votes, and a guest's link."""
    meeting = Meeting(cases=1)
    lead = factories.browser(app, meeting.host)
    answer = lead.send(f"/sessions/{meeting.id}/guests", {"name": "Gale from outside"})
    link = re.search(r"http://[^<]*(/guest/[\w-]+)", answer.text)
    assert link is not None
    return meeting.open(), link[1]


def test_a_guest_comes_in_once_votes_and_sees_nothing_but_the_session(sqlite_app: Flask) -> None:
    meeting, link = invited(sqlite_app)
    guest = factories.browser(sqlite_app)

    door = guest.get(link)
    came = guest.send(link)
    again = factories.browser(sqlite_app).send(link)
    voted = guest.send(f"/sessions/{meeting.id}/vote/1", ANSWER)

    assert "Gale from outside" in door.text and came.location.endswith(f"/sessions/{meeting.id}")
    assert again.status_code == 410
    assert voted.status_code == 302
    assert guest.get(f"/sessions/{meeting.id}").status_code == 200
    others = ["/", "/account", "/help", "/sessions", "/policies", "/precedents", "/questions", "/policies/conduct"]
    assert [guest.get(one).status_code for one in others] == [404] * len(others)


def test_a_guest_reads_the_minutes_of_the_own_session_once_all_is_agreed(sqlite_app: Flask) -> None:
    meeting, link = invited(sqlite_app)
    other = Meeting(cases=1, people=2, desk=meeting.desk).open().all_vote(THREAT, INSULT).reveal()
    guest = factories.browser(sqlite_app)
    guest.send(link)
    guest.send(f"/sessions/{meeting.id}/vote/1", ANSWER)
    minutes = f"/sessions/{meeting.id}/minutes"
    meeting.all_vote(THREAT, THREAT, INSULT).reveal().agree(1, INSULT, reason="Voter 1 says that it belittles.")
    before = [guest.get(minutes + end).status_code for end in ("", ".csv")]
    seen_before = guest.get(f"/sessions/{meeting.id}").text

    write(lambda: sessions.agree(meeting.host, meeting.id))
    other.agree(1)
    write(lambda: sessions.agree(other.host, other.id))

    page, table = guest.get(minutes).text, guest.get(minutes + ".csv").text
    assert before == [404, 404] and minutes not in seen_before
    assert minutes in guest.get(f"/sessions/{meeting.id}").text
    assert "that it belittles." in page and "that it belittles." in table
    assert not [name for name in ("Voter 0", "Voter 1", meeting.host.name) if name in page + table]
    assert 'href="/questions' not in page and 'href="/precedents' not in page
    assert guest.get(f"/sessions/{other.id}/minutes").status_code == 404


def test_a_guest_has_gone_home_once_the_session_is_put_away(sqlite_app: Flask) -> None:
    meeting, link = invited(sqlite_app)
    guest = factories.browser(sqlite_app)
    guest.send(link)
    meeting.reveal().agree(1)

    for move in (sessions.agree, sessions.archive):
        write(lambda move=move: move(meeting.host, meeting.id))

    assert guest.get(f"/sessions/{meeting.id}").location.startswith("/sign-in")


def test_a_new_link_spends_the_one_before(app: Flask) -> None:
    meeting = Meeting(cases=1)
    first = write(lambda: session_people.invite_guest(meeting.host, meeting.row, name="Gale"))
    members = queries.members(queries.head(meeting.host, meeting.id))

    person = next(one for one in members if one.part == "guest")
    second = write(lambda: session_people.renew_link(meeting.host, meeting.row, person=person.public_id))

    with pytest.raises(Gone):
        session_people.behind(first)
    assert session_people.behind(second) == ("Gale", meeting.row.title)


def test_a_guests_page_leads_nowhere_but_to_the_own_session(sqlite_app: Flask) -> None:
    meeting, link = invited(sqlite_app)
    guest = factories.browser(sqlite_app)
    guest.send(link)

    pages = [guest.get(where).text for where in (f"/sessions/{meeting.id}", "/people")]

    for page in pages:
        found = re.findall(r'<(?:a|form)[^>]*(?:href|action)="(/[^"?]*)', page)
        assert f"/sessions/{meeting.id}" in found
        assert all(where.startswith(f"/sessions/{meeting.id}") or where == "/sign-out" for where in found), found
