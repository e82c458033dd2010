"""Units that came together (of one agent, batch or day): a cluster's influences are summed before they are squared."""

import numpy as np

from calibration.stats.ratings import FloatArray, IntArray
from calibration.stats.statistic import Statistic


def cluster_table(row: IntArray, cluster: IntArray, rows: int) -> FloatArray:
    """Units by cluster and row of a statistic [G, rows]; units without a row (-1) are left out.

    >>> cluster_table(np.array([0, 1, -1, 1]), np.array([0, 0, 1, 2]), 2).tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """
    kept = row >= 0
    names, code = np.unique(cluster[kept], return_inverse=True)
    key = code.reshape(-1) * rows + row[kept]
    return np.bincount(key, minlength=names.size * rows).reshape(names.size, rows).astype(np.float64)


def clustered(statistic: Statistic, table: FloatArray) -> Statistic:
    """The same figure with clusters as what is sampled.

    With psi_g the sum of a cluster's influences (on the scale of the value, over n units),
    var = G / (G - 1) sum (psi_g - mean psi)^2, and t has G - 1 degrees of freedom; resamples draw whole clusters.

    Parameters
    ----------
    statistic : of units
    table : float array [G, P], units of each cluster by row of the statistic; the columns' sums are its units

    Returns
    -------
    Statistic whose units are the G clusters; an undefined figure stays as it is. The standard error is nan with one
    cluster.

    Raises
    ------
    ValueError : the table's units are not the statistic's.

    References
    ----------
    Liang & Zeger 1986, doi:10.1093/biomet/73.1.13; with the factor G / (G - 1).

    >>> units = Statistic(0.5, 0.1, np.eye(2), np.array([2.0, 2.0]), lambda t: t[..., 0], np.array([1.0, -1.0]))
    >>> clustered(units, np.array([[2.0, 0.0], [0.0, 2.0]])).se
    1.0
    """
    if not np.allclose(table.sum(axis=0), statistic.units):
        raise ValueError("the clusters hold other units than the figure")
    if statistic.reason is not None:
        return statistic
    groups = len(table)
    ones = np.ones(groups)
    pull = table @ statistic.influence * groups / statistic.unit_count
    se = float("nan")
    if groups >= 2:
        se = float(np.sqrt(((pull - pull.mean()) ** 2).sum() / (groups * (groups - 1))))
    return Statistic(statistic.value, se, table @ statistic.columns, ones, statistic.of_totals, pull, None)
