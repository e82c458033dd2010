"""A stratified sample worked through by R's survey package 4.1, and Newcombe's and Wilson's examples."""

import math

import numpy as np
import pytest

from calibration.stats.domains import Selections, domain, linearised_variance
from calibration.stats.estimate import PERIOD, UNDERLYING
from calibration.stats.intervals import clopper_pearson, korn_graubard, newcombe, wilson
from calibration.stats.weighted import Stratum, accuracy, stratified

#: (stratum, policy, right) -> cases; frames of 420, 150 and 60
SAMPLE = [
    (0, "p1", 1, 4), (0, "p2", 1, 12), (0, "p3", 1, 8), (1, "p1", 1, 9), (1, "p2", 1, 6), (1, "p3", 1, 3),
    (2, "p1", 1, 4), (2, "p2", 1, 4), (2, "p3", 1, 2), (2, "p1", 0, 1), (2, "p2", 0, 2), (2, "p3", 0, 2),
]  # fmt: skip
FRAME = np.array([420.0, 150.0, 60.0])
STRATA = [
    Stratum(("ann", "low"), 420, 24, 24, 24, 0),
    Stratum(("ann", "middle"), 150, 18, 18, 18, 0),
    Stratum(("ann", "high"), 60, 15, 15, 10, 0),
]
DOMAINS = [
    ("p1", 0.975757575757576, 0.0213166048760741),
    ("p2", 0.971830985915493, 0.0169208731582975),
    ("p3", 0.955801104972376, 0.0271493605798008),
]


def selections() -> tuple[Selections, np.ndarray]:
    """The sample case by case, and each case's policy."""
    stratum = np.repeat([row[0] for row in SAMPLE], [row[3] for row in SAMPLE])
    policy = np.repeat([row[1] for row in SAMPLE], [row[3] for row in SAMPLE])
    right = np.repeat([bool(row[2]) for row in SAMPLE], [row[3] for row in SAMPLE])
    weight = (FRAME / np.bincount(stratum))[stratum]
    everyone = np.ones(stratum.size, dtype=bool)
    keys = (("ann", "low"), ("ann", "middle"), ("ann", "high"))
    return Selections(stratum, weight, everyone, ~everyone, right, keys, FRAME), policy


def test_the_stratified_mean_and_its_standard_error_are_r_surveys():
    found = stratified(FRAME, np.array([24.0, 18.0, 15.0]), np.array([24.0, 18.0, 10.0]), PERIOD)

    assert found.share == pytest.approx(0.9682539682539681, abs=1e-9)
    assert math.sqrt(found.variance) == pytest.approx(0.010391328106475826, abs=1e-9)
    assert found.share * (1 - found.share) / found.variance == pytest.approx(284.66666666666765, abs=1e-8)
    assert found.freedom == 54


def test_korn_graubard_uncapped_is_svycipropbeta_and_capped_stays_within_the_cases():
    variance = 0.010391328106475826**2

    open_ended = korn_graubard(0.9682539682539681, variance, 57, 54, cap=math.inf)
    capped = korn_graubard(0.9682539682539681, variance, 57, 54)

    assert open_ended == pytest.approx((0.9406374247161807, 0.985366095698648), abs=1e-9)
    assert capped == pytest.approx((0.8839115528514311, 0.9967222197180059), abs=1e-9)


def test_wilson_at_the_effective_size_is_the_stated_formulas():
    size = 284.66666666666765

    interval = wilson(0.9682539682539681 * size, size)

    assert interval == pytest.approx((0.9408496859631116, 0.9831887345917772), abs=1e-9)


def test_the_accuracy_of_the_worked_sample_has_the_capped_interval():
    figure = accuracy(STRATA, estimand=PERIOD)

    assert figure.estimate == pytest.approx(0.9682539682539681, abs=1e-9)
    assert (figure.low, figure.high) == pytest.approx((0.8839115528514311, 0.9967222197180059), abs=1e-9)
    assert (figure.n, figure.n_effective, figure.frame, figure.reason) == (57, 57, 630, None)


@pytest.mark.parametrize(("policy", "mean", "se"), DOMAINS)
def test_domains_across_strata_have_r_surveys_means_and_standard_errors(policy, mean, se):
    cases, policies = selections()
    member = policies == policy

    figure = domain(cases, member, estimand=PERIOD)
    part = np.where(member, cases.weight * (cases.right - mean), 0.0) / cases.weight[member].sum()
    variance = linearised_variance(cases.stratum, part, cases.settled, FRAME, PERIOD)

    assert figure.estimate == pytest.approx(mean, abs=1e-9)
    assert math.sqrt(variance) == pytest.approx(se, abs=1e-9)
    assert figure.low < mean < figure.high


@pytest.mark.parametrize("estimand", [PERIOD, UNDERLYING])
def test_case_by_case_and_by_counts_give_the_same_figure(estimand):
    cases, policies = selections()

    by_case = domain(cases, np.ones(policies.size, dtype=bool), estimand=estimand)
    by_count = accuracy(STRATA, estimand=estimand)

    assert by_case.estimate == pytest.approx(by_count.estimate, abs=1e-12)
    assert (by_case.low, by_case.high) == pytest.approx((by_count.low, by_count.high), abs=1e-9)
    assert (by_case.n, by_case.frame) == (by_count.n, by_count.frame)


def test_wilson_and_exact_limits_are_newcombes_1998_table():
    """Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)
    assert clopper_pearson(81, 263) == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert clopper_pearson(15, 148) == pytest.approx((0.0578, 0.1617), abs=5e-5)
    assert clopper_pearson(0, 20) == pytest.approx((0.0, 0.1684), abs=5e-5)
    assert clopper_pearson(1, 29) == pytest.approx((0.0009, 0.1776), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "interval"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((10, 10), (0, 20), (0.6791, 1.0000)),
        ((10, 10), (0, 10), (0.6075, 1.0000)),
    ],
)
def test_the_difference_of_shares_is_newcombes_method_10(first, second, interval):
    found = newcombe(second[0] / second[1], wilson(*second), first[0] / first[1], wilson(*first))

    assert found == pytest.approx(interval, abs=5e-5)
