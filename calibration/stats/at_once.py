"""Effective sizes and limits of many weighted shares at once: what `estimate.design_size` and `at_size` say of each."""

from __future__ import annotations

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.estimate import LARGE_FRACTION, PERIOD
from calibration.stats.ratings import FloatArray


def design_sizes(
    share: FloatArray,
    variance: FloatArray,
    n: FloatArray,
    freedom: FloatArray,
    strata: FloatArray,
    frame: FloatArray,
    *,
    estimand: str,
    level: float,
) -> FloatArray:
    """Korn and Graubard's effective size of each share, capped at its cases.

    Parameters
    ----------
    share, variance : float arrays [k], weighted estimates in [0, 1] and their variances
    n, freedom, strata, frame : float arrays [k], cases, cases less strata, strata, eligible cases
    estimand, level : as `estimate.design_size`

    Returns
    -------
    float array [k], above 0 where there is a case; inf for a period that was looked at whole.

    References
    ----------
    Korn & Graubard 1998, Survey Methodology 24(2), 193-201.

    >>> one = np.ones(1)
    >>> design_sizes(0.9 * one, 0.0018 * one, 60 * one, 50 * one, 3 * one, 999 * one, estimand="underlying",
    ...     level=0.95).round(2).tolist()
    [49.62]
    """
    cap = np.asarray(n, dtype=np.float64).copy()
    if estimand == PERIOD:
        rest = frame - n
        whole = np.divide(n * (frame - 1), rest, out=np.full(cap.shape, np.inf), where=rest > 0)
        cap = np.where(n >= LARGE_FRACTION * frame, whole, cap)
    counts = (strata != 1) & (variance > 0) & (share > 0) & (share < 1)
    top = (1 + level) / 2
    stretch = scipy.special.stdtrit(np.maximum(n - 1, 1), top) / scipy.special.stdtrit(np.maximum(freedom, 1), top)
    told = np.divide(share * (1 - share) * stretch**2, variance, out=np.full(cap.shape, np.inf), where=counts)
    return np.asarray(np.where(counts, np.minimum(cap, told), cap), dtype=np.float64)


def limits(share: FloatArray, size: FloatArray, *, level: float) -> tuple[FloatArray, FloatArray]:
    """Clopper and Pearson's limits of each share at its effective size; an infinite size has no width.

    Parameters
    ----------
    share, size : float arrays [k], shares in [0, 1] and sizes, above 0
    level : coverage

    Returns
    -------
    (low, high), shares in [0, 1], [k] each; nan where the share is.

    References
    ----------
    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.

    >>> [limit.round(3).tolist() for limit in limits(np.array([0.9, 1.0]), np.array([10.0, np.inf]), level=0.95)]
    [[0.555, 1.0], [0.997, 1.0]]
    """
    tail = (1 - level) / 2
    bounded = np.isfinite(size) & ~np.isnan(share)
    total = np.where(bounded, size, 1.0)
    right = np.where(bounded, share * total, 0.5)
    above, below = right > 0, right < total
    low = scipy.special.betaincinv(np.where(above, right, 1.0), total - right + 1, tail)
    high = scipy.special.betaincinv(right + 1, np.where(below, total - right, 1.0), 1 - tail)
    low, high = np.where(above, low, 0.0), np.where(below, high, 1.0)
    return np.where(bounded, low, share), np.where(bounded, high, share)
