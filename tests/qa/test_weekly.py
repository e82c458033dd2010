"""A week's differences for the team's meeting: by clause, and nothing that says who or which case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from qa import findings
from qa.core import clock
from qa.core.db import write
from qa.hearings import disputes
from qa.hearings.disputes import Proposed
from qa.queries import weekly
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk
from tests.factories import browser
from tests.qa.hearing import INSULTS, day, look, published

MONDAY = TODAY.date()


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk()


def test_differences_stand_by_clause_the_most_frequent_first(desk: Desk) -> None:
    published(desk)
    published(desk)
    desk.drawn_case(decided="none", action="keep")
    look(desk.graders[0], INSULTS)
    with clock.fixed(day(1)):
        look(desk.graders[1], INSULTS)
    with clock.fixed(day(4)):
        write(findings.release_due)

        shown = weekly.week(desk.manager, MONDAY)

    assert [(one.label, len(one.rows)) for one in shown.clauses] == [("Conduct: Threats", 2), ("Conduct: Insults", 1)]
    assert shown.total == 3
    assert shown.clauses[0].rows[0].feedback == "The second point."


def test_what_is_not_published_or_under_dispute_or_of_another_week_is_left_out(desk: Desk) -> None:
    finding_id = published(desk)
    with clock.fixed(day(2)):
        other_week = weekly.week(desk.manager, MONDAY - timedelta(days=7)).total
        before = weekly.week(desk.manager, MONDAY).total
        write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="verdict", text="A quote.", proposed=Proposed("no_violation")
        ))  # fmt: skip
        disputed = weekly.week(desk.manager, MONDAY).total
    desk.drawn_case(decided="none", action="keep", agent_id=factories.person("agent").id)
    look(desk.graders[0])
    with clock.fixed(day(1)):
        look(desk.graders[1])

    assert (other_week, before, disputed) == (0, 1, 0)
    assert weekly.week(desk.manager, MONDAY).total == 0


def test_a_lead_sees_the_own_teams_and_whoever_grades_only_cases_they_are_out_of(desk: Desk) -> None:
    published(desk)
    other = factories.actor("manager", manages=[factories.team("Other")])
    both = factories.actor("manager", "reviewer", manages=None)

    with clock.fixed(day(3)):
        assert [weekly.week(who, MONDAY).total for who in (desk.manager, other, both)] == [1, 0, 0]


def test_the_page_names_nobody_and_no_case(sqlite_app: Flask) -> None:
    desk = Desk()
    published(desk)

    with clock.fixed(day(3)):
        client = browser(sqlite_app, desk.manager)
        page = client.get("/differences/week").text
        before = client.get("/differences/week?from=2026-11-11").text
        odd = [
            client.get(f"/differences/week?from={text}").status_code for text in ("soon", "0001-01-01", "9999-12-31")
        ]

    assert "1 difference this week" in page
    assert "Saying where somebody lives so that others go there" in page
    assert "The second point." in page
    assert all(name not in page for name in (desk.agent.name, "Grader 0", "Grader 1", "case-no-1"))
    assert "No difference was published in this week." in before
    assert odd == [404, 404, 404]


def test_weeks_go_back_to_the_first_one_with_a_difference_and_no_further(sqlite_app: Flask) -> None:
    desk = Desk()
    published(desk)

    with clock.fixed(day(9)):
        client = browser(sqlite_app, desk.manager)
        later, first = client.get("/differences/week").text, client.get(f"/differences/week?from={MONDAY}").text

    assert ("Week before" in later, "Week before" in first) == (True, False)
    assert "Week after" in first
