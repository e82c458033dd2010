"""Intervals for shares of right decisions: simple samples, weighted designs, differences, planning."""

from collections.abc import Callable

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray

Interval = tuple[float, float]
_NOTHING = (float("nan"), float("nan"))


def _z(level: float) -> float:
    return float(scipy.special.ndtri((1 + level) / 2))


def _refuse(right: float, total: float, level: float) -> None:
    if not 0 <= right <= total:
        raise ValueError(f"right lies within 0..total, not {right} of {total}")
    if not 0 < level < 1:
        raise ValueError(f"level lies between 0 and 1, not {level}")


def wilson(right: float, total: float, *, level: float = 0.95) -> Interval:
    """Wilson's score interval for the share of right decisions.

    Parameters
    ----------
    right, total : cases, 0 <= right <= total; fractions where a design gives effective numbers
    level : float in (0, 1), coverage

    Returns
    -------
    (low, high), shares in [0, 1]; (nan, nan) when there is no case.

    Raises
    ------
    ValueError : *right* is not within 0..total, or *level* not in (0, 1).

    References
    ----------
    Wilson 1927, doi:10.1080/01621459.1927.10502953.

    >>> [round(x, 3) for x in wilson(9, 10)]
    [0.596, 0.982]
    """
    _refuse(right, total, level)
    if total == 0:
        return _NOTHING
    z2 = _z(level) ** 2
    share = right / total
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = np.sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total**2))) / (1 + z2 / total)
    low = 0.0 if right == 0 else max(0.0, float(centre - half))
    high = 1.0 if right == total else min(1.0, float(centre + half))
    return low, high


def clopper_pearson(right: float, total: float, *, level: float = 0.95) -> Interval:
    """The exact binomial interval: at least *level* coverage for every share.

    low = B^-1(tail; x, n - x + 1), high = B^-1(1 - tail; x + 1, n - x) with the beta quantile B^-1.

    Parameters, results and errors as `wilson`; numbers may be fractions.

    Returns
    -------
    (low, high), shares in [0, 1]; (nan, nan) when there is no case.

    References
    ----------
    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.

    >>> [round(x, 3) for x in clopper_pearson(9, 10)]
    [0.555, 0.997]
    """
    _refuse(right, total, level)
    if total == 0:
        return _NOTHING
    tail = (1 - level) / 2
    low = 0.0 if right <= 0 else float(scipy.special.betaincinv(right, total - right + 1, tail))
    high = 1.0 if right >= total else float(scipy.special.betaincinv(right + 1, total - right, 1 - tail))
    return low, high


def effective_size(share: float, variance: float, n: float, freedom: float, cap: float, level: float) -> float:
    """Cases of a simple sample that would tell as much: min(cap, n_eff [t(n - 1) / t(freedom)]^2).

    n_eff = share (1 - share) / variance.

    Parameters
    ----------
    share, variance : the weighted estimate in [0, 1] and its estimated variance
    n, freedom : cases, and cases less strata
    cap : largest size that is believed
    level : coverage that the quantiles t are for

    Returns
    -------
    float, above 0 and at most *cap*; the cap itself where there is no variance.

    References
    ----------
    Korn & Graubard 1998, Survey Methodology 24(2), 193-201.

    >>> round(effective_size(0.9, 0.09 / 50, 60, 50, 60, 0.95), 2)
    49.62
    """
    if variance <= 0 or share in (0.0, 1.0):
        return float(cap)
    top = (1 + level) / 2
    stretch = float(scipy.special.stdtrit(max(n - 1, 1), top) / scipy.special.stdtrit(max(freedom, 1), top))
    return float(min(cap, share * (1 - share) / variance * stretch**2))


def korn_graubard(
    share: float, variance: float, n: int, freedom: int, *, cap: float | None = None, level: float = 0.95
) -> Interval:
    """Korn and Graubard's interval for a weighted share, its effective size capped.

    Parameters
    ----------
    share : the weighted estimate, in [0, 1]
    variance : its estimated variance
    n : cases it rests on
    freedom : cases less strata
    cap : largest effective size; None caps at *n*, math.inf does not cap
    level : coverage

    Returns
    -------
    (low, high), Clopper-Pearson's limits at the effective size; (nan, nan) when there is no case.

    Raises
    ------
    ValueError : *share* or *level* out of range.

    References
    ----------
    Korn & Graubard 1998, Survey Methodology 24(2), 193-201; the cap at n keeps coverage where a few
    cases estimate the variance badly.

    >>> [round(x, 3) for x in korn_graubard(0.9682539682539681, 0.010391328106475826**2, 57, 54)]
    [0.884, 0.997]
    """
    _refuse(share, 1.0, level)
    if n == 0:
        return _NOTHING
    size = effective_size(share, variance, n, freedom, float(n) if cap is None else cap, level)
    if np.isinf(size):
        return share, share
    return clopper_pearson(share * size, size, level=level)


