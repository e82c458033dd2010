"""Stratified accuracy: weights, open cases, thin strata, and coverage."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.estimate import KORN_GRAUBARD, PERIOD, SMOOTHED_WILSON
from calibration.stats.intervals import clopper_pearson, wilson
from calibration.stats.weighted import Stratum, accuracy, joined


def tiers(*rows: tuple[int, int, int, int, int]) -> list[Stratum]:
    """Strata of one agent from (frame, drawn, settled, right, open)."""
    return [Stratum(("ann", f"tier {no}"), *row) for no, row in enumerate(rows)]


@st.composite
def strata(draw: st.DrawFn) -> list[Stratum]:
    """One to four strata with any number of settled, open and lost cases."""
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        settled, still_open, lost = (draw(st.integers(0, 20)) for _ in range(3))
        drawn = settled + still_open + lost
        rows.append((drawn + draw(st.integers(0, 200)), drawn, settled, draw(st.integers(0, settled)), still_open))
    return tiers(*rows)


def test_one_stratum_is_clopper_pearson():
    figure = accuracy(tiers((400, 53, 53, 51, 0)))

    assert figure.estimate == pytest.approx(51 / 53)
    assert (figure.low, figure.high) == pytest.approx(clopper_pearson(51, 53))
    assert (figure.n, figure.n_effective, figure.raw, figure.method) == (53, 53, 51 / 53, KORN_GRAUBARD)


def test_a_risk_tier_drawn_in_full_does_not_drag_the_figure_down():
    """Ten wrong of twenty in a tier of twenty, none wrong in the other 980 cases: 99 %, not 75 %."""
    figure = accuracy(tiers((980, 20, 20, 20, 0), (20, 20, 20, 10, 0)), estimand=PERIOD)

    assert figure.estimate == pytest.approx(0.99)
    assert figure.raw == pytest.approx(0.75)


def test_lost_cases_are_weighed_up_inside_their_stratum():
    whole = accuracy(tiers((100, 20, 20, 10, 0), (100, 20, 20, 20, 0)))
    lossy = accuracy(tiers((100, 20, 10, 5, 0), (100, 20, 20, 20, 0)))

    assert lossy.estimate == pytest.approx(whole.estimate)


def test_open_cases_make_a_range_and_no_estimate():
    figure = accuracy(tiers((400, 50, 40, 38, 10)))

    assert math.isnan(figure.estimate)
    assert figure.reason == "in progress"
    assert (figure.low, figure.high) == pytest.approx((38 / 50, 48 / 50))
    assert (figure.open, figure.n) == (10, 40)


def test_at_most_two_percent_open_is_final():
    assert accuracy(tiers((400, 50, 49, 48, 1))).reason is None
    assert accuracy(tiers((400, 49, 48, 47, 1))).reason == "in progress"


@given(strata(), st.data())
def test_the_range_holds_whatever_the_open_cases_turn_out_to_be(rows, data):
    before = accuracy(rows)
    if before.reason != "in progress":
        return
    after = accuracy(
        [
            Stratum(
                row.key,
                row.frame,
                row.drawn,
                row.settled + row.open,
                row.right + data.draw(st.integers(0, row.open)),
                0,
            )
            for row in rows
        ]
    )

    assert before.low - 1e-9 <= after.estimate <= before.high + 1e-9


@given(strata(), st.sampled_from([KORN_GRAUBARD, SMOOTHED_WILSON]))
def test_every_figure_lies_in_its_interval_or_says_why_there_is_none(rows, interval):
    figure = accuracy(rows, interval=interval)

    if figure.reason is None:
        assert 0 <= figure.low <= figure.estimate + 1e-9
        assert figure.estimate <= figure.high + 1e-9 <= 1 + 2e-9
        assert figure.n == sum(row.settled for row in rows)
    else:
        assert figure.reason in ("in progress", "no case is settled")
        assert math.isnan(figure.estimate)


def test_a_thin_stratum_joins_its_neighbour_of_the_same_agent_and_says_so():
    rows = [
        Stratum(("ann", "high"), 10, 1, 1, 0, 0),
        Stratum(("bob", "high"), 90, 9, 9, 9, 0),
        Stratum(("ann", "low"), 100, 19, 19, 19, 0),
    ]

    known, notes = joined(rows)

    assert [(row.key, row.frame, row.settled) for row in known] == [
        (("bob", "high"), 90, 9), (("ann", "low"), 110, 20),
    ]  # fmt: skip
    assert notes == ["ann / high joined with ann / low"]
    assert accuracy(rows).notes == ("ann / high joined with ann / low",)


def test_a_stratum_of_which_nothing_was_drawn_is_left_out_and_said():
    figure = accuracy(tiers((100, 40, 40, 38, 0), (300, 0, 0, 0, 0)))

    assert figure.estimate == pytest.approx(0.95)
    assert figure.notes == ("300 eligible cases lie in strata of which nothing was drawn",)


def test_a_final_figure_joins_strata_by_what_is_settled_not_by_what_is_open():
    figure = accuracy(tiers((50, 2, 1, 1, 1), (500, 99, 99, 95, 0)))

    assert figure.reason is None
    assert figure.notes == ("ann / tier 0 joined with ann / tier 1",)
    assert figure.estimate == pytest.approx(96 / 100)


def test_nothing_settled_is_no_figure():
    figure = accuracy(tiers((100, 4, 0, 0, 0)))

    assert (figure.reason, figure.n) == ("no case is settled", 0)
    assert math.isnan(figure.estimate)
    assert accuracy([]).reason == "no case is settled"


@pytest.mark.parametrize("row", [(10, 5, 4, 5, 0), (10, 5, 4, 4, 2), (4, 5, 5, 5, 0), (10, 5, 4, 4, -1)])
def test_counts_that_contradict_each_other_are_refused(row):
    with pytest.raises(ValueError, match="stratum"):
        Stratum(("ann", "low"), *row)


def test_an_unknown_estimand_or_interval_is_refused():
    with pytest.raises(ValueError, match="no estimand"):
        accuracy(tiers((10, 5, 5, 5, 0)), estimand="future")
    with pytest.raises(ValueError, match="no estimand"):
        accuracy(tiers((10, 5, 5, 5, 0)), interval="Wald")


def test_the_dashboards_interval_of_one_stratum_is_wilson():
    figure = accuracy(tiers((400, 53, 53, 51, 0)), interval=SMOOTHED_WILSON)

    assert (figure.low, figure.high) == pytest.approx(wilson(51, 53))


def coverage(rates: list[float], cases: list[int], replicates: int, interval: str) -> float:
    """Share of simulated samples whose interval holds the underlying accuracy; tiers of 70, 20 and 10 %."""
    rng = np.random.default_rng(3)
    frame = np.array([7000, 2000, 1000])
    truth = 1 - frame @ np.array(rates) / frame.sum()
    wrong = rng.binomial(cases, rates, size=(replicates, 3))
    held = 0
    for row in wrong.tolist():
        counts = zip(frame.tolist(), cases, row, strict=True)
        figure = accuracy(tiers(*((n, m, m, m - x, 0) for n, m, x in counts)), interval=interval)
        held += figure.low <= truth <= figure.high
    return held / replicates


def test_korn_graubard_holds_the_truth_where_the_sample_is_small_and_weighted():
    assert coverage([0.02, 0.08, 0.20], [10, 10, 10], 300, KORN_GRAUBARD) >= 0.945


AGENTS = [[0.005, 0.02, 0.05], [0.02, 0.08, 0.20], [0.05, 0.15, 0.35]]
SPLITS = {
    "proportional": [0.7, 0.2, 0.1],
    "equal": [1 / 3, 1 / 3, 1 / 3],
    "by risk": [0.5, 0.27, 0.23],
}


@pytest.mark.long
@pytest.mark.parametrize(("interval", "least"), [(KORN_GRAUBARD, 0.945), (SMOOTHED_WILSON, 0.878)])
@pytest.mark.parametrize("rates", AGENTS)
@pytest.mark.parametrize("split", SPLITS)
def test_coverage_over_agents_sizes_and_splits_stays_where_it_was_measured(rates, split, interval, least):
    for n in (15, 30, 60, 120):
        cases = [max(2, round(n * part)) for part in SPLITS[split]]

        assert coverage(rates, cases, 2000, interval) >= least, n
