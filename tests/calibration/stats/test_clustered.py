"""Clusters of units: one unit a cluster changes nothing, and copies of units tell nothing new."""

import numpy as np
import pytest
import statsmodels.api as sm

from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.clustered import cluster_table, clustered
from calibration.stats.coefficients import coefficient
from calibration.stats.patterns import Patterns, collapse, of_units
from calibration.stats.statistic import Statistic


def drawn(seed: int, units: int) -> tuple[Patterns, np.ndarray]:
    """Patterns of two raters in three categories, and the pattern of each unit."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 3, units)
    second = np.where(rng.random(units) < 0.7, first, rng.integers(0, 3, units))
    unit, label = np.tile(np.arange(units), 2), np.concatenate([first, second])
    counts, place = of_units(unit, label, 3, units)
    return collapse(unit, label, 3, units), place


def test_clusters_of_one_unit_give_the_standard_error_over_units():
    patterns, place = drawn(1, 80)
    table = cluster_table(place, np.arange(80), len(patterns.units))

    for made in (krippendorff_alpha(patterns, "nominal", np.arange(3.0)), coefficient("gwet_ac", patterns, np.eye(3))):
        again = clustered(made, table)
        assert (again.value, again.se) == (made.value, pytest.approx(made.se))
        assert again.unit_count == 80


def test_every_unit_copied_into_its_cluster_gives_the_standard_error_of_one_copy():
    patterns, place = drawn(2, 60)
    once = coefficient("fleiss_kappa", patterns, np.eye(3))
    thrice = Patterns(patterns.counts, patterns.units * 3)
    table = cluster_table(np.tile(place, 3), np.tile(np.arange(60), 3), len(patterns.units))

    found = clustered(coefficient("fleiss_kappa", thrice, np.eye(3)), table)

    assert (found.value, found.se) == (pytest.approx(once.value), pytest.approx(once.se))


def test_the_share_of_agreeing_units_has_the_clustered_error_of_a_regression():
    rng = np.random.default_rng(4)
    cluster = np.repeat(np.arange(20), 6)
    agree = (rng.random(120) < rng.beta(3, 1, 20)[cluster]).astype(int)
    patterns = Patterns(np.array([[1, 1], [2, 0]]), np.bincount(agree, minlength=2).astype(float))

    found = clustered(coefficient("percent", patterns, np.eye(2)), cluster_table(agree, cluster, 2))
    fitted = sm.OLS(agree, np.ones(120)).fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False})

    assert found.value == pytest.approx(agree.mean())
    assert found.se == pytest.approx(fitted.bse[0] * np.sqrt(20 / 19))


def test_one_cluster_has_no_standard_error_and_an_undefined_figure_stays_so():
    patterns = Patterns(np.array([[2, 0], [1, 1]]), np.array([3.0, 2.0]))
    one = cluster_table(np.array([0, 0, 0, 1, 1]), np.zeros(5, dtype=np.int64), 2)
    same = Patterns(np.array([[2, 0]]), np.array([3.0]))
    undefined = krippendorff_alpha(same, "nominal", np.arange(2.0))

    assert np.isnan(clustered(coefficient("percent", patterns, np.eye(2)), one).se)
    assert clustered(undefined, np.array([[3.0]])) is undefined


def test_clusters_of_other_units_are_refused():
    figure = Statistic(0.5, 0.1, np.eye(2), np.array([2.0, 2.0]), lambda totals: totals[..., 0], np.array([1.0, -1.0]))

    with pytest.raises(ValueError, match="other units"):
        clustered(figure, np.array([[1.0, 2.0]]))
