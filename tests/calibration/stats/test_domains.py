"""Domains and several plans: unbiased, honest about open cases, equal to counts where both apply."""

import math

import numpy as np
import pytest

from calibration.stats.domains import Selections, combined_weight, domain, linearised_variance
from calibration.stats.estimate import PERIOD, UNDERLYING
from calibration.stats.weighted import Stratum, accuracy


def selections(rows: list[tuple[int, str, bool]], frame: list[float], **change: object) -> Selections:
    """Cases from (stratum, settled | open | lost, right), weighted by frame over drawn."""
    stratum = np.array([row[0] for row in rows])
    state = np.array([row[1] for row in rows])
    sizes = np.array(frame)
    made = {
        "stratum": stratum,
        "weight": (sizes / np.maximum(np.bincount(stratum, minlength=sizes.size), 1))[stratum],
        "settled": state == "settled",
        "open": state == "open",
        "right": np.array([row[2] for row in rows]),
        "keys": tuple(("ann", str(no)) for no in range(len(frame))),
        "frame": sizes,
    }
    return Selections(**(made | change))


LOSSY = (
    [(0, "settled", True)] * 30 + [(0, "lost", False)] * 10 + [(1, "settled", True)] * 12 + [(1, "settled", False)] * 8
)


def test_lost_cases_are_weighed_up_as_with_counts():
    cases = selections(LOSSY, [400.0, 50.0])

    by_case = domain(cases, np.ones(60, dtype=bool), estimand=PERIOD)
    by_count = accuracy(
        [Stratum(("ann", "0"), 400, 40, 30, 30, 0), Stratum(("ann", "1"), 50, 20, 20, 12, 0)], estimand=PERIOD
    )

    assert by_case.estimate == pytest.approx(by_count.estimate)
    assert by_case.low == pytest.approx(by_count.low)


def test_a_domain_with_open_cases_is_a_range_though_the_rest_is_done():
    rows = [(0, "settled", True)] * 40 + [(0, "open", True)] * 5 + [(0, "settled", False)] * 5
    cases = selections(rows, [500.0])
    member = np.arange(50) >= 40

    part, rest = domain(cases, member), domain(cases, ~member)

    assert (part.reason, part.open) == ("in progress", 5)
    assert (part.low, part.high) == pytest.approx((0.0, 0.5))
    assert (rest.reason, rest.open) == (None, 0)


def test_an_open_case_counts_wrong_at_the_lower_end_whatever_was_written_beside_it():
    rows = [(0, "open", True)] * 5 + [(0, "settled", True)] * 5

    assert domain(selections(rows, [50.0]), np.ones(10, dtype=bool)).low == pytest.approx(0.5)


def test_an_empty_domain_is_no_figure():
    cases = selections(LOSSY, [400.0, 50.0])

    figure = domain(cases, np.zeros(60, dtype=bool))

    assert (figure.reason, figure.n, figure.frame) == ("no case is settled", 0, 0)


def test_thin_strata_join_and_the_figure_says_so():
    rows = [(0, "settled", True)] * 20 + [(1, "settled", False)]

    figure = domain(selections(rows, [200.0, 10.0]), np.ones(21, dtype=bool))

    assert figure.notes == ("ann / 1 joined with ann / 0",)
    assert figure.estimate == pytest.approx(200 / 210)


def test_a_domain_is_never_surer_than_its_cases():
    rows = [(0, "settled", no % 10 != 0) for no in range(100)]
    cases = selections(rows, [1000.0])

    figure = domain(cases, np.arange(100) < 20)

    assert figure.n == 20
    assert figure.n_effective <= 20
    assert figure.frame == 200


def test_the_effective_size_of_uneven_weights_is_that_of_the_variance():
    rng = np.random.default_rng(6)
    stratum = np.repeat([0, 1], [60, 60])
    everyone = np.ones(120, dtype=bool)
    right = rng.random(120) < 0.8
    frame = np.array([5000.0, 200.0])
    cases = Selections(stratum, (frame / 60)[stratum], everyone, ~everyone, right, (("a", "0"), ("a", "1")), frame)
    member = np.arange(120) % 10 < 3

    figure = domain(cases, member)

    part = np.where(member, cases.weight * (right - figure.estimate), 0) / cases.weight[member].sum()
    variance = linearised_variance(stratum, part, everyone, frame, UNDERLYING)
    assert figure.n_effective == pytest.approx(figure.estimate * (1 - figure.estimate) / variance)
    assert figure.n_effective < figure.n


def test_members_of_another_length_and_double_states_are_refused():
    cases = selections(LOSSY, [400.0, 50.0])

    with pytest.raises(ValueError, match="differ in number"):
        domain(cases, np.ones(3, dtype=bool))
    with pytest.raises(ValueError, match="not both"):
        selections(LOSSY, [400.0, 50.0], open=cases.settled)


@pytest.mark.parametrize("wrong", [[], [0.0, 0.0], [1.5]])
def test_probabilities_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match="probabilities"):
        combined_weight(wrong)


def test_overlapping_plans_leave_no_bias():
    """A plan over all cases and one that looks for hard ones: every selection counts with 1 / sum."""
    rng = np.random.default_rng(8)
    hard = rng.random(4000) < 0.2
    right = rng.random(4000) >= np.where(hard, 0.3, 0.04)
    first, second = np.full(4000, 0.05), np.where(hard, 0.25, 0.01)
    weight = np.array([combined_weight(pair) for pair in zip(first, second, strict=True)])
    found, naive = [], []
    for _ in range(300):
        chosen = np.concatenate([np.flatnonzero(rng.random(4000) < p) for p in (first, second)])
        plan = np.repeat([0, 1], [(c := chosen.size) - (c // 2), c // 2])
        everyone = np.ones(c, dtype=bool)
        cases = Selections(
            plan, weight[chosen], everyone, ~everyone, right[chosen], (("one",), ("two",)), np.full(2, 4000.0)
        )
        found.append(domain(cases, everyone).estimate)
        naive.append(right[chosen].mean())

    assert np.mean(found) == pytest.approx(right.mean(), abs=0.003)
    assert np.mean(naive) < right.mean() - 0.03


def test_intervals_of_a_domain_across_strata_hold_the_truth():
    rng = np.random.default_rng(4)
    frame, drawn, rates = np.array([900.0, 100.0]), [40, 40], np.array([0.03, 0.2])
    held = []
    for _ in range(300):
        stratum = np.repeat([0, 1], drawn)
        everyone = np.ones(80, dtype=bool)
        right = rng.random(80) >= rates[stratum]
        weight = (frame / 40)[stratum]
        cases = Selections(stratum, weight, everyone, ~everyone, right, (("a", "0"), ("a", "1")), frame)
        figure = domain(cases, rng.random(80) < 0.5)
        held.append(figure.low <= 1 - (0.9 * 0.03 + 0.1 * 0.2) <= figure.high)

    assert np.mean(held) >= 0.945


def test_a_domain_without_a_figure_has_no_numbers():
    figure = domain(selections([(0, "lost", False)] * 4, [40.0]), np.ones(4, dtype=bool))

    assert math.isnan(figure.estimate)
    assert math.isnan(figure.low)
