"""Every pair of raters with units in common: percent agreement and Cohen's kappa with its interval."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray, IntArray, Ratings, sums
from calibration.stats.resample import most_hidden
from calibration.stats.statistic import corrected

#: raters squared x categories squared that may be counted out at once; beyond, what occurs is sorted
_COUNTED = 20_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """One row a pair of raters *a* < *b* (codes) that share units; nan is undefined."""

    a: IntArray
    b: IntArray
    units: FloatArray
    percent: FloatArray
    cohen_kappa: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True)
class _Cells:
    """Non-empty cells of all pairs' tables: the pair's row, both labels, units."""

    pair: IntArray
    first: IntArray
    second: IntArray
    units: FloatArray


def _joint_keys(ratings: Ratings) -> tuple[IntArray, FloatArray]:
    """Distinct (a, b, label of a, label of b) with a < b as one number, and the units of each."""
    raters, q = len(ratings.raters), len(ratings.categories)
    unit, rater, label = _by_unit(ratings)
    size = raters * raters * q * q
    keys = []
    for lag in range(1, int(np.bincount(unit, minlength=1).max(initial=0))):
        same = np.flatnonzero(unit[lag:] == unit[:-lag])
        one, other = rater[same] * q + label[same], rater[same + lag] * q + label[same + lag]
        first, second = np.minimum(one, other), np.maximum(one, other)
        keys.append(((first // q * raters + second // q) * q + first % q) * q + second % q)
    if not keys:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    every = np.concatenate(keys)
    if size > _COUNTED:
        found, often = np.unique(every, return_counts=True)
        return found, often.astype(np.float64)
    counted = np.bincount(every, minlength=size)
    found = np.flatnonzero(counted)
    return found, counted[found].astype(np.float64)


def _by_unit(ratings: Ratings) -> tuple[IntArray, IntArray, IntArray]:
    """Units, raters and labels with a unit's ratings beside each other, as files mostly have them already."""
    if bool((ratings.unit[1:] >= ratings.unit[:-1]).all()):
        return ratings.unit, ratings.rater, ratings.label
    order = np.argsort(ratings.unit, kind="stable")
    return ratings.unit[order], ratings.rater[order], ratings.label[order]


def _kappas(cells: _Cells, n: FloatArray, weights: FloatArray) -> tuple[FloatArray, ...]:
    """Agreement, chance, kappa and its large-sample standard error, by pair."""
    size, q = n.size, weights.shape[0]

    def margin(label: IntArray) -> FloatArray:
        return sums(cells.pair * q + label, cells.units, size * q).reshape(size, q) / n[:, None]

    rows, columns = margin(cells.first), margin(cells.second)
    weight = weights[cells.first, cells.second]
    agreement = sums(cells.pair, cells.units * weight, size) / n
    by_row, by_column = columns @ weights.T, rows @ weights
    chance = (by_row * rows).sum(axis=1)
    kappa = corrected(agreement, chance)
    moved = by_row[cells.pair, cells.first] + by_column[cells.pair, cells.second] - 2 * chance[cells.pair]
    room = np.where(np.isnan(kappa), np.nan, 1 - chance)[cells.pair]
    pull = (weight - agreement[cells.pair]) / room - (1 - agreement[cells.pair]) / room**2 * moved
    se = np.sqrt(sums(cells.pair, cells.units * pull**2, size)) / n
    return agreement, kappa, se, (rows + columns) / 2


def _hidden_low(n: FloatArray, shares: FloatArray, weights: FloatArray, confidence: float) -> FloatArray:
    """Lower limit of kappa where a pair never disagreed: some hidden units move one label to the next."""
    every = np.arange(n.size)
    ranked = np.argsort(-shares, axis=1, kind="stable")
    top, after = ranked[:, 0], ranked[:, 1]
    hidden = np.array([most_hidden(units, confidence) for units in n.tolist()]) / np.maximum(n, 1)
    hidden = np.minimum(hidden, shares[every, top])
    moved = shares.copy()
    moved[every, top] -= hidden / 2
    moved[every, after] += hidden / 2
    agreement = 1 - hidden * (1 - weights[top, after])
    return corrected(agreement, ((moved @ weights) * moved).sum(axis=1))


def pairs(ratings: Ratings, weights: FloatArray, *, confidence: float = 0.95) -> Pairs:
    """Agreement of every two raters on the units that both rated, in order of (a, b).

    Parameters
    ----------
    ratings : one round
    weights : float array [q, q]; *percent* is the mean weight, with identity weights the share of same labels
    confidence : coverage of the interval: t on log(1 - kappa) with the standard error of Fleiss, Cohen &
        Everitt; where the two never disagreed, the zero-disagreement rule

    Returns
    -------
    Pairs; kappa and its limits are nan where they are undefined (no variation) or, the limits, where one
    unit is all there is.
    """
    raters, q = len(ratings.raters), len(ratings.categories)
    keys, units = _joint_keys(ratings)
    both, place = np.unique(keys // (q * q), return_inverse=True)
    cells = _Cells(place.reshape(-1), keys // q % q, keys % q, units)
    n = sums(cells.pair, units, both.size)
    percent, kappa, se, shares = _kappas(cells, n, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        room = 1 - kappa
        half = scipy.special.stdtrit(np.maximum(n - 1, 1), (1 + confidence) / 2) * se / room
        defined = (n >= 2) & (room > 1e-12)
        low = np.where(defined, 1 - room * np.exp(half), np.nan)
        high = np.where(defined, 1 - room * np.exp(-half), np.nan)
    unanimous = (room <= 1e-12) & (n >= 2)
    if q > 1 and unanimous.any():
        low[unanimous] = _hidden_low(n[unanimous], shares[unanimous], weights, confidence)
        high[unanimous] = 1.0
    return Pairs(both // max(raters, 1), both % max(raters, 1), n, percent, kappa, se, low, high)
