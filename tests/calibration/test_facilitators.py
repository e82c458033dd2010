"""Two people lead a discussion at once: nothing that one of them kept is lost by what the other keeps."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from calibration.gold import gold
from calibration.models.sessions import Consensus, SessionCase
from calibration.queries import discussion
from calibration.queries import sessions as queries
from calibration.sessions import consensus
from qa.core.db import db, write
from qa.core.errors import BadInput, Refused
from tests import factories
from tests.calibration.meeting import INSULT, THREAT, Meeting

LINES = st.lists(st.sampled_from(["Ann asks.", "Bo answers.", "Both nod.", "It rains."]), max_size=4, unique=True)


@pytest.fixture
def meeting(sqlite_app: Flask) -> Meeting:
    found = Meeting(cases=1).open().all_vote(THREAT, THREAT, INSULT).reveal()
    return found


def note(meeting: Meeting, notes: str, before: str) -> str:
    """Take notes over those that were seen; what stands then."""
    write(lambda: consensus.take_notes(meeting.host, meeting.id, 1, notes=notes, before=before))
    return db.session.query(SessionCase.notes).scalar()


def test_what_somebody_else_wrote_meanwhile_stays_and_the_new_lines_follow(meeting: Meeting) -> None:
    first = note(meeting, "The first act is meant.", "")
    second = note(meeting, "Insults need a group.", "")
    third = note(meeting, "Insults need no group.", second)

    assert first == "The first act is meant."
    assert second == "The first act is meant.\nInsults need a group."
    assert third == "Insults need no group."


@given(LINES, LINES, LINES)
def test_no_line_of_anybody_is_ever_lost(before: list[str], mine: list[str], theirs: list[str]) -> None:
    seen, now, given = ("\n".join(lines) for lines in (before, theirs, mine))

    found = consensus._together(now, seen, given).splitlines()

    assert set(theirs) <= set(found) or before == theirs
    assert set(mine) - set(before) <= set(found)


def test_an_answer_that_somebody_else_kept_meanwhile_is_shown_and_not_written_over(
    sqlite_app: Flask, meeting: Meeting
) -> None:
    window = factories.browser(sqlite_app, factories.actor("admin"))
    window.get(f"/sessions/{meeting.id}")
    meeting.agree(1, INSULT)
    mine = {"verdict": "violates", "section": "conduct/threats", "action": "remove", "reason": "My own.", "before": ""}

    refused = window.send(f"/sessions/{meeting.id}/cases/1/agreed", mine)
    mark = consensus.mark(db.session.query(Consensus).one())
    db.session.rollback()
    agreed = window.send(f"/sessions/{meeting.id}/cases/1/agreed", mine | {"before": mark})

    assert refused.status_code == 422 and "somebody else has kept it meanwhile" in refused.text
    assert f'name="before" value="{mark}"' in refused.text and "My own." in refused.text
    assert agreed.status_code == 302 and db.session.query(Consensus.section_key).scalar() == "conduct/threats"


def test_an_answer_that_something_rests_on_changes_no_more(meeting: Meeting) -> None:
    meeting.agree(1)
    known = write(lambda: gold.keep(meeting.host, meeting.id, 1)).public_id

    with pytest.raises(Refused):
        meeting.agree(1, INSULT)
    write(lambda: gold.retire(meeting.host, known))
    meeting.agree(1, INSULT)

    assert db.session.query(Consensus.section_key).scalar() == "conduct/insults"


def test_two_who_keep_the_first_answer_at_the_same_moment_leave_one(app: Flask) -> None:
    meeting = Meeting(cases=1).open().all_vote(THREAT, THREAT, INSULT).reveal()
    db.session.rollback()

    def keep(given: object) -> str:
        with app.app_context():
            try:
                meeting.agree(1, given, before="")
            except BadInput:
                return "told"
            return "kept"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(keep, (THREAT, INSULT)))

    assert said == ["kept", "told"]


def test_the_form_is_gone_once_something_rests_on_the_answer(sqlite_app: Flask, meeting: Meeting) -> None:
    meeting.agree(1)
    window = factories.browser(sqlite_app, meeting.host)
    before = window.get(f"/sessions/{meeting.id}").text
    write(lambda: gold.keep(meeting.host, meeting.id, 1))

    after = window.get(f"/sessions/{meeting.id}").text

    assert "Keep this answer" in before and "Keep this answer" not in after
    assert discussion.shown(meeting.host, queries.head(meeting.host, meeting.id), 1).agreed.is_gold


def test_a_second_lead_is_told_that_the_page_is_out_of_date_and_loses_nothing(
    sqlite_app: Flask, meeting: Meeting
) -> None:
    second = factories.browser(sqlite_app, factories.actor("admin"))
    page = second.get(f"/sessions/{meeting.id}").text
    asks = re.findall(r'hx-get="(/sessions/[^"]+)" hx-trigger="every 2s" hx-swap="outerHTML"></div>', page)
    before = second.get(asks[0])

    meeting.agree(1)

    told = second.get(asks[0])
    assert len(asks) == 1 and before.status_code == 204
    assert "Show it as it stands" in told.text and "<form" not in told.text and "hx-get" not in told.text


def test_whoever_takes_part_sees_how_far_it_is_and_its_minutes_without_loading_the_page_anew(
    sqlite_app: Flask,
) -> None:
    meeting = Meeting(cases=1).open().all_vote(THREAT, THREAT, INSULT)
    window = factories.browser(sqlite_app, meeting.people[0])
    before = window.get(f"/sessions/{meeting.id}/live").text

    meeting.reveal()

    after = window.get(f"/sessions/{meeting.id}/live").text
    assert "open for votes" in before and "/minutes" not in before
    assert "in discussion" in after and f"/sessions/{meeting.id}/minutes" in after
