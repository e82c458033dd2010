"""Agents with different queues compared: on the team's mix of cases, or by observed over expected errors."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.estimate import UNDERLYING, Sampled, at_size, design_size
from calibration.stats.intervals import Interval, smoothed_effective_size
from calibration.stats.ratings import FloatArray


@dataclass(frozen=True, slots=True)
class Standardised:
    """The share right on the team's mix, its interval, the cases it rests on, and how much of the mix they cover.

    *share*, *low* and *high* are nan where no cell of the mix was met.
    """

    share: float
    low: float
    high: float
    n: int
    n_effective: float
    covered: float


def direct(right: FloatArray, settled: FloatArray, mix: FloatArray, *, level: float = 0.95) -> Standardised:
    """An agent's share right if the agent had the team's mix of cells (policy in play x tier).

    p = sum W_c p_c over the cells that the agent met, W_c the team's share of the cell, made to sum to 1 over them;
    V = sum W_c^2 p_c (1 - p_c) / (n_c - 1). Within a cell the agent's drawn cases are a simple sample.

    Parameters
    ----------
    right, settled : float arrays [C], the agent's cases by cell; 0 <= right <= settled
    mix : float array [C], the team's cases (or their weights) by cell
    level : coverage

    Returns
    -------
    Standardised, with Korn-Graubard's interval. Its effective size is capped at the cases and at what smoothed shares
    give: a heavy cell of few cases without an error would else count as known for certain. Compare two agents only
    where both *covered* are near 1: a cell that one of them never met is left out of that one's figure. Simulated
    coverage of 95 % limits: 97 to 99 % where a cell's weight is like its cases, 92 % with a third of it on 8 cases.

    Raises
    ------
    ValueError : counts that contradict each other, or a mix of nothing.

    References
    ----------
    Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, 3rd ed., chapter 19; Korn & Graubard 1998,
    Survey Methodology 24(2), 193-201.

    >>> found = direct(np.array([40.0, 12.0]), np.array([40.0, 20.0]), np.array([500.0, 500.0]))
    >>> found.share, found.covered
    (0.8, 1.0)
    """
    right, settled, mix = (np.asarray(one, dtype=np.float64) for one in (right, settled, mix))
    if bool((right > settled).any()) or bool((right < 0).any()) or bool((mix < 0).any()) or not mix.sum() > 0:
        raise ValueError("right lies within 0..settled, and the mix holds cases")
    met = (settled > 0) & (mix > 0)
    covered = float(mix[met].sum() / mix.sum())
    n = int(settled[met].sum())
    if not n:
        nan = float("nan")
        return Standardised(nan, nan, nan, 0, 0.0, covered)
    weight, cases = mix[met] / mix[met].sum(), settled[met]
    share = right[met] / cases
    variance = float((weight**2 * share * (1 - share) / np.maximum(cases - 1, 1)).sum())
    overall = float(min(1.0, weight @ share))
    found = Sampled(overall, variance, n, n - int(met.sum()), int(met.sum()), float("inf"))
    size = min(design_size(found, UNDERLYING, level), smoothed_effective_size(cases, right[met], weight))
    low, high = at_size(overall, size, level=level)
    return Standardised(overall, low, high, n, size, covered)


def observed_over_expected(observed: float, expected: float, *, level: float = 0.95) -> tuple[float, Interval]:
    """An agent's errors over those that the team's rates give on the same cases, with exact Poisson limits.

    ratio = O / E; low = G^-1(tail; O) / E, high = G^-1(1 - tail; O + 1) / E with the gamma quantile G^-1.

    Parameters
    ----------
    observed : errors, 0 or more
    expected : errors expected, above 0
    level : coverage

    Returns
    -------
    (ratio, (low, high)), each 0 or more; 1 is what the team does.

    Raises
    ------
    ValueError : counts out of range.

    References
    ----------
    Garwood 1936, doi:10.1093/biomet/28.3-4.437; Breslow & Day 1987, Statistical Methods in Cancer Research II, ch. 2.

    >>> ratio, limits = observed_over_expected(10, 10)
    >>> ratio, [round(x, 3) for x in limits]
    (1.0, [0.48, 1.839])
    """
    if observed < 0 or not expected > 0:
        raise ValueError(f"observed errors are 0 or more and expected ones above 0, not {observed} and {expected}")
    tail = (1 - level) / 2
    low = float(scipy.special.gammaincinv(observed, tail)) if observed else 0.0
    high = float(scipy.special.gammaincinv(observed + 1, 1 - tail))
    return observed / expected, (low / expected, high / expected)
