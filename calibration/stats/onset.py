"""When a drop most likely began: the case from which on raised odds of an error explain the outcomes best."""

from __future__ import annotations

import numpy as np

from calibration.stats.mixture import log_ratios
from calibration.stats.ratings import FloatArray


def onset(error: FloatArray, baseline: FloatArray) -> int | None:
    """The place s that maximises, over s and the raised odds k, sum over i >= s of log LR_k(i).

    Parameters
    ----------
    error : bool or 0/1 array [n], cases in order up to where the drop was noticed
    baseline : float array [n], error rate of each case as it was expected, in (0, 1)

    Returns
    -------
    The most likely first case of the drop; None without a case, or where no place makes raised odds the likelier ones.
    A point, not an interval: with few cases it may lie weeks off.

    Raises
    ------
    ValueError : a baseline outside (0, 1).

    References
    ----------
    Hinkley 1970, doi:10.1093/biomet/57.1.1 (the most likely change point).

    >>> onset(np.array([0, 0, 0, 1, 1, 0, 1.0]), np.full(7, 0.05))
    3
    """
    if np.size(error) == 0:
        return None
    ratios = log_ratios(np.asarray(error, dtype=np.float64), np.asarray(baseline, dtype=np.float64))
    since = np.cumsum(ratios[::-1], axis=0)[::-1]
    place, best = np.unravel_index(int(np.argmax(since)), since.shape)
    return int(place) if since[place, best] > 0 else None
