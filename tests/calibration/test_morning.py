"""The home of a lead: samples, what was closed late, graders."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from calibration import morning
from qa.core import clock
from tests import factories
from tests.calibration.settled import One, Settled
from tests.calibration.test_grader_page import INSULT, THREAT, looked_at
from tests.desk import Desk


def test_the_sample_is_told_by_week_with_what_is_open(app: Flask) -> None:
    desk = Settled()
    desk.put([One(True) for _ in range(6)] + [One(None, state="open") for _ in range(2)])
    before = desk.another_draw("earlier", drawn_at=clock.now() - timedelta(weeks=1))
    desk.put([One(True) for _ in range(3)], stratum=desk.new_stratum("e", 30, 3, draw=before))
    sought = desk.another_draw("sought", purpose="find")
    desk.put([One(True)], stratum=desk.new_stratum("f", 10, 1, draw=sought))

    card = morning.sample_card(desk.manager)

    assert card is not None
    assert [(week.monday.isoformat(), week.drawn, week.ended, week.open, week.is_final) for week in card.weeks] == [
        ("2026-11-16", 8, 6, 2, False), ("2026-11-09", 3, 3, 0, True),
    ]  # fmt: skip
    assert (card.drawn, card.ended, card.open) == (11, 9, 2)


def test_cases_closed_after_their_due_time_are_counted_for_the_teams_that_one_leads(app: Flask) -> None:
    desk = Desk()
    closed = clock.now() - timedelta(days=3)
    for turn in range(40):
        due = closed + timedelta(hours=1 if turn >= 4 else -1)
        desk.case(closed_at=closed, due_at=due, workflow="escalation" if turn % 2 else "abuse_report")
    desk.case(closed_at=closed)
    desk.case(closed_at=clock.now() - timedelta(weeks=5), due_at=clock.now() - timedelta(weeks=6))

    card = morning.late_card(desk.manager)
    elsewhere = morning.late_card(factories.actor("manager", manages=[factories.team("Far away")]))

    assert card is not None and elsewhere is None
    assert (card.share.right, card.share.n) == (4, 40)
    assert [(one.workflow, one.late, one.n) for one in card.workflows] == [
        ("abuse_report", 2, 20),
        ("escalation", 2, 20),
    ]
    assert card.share.limits[0] < 0.1 < card.share.limits[1]


def test_the_home_names_graders_off_calibration(sqlite_app: Flask) -> None:
    desk = looked_at(31, THREAT, THREAT, INSULT)

    text = factories.browser(sqlite_app, desk.manager).get("/").text

    assert "differs from settled decisions more than the others do" in text
    assert "Grader 2" in text and "Grader 0" not in text
    assert "Cases decided" in text


def test_where_nothing_was_drawn_or_graded_no_card_stands(sqlite_app: Flask) -> None:
    lead = factories.actor("manager", manages=None)

    assert morning.sample_card(lead) is None
    assert morning.late_card(lead) is None
    assert morning.graders_card(lead) is None
