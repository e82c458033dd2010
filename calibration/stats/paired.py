"""Two answers to the same cases: how far their shares lie apart, and what a number of cases can show of it."""

import math

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray, IntArray


def paired_interval(up: int, down: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Tango's score interval for the difference of two shares of the same cases.

    The limits are the differences d at which (up - down - n d) / sqrt(n (2 q + d (1 - d))) = -z and z, where q is the
    likeliest chance of a pair that goes down, given d: the larger root of 2 n q^2 + B q - down d (1 - d) = 0 with
    B = -up - down + (2 n - up + down) d, all divided by what makes q a chance.

    Parameters
    ----------
    up, down : pairs that are right by the second answer alone, and by the first alone; up + down <= n
    n : all pairs
    level : float in (0, 1), coverage

    Returns
    -------
    (low, high) of (up - down) / n, in [-1, 1]; (nan, nan) without a pair.

    Raises
    ------
    ValueError : counts that are negative or more than *n*.

    References
    ----------
    Tango 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B.

    >>> [round(x, 3) for x in paired_interval(1, 7, 21)]
    [-0.517, -0.026]
    """
    if min(up, down) < 0 or up + down > n:
        raise ValueError(f"counts of pairs within 0..n: {up}, {down}, {n}")
    if n == 0:
        return math.nan, math.nan
    z, found = float(scipy.special.ndtri((1 + level) / 2)), (up - down) / n
    low = -1.0 if found == -1 else _root(up, down, n, z, -1.0, found)
    high = 1.0 if found == 1 else _root(up, down, n, -z, found, 1.0)
    return low, high


def _score(up: int, down: int, n: int, apart: float) -> float:
    """The score of a difference *apart*: how many standard errors what was counted lies above it."""
    linear = -up - down + (2 * n - up + down) * apart
    q = (math.sqrt(max(linear**2 + 8 * n * down * apart * (1 - apart), 0.0)) - linear) / (4 * n)
    spread, above = n * (2 * q + apart * (1 - apart)), up - down - n * apart
    if spread <= 0:
        return 0.0 if above == 0 else math.copysign(math.inf, above)
    return above / math.sqrt(spread)


def _root(up: int, down: int, n: int, z: float, low: float, high: float) -> float:
    """Where the score, which falls with the difference, is *z*."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _score(up, down, n, middle) > z else (low, middle)
    return (low + high) / 2


def paired_power(n: int, up: float, down: float, *, error: float = 0.05) -> float:
    """The chance that McNemar's exact test, two-sided, finds a difference between two answers to *n* cases.

    Sum over the pairs m that differ of C(n, m) (up + down)^m (1 - up - down)^(n - m) times the chance that the test of
    m pairs says so; of m pairs it does when 2 P(X <= min(x, m - x)) <= error, X binomial (m, 1/2). Only findings in
    the right direction count.

    Parameters
    ----------
    n : cases, 1 or more
    up, down : chances of a case that is right by the second answer alone, and by the first alone; up + down <= 1
    error : chance of a finding where there is no difference, in (0, 1)

    Returns
    -------
    The power, in [0, 1]; the test is exact, so a larger n can have a little less.

    Raises
    ------
    ValueError : no case, or chances out of range.

    References
    ----------
    McNemar 1947, doi:10.1007/BF02295996. Duffy 1984, Biometrics 40, 1005-1015.

    >>> round(paired_power(144, 0.45, 0.25), 2)
    0.8
    """
    differ = up + down
    if n < 1 or min(up, down) < 0 or not differ <= 1:
        raise ValueError(f"cases, and chances that together are at most 1: {n}, {up}, {down}")
    if differ == 0:
        return 0.0
    m = np.arange(1, n + 1)
    critical = _critical(m, error)
    share = max(up, down) / differ
    found = np.where(critical >= 0, scipy.special.bdtr(np.maximum(critical, 0), m, 1 - share), 0.0)
    return float((_chances(m, n, differ) * found).sum())


def _chances(m: IntArray, n: int, differ: float) -> FloatArray:
    """The binomial chances of *m* of *n*."""
    choose = scipy.special.gammaln(n + 1) - scipy.special.gammaln(m + 1) - scipy.special.gammaln(n - m + 1)
    logs = choose + scipy.special.xlogy(m, differ) + scipy.special.xlog1py(n - m, -differ)
    return np.asarray(np.exp(logs), dtype=np.float64)


def _critical(pairs: IntArray, error: float) -> FloatArray:
    """The largest smaller count of *pairs* at which the test says that there is a difference; -1 where none does."""
    few = 2 * scipy.special.bdtr(0, pairs, 0.5) <= error
    near = np.floor(np.nan_to_num(scipy.special.bdtrik(error / 2, pairs, 0.5)))
    return np.where(few, near - (2 * scipy.special.bdtr(near, pairs, 0.5) > error), -1.0)


def gap_found(n: int, differ: float, *, power: float = 0.80, error: float = 0.05) -> float:
    """The smallest difference between two answers that *n* cases find with *power*, when a share *differ* differs.

    Parameters
    ----------
    n : cases, 1 or more
    differ : chance that the two answers to a case differ, in (0, 1]
    power, error : chance of finding it, and of a finding where there is none

    Returns
    -------
    The difference of the two shares, in (0, differ]; nan where not even all pairs in one direction are found.

    Raises
    ------
    ValueError : what `paired_power` refuses.

    >>> round(gap_found(100, 0.20), 3)
    0.128
    """
    if paired_power(n, differ, 0.0, error=error) < power:
        return math.nan
    low, high = 0.0, differ
    for _ in range(40):
        middle = (low + high) / 2
        enough = paired_power(n, (differ + middle) / 2, (differ - middle) / 2, error=error) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high
