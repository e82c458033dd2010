"""Calibration sessions: few cases and many raters, where a coefficient says little; the spread of each case does."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.patterns import of_units
from calibration.stats.ratings import FloatArray, IntArray, Ratings


@dataclass(frozen=True, slots=True)
class Spread:
    """The labels of each case [U]: *counts* [U, q], the *entropy* in bits, and the *top* label's share.

    nan for a case that nobody labelled.
    """

    counts: IntArray
    entropy: FloatArray
    top: FloatArray


def spread_of(ratings: Ratings) -> Spread:
    """How far the raters of a session differ, case by case.

    H_u = -sum over k of (n_uk / m_u) log2(n_uk / m_u), 0 where all say the same, log2 q at most.

    Parameters
    ----------
    ratings : one round, before anything was discussed

    Returns
    -------
    Spread, cases in the order of their codes.

    References
    ----------
    Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x.

    >>> from calibration.stats.ratings import from_long
    >>> spread_of(from_long(["c", "c", "d", "d"], ["a", "b"] * 2, ["x", "y", "x", "x"])).entropy.tolist()
    [1.0, 0.0]
    """
    counts, place = of_units(ratings.unit, ratings.label, len(ratings.categories), ratings.unit_count)
    counts = counts[place]
    whole = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, whole, out=np.full(counts.shape, np.nan), where=whole > 0)
    entropy = scipy.special.entr(share).sum(axis=1) / np.log(2) + 0.0
    top = share.max(axis=1) if counts.shape[1] else np.full(len(counts), np.nan)
    return Spread(counts, np.asarray(entropy, dtype=np.float64), top)


def leave_one_out(ratings: Ratings) -> FloatArray:
    """How far each rater says what the others say: over own cases, the mean share of the others with the same label.

    A_r = mean over units u of r with m_u >= 2 of (n_u,label(r,u) - 1) / (m_u - 1).

    Parameters
    ----------
    ratings : one round, one label a rater and unit

    Returns
    -------
    Array [raters], shares in [0, 1]; nan for a rater who labelled no unit together with somebody else.

    References
    ----------
    The rater's own part of the observed agreement of Fleiss 1971, doi:10.1037/h0031619.

    >>> from calibration.stats.ratings import from_long
    >>> leave_one_out(from_long(["c"] * 3 + ["d"] * 3, ["a", "b", "e"] * 2, ["x", "x", "y", "x", "x", "x"])).tolist()
    [0.75, 0.75, 0.5]
    """
    raters = len(ratings.raters)
    counts, place = of_units(ratings.unit, ratings.label, len(ratings.categories), ratings.unit_count)
    own = counts[place][ratings.unit]
    others = own.sum(axis=1) - 1
    same = np.take_along_axis(own, ratings.label.reshape(-1, 1), axis=1).reshape(-1) - 1
    met = others > 0
    met_by = np.bincount(ratings.rater[met], minlength=raters)
    summed = np.bincount(ratings.rater[met], weights=same[met] / others[met], minlength=raters)
    mean = np.divide(summed, met_by, out=np.full(raters, np.nan), where=met_by > 0)
    return np.asarray(mean, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Paired:
    """A paired change: its size in shares, and the exact chance of one as large or larger if nothing changed."""

    change: float
    p_value: float


def paired_change(better: int, worse: int, same: int) -> Paired:
    """Whether a session changed first, independent votes on matched fresh cases: McNemar's exact test.

    change = (better - worse) / n; p = min(1, 2 P(X <= min(better, worse))) with X binomial (better + worse, 1 / 2).

    Parameters
    ----------
    better, worse : pairs that became right, and that became wrong
    same : pairs that stayed as they were

    Returns
    -------
    Paired, the change in [-1, 1]; nan without a pair. p is 1 where no pair changed.

    Raises
    ------
    ValueError : a negative count.

    References
    ----------
    McNemar 1947, doi:10.1007/BF02295996.

    >>> found = paired_change(8, 1, 31)
    >>> found.change, round(found.p_value, 4)
    (0.175, 0.0391)
    """
    if min(better, worse, same) < 0:
        raise ValueError(f"counts of pairs are not negative: {better}, {worse}, {same}")
    changed, n = better + worse, better + worse + same
    p = 1.0 if not changed else min(1.0, 2 * float(scipy.special.bdtr(min(better, worse), changed, 0.5)))
    return Paired((better - worse) / n if n else float("nan"), p)
