"""Resampling of units over patterns, the BCa interval, and what to say when nobody disagreed."""

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.patterns import Patterns
from calibration.stats.ratings import FloatArray
from calibration.stats.statistic import Statistic

#: numbers held at once by one block of draws
_BLOCK = 4_000_000
#: patterns from which a sample's totals are drawn as Gaussian, and columns up to which that is cheaper
_MOST_PATTERNS = 2_000
_MOST_COLUMNS = 200


def _is_wide(statistic: Statistic) -> bool:
    """Whether units hardly repeat each other: many patterns, and so many units that their totals are Gaussian."""
    return statistic.units.size > _MOST_PATTERNS and statistic.columns.shape[1] <= _MOST_COLUMNS


def resampled(statistic: Statistic, replicates: int, seed: int) -> FloatArray:
    """The figure of *replicates* bootstrap samples of its units [replicates]; same seed, same numbers.

    A sample of n units with replacement is multinomial over the patterns, so it costs one draw and one matrix product
    whatever the number of units. Where more than 2,000 patterns stand for as many units or more, a sample's totals are
    sums of so many independent units that they are drawn as Gaussian, with n times the units' covariance.

    Parameters
    ----------
    statistic : a figure of totals over units
    replicates : number of samples
    seed : of the generator

    Returns
    -------
    float array [replicates]; a sample without variation counts as 1.

    References
    ----------
    Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 6.
    """
    rng = np.random.default_rng(seed)
    n = int(round(statistic.unit_count))
    if _is_wide(statistic):
        return _gaussian(statistic, rng, n, replicates)
    shares = statistic.units / statistic.units.sum()
    block = max(1, _BLOCK // max(1, statistic.units.size + statistic.columns.shape[1]))
    parts = []
    for start in range(0, replicates, block):
        draws = rng.multinomial(n, shares, size=min(block, replicates - start))
        parts.append(statistic.again(draws.astype(np.float64)))
    return np.concatenate(parts)


def _gaussian(statistic: Statistic, rng: np.random.Generator, n: int, replicates: int) -> FloatArray:
    """The figure of totals drawn from N(total, n Cov)."""
    mean = statistic.units @ statistic.columns / n
    centred = statistic.columns - mean
    covariance = (centred.T * statistic.units) @ centred / n
    totals = rng.multivariate_normal(n * mean, n * covariance, size=replicates, method="eigh")
    values = statistic.of_totals(totals)
    return np.where(np.isnan(values), 1.0, values)


def bca(statistic: Statistic, values: FloatArray, confidence: float) -> tuple[float, float]:
    """The bias-corrected and accelerated interval from resampled *values*.

    Parameters
    ----------
    statistic : its value gives the bias, its influences the acceleration
    values : float array [B], from `resampled`
    confidence : coverage in (0, 1)

    Returns
    -------
    (low, high)

    References
    ----------
    Efron 1987, doi:10.1080/01621459.1987.10478410.
    """
    ties = np.abs(values - statistic.value) <= 1e-12 * max(1.0, abs(statistic.value))
    below = (float((values < statistic.value)[~ties].sum()) + float(ties.sum()) / 2) / values.size
    edge = 0.5 / values.size
    bias = float(scipy.special.ndtri(min(max(below, edge), 1 - edge)))
    squares = float(statistic.units @ statistic.influence**2)
    cubes = float(statistic.units @ statistic.influence**3)
    acceleration = cubes / (6 * squares**1.5) if squares > 0 else 0.0
    tails = scipy.special.ndtri([(1 - confidence) / 2, (1 + confidence) / 2]) + bias
    places = scipy.special.ndtr(bias + tails / np.maximum(1 - acceleration * tails, 1e-9))
    low, high = np.quantile(values, places)
    return float(low), float(high)


def most_hidden(units: float, confidence: float) -> float:
    """Units that may disagree although none of *units* did: the Clopper-Pearson limit, in units.

    d = n (1 - tail^(1 / n)), about 3.69 for large n at 95 %.

    Parameters
    ----------
    units : n, above 0
    confidence : coverage in (0, 1); tail = (1 - confidence) / 2

    Returns
    -------
    float, 0 to n.

    References
    ----------
    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404; Hanley & Lippman-Hand 1983,
    doi:10.1001/jama.1983.03330370053031.

    >>> round(most_hidden(1000.0, 0.95), 2)
    3.68
    """
    return float(units * (1 - ((1 - confidence) / 2) ** (1 / units)))


def with_hidden(patterns: Patterns, moved: float) -> Patterns:
    """Unanimous *patterns*, but in *moved* units one rating stands in the next category.

    Categories give and take in order of frequency: the most frequent gives to the next; where it has
    too few units the next ones give too.
    """
    pairable = patterns.pairable
    order = np.argsort(-pairable.totals, kind="stable")
    left, units = moved, pairable.units.copy()
    rows, often = [], []
    for place, category in enumerate(order):
        taker = order[(place + 1) % order.size]
        mine = np.flatnonzero(pairable.counts[:, category] == pairable.sizes)
        taken = min(left, float(units[mine].sum()))
        if taken <= 0 or taker == category:
            continue
        parts = units[mine] * taken / units[mine].sum()
        changed = pairable.counts[mine].copy()
        changed[:, category] -= 1
        changed[:, taker] += 1
        units[mine] -= parts
        rows.append(changed)
        often.append(parts)
        left -= taken
    if not rows:
        return pairable
    return Patterns(np.concatenate([pairable.counts, *rows]), np.concatenate([units, *often]))
