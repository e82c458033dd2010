"""Conger's kappa: chance from each rater's own label shares, so raters must be told apart."""

from functools import partial

import numpy as np

from calibration.stats.coefficients import pair_agreement
from calibration.stats.patterns import Patterns, of_units
from calibration.stats.ratings import FloatArray, IntArray, Ratings, sums
from calibration.stats.statistic import NO_PAIRS, NO_VARIATION, Statistic, corrected, ratio, spread

#: a resample needs every unit's row of raters x categories; beyond this many cells it is not offered
_CELLS = 5_000_000


def _shares(table: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Each rater's label shares [.., r, q] (0 for one without ratings) and ratings [.., r, 1]."""
    given = table.sum(axis=-1, keepdims=True)
    return np.divide(table, given, out=np.zeros_like(table), where=given > 0), given


def _chance(table: FloatArray, weights: FloatArray) -> FloatArray:
    """Mean over ordered pairs of distinct raters of sum w_kl p_gk p_hl; [.., r, q] -> [..]."""
    shares, given = _shares(table)
    together = shares.sum(axis=-2)
    every = ((together @ weights) * together).sum(axis=-1)
    own = ((shares @ weights) * shares).sum(axis=(-2, -1))
    raters = (given[..., 0] > 0).sum(axis=-1)
    return ratio(every - own, raters * (raters - 1.0))


def _of_totals(raters: int, weights: FloatArray, totals: FloatArray) -> FloatArray:
    """The coefficient from totals [.., 2 + r q]: paired units, agreement, ratings by rater and label."""
    table = totals[..., 2:].reshape(*totals.shape[:-1], raters, weights.shape[0])
    return corrected(ratio(totals[..., 1], totals[..., 0]), _chance(table, weights))


def _counts(rows: IntArray, columns: IntArray, height: int, width: int) -> FloatArray:
    return sums(rows * width + columns, np.ones(rows.size), height * width).reshape(height, width)


def _chance_pull(ratings: Ratings, table: FloatArray, weights: FloatArray) -> FloatArray:
    """A unit's part in chance less chance itself [n], after Gwet 2014."""
    shares, given = _shares(table)
    raters = int((given > 0).sum())
    others = (shares.sum(axis=0) - shares) @ ((weights + weights.T) / 2)
    gain = others - (shares * others).sum(axis=1, keepdims=True)
    per_rating = np.divide(gain, given, out=np.zeros_like(table), where=given > 0)
    worth = per_rating[ratings.rater, ratings.label] / (raters * (raters - 1))
    n = int((np.bincount(ratings.unit, minlength=1) > 0).sum())
    return n * sums(ratings.unit, worth, ratings.unit_count)


def _unit_agreement(ratings: Ratings, weights: FloatArray) -> tuple[IntArray, FloatArray]:
    """Ratings of each unit [n], and the mean weight of its pairs [n] (0 without a pair)."""
    counts, place = of_units(ratings.unit, ratings.label, weights.shape[0], ratings.unit_count)
    agreement = pair_agreement(Patterns(counts, np.ones(len(counts))), weights)
    return counts.sum(axis=1)[place], agreement[place]


def conger_kappa(ratings: Ratings, weights: FloatArray, *, resample: bool) -> Statistic:
    """Conger's kappa with Gwet's standard error over units; for two raters with all ratings Cohen's.

    Parameters
    ----------
    ratings : one round; raters without ratings are left out of chance
    weights : float array [q, q], as `metrics.agreement_weights`
    resample : whether the figure will be resampled (needs a row of raters x categories for each unit)

    Returns
    -------
    Statistic; value nan with a reason when no unit has two ratings, one rater is alone, or chance is
    certain. It has no columns when *resample* is False or the rows would be too many.

    References
    ----------
    Conger 1980, doi:10.1037/0033-2909.88.2.322; Gwet 2014, Handbook of Inter-Rater Reliability.
    """
    q, raters = weights.shape[0], len(ratings.raters)
    sizes, agreement = _unit_agreement(ratings, weights)
    rated = sizes > 0
    paired = (sizes >= 2).astype(np.float64)
    table = _counts(ratings.rater, ratings.label, raters, q)
    totals = np.concatenate([[paired.sum(), agreement.sum()], table.reshape(-1)])
    value = float(_of_totals(raters, weights, totals))
    units = np.ones(int(rated.sum()))
    influence = np.full(units.size, np.nan)
    reason = None if np.isfinite(value) else NO_VARIATION if paired.any() else NO_PAIRS
    if reason is None:
        chance = float(_chance(table, weights))
        first = units.size / paired.sum() * (agreement - chance * paired) / (1 - chance)
        pull = 2 * (1 - value) * _chance_pull(ratings, table, weights) / (1 - chance)
        influence = (first - pull - value)[rated]
    columns = np.zeros((units.size, 0))
    if resample and units.size * raters * q <= _CELLS:
        cells = _counts(ratings.unit, ratings.rater * q + ratings.label, ratings.unit_count, raters * q)
        columns = np.hstack([paired[:, None], agreement[:, None], cells])[rated]
    of_totals = partial(_of_totals, raters, weights)
    return Statistic(value, spread(influence, units), columns, units, of_totals, influence, reason)
