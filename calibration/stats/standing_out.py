"""Where a rater errs more than elsewhere, and who errs more than the others: exact limits, shared over many looks."""

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray


def error_lower(errors: FloatArray, total: FloatArray, *, level: float) -> FloatArray:
    """One-sided lower limit of error rates, exact (Clopper-Pearson); 0 without an error, nan without a case.

    Parameters
    ----------
    errors, total : float arrays [..], 0 <= errors <= total; expected errors of a model may be fractions
    level : one-sided coverage in (0, 1)

    References
    ----------
    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.

    >>> error_lower(np.array([7.0]), np.array([33.0]), level=0.95).round(3).tolist()
    [0.104]
    """
    wrong, n = np.asarray(errors, dtype=np.float64), np.asarray(total, dtype=np.float64)
    low = scipy.special.betaincinv(np.maximum(wrong, 1e-9), n - wrong + 1, 1 - level)
    return np.asarray(np.where(n > 0, np.where(wrong > 0, low, 0.0), np.nan), dtype=np.float64)


def stands_out(errors: FloatArray, total: FloatArray, *, error: float = 0.05) -> FloatArray:
    """Cells of one rater (policies, languages) in which the rater errs more than in all the others together.

    A cell stands out when the exact lower limit of its error rate, at one-sided level 1 - error / cells, lies above the
    rater's error rate in the other cells. Small cells with an error or two do not: that is what the limit is for.

    Parameters
    ----------
    errors, total : float arrays [C], by cell
    error : chance that any cell is named although the rater errs alike in all, about

    Returns
    -------
    bool array [C].

    References
    ----------
    Dunn 1961, doi:10.1080/01621459.1961.10482090, for sharing the error over the cells.

    >>> stands_out(np.array([7.0, 3.0, 1.0]), np.array([33.0, 400.0, 14.0])).tolist()
    [True, False, False]
    """
    met = np.asarray(total) > 0
    elsewhere = np.maximum(np.sum(total) - total, 0)
    others = np.divide(np.sum(errors) - errors, elsewhere, out=np.full(elsewhere.shape, np.inf), where=elsewhere > 0)
    limit = error_lower(errors, total, level=1 - error / max(int(met.sum()), 1))
    return np.asarray(met & (np.nan_to_num(limit) > others))
