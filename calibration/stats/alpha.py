"""Krippendorff's alpha from count patterns, with its infinitesimal-jackknife standard error."""

from functools import partial

import numpy as np

from calibration.stats.metrics import disagreement, midranks
from calibration.stats.patterns import Patterns
from calibration.stats.ratings import FloatArray
from calibration.stats.statistic import NO_PAIRS, NO_VARIATION, Statistic, corrected, spread

#: an ordinal resample carries all coincidences, q(q + 1)/2 columns; beyond this it is not offered
_ORDINAL_COLUMNS = 2000


def _observed(counts: FloatArray, metric: FloatArray) -> FloatArray:
    """s_u = sum over k, l of n_uk n_ul d_kl / (m_u - 1), by pattern [P]."""
    return np.asarray(((counts @ metric) * counts).sum(axis=1) / (counts.sum(axis=1) - 1), dtype=np.float64)


def _fixed(metric: FloatArray, totals: FloatArray) -> FloatArray:
    """alpha = 1 - (N - 1) S / T from totals [.., 1 + q]: S, then the category totals."""
    counts = totals[..., 1:]
    expected = ((counts @ metric) * counts).sum(axis=-1)
    return _alpha(totals[..., 0], expected, counts.sum(axis=-1))


def _alpha(observed: FloatArray, expected: FloatArray, n: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def _coincidences(counts: FloatArray) -> FloatArray:
    """n_uk n_ul / (m_u - 1) for k <= l, off-diagonals doubled, by pattern [P, q(q + 1)/2]."""
    rows, columns = np.triu_indices(counts.shape[1])
    twice = np.where(rows == columns, 1.0, 2.0)
    per_pair = 1 / (counts.sum(axis=1) - 1)
    return np.asarray(counts[:, rows] * counts[:, columns] * twice * per_pair[:, None], dtype=np.float64)


def _ordinal(q: int, totals: FloatArray) -> FloatArray:
    """alpha on the ordinal level from totals [.., q(q + 1)/2 + q]: coincidences, category totals.

    The metric is the squared gap of mid-ranks, so it follows the resampled totals.
    """
    counts = totals[..., -q:]
    places = midranks(counts)
    rows, columns = np.triu_indices(q)
    observed = (totals[..., :-q] * (places[..., rows] - places[..., columns]) ** 2).sum(axis=-1)
    n = counts.sum(axis=-1)
    mean = (counts * places).sum(axis=-1)
    expected = 2 * (n * (counts * places**2).sum(axis=-1) - mean**2)
    return _alpha(observed, expected, n)


def _pull(patterns: Patterns, counts: FloatArray, observed: FloatArray, metric: FloatArray) -> FloatArray:
    """Derivative of alpha by the weight of one unit of each pattern [P], for a fixed metric."""
    totals = patterns.units @ counts
    s, n = float(patterns.units @ observed), float(totals.sum())
    expected = float(totals @ metric @ totals)
    return np.asarray(
        -(n - 1) / expected * observed
        - s / expected * counts.sum(axis=1)
        + 2 * (n - 1) * s / expected**2 * (counts @ (metric @ totals)),
        dtype=np.float64,
    )


def _pull_through_ranks(patterns: Patterns) -> FloatArray:
    """What the ordinal metric's dependence on the totals adds to the derivative [P]."""
    counts = patterns.counts.astype(np.float64)
    totals = patterns.units @ counts
    places = midranks(totals)
    pairs = (counts.T * (patterns.units / (counts.sum(axis=1) - 1))) @ counts
    by_place = 4 * (pairs.sum(axis=1) * places - pairs @ places)
    expected_by_place = 4 * totals * (totals.sum() * places - totals @ places)
    gaps = np.subtract.outer(places, places) ** 2
    s, expected, n = float((pairs * gaps).sum()), float(totals @ gaps @ totals), float(totals.sum())
    slope = -(n - 1) / expected * by_place + (n - 1) * s / expected**2 * expected_by_place
    above = np.cumsum(slope[::-1])[::-1] - slope
    return np.asarray(counts @ (above + slope / 2), dtype=np.float64)


def _metric(level: str, values: FloatArray, patterns: Patterns) -> FloatArray:
    if level == "ordinal":
        return disagreement("interval", midranks(patterns.totals))
    return disagreement(level, values)


def krippendorff_alpha(
    patterns: Patterns, level: str, values: FloatArray, *, own_metric: FloatArray | None = None
) -> Statistic:
    """Krippendorff's alpha = 1 - (N - 1) S / T over units with at least two ratings.

    Parameters
    ----------
    patterns : counts of q categories
    level : nominal, ordinal (on the categories' order), interval or ratio
    values : float array [q], the categories' numbers; read by interval and ratio
    own_metric : float array [q, q], disagreements of one's own instead of the level's; symmetric, noughts on the
        diagonal (1 - w of agreement weights w gives the alpha that Gwet's handbook has for them)

    Returns
    -------
    Statistic with the infinitesimal-jackknife standard error over pairable units, se =
    sqrt(n / (n - 1) sum (psi_u - mean)^2); value nan with a reason when no unit has two ratings or
    nothing varies.

    Raises
    ------
    ValueError : an unknown level, or a negative number on the ratio level.

    References
    ----------
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; Jaeckel 1972, The Infinitesimal
    Jackknife, for the standard error.

    >>> p = Patterns(np.array([[2, 0], [1, 1], [0, 2]]), np.array([5.0, 4.0, 1.0]))
    >>> round(krippendorff_alpha(p, "nominal", np.arange(2.0)).value, 4)
    0.0952
    """
    pairable = patterns.pairable
    counts = pairable.counts.astype(np.float64)
    metric = _metric(level, values, pairable) if own_metric is None else own_metric
    q = counts.shape[1]
    observed = _observed(counts, metric)
    columns = np.hstack([observed[:, None], counts])
    value = float(_fixed(metric, pairable.units @ columns))
    of_totals = partial(_fixed, metric)
    by_rank = level == "ordinal" and own_metric is None
    if by_rank:
        wide = q * (q + 1) // 2 + q > _ORDINAL_COLUMNS
        columns = np.zeros((len(counts), 0)) if wide else np.hstack([_coincidences(counts), counts])
        of_totals = partial(_ordinal, q)
    influence = np.full(len(counts), np.nan)
    reason = NO_PAIRS if not len(counts) else NO_VARIATION if np.isnan(value) else None
    if reason is None:
        pull = _pull(pairable, counts, observed, metric)
        if by_rank:
            pull = pull + _pull_through_ranks(pairable)
        n = pairable.unit_count
        influence = n * pull - float(pairable.units @ pull)
    return Statistic(value, spread(influence, pairable.units), columns, pairable.units, of_totals, influence, reason)


def specific_agreement(patterns: Patterns, category: int) -> Statistic:
    """When one rater says *category*, the chance that another says it too.

    SA_k = sum n_uk (n_uk - 1) / sum n_uk (m_u - 1), a ratio of unit totals.

    Parameters
    ----------
    patterns : counts of q categories
    category : code of the category, 0 to q - 1

    Returns
    -------
    Statistic in [0, 1] with the delta-method standard error over pairable units; nan with a reason when the category
    never occurs in a unit with two ratings.

    References
    ----------
    de Vet, Dikmans & Eekhout 2017, doi:10.1016/j.jclinepi.2016.12.007.

    >>> specific_agreement(Patterns(np.array([[2, 0], [1, 1]]), np.array([3.0, 2.0])), 0).value
    0.75
    """
    pairable = patterns.pairable
    own = pairable.counts[:, category].astype(np.float64)
    columns = np.stack([own * (own - 1), own * (pairable.sizes - 1)], axis=1)
    same, met = (pairable.units @ columns).tolist()
    if met == 0:
        nothing = np.full(len(columns), np.nan)
        reason = "the category does not occur in a unit with two ratings"
        return Statistic(np.nan, np.nan, columns, pairable.units, _share, nothing, reason)
    influence = pairable.unit_count * (columns[:, 0] - same / met * columns[:, 1]) / met
    return Statistic(same / met, spread(influence, pairable.units), columns, pairable.units, _share, influence)


def _share(totals: FloatArray) -> FloatArray:
    return corrected(
        np.divide(totals[..., 0], totals[..., 1], out=np.ones(totals.shape[:-1]), where=totals[..., 1] > 0),
        np.zeros(totals.shape[:-1]),
    )


def category_alpha(patterns: Patterns, category: int) -> Statistic:
    """Nominal alpha of *category* against all others: can raters tell this one from the rest?

    Parameters
    ----------
    patterns : counts of q categories
    category : code of the category, 0 to q - 1

    Returns
    -------
    Statistic as of `krippendorff_alpha`, in [-1, 1]; nan with a reason where nobody, or everybody, said it.

    References
    ----------
    Krippendorff 2004, Content Analysis, 2nd ed., chapter 11.

    >>> p = Patterns(np.array([[2, 0, 0], [1, 1, 0], [0, 0, 2]]), np.array([5.0, 4.0, 9.0]))
    >>> round(category_alpha(p, 2).value, 6)
    1.0
    """
    own = patterns.counts[:, category]
    two = Patterns(np.stack([own, patterns.sizes - own], axis=1), patterns.units)
    return krippendorff_alpha(two, "nominal", np.arange(2.0))
