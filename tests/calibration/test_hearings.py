"""Disputes in figures: rates by grader and clause with intervals, and what second looks at undisputed results find."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from calibration import hearings
from calibration.queries.hearings import Heard, Looked
from calibration.stats.intervals import clopper_pearson
from qa import findings
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.hearings import adjudication, audits, disputes
from qa.hearings.disputes import Proposed
from qa.models.grading import Adjudication
from tests import factories
from tests.desk import Desk
from tests.factories import browser
from tests.qa.hearing import day, look, published

ONE = Heard("Grader 1", "conduct/threats", "upheld", 1, in_time=True)
SEEN = Looked(is_error=True, chance=0.5, taken=True, ended=True, turned=False)


def test_a_rate_counts_what_was_overturned_or_changed_in_part_with_its_exact_interval() -> None:
    rows = [ONE] * 6 + [replace(ONE, result="overturned")] * 3 + [replace(ONE, result="partly")]

    found = hearings.rate("All", rows)

    assert (found.decided, found.overturned, found.partly, found.changed) == (10, 3, 1, 0.4)
    assert (found.low, found.high) == clopper_pearson(4, 10)


def test_nothing_decided_gives_no_rate() -> None:
    found = hearings.rate("All", [])

    assert all(math.isnan(one) for one in (found.changed, found.low, found.high))


def test_only_looks_that_have_ended_say_how_many_results_hold() -> None:
    rows = [SEEN, replace(SEEN, turned=True), replace(SEEN, ended=False), replace(SEEN, taken=False, ended=False)]

    found = hearings.undisputed(rows)

    assert (found.errors.n, found.errors.changed, found.errors_considered, found.waiting) == (2, 1, 4, 1)
    assert found.is_said is False


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk()


def test_a_decided_dispute_counts_for_the_clause_and_for_whose_look_settled_it(desk: Desk) -> None:
    finding_id = published(desk)
    with clock.fixed(day(2)):
        dispute_id = write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="verdict", text="A quote.", proposed=Proposed("no_violation")
        ))  # fmt: skip
        open_now = hearings.hearings(desk.manager).waiting
    with clock.fixed(day(3)):
        look(desk.adjudicator, None)
        write(lambda: disputes.decide(desk.adjudicator, dispute_id, choice="own", reason="It is a quote."))

    with clock.fixed(day(3)):
        shown = hearings.hearings(desk.manager)

    assert (open_now, shown.waiting, shown.in_time) == (1, 0, 1)
    assert [(row.label, row.decided, row.overturned) for row in shown.graders] == [("Grader 1", 1, 1)]
    assert [row.label for row in shown.clauses] == ["Conduct: Threats"]
    other = factories.actor("manager", manages=[factories.team("Other")])
    with clock.fixed(day(3)):
        assert hearings.hearings(other).every.decided == 0


def test_a_correct_result_that_does_not_hold_makes_figures_too_kind(desk: Desk) -> None:
    write(lambda: preferences.put(SYSTEM, "audit_share_correct", 1.0))
    desk.drawn_case()
    look(desk.graders[0])
    with clock.fixed(day(1)):
        write(findings.release_due)
    with clock.fixed(day(10)):
        write(audits.consider)
    waiting = hearings.hearings(desk.manager).undisputed.waiting
    for at, who in ((11, factories.actor("reviewer")), (12, factories.actor("reviewer")), (13, desk.adjudicator)):
        with clock.fixed(day(at)):
            look(who, None)
    with clock.fixed(day(13)):
        between = hearings.hearings(desk.manager).undisputed
    with clock.fixed(day(13)):
        ruling_id = db.session.scalars(select(Adjudication.public_id)).one()
        write(lambda: adjudication.decide(desk.adjudicator, ruling_id, ruling="own", reason="It is a quote."))

    with clock.fixed(day(13)):
        found = hearings.hearings(desk.manager).undisputed

    assert (waiting, between.waiting, between.correct.n) == (1, 1, 0)
    assert (found.waiting, found.correct.n, found.correct.changed, found.net.estimate) == (0, 1, 1, 1.0)


def test_a_lead_who_also_grades_is_told_as_of_the_last_release(desk: Desk) -> None:
    finding_id = published(desk)
    both = factories.actor("manager", "reviewer", manages=None)
    with clock.fixed(day(2)):
        dispute_id = write(lambda: disputes.open_dispute(
            desk.agent, finding_id, kind="verdict", text="A quote.", proposed=Proposed("no_violation")
        ))  # fmt: skip
    with clock.fixed(day(3)):
        look(desk.adjudicator, None)
        write(lambda: disputes.decide(desk.adjudicator, dispute_id, choice="own", reason="It is a quote."))
        at_once = [hearings.hearings(who).every.decided for who in (desk.manager, both)]
    with clock.fixed(day(4)):
        later = hearings.hearings(both).every.decided

    assert (at_once, later) == ([1, 0], 1)


def test_the_page_says_not_enough_data_and_keeps_cases_and_agents_out(sqlite_app: Flask) -> None:
    desk = Desk()
    published(desk)

    page = browser(sqlite_app, desk.manager).get("/disputes").text

    assert "0 disputes were decided" in page
    assert "not enough data" in page
    assert desk.agent.name not in page
