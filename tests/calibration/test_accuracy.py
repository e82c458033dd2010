"""Accuracy against computations by hand: weights, strata, non-response, open cases, several plans, levels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flask import Flask
from scipy import stats
from sqlalchemy import insert, select, update
from statsmodels.stats.proportion import proportion_confint

from calibration import accuracy
from calibration.accuracy import Rate
from qa.core import clock
from qa.core.db import db, write
from qa.core.errors import BadInput
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.plans import Draw
from qa.models.truth import Settlement, Truth
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(app: Flask) -> Settled:
    return Settled(agents=2)


@pytest.fixture
def small(sqlite_app: Flask) -> Settled:
    return Settled(agents=2)


def only(**given: Any) -> Rate:
    db.session.rollback()
    return accuracy.rows(**given)[0]


def two_tiers(desk: Settled, *, low: list[bool | None], high: list[bool | None], frames: tuple[int, int]) -> None:
    """One agent's cases in a large easy stratum and a small hard one."""
    for name, rights, frame in (("low", low, frames[0]), ("high", high, frames[1])):
        stratum = desk.new_stratum(f"agent|{name}", frame, len(rights))
        desk.put([One(right, tier=name, state="settled") for right in rights], stratum=stratum)


def test_two_strata_weigh_what_their_frames_weigh(desk: Settled) -> None:
    two_tiers(desk, low=[True] * 38 + [False] * 2, high=[True] * 28 + [False] * 12, frames=(900, 100))

    found = only()

    expected = 0.9 * 38 / 40 + 0.1 * 28 / 40
    assert found.figure.estimate == pytest.approx(expected, abs=1e-12)
    assert found.figure.raw == pytest.approx(66 / 80)
    assert (found.figure.n, found.figure.open, found.figure.frame) == (80, 0, 1000)


def test_the_interval_is_korn_and_graubard_s_by_hand(desk: Settled) -> None:
    two_tiers(desk, low=[True] * 38 + [False] * 2, high=[True] * 28 + [False] * 12, frames=(900, 100))
    weight, n, right = np.array([0.9, 0.1]), np.array([40, 40]), np.array([38, 28])
    p_h = right / n
    p = float(weight @ p_h)
    variance = float(weight**2 @ (p_h * (1 - p_h) / (n - 1)))
    size = min(80.0, p * (1 - p) / variance * (stats.t.ppf(0.975, 79) / stats.t.ppf(0.975, 78)) ** 2)
    low, high = (
        stats.beta.ppf(0.025, p * size, size - p * size + 1),
        stats.beta.ppf(0.975, p * size + 1, size - p * size),
    )

    found = only()

    assert (found.figure.low, found.figure.high) == pytest.approx((low, high), abs=1e-9)
    assert found.figure.n_effective == pytest.approx(size)


def test_a_census_of_one_stratum_has_the_interval_of_its_underlying_rate_and_no_width_of_the_period(
    small: Settled,
) -> None:
    small.put([One(turn >= 4) for turn in range(100)], stratum=small.new_stratum("every", 100, 100))

    underlying, period = only(), only(estimand="period")

    expected = proportion_confint(96, 100, method="beta")
    assert (underlying.figure.low, underlying.figure.high) == pytest.approx(expected, abs=1e-9)
    assert (period.figure.low, period.figure.high) == pytest.approx((0.96, 0.96))


def test_what_nobody_could_grade_weighs_through_its_stratum(small: Settled) -> None:
    lost = [None] * 20
    two_tiers(small, low=[True] * 40, high=[True] * 10 + [False] * 10 + lost, frames=(500, 500))
    nobody = update(Settlement).where(Settlement.state == "open").values(state="unreached")
    write(lambda: db.session.execute(nobody))

    found = only()

    assert found.figure.estimate == pytest.approx(0.5 * 1 + 0.5 * 0.5)
    assert (found.figure.n, found.figure.open) == (60, 0)


def test_open_cases_leave_a_range_until_two_in_a_hundred_are_left(desk: Settled) -> None:
    stratum = desk.new_stratum("every", 1000, 100)
    ids = desk.put(
        [One(turn >= 5) if turn < 90 else One(None, state="difference") for turn in range(100)], stratum=stratum
    )

    running = only()
    settle(ids[90:98])
    final = only()

    row = running.as_json()
    assert row["estimate"] is None and row["open"] == 10
    assert (row["low"], row["high"]) == pytest.approx((0.85, 0.95))
    assert "in progress" in row["note"]
    assert final.figure.open == 2
    assert final.figure.estimate == pytest.approx(93 / 98)


