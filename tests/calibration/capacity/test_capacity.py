"""Capacity: arrivals by the hour of the week, people by the model, looks by plans and portions; and what if."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from calibration.capacity import arrivals, grading, staffing
from calibration.capacity.arrivals import HOURS, Arrivals
from calibration.capacity.staffing import WhatIf
from calibration.capacity.waiting import waiting
from calibration.stats.queueing import people_needed
from qa import settlement
from qa.core import clock, preferences, released
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.leave import calendar
from qa.core.leave.calendar import Span
from qa.grading import blind, queue
from qa.models.plans import PlanVersion
from tests import factories
from tests.desk import Desk

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    """Cases of the last whole weeks: four on a Monday morning, one on a Friday night, one too early to count."""
    found = Desk(graders=2)
    opened = [MONDAY + timedelta(hours=9, minutes=number) for number in range(4)]
    opened += [MONDAY + timedelta(days=4, hours=23, weeks=-1), MONDAY - timedelta(weeks=8)]
    for moment in opened:
        found.case(opened_at=moment, due_at=moment + timedelta(hours=4), handle_seconds=600, closed_at=clock.now())
    found.case(closed_at=clock.now())
    return found


def test_arrivals_stand_at_their_hour_of_the_week_by_the_clocks_of_the_zone(desk: Desk) -> None:
    here = arrivals.arrivals("UTC")
    there = arrivals.arrivals("America/New_York")

    assert (here.n, here.by_hour[9], here.by_hour[4 * 24 + 23]) == (5, 4, 1)
    assert here.by_week == (0, 0, 0, 0, 0, 0, 1, 4)
    assert (there.by_hour[4], there.by_hour[4 * 24 + 18]) == (4, 1)
    assert (here.handle_seconds, here.timed, here.allowed_hours) == (600.0, 5, 4.0)
    assert arrivals.arrivals("UTC", "escalation").n == 0


def busy(by_hour: dict[int, int]) -> Arrivals:
    """Arrivals of eight weeks with so many cases in some hours."""
    cases = tuple(by_hour.get(hour, 0) for hour in range(HOURS))
    return Arrivals(MONDAY, 8, (), cases, (sum(cases) // 8,) * 8)


def test_an_hour_takes_the_people_of_the_model_and_those_who_are_away_besides() -> None:
    found = staffing.staffing(busy({9: 1600}), WhatIf(180, (180 + 20) / 3600, in_time=0.80, shrinkage=0.30))

    assert found is not None
    assert (found.peak.cases, found.peak.load, found.peak.people, found.peak.rostered) == (200, 10, 14, 20)
    assert (found.total, found.least, found.most) == (20, 20, 20)
    assert found.peak.rule == pytest.approx(20, abs=2) and found.peak.in_time == pytest.approx(0.888, abs=5e-4)


def test_more_arrivals_longer_cases_and_a_higher_share_all_take_more_people() -> None:
    usual = WhatIf(600, 2.0, in_time=0.90, shrinkage=0.0)
    cases = busy({9: 400, 10: 240, 100: 80})

    def total(asked: WhatIf) -> int:
        found = staffing.staffing(cases, asked)
        return 0 if found is None else found.total

    assert total(WhatIf(600, 2.0, 0.90, 0.0, more=0.5)) > total(usual)
    assert total(WhatIf(1200, 2.0, 0.90, 0.0)) > total(usual)
    assert total(WhatIf(600, 0.2, 0.99, 0.0)) > total(usual)
    assert total(usual) == sum(people_needed(n / 8 / 6, 11, 0.90) for n in (400, 240, 80))


def test_where_even_a_case_that_waits_not_is_late_nothing_is_said() -> None:
    assert staffing.staffing(busy({9: 80}), WhatIf(3600, 0.5)) is None
    assert staffing.staffing(busy({}), WhatIf(600, 1.0)) is None


def test_grading_is_what_plans_ask_and_portions_without_days_off_give(desk: Desk) -> None:
    for _ in range(3):
        desk.drawn_case(looks=2)
    scope = preferences.of_person(desk.graders[0].public_id)
    version = db.session.get_one(PlanVersion, desk.version.id)
    db.session.rollback()

    def arrange() -> None:
        db.session.get_one(PlanVersion, version.id).schedule = {"every": "week"}
        preferences.put(SYSTEM, "weekly_portion", 20, scope=scope)
        calendar.enter([Span(desk.graders[1].id, None, date(2026, 11, 17), date(2026, 11, 27), "leave")])

    write(arrange)

    found = grading.grading(more=0.10, an_hour=20.0)

    assert [(one.looks, one.a_week) for one in found.plans] == [(6, 6.0)]
    assert found.needed == pytest.approx(6.6) and found.waiting == 6
    days = (20 + 20 + 11) / 4  # two graders and the adjudicator; one is away for nine days
    assert (found.graders, found.days) == (3, days)
    assert found.available == 20 + 60 * 11 / 4 + 60 * 5
    assert found.done_on == date(2026, 11, 17)


def test_the_page_says_what_it_takes_and_what_if(desk: Desk) -> None:
    client = factories.browser(desk.app, desk.manager)

    page = client.get("/capacity").text
    more = client.get("/capacity?more=300&handle=60").text
    late = client.get("/capacity?handle=300&allowed=1").text
    wrong = client.get("/capacity?shrinkage=99")
    table = client.get("/capacity.csv").text

    assert "Staffed hours a week" in page and "5 cases came in" in page
    assert more != page and "Nothing can be in time" in late
    assert wrong.status_code == 422 and "Give a number from 0 to 80" in wrong.text
    assert table.count("\n") == HOURS + 1 and "Mon,9,0.5," in table


def test_a_lead_who_grades_types_the_handle_time_and_is_told_no_mean_of_it(desk: Desk) -> None:
    both = factories.browser(desk.app, factories.actor("manager", "reviewer", manages=None))

    untyped = both.get("/capacity").text
    typed = both.get("/capacity?handle=10").text

    assert "Give the <strong>handle time</strong>" in untyped and "cases have one" not in untyped + typed
    assert 'name="handle" type="number" step="any" min="0.1" max="600.0" value=""' in untyped
    assert "Staffed hours a week" in typed and "5 cases came in" in typed
    assert both.get("/capacity.csv").text.count("\n") == 1
    assert both.get("/capacity.csv?handle=10").text.count("\n") == HOURS + 1


def test_a_lead_who_grades_is_told_which_planned_looks_waited_at_the_last_release(desk: Desk) -> None:
    noon = released.last_release() + timedelta(hours=4)
    for _ in range(3):
        desk.drawn_case()
    with clock.fixed(noon + timedelta(hours=1)):
        desk.drawn_case()
        further = {"case_id": desk.case().id, "workflow_id": 1, "purpose": "second"}
        write(lambda: queue.add_tasks([further], release_at=clock.now()))
        looked = write(lambda: blind.claim(desk.graders[0]))
        assert looked is not None
        write(lambda: blind.grade(desk.graders[0], looked, verdict="no_violation", confidence="high"))
    with clock.fixed(noon + timedelta(hours=2)):
        held = released.last_release()
        now, then = waiting(), waiting(held)
    with clock.fixed(noon + timedelta(days=1)):
        tomorrow = waiting(released.last_release())

    assert (now, then) == (4, 0), "none was there yet"
    assert tomorrow == 3, "of four planned looks one was given; further looks are not counted"


def test_a_look_that_was_given_or_ended_since_the_last_release_waits_for_a_lead_who_grades_still(desk: Desk) -> None:
    cases = [desk.drawn_case() for _ in range(4)]
    with clock.fixed(released.last_release() + timedelta(days=1, hours=1)):
        held = released.last_release()
        before = waiting(), waiting(held)
        look = write(lambda: blind.claim(desk.graders[0]))
        assert look is not None
        write(lambda: blind.grade(desk.graders[0], look, verdict="no_violation", confidence="high"))
        write(lambda: blind.close_batch(desk.graders[0]))
        passed_on = write(lambda: blind.claim(desk.graders[1]))
        assert passed_on is not None
        write(lambda: blind.skip(desk.graders[1], passed_on, reason="not_my_language"))
        write(lambda: settlement.give_up(cases[3].id, "unreached", "nobody was left"))
        after = waiting(), waiting(held)

    assert before == (4, 4)
    assert after[0] < 4 and after[1] == 4