def smoothed_effective_size(settled: FloatArray, right: FloatArray, share_of_frame: FloatArray) -> float:
    """Effective size by a design effect from smoothed stratum shares, which never vanish.

    Parameters
    ----------
    settled, right : float arrays [H], cases by stratum; settled >= 1
    share_of_frame : float array [H], W_h, summing to 1

    Returns
    -------
    n / deff, in (0, ...); with one stratum n itself.

    Notes
    -----
    p~_h = (x_h + 2 p) / (n_h + 2) with p = (sum W_h x_h / n_h n + 1/2) / (n + 1);
    deff = sum W_h^2 p~_h (1 - p~_h) / n_h over p~ (1 - p~) / n.

    >>> smoothed_effective_size(np.array([40.0]), np.array([38.0]), np.array([1.0]))
    40.0
    """
    n = float(settled.sum())
    overall = (float(share_of_frame @ (right / settled)) * n + 0.5) / (n + 1)
    smoothed = (right + 2 * overall) / (settled + 2)
    variance = float(share_of_frame**2 @ (smoothed * (1 - smoothed) / settled))
    mean = float(share_of_frame @ smoothed)
    return mean * (1 - mean) / variance


def smoothed_wilson(
    settled: FloatArray, right: FloatArray, share_of_frame: FloatArray, *, level: float = 0.95
) -> Interval:
    """Wilson's interval at the smoothed effective size: for dashboards, narrower than Korn-Graubard.

    References
    ----------
    Franco, Little, Louis & Slud 2019, doi:10.1093/jssam/smy019.
    """
    if settled.size == 0:
        return _NOTHING
    size = smoothed_effective_size(settled, right, share_of_frame)
    share = min(1.0, float(share_of_frame @ (right / settled)))
    return wilson(share * size, size, level=level)


def newcombe(first: float, first_interval: Interval, second: float, second_interval: Interval) -> Interval:
    """Interval of second - first from the two shares' own intervals (square-and-add).

    low = d - sqrt((p2 - l2)^2 + (u1 - p1)^2), high = d + sqrt((u2 - p2)^2 + (p1 - l1)^2) with d = p2 - p1.

    Parameters
    ----------
    first, second : shares p1, p2 in [0, 1]
    first_interval, second_interval : their own (low, high)

    Returns
    -------
    (low, high) in [-1, 1]; nan where a limit is nan.

    References
    ----------
    Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    >>> [round(x, 4) for x in newcombe(48 / 80, wilson(48, 80), 56 / 70, wilson(56, 70))]
    [0.0524, 0.3339]
    """
    change = second - first
    down = np.hypot(second - second_interval[0], first_interval[1] - first)
    up = np.hypot(second_interval[1] - second, first - first_interval[0])
    return float(change - down), float(change + up)


def least(holds: Callable[[int], bool], limit: int = 10_000_000) -> int:
    """The smallest n >= 1 from which *holds* is true, where it turns true once.

    Raises
    ------
    ValueError : it does not hold even at *limit*.
    """
    high = 1
    while not holds(high):
        if high >= limit:
            raise ValueError(f"not reached with {limit} cases")
        high = min(2 * high, limit)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def cases_for_half_width(half_width: float, share: float, *, level: float = 0.95) -> int:
    """Cases of a simple sample for a Wilson interval of at most +/- *half_width* around *share*.

    Parameters
    ----------
    half_width : wanted, in (0, 1)
    share : expected share right, in [0, 1]
    level : coverage

    Returns
    -------
    The smallest n; multiply by the design effect (`planning.with_design_effect`), lessen by `with_finite_frame`.

    Raises
    ------
    ValueError : *half_width* or *share* out of range.

    References
    ----------
    Wilson 1927, doi:10.1080/01621459.1927.10502953.

    >>> cases_for_half_width(0.05, 0.95)
    83
    """
    if not (0 < half_width < 1 and 0 <= share <= 1):
        raise ValueError(f"a half-width within 0..1 around a share, not {half_width} around {share}")

    def narrow(n: int) -> bool:
        low, high = wilson(share * n, n, level=level)
        return (high - low) / 2 <= half_width

    return least(narrow)


def half_width(n: float, share: float, *, level: float = 0.95) -> float:
    """Half the width of Wilson's interval that *n* cases around *share* would give."""
    low, high = wilson(share * n, n, level=level)
    return (high - low) / 2


def with_finite_frame(n: float, frame: float) -> float:
    """Cases needed of a frame of *frame* cases where *n* were needed of an endless one.

    n' = n / (1 + (n - 1) / N), at most N.

    References
    ----------
    Cochran 1977, Sampling Techniques, 3rd ed., section 4.4.

    >>> round(with_finite_frame(215, 400))
    140
    """
    return n / (1 + (n - 1) / frame)
