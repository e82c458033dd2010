"""Percent agreement, Fleiss' kappa, Gwet's AC1/AC2 and Brennan-Prediger from count patterns.

Each is (agreement - chance) / (1 - chance); they differ in what they call chance. Missing ratings
follow Gwet's handbook: agreement over units with two ratings, label shares over all rated units.
"""

from functools import partial

import numpy as np

from calibration.stats.patterns import Patterns
from calibration.stats.ratings import FloatArray
from calibration.stats.statistic import NO_PAIRS, NO_VARIATION, Statistic, corrected, ratio, spread

NAMES = ("percent", "fleiss_kappa", "gwet_ac", "brennan_prediger")


def pair_agreement(patterns: Patterns, weights: FloatArray) -> FloatArray:
    """Mean weight of a unit's pairs of ratings, by pattern [P]; 0 where there is no pair."""
    sizes = patterns.sizes.astype(np.float64)
    pairs = sizes * (sizes - 1)
    agreeing = (patterns.counts * (patterns.counts @ weights - 1)).sum(axis=1)
    found = np.divide(agreeing, pairs, out=np.zeros_like(pairs), where=pairs > 0)
    return np.asarray(found, dtype=np.float64)


def unit_columns(patterns: Patterns, weights: FloatArray) -> FloatArray:
    """What a unit adds to the totals [P, 2 + q]: is it paired, its agreement, its label shares."""
    sizes = patterns.sizes[:, None]
    paired = (sizes >= 2).astype(np.float64)
    return np.hstack([paired, pair_agreement(patterns, weights)[:, None], patterns.counts / sizes])


def _chance(name: str, shares: FloatArray, weights: FloatArray) -> FloatArray:
    """Agreement expected by chance from label shares [.., q]."""
    q = weights.shape[0]
    if name == "percent":
        return np.zeros(shares.shape[:-1])
    if name == "fleiss_kappa":
        return np.asarray(((shares @ weights) * shares).sum(axis=-1), dtype=np.float64)
    if name == "brennan_prediger":
        return np.full(shares.shape[:-1], weights.sum() / max(q, 1) ** 2)
    if q < 2:
        return np.full(shares.shape[:-1], np.nan)
    return np.asarray(weights.sum() / (q * (q - 1)) * (shares * (1 - shares)).sum(axis=-1), dtype=np.float64)


def _of_totals(name: str, weights: FloatArray, totals: FloatArray) -> FloatArray:
    """The coefficient from totals [.., 2 + q] of `unit_columns`."""
    shares = totals[..., 2:]
    n = shares.sum(axis=-1, keepdims=True)
    chance = _chance(name, np.divide(shares, n, out=np.zeros_like(shares), where=n > 0), weights)
    return corrected(ratio(totals[..., 1], totals[..., 0]), chance)


def _unit_chance(name: str, shares: FloatArray, overall: FloatArray, weights: FloatArray) -> FloatArray:
    """A unit's part in chance [P], after Gwet 2014."""
    q = weights.shape[0]
    if name == "fleiss_kappa":
        return np.asarray(shares @ ((weights + weights.T) / 2) @ overall, dtype=np.float64)
    if name == "gwet_ac" and q > 1:
        return np.asarray(weights.sum() / (q * (q - 1)) * (shares @ (1 - overall)), dtype=np.float64)
    return np.full(len(shares), float(_chance(name, overall, weights)))


def _influence(name: str, columns: FloatArray, units: FloatArray, weights: FloatArray) -> FloatArray:
    """A unit's pull on the coefficient [P], after Gwet 2014."""
    paired, agreement, shares = columns[:, 0], columns[:, 1], columns[:, 2:]
    n = units.sum()
    overall = units @ shares / n
    value = float(_of_totals(name, weights, units @ columns))
    chance = float(_chance(name, overall, weights))
    first = n / (units @ paired) * (agreement - chance * paired) / (1 - chance)
    second = 2 * (1 - value) * (_unit_chance(name, shares, overall, weights) - chance) / (1 - chance)
    return np.asarray(first - second - value, dtype=np.float64)


def coefficient(name: str, patterns: Patterns, weights: FloatArray) -> Statistic:
    """One coefficient of the family with Gwet's standard error over units.

    Parameters
    ----------
    name : percent, fleiss_kappa, gwet_ac (AC1 with identity weights, else AC2) or brennan_prediger
    patterns : counts of q declared categories
    weights : float array [q, q], as `metrics.agreement_weights`

    Returns
    -------
    Statistic; value nan with a reason when no unit has two ratings or chance is certain.

    Raises
    ------
    ValueError : *name* is none of the four.

    References
    ----------
    Fleiss 1971, doi:10.1037/h0031619; Gwet 2008, doi:10.1348/000711006X126600; Brennan & Prediger
    1981, doi:10.1177/001316448104100307; Gwet 2014, Handbook of Inter-Rater Reliability.

    >>> paradox = Patterns(np.array([[2, 0], [1, 1], [0, 2]]), np.array([118.0, 7.0, 0.0]))
    >>> round(coefficient("gwet_ac", paradox, np.eye(2)).value, 4)
    0.9408
    """
    if name not in NAMES:
        raise ValueError(f"the coefficients are {', '.join(NAMES)}, not {name!r}")
    columns = unit_columns(patterns, weights)
    value = float(_of_totals(name, weights, patterns.units @ columns))
    reason = None
    influence = np.full(len(columns), np.nan)
    if float(patterns.units @ columns[:, 0]) == 0:
        reason = NO_PAIRS
    elif np.isnan(value):
        alone = weights.shape[0] < 2 and name in ("gwet_ac", "brennan_prediger")
        reason = "only one category is declared" if alone else NO_VARIATION
    else:
        influence = _influence(name, columns, patterns.units, weights)
    return Statistic(
        value,
        spread(influence, patterns.units),
        columns,
        patterns.units,
        partial(_of_totals, name, weights),
        influence,
        reason,
    )
