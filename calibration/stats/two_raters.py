"""Cohen's kappa and Scott's pi: exactly two raters, on the units that both rated."""

from functools import partial

import numpy as np

from calibration.stats.ratings import FloatArray, IntArray, Ratings
from calibration.stats.statistic import NO_VARIATION, Statistic, corrected, ratio, spread

NO_COMMON_UNIT = "no unit was rated by both"


def _cells(ratings: Ratings, first: int, second: int) -> IntArray:
    """The cell of each unit in the two raters' table [unit_count]; -1 where one of them gave no label."""
    q = len(ratings.categories)
    labels = np.full((2, ratings.unit_count), -1, dtype=np.int64)
    for row, rater in enumerate((first, second)):
        own = ratings.rater == rater
        labels[row, ratings.unit[own]] = ratings.label[own]
    return np.where((labels >= 0).all(axis=0), labels[0] * q + labels[1], -1)


def two_rater_table(ratings: Ratings, first: int, second: int) -> FloatArray:
    """Units by the label of rater *first* (rows) and of rater *second* (columns) [q, q], those of both."""
    q = len(ratings.categories)
    cell = _cells(ratings, first, second)
    return np.bincount(cell[cell >= 0], minlength=q * q).reshape(q, q).astype(np.float64)


def two_rater_rows(ratings: Ratings, first: int, second: int) -> IntArray:
    """Which row of `cohen`'s and `scott`'s statistic each unit stands in [unit_count]; -1 for one not of both."""
    cell = _cells(ratings, first, second)
    filled = np.unique(cell[cell >= 0])
    return np.where(cell >= 0, np.searchsorted(filled, cell), -1)


def _of_totals(own_margins: bool, weights: FloatArray, totals: FloatArray) -> FloatArray:
    """The coefficient from cell totals [.., q * q]."""
    q = weights.shape[0]
    table = totals.reshape(*totals.shape[:-1], q, q)
    n = table.sum(axis=(-2, -1))
    rows, columns = table.sum(axis=-1), table.sum(axis=-2)
    if not own_margins:
        rows = columns = (rows + columns) / 2
    chance = ratio(((rows @ weights) * columns).sum(axis=-1), n * n)
    return corrected(ratio((table * weights).sum(axis=(-2, -1)), n), chance)


def _influence(own_margins: bool, table: FloatArray, weights: FloatArray) -> FloatArray:
    """A unit's pull on the coefficient by cell [q, q] (Fleiss, Cohen & Everitt 1969)."""
    n = table.sum()
    rows, columns = table.sum(axis=1) / n, table.sum(axis=0) / n
    if not own_margins:
        rows = columns = (rows + columns) / 2
    observed = float((table * weights).sum() / n)
    chance = float(rows @ weights @ columns)
    by_row, by_column = weights @ columns, weights.T @ rows
    moved = by_row[:, None] + by_column[None, :] - 2 * chance
    pull = (weights - observed) / (1 - chance) - (1 - observed) / (1 - chance) ** 2 * moved
    return np.asarray(pull, dtype=np.float64)


def _two_raters(table: FloatArray, weights: FloatArray, own_margins: bool) -> Statistic:
    of_totals = partial(_of_totals, own_margins, weights)
    value = float(of_totals(table.reshape(-1)))
    cells = np.flatnonzero(table.reshape(-1))
    units = table.reshape(-1)[cells]
    columns = np.eye(table.size)[cells]
    influence = np.full(cells.size, np.nan)
    reason = None if np.isfinite(value) else NO_VARIATION if cells.size else NO_COMMON_UNIT
    se = float("nan")
    if reason is None:
        influence = _influence(own_margins, table, weights).reshape(-1)[cells]
        n = units.sum()
        se = float(np.sqrt(units @ influence**2) / n) if own_margins else spread(influence, units)
    return Statistic(value, se, columns, units, of_totals, influence, reason)


def cohen(table: FloatArray, weights: FloatArray) -> Statistic:
    """Cohen's kappa of a two-rater table with its large-sample standard error.

    kappa = (p_o - p_e) / (1 - p_e), p_o = sum w_kl p_kl, p_e = sum w_kl p_k. p_.l from both raters' own margins.

    Parameters
    ----------
    table : array [q, q], units by the first rater's label (rows) and the second's
    weights : float array [q, q], as `metrics.agreement_weights`

    Returns
    -------
    Statistic in [-1, 1]; the standard error is that of Fleiss, Cohen & Everitt (sum over n, not n - 1). Value nan with
    a reason when no unit was rated by both or chance is certain.

    References
    ----------
    Cohen 1960, doi:10.1177/001316446002000104; Cohen 1968, doi:10.1037/h0026256 (weights);
    Fleiss, Cohen & Everitt 1969, doi:10.1037/h0028106.

    >>> round(cohen(np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]]), np.eye(3)).value, 3)
    0.492
    """
    return _two_raters(np.asarray(table, dtype=np.float64), weights, own_margins=True)


def scott(table: FloatArray, weights: FloatArray) -> Statistic:
    """Scott's pi of a two-rater table: as Cohen's kappa, with chance from the pooled margins.

    Parameters
    ----------
    table, weights : as for `cohen`

    Returns
    -------
    Statistic in [-1, 1]; the standard error is the delta method's over units with n - 1, as for Fleiss' kappa.
    Undefined as for `cohen`.

    References
    ----------
    Scott 1955, doi:10.1086/266577.

    >>> round(scott(np.array([[20, 20], [10, 50]]), np.eye(2)).value, 4)
    0.3407
    """
    return _two_raters(np.asarray(table, dtype=np.float64), weights, own_margins=False)


def cohen_kappa(table: FloatArray, weights: FloatArray | None = None) -> float:
    """Cohen's kappa of a two-rater table of counts; nan when it is undefined.

    >>> round(cohen_kappa(np.array([[20, 20], [10, 50]])), 3)
    0.348
    """
    table = np.asarray(table, dtype=np.float64)
    return cohen(table, np.eye(table.shape[0]) if weights is None else weights).value


def scott_pi(table: FloatArray, weights: FloatArray | None = None) -> float:
    """Scott's pi of a two-rater table of counts; nan when it is undefined.

    >>> round(scott_pi(np.array([[20, 20], [10, 50]])), 4)
    0.3407
    """
    table = np.asarray(table, dtype=np.float64)
    return scott(table, np.eye(table.shape[0]) if weights is None else weights).value
