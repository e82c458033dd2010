"""Intraclass correlations of numeric scores (scorecards): every rater scored every unit."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray

NAMES = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")


@dataclass(frozen=True, slots=True)
class Correlation:
    """One coefficient with its F test and interval; nan where nothing varies."""

    value: float
    low: float
    high: float
    f: float
    freedom: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Squares:
    """Mean squares of a two-way table of n units and k raters."""

    n: int
    k: int
    units: float
    raters: float
    rest: float
    within: float


def _squares(scores: FloatArray) -> _Squares:
    n, k = scores.shape
    mean = scores.mean()
    by_unit, by_rater = scores.mean(axis=1), scores.mean(axis=0)
    units = k * float(((by_unit - mean) ** 2).sum())
    raters = n * float(((by_rater - mean) ** 2).sum())
    within = float(((scores - by_unit[:, None]) ** 2).sum())
    return _Squares(
        n, k, units / (n - 1), raters / (k - 1), (within - raters) / ((n - 1) * (k - 1)), within / (n * (k - 1))
    )


def _f_limits(f: float, freedom: tuple[float, float], confidence: float) -> tuple[float, float]:
    """F over, and times, its upper quantiles."""
    top = (1 + confidence) / 2
    a, b = freedom
    return f / float(scipy.special.fdtri(a, b, top)), f * float(scipy.special.fdtri(b, a, top))


def _of_f(low: float, high: float, k: int) -> tuple[float, float]:
    """(F - 1) / (F + k - 1) at both limits of F; for the mean of k raters 1 - 1 / F is asked with k = 1."""
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _mean_of_k(single: float, k: int) -> float:
    """Spearman-Brown: the coefficient of the mean of k raters; nan where units differ no more than by chance."""
    room = 1 + (k - 1) * single
    return k * single / room if room > 1e-12 else float("nan")


def _one_way(m: _Squares, noise: float, freedom: tuple[float, float], confidence: float) -> Correlation:
    """(units - noise) / (units + (k - 1) noise) with the interval of its F; none where raters never differ."""
    nothing = float("nan")
    if noise <= 0:
        return Correlation(1.0 if m.units > 0 else nothing, nothing, nothing, nothing, freedom)
    f = m.units / noise
    return Correlation((f - 1) / (f + m.k - 1), *_of_f(*_f_limits(f, freedom, confidence), m.k), f, freedom)


def _two_way(m: _Squares, confidence: float) -> Correlation:
    """ICC2, raters drawn at random, with the interval of Shrout and Fleiss (Satterthwaite's freedom)."""
    n, k = m.n, m.k
    if m.rest <= 0:
        nothing = float("nan")
        all_of_it = m.units + k * m.raters / n
        return Correlation(m.units / all_of_it if all_of_it else nothing, nothing, nothing, nothing, (nothing, nothing))
    spread = m.units + (k - 1) * m.rest + k * (m.raters - m.rest) / n
    if spread <= 0:  # two raters who contradict each other on two units: nothing is left to be a share of
        nothing = float("nan")
        return Correlation(nothing, nothing, nothing, nothing, (nothing, nothing))
    value = (m.units - m.rest) / spread
    f = m.units / m.rest
    fj = m.raters / m.rest
    part = n * (1 + (k - 1) * value) - k * value
    freedom = (k - 1) * (n - 1) * (k * value * fj + part) ** 2 / ((n - 1) * (k * value * fj) ** 2 + part**2)
    top = (1 + confidence) / 2
    over, under = float(scipy.special.fdtri(n - 1, freedom, top)), float(scipy.special.fdtri(freedom, n - 1, top))
    noise = k * m.raters + (k * n - k - n) * m.rest
    low = n * (m.units - over * m.rest) / (over * noise + n * m.units)
    high = n * (under * m.units - m.rest) / (noise + n * under * m.units)
    return Correlation(value, low, high, f, (n - 1.0, (n - 1.0) * (k - 1)))


def intraclass(scores: FloatArray, *, confidence: float = 0.95) -> dict[str, Correlation]:
    """The six intraclass correlations of Shrout and Fleiss.

    Parameters
    ----------
    scores : float array [units, raters], complete, at least two of each
    confidence : coverage of the intervals, in (0, 1)

    Returns
    -------
    By name. ICC1: units were scored by raters of their own; ICC2: all by the same raters, drawn at random; ICC3: by
    just these raters; with k: of the mean of the raters. At most 1; nan where nothing varies. Where raters never
    differ (ICC2, ICC3: but for a constant) there is a value and no interval.

    Raises
    ------
    ValueError : a missing score, or fewer than two units or raters.

    References
    ----------
    Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> round(intraclass(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]))["ICC3"].value, 3)
    0.968
    """
    scores = np.asarray(scores, dtype=np.float64)
    if scores.ndim != 2 or min(scores.shape) < 2 or not bool(np.isfinite(scores).all()):
        raise ValueError("needs at least two units and two raters, and every score")
    m = _squares(scores)
    of_one, of_fixed = (m.n - 1.0, m.n * (m.k - 1.0)), (m.n - 1.0, (m.n - 1.0) * (m.k - 1))
    found = {"ICC2": _two_way(m, confidence)}
    for name, noise, freedom in (("ICC1", m.within, of_one), ("ICC3", m.rest, of_fixed)):
        found[name] = _one_way(m, noise, freedom, confidence)
    for name in ("ICC1", "ICC2", "ICC3"):
        one = found[name]
        value, low, high = (_mean_of_k(x, m.k) for x in (one.value, one.low, one.high))
        found[f"{name}k"] = Correlation(value, low, high, one.f, one.freedom)
    return {name: found[name] for name in NAMES}