def settle(ids: list[int]) -> None:
    """Let open cases be settled as right."""
    truths = [
        {"case_id": case_id, "no": 1, "verdict": "violates", "section_key": "conduct/threats", "basis": "agreed",
         "settled_at": clock.now(), "right_verdict": True, "right_policy": True}
        for case_id in ids
    ]  # fmt: skip
    write(lambda: db.session.execute(insert(Truth), truths))
    done = update(Settlement).where(Settlement.case_id.in_(ids)).values(state="settled")
    write(lambda: db.session.execute(done))


def test_two_plans_that_both_could_draw_a_case_share_its_weight(desk: Settled) -> None:
    """Each selection weighs 1 / (sum of the case's chances in all windows that contain it), drawn there or not."""
    agent = db.session.scalars(select(Person.external_id).where(Person.id == desk.agent.id)).one()
    first = desk.new_stratum(agent, 100, 50)
    in_first = [One(turn >= 5) for turn in range(50)]
    first_ids = desk.put(in_first, stratum=first)
    second = desk.new_stratum("all", 100, 25, draw=desk.another_draw("second"))
    desk.put([One(True) for _ in range(10)], stratum=second)
    again = [One(False)] * 5 + [One(True)] * 10
    write(lambda: desk.attach(first_ids[:15], again, second))

    found = only()

    weight = 1 / (0.5 + 0.25)
    right, total = (45 + 10 + 10) * weight, (50 + 25) * weight
    assert found.figure.estimate == pytest.approx(right / total)
    assert found.figure.n == 75


def test_a_policy_is_a_domain_that_cuts_across_agents(small: Settled) -> None:
    for agent, frame in ((0, 400), (1, 100)):
        cases = [
            One(turn >= 4, "conduct/insults" if turn % 2 else "conduct/threats", agent=agent) for turn in range(40)
        ]
        small.put(cases, stratum=small.new_stratum(f"a{agent}", frame, 40))

    rows = {row.keys["policy"]: row for row in accuracy.rows(by=("policy",))}

    assert set(rows) == {"conduct/insults", "conduct/threats"}
    assert rows["conduct/insults"].figure.estimate == pytest.approx(0.9)
    assert rows["conduct/insults"].figure.frame == 250


def test_no_figure_is_given_on_a_level_that_is_not_settled(small: Settled) -> None:
    small.put([One(True) for _ in range(40)], stratum=small.new_stratum("every", 400, 40))

    assert accuracy.rows(match="action") == []
    assert accuracy.rows(match="verdict")[0].figure.n == 40


def test_periods_are_of_closing_and_both_ends_are_as_said(small: Settled) -> None:
    small.put([One(True, weeks_ago=3)] * 3 + [One(False, weeks_ago=1)] * 2, stratum=small.new_stratum("every", 50, 5))
    cut = db.session.scalars(select(ClosedCase.closed_at).order_by(ClosedCase.closed_at)).all()[3]

    before, after = accuracy.rows(until=cut)[0], accuracy.rows(since=cut)[0]

    assert (before.figure.n, after.figure.n) == (3, 2)


def test_a_changed_truth_moves_the_figure_at_once(small: Settled) -> None:
    ids = small.put([One(turn >= 4) for turn in range(40)], stratum=small.new_stratum("every", 400, 40))

    write(lambda: db.session.execute(update(Truth).where(Truth.case_id == ids[0]).values(right_policy=True)))

    assert only().figure.estimate == pytest.approx(37 / 40)


def test_an_unfinished_draw_is_left_out_whole_of_pages_never_its_open_cases_alone(small: Settled) -> None:
    small.put([One(True)] * 40, stratum=small.new_stratum("done", 400, 40))
    running = small.new_stratum("running", 100, 20, draw=small.another_draw("this week"))
    small.put([One(True)] * 15 + [One(None, state="difference")] * 5, stratum=running)
    drawn = list(accuracy.measured.drawn_cases())

    kept = accuracy.finished(drawn)

    assert (len(drawn), len(kept)) == (60, 40)
    assert {row.draw_id for row in kept} == {small.draw.id}


@pytest.mark.parametrize("asked", [{"by": ("shoe size",)}, {"match": "mood"}, {"estimand": "future"}])
def test_what_is_unknown_is_refused_with_what_there_is(sqlite_app: Flask, asked: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="one of"):
        accuracy.rows(**asked)


def test_drawing_again_does_not_count_a_replaced_draw(small: Settled) -> None:
    small.put([One(True)] * 40, stratum=small.new_stratum("every", 400, 40))

    write(lambda: db.session.execute(update(Draw).values(replaced_at=clock.now())))

    assert accuracy.rows() == []
