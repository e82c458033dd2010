"""A Poisson sample: worked by hand, unbiased, and its standard errors as wide as the spread."""

import numpy as np
import pytest

from calibration.stats.poisson_draws import poisson_draw


def test_drawing_everything_has_no_error():
    found = poisson_draw(np.array([1, 0, 1, 1]), np.ones(4))

    assert (found.share, found.share_se, found.right, found.right_se) == (0.75, 0.0, 3.0, 0.0)


def test_the_ratio_and_its_error_hold_over_many_samples():
    rng = np.random.default_rng(9)
    y = (rng.random(3000) < 0.9).astype(float)
    pi = np.where(y > 0, 0.05, 0.12) * rng.uniform(0.5, 1.5, 3000)
    shares, errors, totals, wide = [], [], [], []
    for _ in range(600):
        drawn = rng.random(3000) < pi
        found = poisson_draw(y[drawn], pi[drawn])
        shares.append(found.share)
        errors.append(found.share_se)
        totals.append(found.right)
        wide.append(found.right_se)

    assert np.mean(shares) == pytest.approx(y.mean(), abs=0.004)
    assert np.mean(totals) == pytest.approx(y.sum(), rel=0.02)
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.1)
    assert np.mean(wide) == pytest.approx(np.std(totals), rel=0.1)


def test_no_case_is_no_figure_and_a_chance_of_nought_is_refused():
    assert np.isnan(poisson_draw(np.zeros(0), np.zeros(0)).share)
    with pytest.raises(ValueError, match="one probability"):
        poisson_draw(np.ones(1), np.zeros(1))
    with pytest.raises(ValueError, match="one probability"):
        poisson_draw(np.ones(2), np.ones(1))
