"""A change is not an effect, and what chance brings is said."""

import math

import numpy as np
import pytest

from calibration.stats.effect import effect, windows
from calibration.stats.estimate import Estimate
from calibration.stats.intervals import newcombe
from calibration.stats.shrink import Prior
from calibration.stats.weighted import Stratum, accuracy

PRIOR = Prior(0.945, 60.0)


def window(right: int, total: int, *, still_open: int = 0) -> Estimate:
    """The figure of one window: one stratum of a large frame."""
    drawn = total + still_open
    return accuracy([Stratum(("ann", "all"), 50 * max(drawn, 1), drawn, total, right, still_open)])


def test_a_change_has_newcombes_interval_and_is_called_a_change():
    pre, post = window(52, 60), window(58, 60)

    found = effect(pre, post, PRIOR)

    assert found.kind == "change"
    assert found.change == pytest.approx(6 / 60)
    assert (found.low, found.high) == pytest.approx(
        newcombe(pre.estimate, (pre.low, pre.high), post.estimate, (post.low, post.high))
    )
    assert found.pre < found.shrunken_pre < PRIOR.mean
    assert found.change_from_shrunken < found.change


def test_what_chance_alone_brings_is_printed_for_the_window_that_triggered():
    found = effect(window(57, 60), window(58, 60), PRIOR, trigger=(52, 60))

    assert found.expected_by_chance == pytest.approx((1 - 60 / 120) * (0.945 - 52 / 60))


def test_a_randomised_control_makes_it_an_effect():
    found = effect(window(50, 60), window(58, 60), PRIOR, control=(window(50, 60), window(54, 60)))

    assert found.kind == "effect"
    assert found.change == pytest.approx(4 / 60)
    assert found.high - found.low > 0.2


def test_an_easier_mix_of_cases_is_taken_off():
    plain, adjusted = (effect(window(50, 60), window(58, 60), PRIOR, mix_shift=s) for s in (0.0, 0.02))

    assert adjusted.change == pytest.approx(plain.change - 0.02)
    assert (adjusted.low, adjusted.high) == pytest.approx((plain.low - 0.02, plain.high - 0.02))


@pytest.mark.parametrize(
    ("pre", "post", "said"),
    [
        (window(20, 29), window(58, 60), "not enough data: 29 of 30 cases"),
        (window(52, 60), window(0, 0), "not enough data: 0 of 30 cases"),
        (window(52, 60), window(50, 50, still_open=10), "not enough data: a window is still in progress"),
    ],
)
def test_too_little_gives_no_change_and_says_why(pre, post, said):
    found = effect(pre, post, PRIOR)

    assert (found.kind, found.reason) == (None, said)
    assert math.isnan(found.change)
    assert math.isnan(found.low)


def test_the_weeks_that_triggered_are_in_neither_window():
    days = np.arange(0.0, 300.0, 0.5)
    random = np.ones(days.size, dtype=bool)

    earlier, later = windows(days, random, crossed_day=140, completed_day=150)

    assert (days[earlier].min(), days[earlier].max()) == (56.0, 104.5)
    assert days[later].min() == 157.0
    assert later.sum() == 60
    assert not earlier[(days >= 105) & (days < 157)].any()


def test_hand_picked_cases_count_in_no_window():
    days = np.arange(0.0, 300.0)

    earlier, later = windows(days, days % 2 == 0, crossed_day=140, completed_day=150)

    assert (days[earlier] % 2 == 0).all()
    assert (days[later] % 2 == 0).all()
    with pytest.raises(ValueError, match="order"):
        windows(days[::-1], days % 2 == 0, crossed_day=140, completed_day=150)


def test_no_training_at_all_shows_no_change_where_the_trigger_window_would():
    """Agents picked for a low window recover by themselves: +5 points from nothing against that window."""
    rng = np.random.default_rng(3)
    truth = rng.beta(0.945 * 105, 0.055 * 105, 20000)
    earlier, trigger, later = (rng.binomial(60, truth) / 60 for _ in range(3))
    chosen = trigger < 0.90

    naive = (later - trigger)[chosen].mean()
    fair = (later - earlier)[chosen].mean()
    expected = np.mean([(1 - 60 / 165) * (0.945 - share) for share in trigger[chosen]])

    assert naive == pytest.approx(0.05, abs=0.012)
    assert fair == pytest.approx(0, abs=0.004)
    assert naive == pytest.approx(expected, abs=0.006)
