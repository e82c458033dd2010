"""What publishing a change would cost is told before: whom, how many, how long, and why."""

from __future__ import annotations

from flask import Flask

from calibration import precedents
from calibration.gold import gold
from qa.core import registries
from qa.core.access import Actor
from qa.core.db import write
from tests import factories
from tests.calibration.meeting import THREAT, Meeting
from tests.desk import POLICY, Desk
from tests.qa.drafted import begun


def told(reader: Actor, *keys: str) -> dict[str, tuple[int, float]]:
    return {one.who: (one.count, one.minutes) for one in registries.change_costs(reader, keys)}


def test_a_change_asks_those_who_work_by_the_clause_and_those_who_keep_what_leans_on_it(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=2, people=2)
    meeting.open().all_vote(THREAT, THREAT).reveal()
    for place in (1, 2):
        meeting.agree(place)
    write(lambda: precedents.keep(meeting.host, meeting.id, 1, title="At the door"))
    write(lambda: gold.keep(meeting.host, meeting.id, 2))
    other = factories.actor("agent")
    meeting.desk.case(agent_id=other.id)

    found = told(meeting.host, "conduct/threats")

    assert found == {"people": (2, 10.0), "precedent": (1, 3.0), "known-answer case": (1, 3.0)}
    assert told(meeting.host, "conduct/praise") == {}
    assert told(meeting.host) == {}


def test_whoever_may_be_given_a_known_answer_is_not_told_that_there_is_one(sqlite_app: Flask) -> None:
    meeting = Meeting(cases=1, people=2).open().all_vote(THREAT, THREAT).reveal()
    meeting.agree(1)
    write(lambda: gold.keep(meeting.host, meeting.id, 1))

    grades = factories.actor("policy_owner", "reviewer")

    assert "known-answer case" in told(meeting.host, "conduct/threats")
    assert "known-answer case" not in told(grades, "conduct/threats")


def test_the_page_of_a_draft_says_it_for_what_changes_in_substance_and_for_nothing_else(sqlite_app: Flask) -> None:
    desk = Desk()
    for decided in ("conduct/praise", "conduct/insults"):
        desk.case(decided=decided, play_key=decided)
    browser = factories.browser(sqlite_app, factories.actor("policy_owner"))
    pages = [
        browser.get(f"/policy-drafts/{begun(text).public_id}").text
        for text in (
            POLICY.replace("- Thanking somebody", "- Thanking somebody\n- Sending money"),
            POLICY.replace("Calling somebody worthless", "Calling somebody  worthless"),
        )
    ]

    assert "1 person, about 5 minutes together: decided cases there in the last 90 days" in pages[0]
    assert "What it costs" not in pages[1]
