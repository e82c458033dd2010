"""Cases that were drawn one by one, each with a chance of its own: ratios and totals with their variances."""

from dataclasses import dataclass

import numpy as np

from calibration.stats.ratings import FloatArray


@dataclass(frozen=True, slots=True)
class PoissonDraw:
    """The weighted share right (Hajek), the weighted number right (Horvitz-Thompson), and their standard errors."""

    share: float
    share_se: float
    right: float
    right_se: float


def poisson_draw(right: FloatArray, probability: FloatArray) -> PoissonDraw:
    """Figures of a Poisson sample: independent draws with known chances, so their number is random.

    share = sum(y / pi) / sum(1 / pi), V = sum (1 - pi) (y - share)^2 / pi^2 / (sum 1 / pi)^2;
    right = sum(y / pi), V = sum (1 - pi) y^2 / pi^2.

    Parameters
    ----------
    right : bool or 0/1 array [n], y
    probability : float array [n], pi, each in (0, 1]

    Returns
    -------
    PoissonDraw, in shares and cases; for a share always take the ratio: the total's error holds that of the sample's
    own size. All nan without a case.

    Raises
    ------
    ValueError : a probability outside (0, 1], or arrays of unequal length.

    References
    ----------
    Sarndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, sections 3.5 and 5.6; Hajek 1971, comment in
    Foundations of Statistical Inference.

    >>> found = poisson_draw(np.array([1.0, 1.0, 0.0]), np.array([0.5, 0.25, 0.25]))
    >>> found.share, found.right
    (0.6, 6.0)
    """
    y, pi = np.asarray(right, dtype=np.float64), np.asarray(probability, dtype=np.float64)
    if y.shape != pi.shape or not bool(((pi > 0) & (pi <= 1)).all()):
        raise ValueError("one probability above 0 and at most 1 for each case")
    nan = float("nan")
    if y.size == 0:
        return PoissonDraw(nan, nan, nan, nan)
    whole, total = float((1 / pi).sum()), float((y / pi).sum())
    share = total / whole
    left = (1 - pi) / pi**2
    share_se = float(np.sqrt((left * (y - share) ** 2).sum())) / whole
    return PoissonDraw(share, share_se, total, float(np.sqrt((left * y**2).sum())))
