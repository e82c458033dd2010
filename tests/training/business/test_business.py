"""The business case: facts are those of the period, nothing is priced that nobody priced, and limits are carried on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from calibration import periods
from calibration.harm import weights
from calibration.periods import Period
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.cases import ClosedCase
from qa.models.grading import Batch, Grade, Task
from qa.models.truth import Finding, Truth
from tests import factories
from tests.calibration.settled import One, Settled
from training.business import facts, sheet
from training.business.facts import Facts
from training.business.sheet import ASSUMED, Sheet
from training.queries.completions import Completion

ALL = dict.fromkeys(ASSUMED, 10.0)


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """A hundred and sixty settled cases, one in eight wrong, with results."""
    found = Settled()
    ids = found.put([One(number % 8 != 0, weeks_ago=1 + number % 4) for number in range(160)])
    rows = db.session.execute(select(Truth.id, Truth.case_id, Truth.right_policy).where(Truth.case_id.in_(ids))).all()
    db.session.rollback()

    def results() -> None:
        db.session.add_all(
            Finding(
                case_id=row.case_id, truth_id=row.id, agent_id=found.agent.id, state="published",
                kind="correct" if row.right_policy else "false_positive", publish_at=clock.now(),
            )
            for row in rows
        )  # fmt: skip

    write(results)
    return found


def period() -> Period:
    return periods.period()


def graded(desk: Settled, *seconds: int | None) -> None:
    """Committed looks that took so long."""
    for taken in seconds:
        case = desk.drawn_case()
        task = db.session.scalars(select(Task).where(Task.case_id == case.id)).one()
        task_id = task.id
        batch = factories.kept(
            Batch(person_id=desk.graders[0].id, state="closed", opened_at=clock.now(), last_at=clock.now())
        )
        values = {"task_id": task_id, "batch_id": batch.id, "person_id": desk.graders[0].id, "verdict": "violates",
                  "confidence": "high", "seconds_shown": taken, "graded_at": clock.now(),
                  "committed_at": clock.now()}  # fmt: skip
        write(lambda values=values: db.session.execute(insert(Grade).values(**values)))


def line(seen: Sheet, name: str) -> sheet.Line:
    return next(one for one in [*seen.put_in, *seen.came_out, *seen.saved] if one.name == name)


def test_without_an_assumption_nothing_has_a_price(desk: Settled) -> None:
    seen = sheet.sheet(facts.facts(period()), {})

    assert {one.money for one in [*seen.put_in, *seen.came_out, *seen.saved]} == {None}
    assert seen.balance is None
    assert line(seen, "Errors put right").missing == "the share that is put right is not set"


def test_errors_are_counted_and_estimated_with_limits(desk: Settled) -> None:
    known = facts.facts(period())

    seen = sheet.sheet(known, {"corrected": 50.0, "error_cost": 4.0})

    assert known.closed == 160 and known.found == {"false_positive": 20}
    assert line(seen, "Errors found").amount == (20, 20, 20)
    assert line(seen, "Errors put right").money == (40, 40, 40)
    amount = line(seen, "Errors in all cases").amount
    assert amount is not None and amount[0] == pytest.approx(20) and 10 < amount[1] < 20 < amount[2] < 32


def test_harm_is_that_of_the_weights_that_are_set(desk: Settled) -> None:
    before = line(sheet.sheet(facts.facts(period()), {}), "Harm in all cases")
    write(lambda: weights.put(SYSTEM, "policy", "conduct/threats", over=3.0, missed=3.0))

    after = line(sheet.sheet(facts.facts(period()), {}), "Harm in all cases")

    assert (before.amount, before.missing) == (None, "no weight is set")
    assert after.amount is not None and after.amount[0] == pytest.approx(60, abs=0.5)


def of(**given: object) -> Facts:
    """Facts of thirteen weeks with everything at hand."""
    usual = {
        "period": periods.period(), "looks": 100, "timed": 50, "grading_hours": 5.0, "trainings": 2,
        "training_hours": 0.5, "closed": 1000, "settled": 60, "settling_looks": 70, "found": {}, "total": None,
        "harm": None, "avoided": (8.0, 2.0, 14.0), "measured": 2,
    }  # fmt: skip
    return Facts(**{**usual, **given})


def test_the_balance_carries_the_limits_of_what_was_avoided(sqlite_app: Flask) -> None:
    seen = sheet.sheet(of(), ALL)

    put_in = 5.0 * 10 + 0.5 * 10 + 10 * 13 * 10 + 10 * 13
    assert seen.balance == pytest.approx((80 - put_in, 20 - put_in, 140 - put_in))


def test_second_looks_only_where_people_differ_save_what_two_each_would_have_taken(sqlite_app: Flask) -> None:
    seen = sheet.sheet(of(), {"grader_hour": 20.0})

    saved = line(seen, "Second looks where people differ, not everywhere")
    assert saved.amount is not None and saved.amount[0] == pytest.approx((2 * 60 - 70) * 5.0 / 100)
    assert saved.money is not None and saved.money[0] == pytest.approx(50)


def test_looks_that_were_not_timed_count_like_those_that_were(desk: Settled) -> None:
    graded(desk, 100, 200, None)

    known = facts.facts(period())

    assert (known.looks, known.timed) == (3, 2)
    assert known.grading_hours == pytest.approx(3 * 150 / 3600)


def test_what_a_training_changed_counts_on_the_cases_closed_since_on_what_was_taught(desk: Settled) -> None:
    done_at = clock.now() - timedelta(days=17)
    taught = Completion(7, "a", desk.agent.id or 0, 1, "m", "M", ("conduct/threats",), done_at, done_at)
    other = Completion(8, "b", desk.agent.id or 0, 1, "m", "M", ("conduct/insults",), done_at, done_at)

    found = facts.avoided([(taught, (0.10, 0.05, 0.20)), (other, (0.5, 0.1, 0.9))], *period().moments)

    since = (done_at + timedelta(days=7)).date()
    closed = db.session.scalars(select(ClosedCase.closed_at).where(ClosedCase.agent_id == desk.agent.id))
    n = sum(moment.date() >= since for moment in closed)
    assert 0 < n < 160
    assert found == pytest.approx((0.10 * n, 0.05 * n, 0.20 * n))
    assert facts.facts(period()).avoided is None


def test_the_page_prints_its_assumptions_and_refuses_who_grades(desk: Settled) -> None:
    client = factories.browser(desk.app, desk.manager)
    both = factories.browser(desk.app, factories.actor("manager", "reviewer", manages=None))

    page = client.get("/business-case?grader_hour=40&corrected=100&error_cost=2&money=GBP").text
    wrong = client.get("/business-case?corrected=300")
    table = client.get("/business-case.csv?error_cost=2").text

    assert "An hour of grading costs: 40 (set by you)" in page and "Worth (GBP)" in page
    assert wrong.status_code == 422 and "from 0 to 100" in wrong.text
    assert "assumption,An error of weight 1 costs,money,2.0" in table and "not set" in table
    assert "You may be given cases" in both.get("/business-case").text
    assert both.get("/business-case.csv").text.count("\n") == 1


def test_erased_and_replaced_results_do_not_count(desk: Settled) -> None:
    write(lambda: db.session.execute(update(Finding).values(state="replaced")))

    assert facts.facts(period()).found == {}


def test_a_kept_sheet_stays_as_it_was_with_who_when_and_by_which_assumptions(desk: Settled) -> None:
    client = factories.browser(desk.app, desk.manager)
    address = "/business-case?grader_hour=40&corrected=100&error_cost=2&money=GBP&_scheme=javascript&endpoint=x"
    before = client.get(address).text

    kept = client.send("/business-case/kept?" + address.partition("?")[2], {"name": "For the  board"})
    write(lambda: db.session.execute(update(Finding).values(kind="correct")))
    page, now = client.get(kept.headers["Location"]).text, client.get(address).text

    assert "20 errors" in before and "20 errors" not in now
    assert "For the board" in page and "20 errors" in page and f"by {desk.manager.name}" in page
    assert "An hour of grading costs: 40 (set by you)" in page and "Worth (GBP)" in page
    assert "grader_hour=40" in page and "javascript:" not in before + now + page
    assert "For the board" in now and now.count("Keep this sheet") == 1


def test_only_who_leads_all_teams_keeps_sheets_and_observers_read_them(desk: Settled) -> None:
    client = factories.browser(desk.app, desk.manager)
    kept = client.send("/business-case/kept", {"name": "For the board"}).headers["Location"]
    observer, grader = (
        factories.browser(desk.app, one)
        for one in (factories.actor("observer"), factories.actor("manager", "reviewer", manages=None))
    )

    nameless = client.send("/business-case/kept", {"name": " "})
    wrong = client.send("/business-case/kept?corrected=300", {"name": "For the board"})
    read, told = observer.get(kept), observer.get("/business-case").text
    shut = [grader.get(kept).status_code, grader.send(f"{kept}/remove", {}).status_code]
    foreign = [observer.send("/business-case/kept", {"name": "Mine"}).status_code,
               grader.send("/business-case/kept", {"name": "Mine"}).status_code]  # fmt: skip
    removed = client.send(f"{kept}/remove", {})

    assert (nameless.status_code, wrong.status_code, read.status_code) == (422, 422, 200)
    assert "Let it go" not in read.text and "Keep this sheet" not in told and "For the board" in told
    assert shut == [404, 404] and foreign == [404, 422]
    assert removed.status_code == 302 and client.get(kept).status_code == 404
