"""Which interval an agreement figure gets: the policy, and the named methods it chooses from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.patterns import Patterns
from calibration.stats.resample import bca, most_hidden, resampled, with_hidden
from calibration.stats.statistic import Statistic

LOG_T = "t on log(1 - x)"
PLAIN_T = "t"
BCA = "BCa bootstrap of units"
ZERO = "zero-disagreement rule"

#: below these a t interval misses its coverage; measured in the coverage tests
FEW_UNITS = 200
FEW_MINORITY = 10
#: seed and number of the bootstrap's samples; both are stored with the figure
SEED = 2_718_281
REPLICATES = 2000


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval; nan with a reason where it is undefined."""

    value: float
    se: float
    low: float
    high: float
    method: str | None
    reason: str | None = None
    replicates: int | None = None
    seed: int | None = None

    def as_json(self) -> dict[str, object]:
        """The figure as the interfaces name it: undefined is null, with a reason."""
        found: dict[str, object] = {
            name: None if np.isnan(number) else number
            for name, number in (
                ("value", self.value),
                ("se", self.se),
                ("low", self.low),
                ("high", self.high),
            )
        }
        found["method"] = self.method
        extra = {"reason": self.reason, "replicates": self.replicates, "seed": self.seed}
        return found | {name: what for name, what in extra.items() if what is not None}


@dataclass(frozen=True, slots=True)
class Policy:
    """How intervals are made: coverage, whether to resample, with how many samples and which seed.

    *plain* asks for value -/+ t se whatever the data, to compare with other software.
    """

    confidence: float
    resample: bool
    replicates: int = REPLICATES
    seed: int = SEED
    plain: bool = False


def is_small(patterns: Patterns) -> bool:
    """Too few units, or too few ratings outside the most frequent category, for a t interval."""
    pairable = patterns.pairable
    totals = pairable.totals
    return bool(pairable.unit_count < FEW_UNITS or totals.sum() - totals.max(initial=0.0) < FEW_MINORITY)


def log_t(value: float, se: float, n: float, confidence: float) -> tuple[float, float]:
    """The t interval of log(1 - value), back on the scale of the value.

    [1 - (1 - v) e^h, 1 - (1 - v) e^-h] with h = t(n - 1) se / (1 - v).

    Parameters
    ----------
    value : v, an agreement coefficient below 1
    se : its standard error
    n : units (or clusters) that it rests on
    confidence : coverage, in (0, 1)

    Returns
    -------
    (low, high), high below 1; (nan, nan) for one unit, value 1 or no standard error.

    References
    ----------
    The transformation of Fisher's kind that keeps the upper limit under 1; its coverage is measured in the tests
    (93 to 96 % from 100 units on, where the plain t interval has 90 to 94 %).

    >>> [round(x, 3) for x in log_t(0.7434210526, 0.14193693017, 11, 0.95)]
    [0.12, 0.925]
    """
    if n < 2 or not value < 1 or np.isnan(se):
        return float("nan"), float("nan")
    room = 1 - value
    half = float(scipy.special.stdtrit(n - 1, (1 + confidence) / 2)) * se / room
    return float(1 - room * np.exp(half)), float(1 - room * np.exp(-half))


def plain_t(value: float, se: float, n: float, confidence: float) -> tuple[float, float]:
    """value -/+ t(n - 1) se with the upper limit cut at 1, as other software prints it.

    Parameters and undefined values as `log_t`; below 200 units, or with a rare category, it covers too little.

    References
    ----------
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapter 5.

    >>> [round(x, 4) for x in plain_t(0.7754440681, 0.1429499506, 12, 0.95)]
    [0.4608, 1.0]
    """
    half = float(scipy.special.stdtrit(n - 1, (1 + confidence) / 2)) * se
    return value - half, min(1.0, value + half)


def _hidden(statistic: Statistic, patterns: Patterns, confidence: float) -> float:
    """Units that may disagree although none did; where clusters were sampled, as many clusters' worth of them."""
    units = patterns.pairable.unit_count
    sampled = min(statistic.unit_count, units)
    return most_hidden(sampled, confidence) * units / sampled


def figure(
    statistic: Statistic,
    policy: Policy,
    patterns: Patterns,
    at: Callable[[Patterns], float],
) -> Figure:
    """A figure with the interval that the policy names.

    Nobody disagreed: from what the figure would be with as many discordant units as could be hidden
    (*at* computes it from patterns) to 1. Small or skewed: BCa. Otherwise t on log(1 - x).
    """
    nan = float("nan")
    if statistic.reason is not None:
        return Figure(nan, nan, nan, nan, None, statistic.reason)
    value, se = statistic.value, statistic.se
    if policy.plain and not np.isnan(se):
        low, high = plain_t(value, se, statistic.unit_count, policy.confidence)
        return Figure(value, se, low, high, PLAIN_T)
    if value >= 1 - 1e-12:
        moved = _hidden(statistic, patterns, policy.confidence)
        low = at(with_hidden(patterns, moved))
        if not low < value:
            return Figure(value, se, nan, nan, None, "one category leaves nothing to disagree on")
        return Figure(value, se, low, value, ZERO)
    if policy.resample and statistic.columns.shape[1] and statistic.unit_count >= 2:
        values = resampled(statistic, policy.replicates, policy.seed)
        low, high = bca(statistic, values, policy.confidence)
        return Figure(value, se, low, high, BCA, replicates=policy.replicates, seed=policy.seed)
    low, high = log_t(value, se, statistic.unit_count, policy.confidence)
    reason = "one unit gives no interval" if np.isnan(low) else None
    return Figure(value, se, low, high, None if reason else LOG_T, reason)
