"""Which two categories are taken for each other most: off-diagonal coincidences with their intervals."""

from functools import partial

import numpy as np

from calibration.stats.patterns import Patterns
from calibration.stats.ratings import FloatArray
from calibration.stats.statistic import Statistic, ratio, spread


def coincidences(patterns: Patterns) -> FloatArray:
    """Krippendorff's coincidences o_kl: pairs of labels within units, each unit counting as its ratings.

    o_kl = sum over units of n_uk (n_ul - 1[k = l]) / (m_u - 1).

    Parameters
    ----------
    patterns : counts of q categories; units with one rating have no pair and do not count

    Returns
    -------
    float array [q, q], symmetric, not negative; sums to the pairable ratings (0 where there is none).

    References
    ----------
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.

    >>> coincidences(Patterns(np.array([[2, 0], [1, 1]]), np.array([3.0, 1.0]))).tolist()
    [[6.0, 1.0], [1.0, 0.0]]
    """
    pairable = patterns.pairable
    counts = pairable.counts.astype(np.float64)
    share = pairable.units / (counts.sum(axis=1) - 1)
    return np.asarray((counts.T * share) @ counts - np.diag(share @ counts), dtype=np.float64)


def _share(totals: FloatArray) -> FloatArray:
    return ratio(totals[..., 0], totals[..., 1])


def confusion_share(patterns: Patterns, one: int, other: int) -> Statistic:
    """Of all pairs of labels within units, the share that is *one* beside *other*.

    2 o_kl / N, a ratio of unit totals.

    Parameters
    ----------
    patterns : counts of q categories
    one, other : codes of two categories

    Returns
    -------
    Statistic in [0, 1] with its delta-method standard error over pairable units; nan with a reason when no unit has two
    ratings.

    References
    ----------
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability (o_kl, N).

    >>> confusion_share(Patterns(np.array([[2, 0], [1, 1]]), np.array([3.0, 1.0])), 0, 1).value
    0.25
    """
    pairable = patterns.pairable
    counts = pairable.counts.astype(np.float64)
    size = counts.sum(axis=1)
    columns = np.stack([2 * counts[:, one] * counts[:, other] / (size - 1), size], axis=1)
    mixed, whole = (pairable.units @ columns).tolist()
    of_totals = partial(_share)
    if whole == 0:
        nothing = np.full(len(columns), np.nan)
        return Statistic(np.nan, np.nan, columns, pairable.units, of_totals, nothing, "no unit has two ratings")
    influence = pairable.unit_count * (columns[:, 0] - mixed / whole * columns[:, 1]) / whole
    return Statistic(mixed / whole, spread(influence, pairable.units), columns, pairable.units, of_totals, influence)


def most_confused(patterns: Patterns, limit: int = 10) -> list[tuple[int, int]]:
    """The pairs of categories (k < l) that were given to one unit, the most frequent first, at most *limit*.

    >>> most_confused(Patterns(np.array([[1, 1, 0], [0, 1, 1], [1, 1, 0]]), np.array([3.0, 1.0, 2.0])))
    [(0, 1), (1, 2)]
    """
    table = np.triu(coincidences(patterns), k=1)
    order = np.argsort(-table.reshape(-1), kind="stable")[:limit]
    q = table.shape[0]
    return [(int(cell // q), int(cell % q)) for cell in order if table.reshape(-1)[cell] > 0]
